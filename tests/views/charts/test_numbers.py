"""What figures say is what the tables of the run say."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd
import pytest

from coercivity.results import Run
from coercivity.views.charts import concentration, figure, frontier
from coercivity.views.charts.facilities import facilities, movements, purchases
from coercivity.views.charts.sankey import key_elements, links_of
from coercivity.views.inputs import inputs_of

YEARS = range(2025, 2031)


def test_coverage_adds_up_to_demand(mini: Run) -> None:
    drawn = figure(mini, "coverage").table.groupby("year")["amount_t"].sum()
    asked = mini.table("coverage").groupby("year")["demand_t"].sum()
    assert drawn.to_dict() == pytest.approx(asked.to_dict())


def test_makers_shares_add_up_to_one(mini: Run) -> None:
    shares = figure(mini, "makers").table.groupby("year")["share"].sum()
    assert shares.tolist() == pytest.approx([1.0] * len(shares))


def test_cost_terms_add_up_to_the_objective(mini: Run) -> None:
    chart = figure(mini, "costs")
    assert chart.table["value_musd"].sum() == pytest.approx(mini.result["objective"], rel=1e-9)
    bars = chart.option["series"][0]["data"]
    assert bars[-1]["value"] == pytest.approx(mini.result["objective"], rel=1e-4)


@pytest.mark.parametrize("year", YEARS)
def test_every_stage_of_the_flow_diagram_balances(mini: Run, year: int) -> None:
    inputs = inputs_of(mini)
    links = links_of(mini, inputs, year, key_elements(inputs))
    left: dict[str, float] = defaultdict(float)
    for (start, end), amount in links.items():
        if start[0] == "stage":
            left[start[1]] -= amount
        if end[0] == "stage":
            left[end[1]] += amount
    assert left
    assert all(abs(rest) < 1e-6 for rest in left.values()), dict(left)


def test_the_flow_diagram_by_hand(mini: Run) -> None:
    # 2030: 4 000 t of concentrate hold 20 % oxide at 0.85: 680 t; magnets hold 30 %.
    inputs = inputs_of(mini)
    links = links_of(mini, inputs, 2030, key_elements(inputs))
    assert links[("ore", "domestic"), ("stage", "mining")] == pytest.approx(680.0)
    assert links[("bought", "covered"), ("stage", "magnet")] == pytest.approx(180.0)
    assert links[("bought", "allied"), ("stage", "magnet")] == pytest.approx(120.0)
    assert links[("stage", "magnet"), ("use", "industry")] == pytest.approx(810.0)
    assert links[("stage", "separation-light"), ("lost", "")] == pytest.approx(68.0)


def test_builds_keep_their_years(mini: Run) -> None:
    table = figure(mini, "gantt").table
    phases = ["decision_year", "construction_year", "first_output_year", "full_output_year"]
    assert table[phases].to_numpy().tolist() == [[2025, 2026, 2027, 2028], [2026, 2027, 2028, 2029]]


def test_facilities_are_the_capacity_of_the_run(mini: Run) -> None:
    table = facilities(mini, inputs_of(mini), 2030)
    held = mini.table("capacity")
    held = held[held["year"] == 2030]
    assert table["used_t"].sum() == pytest.approx(held["used_t"].sum())
    assert table["capacity_t"].sum() == pytest.approx((held["existing_t"] + held["built_t"]).sum())


def test_what_is_bought_comes_from_the_country_of_its_last_step(mini: Run) -> None:
    table = purchases(mini, inputs_of(mini), 2030)
    assert dict(zip(table["supplier"], table["group"], strict=True)) == {
        "chn-magnet": "covered",
        "jpn-magnet": "allied",
    }


def test_movements_count_gross_tonnes(mini: Run) -> None:
    table = movements(mini, inputs_of(mini), 2030)
    amounts = {
        (str(a), str(b)): float(t) for a, b, t in table[["from", "to", "gross_t"]].to_numpy()
    }
    assert amounts["mountain", "works"] == pytest.approx(720.0)
    assert amounts["works", "usa"] == pytest.approx(2000.0)


def test_no_plan_beats_one_on_the_frontier() -> None:
    plans = pd.DataFrame({"cost": [1.0, 2.0, 2.0, 3.0], "share": [0.1, 0.5, 0.4, 0.5]})
    chart = frontier(
        plans, x="cost", y="share", better=("low", "high"), units={"share": "fraction"}
    )
    assert chart.table["unbeaten"].tolist() == [True, True, False, False]
    assert chart.table["share"].max() == 0.5, "the table keeps its unit"
    assert chart.option["yAxis"]["name"] == "share (%)"
    assert chart.option["yAxis"]["max"] == 100
    assert "max" not in chart.option["xAxis"]


def test_a_frontier_refuses_an_unknown_side() -> None:
    with pytest.raises(ValueError, match="better must be 'low' or 'high'"):
        frontier(pd.DataFrame({"a": [1.0], "b": [1.0]}), x="a", y="b", better=("up", "low"))


def test_small_makers_are_drawn_together() -> None:
    rows = [("mining", f"C{n}", 0.1) for n in range(10)]
    chart = concentration(pd.DataFrame(rows, columns=["stage", "country", "share"]))
    series = chart.option["series"]
    assert series[-1]["name"] == "others"
    assert sum(one["data"][0] for one in series) == pytest.approx(100.0)
    assert len(chart.table) == 10


def test_a_stage_without_an_index_says_so() -> None:
    rows = [("mining", "A", 1.0), ("magnet", "A", 1.0)]
    frame = pd.DataFrame(rows, columns=["stage", "country", "share"])
    chart = concentration(frame, index={"mining": 10_000.0, "magnet": float("nan")})
    assert chart.option["yAxis"][1]["data"][1] == "not told"


def test_nothing_counted_is_an_empty_chart() -> None:
    chart = concentration(pd.DataFrame(columns=["stage", "country", "share"]))
    assert "No output was counted" in chart.title
