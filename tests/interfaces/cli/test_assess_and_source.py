"""The two verbs that look at what exists, called in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from coercivity.interfaces.cli import assess, source
from coercivity.interfaces.cli.verbs import Verbs
from tests.observed_chains import observed, write_chain

Called = Callable[..., Result]
VERBS = (assess.VERB, source.VERB)


@pytest.fixture
def called() -> Called:
    """Call one of the two verbs with its words."""
    app = typer.Typer(cls=Verbs, rich_markup_mode=None, add_completion=False)
    for verb in VERBS:
        app.command(verb.name, epilog=verb.epilog())(verb.function)
    return lambda *words: CliRunner().invoke(app, list(words))


@pytest.fixture
def case(here: Path) -> str:
    """A chain that was counted in two years."""
    rows = observed(
        {"country": "CHN", "stage": "dig", "amount": 60},
        {"country": "USA", "stage": "dig", "amount": 40},
        {"country": "CHN", "stage": "dig", "amount": 30, "year": 2023},
        {"country": "USA", "stage": "dig", "amount": 30, "year": 2023},
    )
    return str(write_chain(here, observations=rows))


def test_assess_answers_in_words_and_then_in_tables(called: Called, case: str) -> None:
    shown = called("assess", case)
    assert shown.exit_code == 0
    first, *rest = shown.stdout.splitlines()
    assert first == "The largest maker at each stage in 2024: Digging: CHN 60.0 %."
    assert any(line.startswith("Who made it in 2024") for line in rest)
    assert "The run is in" in rest[-1]


def test_assess_gives_one_object(called: Called, case: str) -> None:
    found = json.loads(called("assess", case, "--year", "2023", "--json").stdout)
    keys = {
        "year", "stages", "hhi", "import_reliance", "covered_share", "single_points",
        "days_of_cover",
    }  # fmt: skip
    assert keys <= set(found)
    assert found["year"] == 2023
    assert set(found["stages"][0]) == {"stage", "country", "output_t", "share"}
    assert found["hhi"] == {"dig": 5000.0}


def test_assess_without_observations_is_the_fault_of_the_case(called: Called, here: Path) -> None:
    bare = str(write_chain(here / "bare"))
    shown = called("assess", bare)
    assert shown.exit_code == 3
    assert "the table observations has no rows" in shown.stderr
    assert shown.stdout == ""


def test_a_year_nobody_counted_is_the_fault_of_the_call(called: Called, case: str) -> None:
    assert called("assess", case, "--year", "1999").exit_code == 2


def test_source_answers_in_words_and_then_in_tables(called: Called, case: str, here: Path) -> None:
    (here / "list.csv").write_text(
        "supplier,material,amount,country\nshop,part,5,CHN\nhome-forge,part,5,USA\n",
        encoding="utf-8",
    )
    shown = called(
        "source", case, "--segment", "defence", "--date", "2027-01-01", "--suppliers", "list.csv"
    )
    assert shown.exit_code == 0
    lines = shown.stdout.splitlines()
    assert lines[0].startswith("On 2027-01-01 these can supply defence under class clean: part 1")
    assert lines[1] == "Of 2 lines, 1 passes; 1 fails at dig."
    assert lines[2] == "In place of part: home-forge."
    assert "The supply list" in lines


def test_source_gives_one_object(called: Called, case: str) -> None:
    words = ("source", case, "--segment", "defence", "--date", "2027-01-01", "--json")
    found = json.loads(called(*words).stdout)
    assert {"suppliers", "lines", "alternatives", "cover_months"} <= set(found)
    assert [(one["supplier"], one["qualified"]) for one in found["suppliers"]] == [
        ("home-forge", True),
        ("part-chn", False),
    ]
    assert found["suppliers"][1]["fails_at"]["stage"] == "dig"


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("--segment", "defense"), 2, "Did you mean 'defence'?"),
        (("--segment", "defence", "--date", "2027-02-30"), 2, "is not a day of the calendar"),
        (("--segment", "defence", "--suppliers", "none.csv"), 2, "There is no supply list"),
        (("--segment", "defence", "--suppliers", "bad.csv"), 3, "'CHM' is not a country"),
        ((), 2, "--segment"),
    ],
)
def test_what_is_wrong_is_told_with_its_status(
    called: Called, case: str, here: Path, words: tuple[str, ...], status: int, told: str
) -> None:
    (here / "bad.csv").write_text(
        "supplier,material,amount,country\nshop,part,5,CHM\n", encoding="utf-8"
    )
    shown = called("source", case, *words)
    assert shown.exit_code == status
    assert told in shown.stderr


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_the_help_fits_and_shows_examples(called: Called, verb: object) -> None:
    name = getattr(verb, "name", "")
    shown = called(name, "--help")
    assert shown.exit_code == 0
    assert "Examples:" in shown.stdout
    assert max(map(len, shown.stdout.splitlines())) <= 80
    summary = next(x for x in called("--help").stdout.splitlines() if x.startswith(f"  {name} "))
    assert not summary.endswith("...")
