"""Who makes what is served, in words and shares, from tables made by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from coercivity.results import Request, Run, RunWriter
from coercivity.views.charts import figure
from coercivity.views.plan_words import (
    answer,
    bar,
    makers_by_year,
    stages_behind,
    stages_table,
)

MAKERS = [
    (2025, "good", "USA", "domestic", "made", 100.0, 10.0),
    (2025, "good", "CHN", "covered", "bought", 30.0, 30.0),
    (2030, "good", "USA", "domestic", "made", 100.0, 40.0),
    (2030, "good", None, None, "stock", 0.0, 10.0),
    (2040, "good", "CHN", "covered", "bought", 99.0, 99.0),
]
BEHIND = [
    (2025, "mining", "CHN", "covered", 36.0),
    (2025, "mining", "USA", "domestic", 4.0),
    (2030, "mining", "AUS", "allied", 25.0),
    (2030, "mining", "CHN", "covered", 20.0),
    (2030, "making", "USA", "domestic", 40.0),
    (2030, "making", "CHN", "covered", 10.0),
]


def run_with(folder: Path, behind: list[tuple[object, ...]] | None = None) -> Run:
    """Write a run with these makers, reported up to 2030."""
    makers = pd.DataFrame(
        MAKERS, columns=["year", "material", "country", "group", "kind", "amount_t", "served_t"]
    )
    traced = pd.DataFrame(
        BEHIND if behind is None else behind,
        columns=["year", "stage", "country", "group", "served_t"],
    )
    empty = {
        "builds": ["decision_year", "modules", "capital_musd", "first_output_year"],
    }
    served = pd.DataFrame({"year": [2025, 2030], "years": 5, "demand": "users", "demand_t": 60.0})
    served = served.assign(served_t=[40.0, 50.0], shortfall_t=[20.0, 10.0])
    with RunWriter(folder, Request("plan", "small", {}), write_inputs=lambda _: None) as writer:
        writer.table("makers", makers, units={})
        writer.table("provenance", traced, units={})
        writer.table("coverage", served, units={})
        for name, columns in empty.items():
            writer.table(name, pd.DataFrame(columns=columns), units={})
        result = {"status": "optimal", "gap": 0.0, "gap_of_gain": 0.0, "currency": "USD"}
        return writer.finish("optimal", result=result, kpis={"report_until": 2035})


def test_only_what_serves_counts_and_what_is_sold_abroad_does_not(tmp_path: Path) -> None:
    shares = makers_by_year(run_with(tmp_path))
    assert list(shares.index) == [2025, 2030]
    assert shares.loc[2025, "domestic"] == pytest.approx(0.25)
    assert shares.loc[2030, "unknown"] == pytest.approx(0.2)
    assert shares.sum(axis=1).to_list() == pytest.approx([1.0, 1.0])


def test_the_answer_names_the_stage_at_which_covered_countries_stand_behind_most(
    tmp_path: Path,
) -> None:
    words = answer(run_with(tmp_path))
    assert (
        "Of what serves the demands, domestic plants make 25.0 % in 2025 and 80.0 % in 2030; "
        "covered countries 75.0 % and 0.0 %." in words
    )
    assert (
        "Traced upstream, covered countries stand behind most of it at stage mining: 40.0 % in "
        "2030." in words
    )


def test_nothing_is_said_of_covered_countries_that_stand_behind_nothing(tmp_path: Path) -> None:
    words = answer(run_with(tmp_path, [(2030, "mining", "AUS", "allied", 30.0)]))
    assert not any("Traced" in sentence for sentence in words)


def test_shares_of_a_stage_add_up_and_keep_the_order_of_the_chain(tmp_path: Path) -> None:
    shares = stages_behind(run_with(tmp_path))
    assert shares["stage"].tolist() == ["mining", "mining", "making"]
    parts = shares[["domestic", "allied", "neutral", "covered", "none"]]
    assert parts.sum(axis=1).to_list() == pytest.approx([1.0] * 3)
    assert shares["none"].to_list() == pytest.approx([0.0, 0.1, 0.0])


def test_the_table_of_stages_shows_the_first_and_the_last_year(tmp_path: Path) -> None:
    rows = stages_table(run_with(tmp_path)).rows
    assert [row[:2] for row in rows] == [
        ("mining", "2025"), ("mining", "2030"), ("making", "2030"),
    ]  # fmt: skip
    assert rows[1][2:6] == ("0.0 %", "50.0 %", "0.0 %", "40.0 %")
    assert rows[1][6] == bar([0.0, 0.5, 0.0, 0.4])


def test_a_run_that_serves_nothing_has_no_stages(tmp_path: Path) -> None:
    run = run_with(tmp_path, [])
    assert stages_behind(run).empty
    assert stages_table(run).rows == ()


def test_the_chart_draws_the_shares_of_the_words(mini: Run) -> None:
    table = figure(mini, "makers").table
    shares = makers_by_year(mini)
    for row in table.to_dict("records"):
        assert row["share"] == pytest.approx(shares.loc[row["year"], row["group"]])
