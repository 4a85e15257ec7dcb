from __future__ import annotations

from pathlib import Path

import pytest

from tests.interfaces.cli.conftest import GOOD, Call
from tests.written_cases import write_case_folder


def test_a_good_case_is_one_line_that_says_what_it_holds(call: Call, good: Path) -> None:
    answer = call("check", "good")
    assert answer.exit == 0
    assert answer.out == (
        "'good' can be used: 1 country, 1 site, 1 material; 2025 to 2025 in 1 period.\n"
    )
    assert answer.err == ""


def test_every_problem_is_listed_at_once_with_place_and_remedy(call: Call, wrong: Path) -> None:
    answer = call("check", "wrong")
    assert answer.exit == 3
    assert answer.out.startswith("2 errors in case 'wrong'\n\nErrors\n  1. materials.csv, row 2")
    assert "  2. sites.csv, row 2, column 'country': 'USB' is not" in answer.out
    assert "Did you mean 'USA'?" in answer.out
    assert "[T201]" in answer.out


def warned(folder: Path) -> Path:
    sites = [{"id": "hill", "country": "USA", "source": "nowhere"}]
    return write_case_folder(folder, {**GOOD, "sites": sites})


def test_a_warning_lets_the_case_pass_unless_strict(call: Call, here: Path) -> None:
    warned(here / "warned")
    answer = call("check", "warned")
    assert answer.exit == 0
    assert "1 warning in case 'warned'\n\nWarnings\n" in answer.out
    assert "can be used" in answer.out
    strict = call("check", "warned", "--strict")
    assert strict.exit == 3
    assert "With --strict, warnings count as errors." in strict.out


@pytest.mark.parametrize(("name", "exit_status"), [("good", 0), ("wrong", 3)])
def test_json_tells_status_counts_and_problems(
    call: Call, good: Path, wrong: Path, name: str, exit_status: int
) -> None:
    answer = call("check", name, "--json")
    assert answer.exit == exit_status
    assert answer.json["exit"] == exit_status
    assert answer.json["status"] == ("ok" if exit_status == 0 else "error")
    assert answer.json["counts"]["error"] == len(answer.json["problems"]) == 2 * (name == "wrong")


def test_problems_of_the_chain_are_found_with_those_of_the_tables(call: Call, here: Path) -> None:
    demands = [{"id": "army", "segment": "d", "country": "USA", "year": 2025, "amount": 1}]
    write_case_folder(
        here / "chain",
        {
            "sites": [{"id": "usa", "country": "USA", "kind": "pool"}],
            "materials": [{"id": "bar"}],
            "segments": [{"id": "d"}],
            "demands": demands,
            "demand_materials": [{"demand": "army", "material": "bar"}],
        },
    )
    answer = call("check", "chain", "--json")
    assert answer.exit == 3
    assert [problem["code"] for problem in answer.json["problems"]] == ["C202"]


@pytest.mark.parametrize("name", ["mini", "mini-tungsten", "us-rare-earths"])
def test_every_reference_case_can_be_used(call: Call, name: str) -> None:
    assert call("check", name).exit == 0
