from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from coercivity.results import Run
from coercivity.results.compare import Comparison, Difference, KeyFigure, compare_runs
from coercivity.studies.plan import PlanOptions, plan
from coercivity.views.compare_words import SHOWN, answer, figure_table, input_table, output_tables
from tests.views.briefing.conftest import altered


@pytest.fixture(scope="session")
def comparison(mini: Run, runs: Path, tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    case = altered(tmp_path_factory.mktemp("altered"))
    return compare_runs([mini, plan(case, runs, PlanOptions(name="altered"))])


def test_the_answer_tells_cost_service_and_inputs(comparison: Comparison) -> None:
    said = answer(comparison)
    assert said[0].startswith("Cost, present value: ")
    assert "in mini" in said[0]
    assert "million USD2025" in said[0]
    assert said[-1].startswith("Their inputs differ in ")


def test_equal_runs_are_told_to_be_equal(comparison: Comparison) -> None:
    figures = tuple(
        KeyFigure(one.name, (one.values[0],) * 2, (0.0, 0.0)) for one in comparison.figures
    )
    same = replace(comparison, figures=figures, inputs=(), outputs=())
    assert answer(same) == [
        "The key figures are the same in all runs.",
        "Their inputs and options are the same.",
    ]
    assert all(row[3] in {"same", ""} for row in figure_table(same).rows)
    assert output_tables(same) == []


def test_changes_carry_their_sign_and_shares_are_counted_in_points(comparison: Comparison) -> None:
    share = KeyFigure("served_share", (0.9, 0.75), (0.0, -0.15))
    rows = figure_table(replace(comparison, figures=(share,))).rows
    assert rows == (("share of demand served", "90.0 %", "75.0 %", "-15.0 points"),)


def test_inputs_show_table_row_column_and_both_values(comparison: Comparison) -> None:
    rows = input_table(comparison).rows
    assert ("options", "magnet-hall", "capital", "90", "95") in rows
    assert ("suppliers", "chn-magnet/2/2030", "whole row", "there", "not there") in rows


def test_a_long_list_says_how_much_is_left_out(comparison: Comparison) -> None:
    many = tuple(Difference("sites", f"s{n}", "lat", ("1", "2")) for n in range(SHOWN + 5))
    table = input_table(replace(comparison, inputs=many))
    assert len(table.rows) == SHOWN
    assert table.title == f"Inputs that differ (the first {SHOWN} of {SHOWN + 5})"


def test_remarks_and_sources_come_last(comparison: Comparison) -> None:
    found = (
        Difference("sites", "a", "source", ("x", "y")),
        Difference("sites", "a", "lat", ("1", "2")),
    )
    columns = [row[2] for row in input_table(replace(comparison, inputs=found)).rows]
    assert columns == ["lat", "source"]


def test_costs_that_differ_are_told_by_term(comparison: Comparison) -> None:
    tables = {table.title: table for table in output_tables(comparison)}
    costs = tables["Terms of the cost that differ, million, present value"]
    assert any(row[0] == "capital" for row in costs.rows)
    assert len({len(row) for row in costs.rows} | {len(costs.columns)}) == 1
