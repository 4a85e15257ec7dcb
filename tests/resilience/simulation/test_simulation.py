"""Laws of the simulation by the month."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from coercivity.chain import load_case
from coercivity.planning.built import with_builds
from coercivity.resilience.simulation.claims import claims_of
from coercivity.resilience.simulation.policies import POLICIES
from coercivity.resilience.simulation.reading import dispatched, layout_of
from coercivity.resilience.simulation.replications import (
    Elasticity,
    PriceShock,
    Surge,
    Trial,
    planned_shortfall,
    run_batch,
)
from coercivity.tables import find_case
from coercivity.uncertainty.disruptions import Scheduled
from coercivity.uncertainty.sampling_events import EventRule
from tests.laws.generated_cases import GeneratedCase, generated_cases
from tests.resilience.simulation.chains import (
    ONE_SITE,
    laid_out,
    trial_on,
    with_pile,
    with_rows,
)

PLANT = ("asset", "plant")
REPAIRED = EventRule("outage", PLANT, 2.0, "exponential", 0.25, 0.0, 1.0, "")


def short(trial: Trial, *, count: int = 1, workers: int | None = None) -> np.ndarray:
    """Run replications and give what is short by replication, segment and month."""
    return run_batch(trial, first=0, count=count, workers=workers).short


def losing(trial: Trial, *lost: Scheduled) -> Trial:
    return replace(trial, scheduled=lost)


def test_what_is_lost_comes_first_from_the_worse_priority(tmp_path: Path) -> None:
    layout, _ = laid_out(tmp_path, ONE_SITE)
    found = short(losing(trial_on(layout, months=6), Scheduled(PLANT, 2, 2, 0.5)))
    assert layout.segments == ("guard", "trade")
    assert found[0, 0] == pytest.approx([0] * 6, abs=1e-9)
    # What is not made in months 2 and 3 is missing a month later.
    assert found[0, 1] == pytest.approx([0, 0, 50, 50, 0, 0], abs=1e-9)


def test_when_all_is_rationed_everybody_loses_the_same_share(tmp_path: Path) -> None:
    layout, _ = laid_out(tmp_path, ONE_SITE)
    trial = trial_on(layout, policy="ration", months=6)
    found = short(losing(trial, Scheduled(PLANT, 2, 2, 0.5)))
    assert found[0, :, 2] == pytest.approx([15, 35])


def test_a_stock_bridges_the_months_it_holds(tmp_path: Path) -> None:
    layout = with_pile(laid_out(tmp_path, ONE_SITE)[0], 150)
    found = short(losing(trial_on(layout, months=8), Scheduled(PLANT, 1, 3)))
    assert found[0].sum(axis=0) == pytest.approx([0, 0, 50, 100, 0, 0, 0, 0], abs=1e-6)


def test_a_stock_that_is_reserved_serves_the_first_priority_longer(tmp_path: Path) -> None:
    layout = with_pile(laid_out(tmp_path, ONE_SITE)[0], 150)
    trial = losing(trial_on(layout, months=8), Scheduled(PLANT, 1, 5))
    usual, kept = short(trial), short(replace(trial, policy=POLICIES["reserve"]))
    assert kept[0, 0].sum() < usual[0, 0].sum()
    assert kept[0, 0] == pytest.approx([0] * 8, abs=1e-6)
    assert kept.sum() == pytest.approx(usual.sum())


SPARE = with_rows(
    ONE_SITE,
    suppliers=[
        {"id": "outside", "site": "town", "material": "good", "offered": 600, "price": 500,
         "origin": "making=USA"},
    ],
)  # fmt: skip


def test_spare_offers_are_asked_and_stop_with_the_loss(tmp_path: Path) -> None:
    layout, _ = laid_out(tmp_path, SPARE)
    lost = Scheduled(PLANT, 2, 3)
    asked = short(losing(trial_on(layout, months=10), lost))
    alone = short(losing(trial_on(layout, policy="as-planned", months=10), lost))
    assert alone[0].sum(axis=0) == pytest.approx([0, 0, 100, 100, 100, 0, 0, 0, 0, 0], abs=1e-6)
    # A month is lost before it is known; then half of the need comes from outside.
    assert asked[0].sum(axis=0) == pytest.approx([0, 0, 100, 50, 50, 0, 0, 0, 0, 0], abs=1e-6)
    assert asked[0, 0, 3:] == pytest.approx(0, abs=1e-6)


def test_a_surge_asks_for_more_and_a_price_shock_for_less(tmp_path: Path) -> None:
    layout, _ = laid_out(tmp_path, ONE_SITE)
    trial = trial_on(layout, months=4)
    more = short(replace(trial, surges=(Surge("guard", 2.0, 2, 2),)))
    assert more[0].sum(axis=0) == pytest.approx([0, 30, 30, 0], abs=1e-6)
    priced = Elasticity("good", -0.5, 0.0, 0)
    case, _, _ = load_case(tmp_path)
    chain = with_builds(case, {})
    layout = layout_of(chain, dispatched(chain), year=2025, elasticities=(priced,))
    trial = replace(trial, layout=layout, elasticities=(priced,))
    shock = replace(trial, shocks=(PriceShock("good", 4.0, 1, 4),))
    # Half is wanted at four times the price, so half a plant is enough.
    cut = losing(shock, Scheduled(PLANT, 1, 4, 0.5))
    assert short(cut).sum() == pytest.approx(0, abs=1e-6)


def test_a_price_rises_with_scarcity_as_its_elasticity_says(tmp_path: Path) -> None:
    laid_out(tmp_path, ONE_SITE)
    priced = Elasticity("good", -0.5, 0.0, 0)
    case, _, _ = load_case(tmp_path)
    chain = with_builds(case, {})
    layout = layout_of(chain, dispatched(chain), year=2025, elasticities=(priced,))
    trial = replace(trial_on(layout, months=4), elasticities=(priced,))
    seen = run_batch(losing(trial, Scheduled(PLANT, 1, 1, 0.5)), first=0, count=1)
    assert seen.price[0, 0] == pytest.approx([1, 4, 1, 1])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(generated_cases())
def test_undisturbed_months_are_the_plan(
    tmp_path_factory: pytest.TempPathFactory, generated: GeneratedCase
) -> None:
    folder = generated.write(tmp_path_factory.mktemp("case"))
    case, _, _ = load_case(folder)
    chain = with_builds(case, {})
    year = min(case.report_until, case.horizon.years[-1])
    layout = layout_of(chain, dispatched(chain), year=year)
    drawn_down = min((layout.net.drift * 12).min(initial=0), 0) < -1e-6
    trial = trial_on(layout, months=12 if drawn_down else 24)
    found = short(trial)[0].sum(axis=1)
    expected = np.array(list(planned_shortfall(trial).values()))
    assert found == pytest.approx(expected, abs=1e-5 * (1 + expected.max(initial=0)))


def test_priorities_reach_up_to_where_a_chain_begins() -> None:
    case, _, _ = load_case(find_case("mini-tungsten"))
    chain = with_builds(case, {})
    layout = layout_of(chain, dispatched(chain), year=case.horizon.first_year)
    claims = claims_of(layout)
    assert (np.diff(claims, axis=1) >= -1e-9).all()
    assert claims[:, -1] == pytest.approx(layout.net.planned)


def test_more_stock_never_loses_more(tmp_path: Path) -> None:
    lost = []
    for tonnes in (0, 50, 100, 200, 400):
        layout = with_pile(laid_out(tmp_path / str(tonnes), ONE_SITE)[0], tonnes)
        lost.append(short(losing(trial_on(layout, months=12), Scheduled(PLANT, 2, 4))).sum())
    assert lost == sorted(lost, reverse=True)
    assert lost[0] > lost[-1] + 100


@pytest.mark.parametrize("depths", [(0.1, 0.4, 0.7, 1.0)])
def test_a_deeper_loss_never_hurts_less(tmp_path: Path, depths: tuple[float, ...]) -> None:
    layout, _ = laid_out(tmp_path, SPARE)
    trial = trial_on(layout, months=12)
    lost = [short(losing(trial, Scheduled(PLANT, 2, 5, depth))).sum() for depth in depths]
    assert lost == sorted(lost)


def test_the_same_seed_gives_the_same_bits_on_one_and_two_threads(tmp_path: Path) -> None:
    layout, _ = laid_out(tmp_path, SPARE)
    trial = replace(trial_on(layout, months=36), rules=(REPAIRED,), seed=5)
    one, two = (short(trial, count=1100, workers=number) for number in (1, 2))
    assert (one == two).all()
    other = short(replace(trial, seed=6), count=1100)
    assert (one != other).any()


def test_a_replication_does_not_depend_on_its_batch(tmp_path: Path) -> None:
    layout, _ = laid_out(tmp_path, SPARE)
    trial = replace(trial_on(layout, months=36), rules=(REPAIRED,))
    whole = short(trial, count=40)
    later = run_batch(trial, first=30, count=10).short
    assert (whole[30:] == later).all()
