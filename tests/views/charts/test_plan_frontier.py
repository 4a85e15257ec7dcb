"""A frontier draws the points of its table, tells proven from not, and says what ends cost."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from coercivity.results import Run
from coercivity.views import palette
from coercivity.views.chart import Chart
from coercivity.views.charts import available, figure
from tests.views.charts.conftest import RunOf, frontier_of_two
from tests.views.made import FRONTIER_UNITS, frontier_rows, with_tables


def lines(chart: Chart, panel: int) -> dict[str, list[list[object]]]:
    """Read back the points of every line of a panel."""
    return {
        one["name"]: [point["value"] for point in one["data"]]
        for one in chart.option["series"]
        if one["type"] == "line" and one["xAxisIndex"] == panel and isinstance(one["data"][0], dict)
    }


def drawn(mini: Run, folder: Path, table: pd.DataFrame, **asked: str) -> Chart:
    run = with_tables(mini, folder / "run", {"frontier": (table, FRONTIER_UNITS)})
    return figure(run, "frontier", segment=asked.get("segment"))


def test_every_plan_of_the_table_is_a_point(run_of: RunOf) -> None:
    chart = figure(run_of("mini", "frontier"), "frontier")
    table = frontier_of_two()
    found = table[table["cost_musd"].notna()]
    points = [p for panel in (0, 1) for line in lines(chart, panel).values() for p in line]
    assert len(points) == len(found) == len(table) - 1
    assert sorted(float(str(p[1])) for p in points) == sorted(found["cost_musd"])
    assert lines(chart, 0)["Industry"] == [[0.0, 900.0], [500.0, 600.0]]
    assert lines(chart, 1)["Industry"] == [["2029", 610.0]]
    assert len(chart.table) == len(table), "points without a plan stay in the data"
    assert "No plan was found for 1 point" in chart.notes[1]


def test_a_point_that_is_not_proven_is_hollow_and_its_bound_drawn(run_of: RunOf) -> None:
    option = figure(run_of("mini", "frontier"), "frontier").option
    points = [p for one in option["series"] for p in one["data"] if isinstance(p, dict)]
    hollow = [p["value"] for p in points if p.get("itemStyle", {}).get("color") == palette.WHITE]
    assert hollow == [[50.0, 500.0]]
    bounds = [one["data"] for one in option["series"] if one["name"].startswith("no plan costs")]
    assert bounds == [[[0.0, 540.25], [50.0, 482.0], [120.0, 480.5], [400.0, 470.0]]]


def test_the_title_says_what_the_ends_differ_by(run_of: RunOf) -> None:
    title = figure(run_of("mini", "frontier"), "frontier").title
    assert "from 400 to 0 t/year costs 70.2 million USD2025" in title
    assert "from 2027 rather than 2030 costs 160 million USD2025; 1 more aim drawn." in title


@pytest.mark.parametrize(
    ("shortfalls", "years", "said", "panels"),
    [
        ({0.0: 10.0, 5.0: 10.0}, {}, "from 5 to 0 t/year costs nothing more.", 1),
        ({3.0: 10.0}, {}, "The shortfall of defence stays at 3 t/year.", 1),
        ({}, {2027: 12.0}, "Defence can be served from 2027.", 1),
        ({0.0: 12.0, 5.0: 10.0}, {2027: 12.0, 2028: 11.0}, "from 2027 rather than 2028", 2),
    ],
)
def test_one_kind_or_one_point_is_a_figure_too(
    mini: Run,
    tmp_path: Path,
    shortfalls: dict[float, float],
    years: dict[int, float],
    said: str,
    panels: int,
) -> None:
    chart = drawn(mini, tmp_path, frontier_rows("defence", None, shortfalls, years))
    assert said in chart.title
    assert len(chart.option["grid"]) == panels
    assert "no plan costs less" not in str(chart.option["legend"])


def test_a_segment_can_be_chosen(mini: Run, tmp_path: Path) -> None:
    chart = drawn(mini, tmp_path, frontier_of_two(), segment="industry")
    assert chart.name == "frontier-industry"
    assert set(chart.table["segment"]) == {"industry"}
    assert list(lines(chart, 0)) == ["Industry"]


def test_no_plan_at_all_is_said(mini: Run, tmp_path: Path) -> None:
    nothing = frontier_rows("defence", None, {0.0: 1.0}, {}).assign(cost_musd=float("nan"))
    chart = drawn(mini, tmp_path, nothing)
    assert chart.title == "No plan was found on the frontier."


def test_a_plan_that_was_not_asked_for_a_frontier_has_none(mini: Run, run_of: RunOf) -> None:
    assert "frontier" not in available(mini)
    assert "frontier" in available(run_of("mini", "frontier"))
