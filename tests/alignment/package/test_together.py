"""One set of terms for all brings in all, and never costs less than packages made to measure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coercivity.alignment.package import Bench, Levels, Measure, Package, cost_of, package_for
from coercivity.alignment.package.aligned import Aligned
from coercivity.alignment.package.menu import Menu
from coercivity.alignment.package.polish import FINE
from coercivity.alignment.package.together import Together, levels_of, together
from coercivity.alignment.package.verification import verify
from tests.alignment.package.benches import put, sure, with_menu, without_lenders


def alone(name: str, price: float, allow: tuple[str, ...], cap: float = 1.0) -> Aligned:
    """Give a certain project with its own package, judged on the same only path."""
    caps = dict.fromkeys(allow, cap)
    bench = put(sure(price=price), without_lenders(), allow=allow, caps=caps)
    found = package_for(bench, bench)
    assert found is not None
    return aligned(name, bench, found)


def aligned(name: str, bench: Bench, found: Package) -> Aligned:
    menu = Menu(
        columns=bench.columns, limits=bench.limits, product="good", price=0.0, break_even=None
    )
    return Aligned(
        project=name,
        menu=menu,
        before=bench.appraise(bench.nothing),
        check=bench,
        fresh=bench,
        package=found,
        verified=verify(found.levels, bench, bench),
        failing=None,
        exchange=(),
    )


def cost(one: Aligned, levels: Levels) -> float:
    return cost_of(one.fresh, levels, Measure.MEAN)


def shared_by(*projects: Aligned) -> Together:
    found = together(projects)
    assert found is not None
    return found


def test_of_two_that_need_a_grant_the_needier_sets_it_for_both() -> None:
    near, far = alone("near", 36.0, ("grant",)), alone("far", 33.0, ("grant",))
    found = shared_by(near, far)
    assert found.holds == {"near": True, "far": True}
    assert found.terms["grant"] == pytest.approx(max(far.levels), rel=0.05)
    dearer = cost(near, found.levels["near"]) / cost(near, near.levels)
    assert dearer == pytest.approx(max(far.levels) / max(near.levels), rel=0.05)


@pytest.mark.parametrize("allow", [("grant",), ("grant", "production-credit", "ebitda-floor")])
def test_one_for_all_never_costs_less(allow: tuple[str, ...]) -> None:
    projects = [alone(f"at-{price:g}", price, allow) for price in (37.0, 35.0, 33.0)]
    found = shared_by(*projects)
    assert all(found.holds.values())
    same = sum(cost(one, found.levels[one.project]) for one in projects)
    own = sum(cost(one, one.levels) for one in projects)
    # What is made to measure is found to a thousandth of each level.
    assert same >= own * (1 - 2 * FINE)


def test_no_term_can_be_given_less() -> None:
    projects = [alone(f"at-{price:g}", price, ("grant", "ebitda-floor")) for price in (36.0, 33.0)]
    found = shared_by(*projects)
    for slot, level in found.terms.items():
        less = {**found.terms, slot: 0.9 * level}
        assert not all(one.check.agrees(levels_of(one.check, less)) for one in projects)


def test_who_says_yes_anyway_sets_no_terms() -> None:
    rich, poor = alone("rich", 60.0, ("grant",)), alone("poor", 33.0, ("grant",))
    assert rich.before.accepted
    assert together([rich, poor]) is None


def test_terms_that_nobody_can_share_name_who_refuses_and_what_would_do() -> None:
    near, far = alone("near", 37.5, ("grant",), cap=0.9), alone("far", 30.0, ("ebitda-floor",))
    found = shared_by(near, replace(far, menu=near.menu, check=beggared(near, 15.0)))
    assert found.terms == {}
    assert [one.project for one in found.refusing] == ["far"]
    assert found.refusing[0].by > 0
    assert found.refusing[0].reasons
    assert set(found.closest) == {"grant"}


def beggared(like: Aligned, price: float) -> Bench:
    """Give a project that no grant brings in, with the menu of another."""
    return with_menu(put(sure(price=price), without_lenders(), allow=("grant",)), like.menu)
