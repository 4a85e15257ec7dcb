"""The verb that says which forms to stock, called in this process."""

from __future__ import annotations

import pytest

from tests.interfaces.cli.conftest import Call


def test_the_answer_comes_in_words_then_tables_then_notes(call: Call) -> None:
    shown = call("stress", "stockpile", "mini", "--year", "2026")
    assert shown.exit == 0
    assert shown.out.startswith("In an emergency from 2026 to 2029, 1\u202f600 t of defence demand")
    assert "400 t of stock together with magnet-hall: 77.7 million" in shown.out
    assert "Ways of being ready" in shown.out
    assert "chance of 0.1" in shown.err


def test_json_is_one_object_with_the_keys_of_the_contract(call: Call) -> None:
    found = call("stress", "stockpile", "mini", "--year", "2026", "--json").json
    assert found["cost_musd"] == pytest.approx(112.66296)
    assert found["capacity_alternative_musd"] is None
    (row,) = found["mix"]
    assert (row["material"], row["site"]) == ("magnet", "usa")
    assert row["stock_t"] == pytest.approx(1600)
    assert found["mixture"]["cost_musd"] == pytest.approx(77.69157)


def test_a_plan_that_has_built_needs_less(call: Call) -> None:
    call("plan", "mini", "--name", "built")
    case = call("stress", "stockpile", "mini", "--year", "2027", "--json").json
    plan = call("stress", "stockpile", "built", "--year", "2027", "--json").json
    assert plan["based_on"] == "built"
    assert plan["unmet_without_t"] < case["unmet_without_t"]


def test_a_year_too_late_is_a_wrong_call(call: Call) -> None:
    shown = call("stress", "stockpile", "mini", "--year", "2029")
    assert shown.exit == 2
    assert "from 2026 to 2027" in shown.err


def test_a_run_that_builds_nothing_is_a_wrong_call(call: Call) -> None:
    call("assess", "us-tungsten", "--name", "seen")
    shown = call("stress", "stockpile", "seen")
    assert shown.exit == 2
    assert "builds nothing" in shown.err


def test_a_limit_that_nothing_can_reach_says_the_best_that_can(call: Call, no_price: str) -> None:
    shown = call("stress", "stockpile", no_price, "--year", "2026")
    assert shown.exit == 4
    assert "The best that can leaves 25.0% of its demand unmet" in shown.err


@pytest.fixture
def no_price(here: object) -> str:
    """The small case without any price for what could be stocked."""
    import csv
    import shutil
    from pathlib import Path

    from coercivity.tables import find_case

    folder = Path(str(here)) / "unpriced"
    shutil.copytree(find_case("mini"), folder)
    for table in ("price_models", "prices", "price_links"):
        (folder / f"{table}.csv").unlink(missing_ok=True)
    for table in ("suppliers", "buyers"):
        file = folder / f"{table}.csv"
        if not file.is_file():
            continue
        with file.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
    return str(folder)
