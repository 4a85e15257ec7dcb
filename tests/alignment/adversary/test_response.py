"""The best response: against trying all, monotone in money, and what a floor changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from coercivity.alignment.adversary import (
    Attack,
    Field,
    Response,
    Service,
    attack_grid,
    best_response,
    under_attack,
)
from coercivity.alignment.adversary.attacks import Exposure
from coercivity.alignment.adversary.standing import standing_share
from coercivity.finance.compiled import Array
from coercivity.finance.contracts import Contract, Floor
from coercivity.finance.contracts.window import Starts, Window
from coercivity.finance.projects.position import Position
from coercivity.planning.built import built_case
from coercivity.studies.plan_positions import PlanPositions, plan_positions
from tests.alignment.adversary.plans import planned_works

FLOOR = Floor(id="floor", material="good", strike=200.0, indexed=True)
"""Above every price of the paths, in every year: owners see the strike alone."""


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> PlanPositions:
    run = planned_works(tmp_path_factory.mktemp("works"))
    found = plan_positions(run, paths=150, seed=3, workers=1)
    SERVICES["works"] = Service(built_case(run))
    return found


SERVICES: dict[str, Service] = {}
GOOD = Exposure("good", np.full(20, 2.0), long_run=40.0, own_cost=10.0)


def field_of(plan: PlanPositions, *contracts: Contract) -> Field:
    horizon = plan.case.horizon
    positions: dict[str, Position] = {
        name: replace(one, contracts=(*one.contracts, *contracts))
        for name, one in plan.positions.ready.items()
    }
    return Field(
        positions=positions,
        built={"works": np.ones(len(horizon.years))},
        serve=SERVICES["works"].of,
        floors={"good": GOOD.own_cost},
        first_year=horizon.first_year,
        years=len(horizon.years),
        last_reported=plan.case.report_until,
        workers=1,
    )


def grid(most: float = np.inf) -> tuple[Attack, ...]:
    found = attack_grid(
        [GOOD], first_year=2025, starts=[2028, 2030, 2032], depths=[0.5, 1.0], lengths=[1, 3, 5]
    )
    return tuple(one for one in found if one.cost <= most)


def taken(found: Response) -> float:
    return found.base.served.share - found.best_outcome.served.share


def test_money_never_buys_less_and_none_buys_nothing(plan: PlanPositions) -> None:
    field = field_of(plan)
    found = [best_response(field, grid(most)) for most in (0.0, 60.0, 120.0, 300.0)]
    lost = [taken(one) for one in found]
    assert lost[0] == 0.0
    assert found[0].best is None
    assert found[0].best_outcome == found[0].base
    assert lost == sorted(lost)
    assert lost[-1] > 0.01
    outlays = [one.drain_outcome.outlay for one in found]
    assert outlays == sorted(outlays)


def test_passing_over_attacks_does_not_change_the_best(plan: PlanPositions) -> None:
    field = field_of(plan)
    found = best_response(field, grid())
    by_hand = {}
    for attack in grid():
        hit = under_attack(field.positions["works"], attack, floor=GOOD.own_cost)
        share = standing_share(
            hit.appraise(workers=1), hit.operation, first_year=field.first_year, years=field.years
        )
        by_hand[attack] = field.serve({"works": share}).share
    assert found.best_outcome.served.share == pytest.approx(min(by_hand.values()), abs=2e-6)
    assert found.best is not None
    assert by_hand[found.best] == pytest.approx(min(by_hand.values()), abs=2e-6)
    cheaper = [a for a, served in by_hand.items() if served <= by_hand[found.best] - 2e-6]
    assert not cheaper
    assert any(hit.coverage is None for hit in found.hits), "nothing was passed over"


def test_a_full_floor_to_the_horizon_keeps_service_and_moves_the_loss_to_the_public(
    plan: PlanPositions,
) -> None:
    bare, held = best_response(field_of(plan), grid()), best_response(field_of(plan, FLOOR), grid())
    assert taken(bare) > 0.01
    assert taken(held) == pytest.approx(0.0, abs=1e-6)
    assert held.best is None
    assert bare.drain is None
    assert held.drain is not None
    assert held.drain_outcome.outlay > held.base.outlay + 10
    side = held.drain_outcome.sides["works"]
    assert side.worth == pytest.approx(held.base.sides["works"].worth, abs=1e-6)


def test_support_that_ends_is_waited_out(plan: PlanPositions) -> None:
    window = Window(Starts.FIRST_OUTPUT, years=3.0)
    short = Floor(id="short", material="good", strike=200.0, indexed=True, window=window)
    bare, held = best_response(field_of(plan), grid()), best_response(field_of(plan, short), grid())
    assert bare.best is not None
    assert held.best is not None
    # First output is in 2028 at the earliest, so nothing is held up after 2030 or a little later.
    assert held.best.last_year > 2031
    assert taken(held) < taken(bare)


def test_an_attack_that_is_expected_can_stop_what_it_would_not_close(plan: PlanPositions) -> None:
    found = best_response(field_of(plan), grid())
    threat = found.threat
    assert found.base.sides["works"].accepts
    assert threat is not None
    assert threat.deterred == pytest.approx(0.0, abs=1e-6)
    assert threat.attack.cost < max(one.cost for one in grid())
    assert found.foreseen.share <= found.best_outcome.served.share + 1e-9


def test_the_same_draws_give_the_same_answer(plan: PlanPositions) -> None:
    first, again = (best_response(field_of(plan), grid(150.0)) for _ in range(2))
    assert first.hits == again.hits


def test_service_falls_with_what_stands_and_leaves_out_the_adversary(plan: PlanPositions) -> None:
    years = len(plan.case.horizon.years)

    def served(share: float) -> float:
        standing: Mapping[str, Array] = {"works": np.full(years, share)}
        return SERVICES["works"].of(standing).share

    # The works start in 2028 of 2025 to 2036; before, only the adversary could serve.
    assert served(1.0) == pytest.approx(9 / 12)
    assert served(0.5) == pytest.approx(0.5 * 9 / 12)
    assert served(0.0) == pytest.approx(0.0, abs=1e-9)
