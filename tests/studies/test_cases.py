from __future__ import annotations

from pathlib import Path

import pytest

from coercivity.foundation.errors import CaseError, UsageError
from coercivity.foundation.problems import Severity
from coercivity.studies.cases import Form, check_case, convert_case, copy_case, form_of
from coercivity.tables import read_case, reading
from tests.written_cases import Rows, Tables, write_case_folder

PLACE: Rows = [{"id": "usa", "country": "USA", "kind": "pool"}]
GOOD: Tables = {"sites": PLACE, "materials": [{"id": "ore"}]}
UNREACHED: Tables = {
    **GOOD,
    "segments": [{"id": "d"}],
    "demands": [{"id": "army", "segment": "d", "country": "USA", "year": 2025, "amount": 1}],
    "demand_materials": [{"demand": "army", "material": "ore"}],
}


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return write_case_folder(tmp_path / "good", GOOD)


def test_a_report_holds_sizes_and_periods(good: Path) -> None:
    report = check_case(good)
    assert not report.failed
    assert report.problems == ()
    assert report.sizes == {"countries": 1, "sites": 1, "materials": 1}
    assert report.periods == (2025, 2026)


def test_a_report_goes_from_cells_to_chain(tmp_path: Path) -> None:
    report = check_case(write_case_folder(tmp_path / "unreached", UNREACHED))
    assert report.failed
    assert report.count(Severity.ERROR) == 1
    assert report.problems[0].code == "C202"


def scenarios(folder: Path, **prices: int) -> Path:
    """Write a case with two price steps; each scenario sets the price of the second."""
    step = {"id": "s", "country": "USA", "material": "ore", "offered": 5}
    tables = {
        **UNREACHED,
        "suppliers": [{**step, "step": 1, "price": 3}, {**step, "step": 2, "price": 4}],
        "scenarios": [{"id": name} for name in prices],
        "changes": [
            {"scenario": name, "table": "suppliers", "key": "s/2", "column": "price", "set": price}
            for name, price in prices.items()
        ],
    }
    return write_case_folder(folder, tables)


def test_what_is_wrong_under_scenarios_only_is_told_once_with_their_names(tmp_path: Path) -> None:
    report = check_case(scenarios(tmp_path / "case", glut=2, dear=9, dump=2, rout=1))
    assert not report.failed
    assert [(p.code, p.severity, p.what) for p in report.problems] == [
        ("C215", Severity.WARNING, "in scenario 'rout': step 2 of 's' costs 1 after 3"),
        ("C215", Severity.WARNING, "in scenarios 'glut', 'dump': step 2 of 's' costs 2 after 3"),
    ]
    assert check_case(tmp_path / "case", strict=True).failed


def test_what_is_wrong_without_a_scenario_is_not_told_again_for_each(tmp_path: Path) -> None:
    folder = write_case_folder(
        tmp_path / "case", {**UNREACHED, "scenarios": [{"id": "one"}, {"id": "two"}]}
    )
    report = check_case(folder)
    assert [p.code for p in report.problems] == ["C202"]
    assert "scenario" not in report.problems[0].what


def test_scenarios_under_which_all_is_well_add_nothing(tmp_path: Path) -> None:
    assert check_case(scenarios(tmp_path / "case", dear=9)).problems == ()


def test_an_unreadable_case_has_no_sizes(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    report = check_case(tmp_path / "empty")
    assert report.failed
    assert report.sizes == {}


@pytest.mark.parametrize("name", reading.reference_cases())
def test_a_copy_is_the_same_case(tmp_path: Path, name: str) -> None:
    copied = copy_case(name, tmp_path / "copy")
    assert read_case(copied).content() == read_case(name).content()


def test_a_copy_needs_a_new_or_empty_folder(good: Path) -> None:
    with pytest.raises(UsageError, match="not empty"):
        copy_case("mini", good)


@pytest.mark.parametrize(
    ("target", "form"),
    [
        ("a.xlsx", Form.WORKBOOK),
        ("A.XLSX", Form.WORKBOOK),
        ("a", Form.FOLDER),
        ("v1.2", Form.FOLDER),
        ("notes.txt/", Form.FOLDER),
        ("a.json", Form.PACKAGE),
        ("a.lp", Form.MODEL),
        ("a.mps", Form.MODEL),
    ],
)
def test_the_ending_says_the_form(target: str, form: Form) -> None:
    assert form_of(target) is form


@pytest.mark.parametrize("target", ["a.csv", "a.xlsm", "a.yaml", "a.PDF"])
def test_an_unknown_ending_is_refused(target: str) -> None:
    with pytest.raises(UsageError, match=r"which is not known.*\.xlsx \(workbook\)"):
        form_of(target)


def test_case_yaml_stands_for_its_folder(good: Path, tmp_path: Path) -> None:
    done = convert_case(good / "case.yaml", tmp_path / "again")
    assert done.form is Form.FOLDER
    assert read_case(done.path).content() == read_case(good).content()


def test_the_model_of_a_wrong_chain_is_not_written(tmp_path: Path) -> None:
    folder = write_case_folder(tmp_path / "unreached", UNREACHED)
    with pytest.raises(CaseError, match="cannot be reached"):
        convert_case(folder, tmp_path / "model.lp")
    assert not (tmp_path / "model.lp").exists()
