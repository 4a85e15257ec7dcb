from __future__ import annotations

from pathlib import Path

import pytest

from coercivity.tables.schemas import SCHEMAS
from tests.interfaces.cli.conftest import Call


def test_every_table_is_listed(call: Call) -> None:
    out = call("schema").out
    for name in ("case", *SCHEMAS):
        assert f"\n{name} " in out


@pytest.mark.parametrize("name", [*SCHEMAS])
def test_every_column_of_a_table_is_shown_with_its_unit(call: Call, name: str) -> None:
    lines = {line.split()[0]: line for line in call("schema", name).out.splitlines() if line}
    for column in SCHEMAS[name].columns:
        assert column.unit in lines[column.name]
        assert column.description in lines[column.name]
        assert not column.required or "required" in lines[column.name]


def test_the_settings_count_as_a_table(call: Call) -> None:
    assert "discount_rate" in call("schema", "case").out
    assert call("schema", "case.yaml").out == call("schema", "case").out


def test_json_holds_what_the_text_holds(call: Call) -> None:
    (table,) = call("schema", "assets", "--json").json["tables"]
    found = {column["name"]: column for column in table["columns"]}
    assert found["nameplate_capacity"]["unit"] == "t/year"
    assert found["status"]["default"] == "operating"
    assert found["site"]["refers_to"] == ["sites"]
    assert len(call("schema", "--json").json["tables"]) == len(SCHEMAS) + 1


def test_a_template_can_be_read_as_a_workbook(call: Call, here: Path) -> None:
    assert call("schema", "assets", "--excel", "template.xlsx").exit == 0
    answer = call("check", "template.xlsx", "--json")
    assert answer.exit == 3
    codes = {problem["code"] for problem in answer.json["problems"]}
    assert codes <= {"T114", "T302", "T305", "T109"}, "an empty template lacks content, no more"
