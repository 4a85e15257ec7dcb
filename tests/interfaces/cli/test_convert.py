from __future__ import annotations

import json
from pathlib import Path

import highspy
import pytest

from coercivity.tables import read_case
from tests.interfaces.cli.conftest import GOOD, Call
from tests.written_cases import write_case_folder


def test_a_workbook_reads_back_as_the_same_case(call: Call) -> None:
    assert call("convert", "mini", "--to", "mini.xlsx").exit == 0
    assert call("check", "mini.xlsx").exit == 0
    assert call("convert", "mini.xlsx", "--to", "again").exit == 0
    assert read_case("again").content() == read_case("mini").content()


def test_a_data_package_is_a_folder_that_reads_back(call: Call, here: Path) -> None:
    answer = call("convert", "mini", "--to", "package.json", "--json")
    assert answer.json["path"] == "package/datapackage.json"
    package = json.loads((here / "package" / "datapackage.json").read_text(encoding="utf-8"))
    assert {resource["name"] for resource in package["resources"]} >= {"sites", "assets"}
    assert read_case("package").content() == read_case("mini").content()
    assert call("convert", "mini", "--to", "other/datapackage.json").exit == 0
    assert (here / "other" / "datapackage.json").is_file()


@pytest.mark.parametrize("ending", ["lp", "mps"])
def test_a_model_file_can_be_solved_by_another_program(call: Call, here: Path, ending: str) -> None:
    assert call("convert", "mini", "--to", f"model.{ending}").exit == 0
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    assert solver.readModel(f"model.{ending}") == highspy.HighsStatus.kOk
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    assert [path.name for path in here.iterdir()] == [f"model.{ending}"]


def test_a_file_is_replaced_only_when_asked(call: Call) -> None:
    assert call("convert", "mini", "--to", "mini.xlsx").exit == 0
    assert call("convert", "mini", "--to", "mini.xlsx").exit == 2
    assert call("convert", "mini", "--to", "mini.xlsx", "--overwrite").exit == 0


def test_an_older_case_is_brought_up_to_date_and_itself_left_alone(call: Call, good: Path) -> None:
    settings = good / "case.yaml"
    old = settings.read_text(encoding="utf-8").replace("format: 1\n", "")
    settings.write_text(old, encoding="utf-8")
    assert call("check", "good").exit == 3
    answer = call("convert", "good", "--to", "new")
    assert answer.exit == 0
    assert answer.err.startswith("Upgraded: format 1")
    assert settings.read_text(encoding="utf-8") == old
    assert call("check", "new").exit == 0


def test_a_scenario_can_be_applied_first(call: Call, here: Path) -> None:
    scenario = {
        "scenarios": [{"id": "mined"}],
        "stages": [{"id": "mining"}],
        "changes": [
            {"scenario": "mined", "table": "materials", "key": "ore", "column": "stage"}
            | {"set": "mining"}
        ],
    }
    write_case_folder(here / "base", {**GOOD, **scenario})
    assert call("convert", "base", "--scenario", "mined", "--to", "after").exit == 0
    assert [row["stage"] for row in read_case("base")["materials"]] == [None]
    assert [row["stage"] for row in read_case("after")["materials"]] == ["mining"]


def test_a_wrong_case_is_not_written(call: Call, wrong: Path, here: Path) -> None:
    answer = call("convert", "wrong", "--to", "wrong.xlsx")
    assert answer.exit == 3
    assert answer.err.startswith("2 problems in case")
    assert answer.out == ""
    assert not (here / "wrong.xlsx").exists()
