"""Weak figures are said in words, ranked, and strong ones left out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from coercivity.results import Request, Run, RunWriter
from coercivity.studies.plan import PlanOptions, plan
from coercivity.tables import find_case
from coercivity.views.influence_words import (
    SHOWN,
    figure_words,
    weakest_figures,
    weakest_sentence,
    weakest_table,
)


def figure(key: str, moves: float, confidence: str | None = "low", **more: Any) -> dict[str, Any]:
    """One row of the ranking."""
    return {
        "table": "demands",
        "key": key,
        "column": "amount",
        "value": 1234.5,
        "range": 0.25,
        "assumed": False,
        "confidence": confidence,
        "source": "estimate",
        "influence_musd": moves * 4,
        "uncertainty_musd": moves,
        **more,
    }


def run_with(folder: Path, rows: Sequence[dict[str, Any]] | None, gain: float | None = None) -> Run:
    """Write a run that holds nothing but a ranking."""
    asked = Request("plan", "small", {})
    with RunWriter(folder, asked, write_inputs=lambda _: None) as writer:
        if rows is not None:
            columns = list(figure("none", 0.0))
            writer.table("influence", pd.DataFrame(list(rows), columns=columns), units={})
        result = {"currency": "USD", "price_year": 2025, "gain": gain}
        return writer.finish("optimal", result=result)


def names(run: Run) -> list[str]:
    return [row[0] for row in weakest_table(run).rows]


def test_only_weak_figures_are_shown_and_the_one_that_moves_most_is_first(tmp_path: Path) -> None:
    rows = [
        figure("small", 1.0),
        figure("sure", 9.0, "high"),
        figure("large", 5.0, "medium"),
        figure("silent", 3.0, None),
        figure("idle", 0.0),
    ]
    run = run_with(tmp_path, rows)
    assert names(run) == [f"amount of demand {key}" for key in ("large", "silent", "small")]
    assert [row[3] for row in weakest_table(run).rows] == ["medium", "not given", "low"]


def test_no_more_than_six_are_shown_unless_more_are_asked_for(tmp_path: Path) -> None:
    run = run_with(tmp_path, [figure(f"d{number}", 10.0 - number) for number in range(9)])
    assert len(names(run)) == SHOWN == 6
    assert len(weakest_table(run, most=8).rows) == 8


def test_a_row_says_value_with_unit_range_source_and_what_it_moves(tmp_path: Path) -> None:
    told = weakest_table(run_with(tmp_path, [figure("cars", 12345.6)]))
    assert told.rows == (
        ("amount of demand cars", "1\u202f234 t/year", "±25 %", "low", "estimate", "12\u202f346"),
    )
    assert told.title.startswith("Weakest figures that matter most")
    assert told.columns[-1] == ("moves cost by, million USD2025", True)


def test_money_is_that_of_the_case(tmp_path: Path) -> None:
    offer = figure("overseas/1", 1.0, table="suppliers", column="price", value=46000.0)
    assert weakest_table(run_with(tmp_path, [offer])).rows[0][1] == "46\u202f000 USD2025/t"


def test_an_assumed_range_is_marked_and_a_path_has_no_single_value(tmp_path: Path) -> None:
    row = weakest_table(run_with(tmp_path, [figure("a", 1.0, value=None, assumed=True)])).rows[0]
    assert row[1:3] == ("varies", "±25 % *")


@pytest.mark.parametrize("rows", [None, []], ids=["no table", "empty table"])
def test_a_run_without_ranking_shows_no_row(
    tmp_path: Path, rows: list[dict[str, Any]] | None
) -> None:
    run = run_with(tmp_path, rows)
    assert weakest_table(run).rows == ()
    assert weakest_sentence(run).startswith("No figure")


def test_the_sentence_names_the_weakest_and_its_share_of_the_gain(tmp_path: Path) -> None:
    run = run_with(tmp_path, [figure("cars", 50.0)], gain=200.0)
    assert weakest_sentence(run) == (
        "Of the figures that are not sure, the amount of demand cars matters most: over half its "
        "range (±25 %) it moves the cost by 50 million USD2025, 25 % of what the plan saves."
    )


@pytest.mark.parametrize(
    ("figure_named", "words"),
    [
        (("suppliers", "far/1", "offered"), "amount offered of supplier far"),
        (("buyers", "near/2", "most"), "most taken of buyer near, step 2"),
        (("options", "hall", "capital"), "capital of option hall"),
        (("recipes", "smelt/dry/ore/in", "amount"), "ore taken by smelt, mode dry"),
        (("recipes", "smelt/main/slag/out", "amount"), "slag given by smelt"),
    ],
)
def test_every_kind_of_figure_has_words(figure_named: tuple[str, str, str], words: str) -> None:
    assert figure_words(*figure_named) == words


def test_a_real_plan_ranks_its_weak_figures(tmp_path: Path) -> None:
    run = plan(find_case("mini"), tmp_path, PlanOptions())
    moved = weakest_figures(run)["uncertainty_musd"].astype(float)
    assert len(moved) == SHOWN
    assert moved.is_monotonic_decreasing
    assert names(run)[0] == "amount of demand civil"
