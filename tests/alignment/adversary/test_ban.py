from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.alignment.adversary import Exposure, Served, ban_grid, best_ban
from coercivity.alignment.adversary.ban import Ban, Withhold
from coercivity.finance.compiled import Array

YEARS = 8
ORE = Exposure("ore", np.full(YEARS, 2.0), 50.0, 10.0, ("pit", "port"))
METAL = Exposure("metal", np.full(YEARS, 1.0), 90.0, 10.0, ("smelter",))


def relied_on(weights: Mapping[str, float]) -> Withhold:
    """Serve less for each supplier and year that is withheld."""

    def serve(withheld: Mapping[str, Array]) -> Served:
        lost = sum(weights.get(name, 0.0) * float(s.sum()) for name, s in withheld.items())
        return Served(1.0 - lost / YEARS, 100 * lost)

    return serve


def test_a_ban_costs_the_whole_margin_on_all_he_sells() -> None:
    found = ban_grid([ORE, METAL], first_year=2025, starts=[2026], lengths=[1])
    assert {ban.materials: ban.cost for ban in found} == {
        ("ore",): 80.0,
        ("metal",): 80.0,
        ("ore", "metal"): 160.0,
    }


def test_what_is_sold_by_nobody_of_his_cannot_be_banned() -> None:
    sold_by_others = Exposure("gas", np.ones(YEARS), 9.0, 1.0)
    assert ban_grid([sold_by_others], first_year=2025, starts=[2026]) == ()


@given(
    st.dictionaries(st.sampled_from(["pit", "port", "smelter"]), st.floats(0, 0.3)),
    st.floats(0, 900),
)
def test_the_best_is_that_of_trying_all_and_money_never_buys_less(
    weights: dict[str, float], budget: float
) -> None:
    serve = relied_on(weights)
    grid = ban_grid([ORE, METAL], first_year=2025, starts=[2026, 2029], lengths=[1, 2, 3])
    affordable = [ban for ban in grid if ban.cost <= budget]

    def best_of(bans: Sequence[Ban]) -> Served:
        return best_ban([ORE, METAL], bans, serve, first_year=2025, years=YEARS).served

    found = best_of(affordable)
    every = [best_of([ban]).share for ban in affordable]
    assert found.share == pytest.approx(min(every, default=1.0), abs=2e-6)
    assert best_of(grid).share <= found.share + 2e-6


def test_of_equal_bans_the_cheaper_is_told() -> None:
    def serve(withheld: Mapping[str, Array]) -> Served:
        gone = any(share[1] > 0 for share in withheld.values())
        return Served(0.5 if gone else 1.0, 0.0)

    grid = ban_grid([ORE], first_year=2025, starts=[2026], lengths=[1, 2, 3])
    found = best_ban([ORE], grid, serve, first_year=2025, years=YEARS)
    assert found.best is not None
    assert (found.best.years, found.best.cost) == (1, 80.0)


def test_where_nobody_relies_on_him_no_ban_is_told() -> None:
    found = best_ban(
        [ORE],
        ban_grid([ORE], first_year=2025, starts=[2026]),
        lambda _: Served(1.0, 0.0),
        first_year=2025,
        years=YEARS,
    )
    assert found.best is None
    assert found.served == found.base
