"""A package that may flee from doubt never costs more than one that holds what is obligated."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coercivity.alignment.doubt import carried_by, curve_of, never_doubted
from coercivity.alignment.doubt.free import HELD, Freed, freed, ways_out
from coercivity.alignment.package import Measure, cost_of
from coercivity.alignment.package.search import trimmed
from tests.alignment.doubt.lasting import clock, kind
from tests.alignment.package.benches import put, sure, without_lenders

HAZARDS = (0.0, 0.05, 0.2, 0.8)


def both(cap: float) -> tuple[list[float | None], list[Freed | None]]:
    """Give the cost of a credit with the grant held at nothing, and what may flee into a grant."""
    bench = never_doubted(
        put(sure(36.0), without_lenders(), allow=("grant", "production-credit"), caps={
            "grant": cap, "production-credit": 1.0,
        })
    )  # fmt: skip
    places = [column.kind for column in bench.columns]
    credit = tuple(1.0 if kind == "production-credit" else 0.0 for kind in places)
    levels = trimmed(bench, bench.fits(credit), Measure.MEAN)
    held = carried_by(bench, bench.given(levels), product="good")
    ticking = clock(kind(), paths=bench.cash.paths)
    ticking = replace(ticking, years=bench.cash.years)
    curve = curve_of(held, ticking, "contract", HAZARDS)
    costs = [None if one is None else float(one.meant.mean()) for one in curve.points]
    assert costs[0] == pytest.approx(cost_of(bench, levels, Measure.MEAN), rel=0.02)
    return costs, list(freed(curve, ways_out(held, bench, levels), ticking, HAZARDS))


def test_what_is_free_never_costs_more_and_never_less_than_belief() -> None:
    held, free = both(cap=0.3)
    for cost, one in zip(held, free, strict=True):
        if cost is not None:
            assert one is not None
            assert one.meant.mean() <= cost + 1e-9


def test_strong_doubt_drives_the_package_into_the_grant() -> None:
    _, free = both(cap=0.3)
    last = free[-1]
    assert last is not None
    assert last.way == "grant"


def test_without_room_for_a_grant_there_is_no_way_out() -> None:
    held, free = both(cap=0.0)
    assert [one is None for one in free] == [cost is None for cost in held]
    assert all(one.way == HELD for one in free if one is not None)
