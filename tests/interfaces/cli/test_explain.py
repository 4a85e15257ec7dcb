from __future__ import annotations

import pytest

from coercivity.foundation.codes import PAGES
from tests.interfaces.cli.conftest import Call


@pytest.mark.parametrize("code", [*PAGES])
def test_every_code_has_a_page(call: Call, code: str) -> None:
    answer = call("explain", code)
    assert answer.exit == 0
    page = PAGES[code]
    for text in (code, page.meaning, page.why, page.instead):
        assert text in answer.out


def test_a_code_may_be_written_small(call: Call) -> None:
    assert call("explain", "t201", "--json").json["code"] == "T201"


def test_a_column_is_explained_in_each_table_that_has_it(call: Call) -> None:
    answer = call("explain", "first_year", "--json")
    tables = {column["table"] for column in answer.json["columns"]}
    assert {"assets", "links", "link_rules"} <= tables
    for table in tables:
        assert f"first_year in {table}:" in call("explain", "first_year").out


def test_a_column_can_be_asked_of_one_table(call: Call) -> None:
    answer = call("explain", "options", "capital")
    assert answer.out.startswith("capital in options: ")
    assert "million case money" in answer.out


def test_ranges_and_common_columns_are_columns_too(call: Call) -> None:
    assert "Range of capital." in call("explain", "capital_low").out
    assert call("explain", "confidence").out.startswith("confidence in every table")


def test_a_table_stands_for_its_columns(call: Call) -> None:
    assert call("explain", "link_rules").out == call("schema", "link_rules").out


def test_a_row_shows_value_unit_range_source_and_users(call: Call) -> None:
    answer = call("explain", "us-rare-earths", "assets", "mp-mine")
    assert answer.exit == 0
    line = next(x for x in answer.out.splitlines() if x.startswith("variable_cost"))
    assert line.split()[1:6] == ["2500", "USD2025/t", "2000", "to", "5000"]
    assert "Source      mp-fy2025: " in answer.out
    assert "Confidence  high" in answer.out
    assert "options.csv, row 2, column 'adds_to': opt-mp-60k" in answer.out


def test_a_row_of_a_wrong_case_is_not_explained(call: Call, wrong: object) -> None:
    answer = call("explain", "wrong", "sites", "hill", "--json")
    assert answer.exit == answer.json["exit"] == 3
    assert len(answer.json["problems"]) == 2
