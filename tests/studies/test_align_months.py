"""What packages buy: months that home serves with nothing from abroad."""

from __future__ import annotations

import pytest

from coercivity.chain import load_case
from coercivity.results import Run
from coercivity.studies.align_months import (
    ALL,
    MonthsBought,
    MonthsServed,
    months_by_cost,
    months_table,
)
from coercivity.studies.plan import PlanOptions, plan
from coercivity.tables import find_case


@pytest.fixture(scope="module")
def measure(tmp_path_factory: pytest.TempPathFactory) -> MonthsServed:
    run: Run = plan(find_case("mini"), tmp_path_factory.mktemp("runs"), PlanOptions(name="m"))
    case, tables, _ = load_case(run.inputs)
    return MonthsServed(case, tables, run)


class Counted:
    """Months that are known: two projects that only work together, and one alone."""

    def of(self, funded: object) -> dict[str, float]:
        there = set(funded)  # type: ignore[call-overload]
        months = (3.0 if {"mine", "plant"} <= there else 0.0) + (1.0 if "shop" in there else 0.0)
        return {ALL: months}


def test_home_serves_what_its_plants_and_stocks_hold(measure: MonthsServed) -> None:
    """In 2030 the hall makes 1 000 t a year; 100 t lie in stock: of 3 400 t, defence first."""
    months = measure.of(("works",))
    assert measure.year == 2030
    assert months["defence"] == pytest.approx(12)
    assert 0 < months["industry"] < 12
    whole = 12 * (400 + months["industry"] / 12 * 3000) / 3400
    assert months[ALL] == pytest.approx(whole)


def test_without_the_halls_home_has_its_stock(measure: MonthsServed) -> None:
    """100 t of unknown origin, which defence may not take; others ask for 3 000 t a year."""
    months = measure.of(())
    assert months["defence"] == pytest.approx(0)
    assert months["industry"] == pytest.approx(12 * 100 / 3000)


def test_what_buys_most_a_million_comes_first_and_nothing_bought_is_lost() -> None:
    rows = months_by_cost(
        Counted(),  # type: ignore[arg-type]
        {"shop": 100.0, "mine": 10.0, "plant": 20.0},
        unaided=(),
    )
    assert [row["added"] for row in rows] == [None, "mine", "plant", "shop"]
    assert [row["months"][ALL] for row in rows] == [0.0, 0.0, 3.0, 4.0]
    assert [row["public_cost_musd"] for row in rows] == [0.0, 10.0, 30.0, 130.0]


def test_a_package_that_earns_comes_before_all_that_cost() -> None:
    rows = months_by_cost(
        Counted(),  # type: ignore[arg-type]
        {"shop": -5.0, "mine": 10.0, "plant": 20.0},
        unaided=(),
    )
    assert rows[1]["added"] == "shop"


def test_the_table_has_a_row_for_each_step_and_segment() -> None:
    rows = months_by_cost(Counted(), {"shop": 1.0}, unaided=("mine", "plant"))  # type: ignore[arg-type]
    frame, units = months_table(MonthsBought(2030, tuple(rows)))
    assert frame["months"].tolist() == [3.0, 4.0]
    assert set(units) <= set(frame.columns)
