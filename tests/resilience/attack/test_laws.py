"""What must hold of attacks on every chain, tried on generated ones against plain enumeration."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from random import Random

import numpy as np
import pytest

from coercivity.chain import Case, load_case
from coercivity.chain.trade import Stock
from coercivity.foundation.periods import Array
from coercivity.planning.built import with_builds
from coercivity.resilience.attack.contraction import contracted
from coercivity.resilience.attack.defender import Defender, Loss
from coercivity.resilience.attack.formulation import Formulation, formulate
from coercivity.resilience.attack.measure import measure_of
from coercivity.resilience.attack.protect import ProtectionSearch
from coercivity.resilience.attack.stocking import StockCover, Stocking, carried_over
from coercivity.resilience.attack.survive import Endurance, endurance
from coercivity.resilience.attack.targets import Target, single_targets
from coercivity.resilience.attack.worst import WorstSearch
from coercivity.resilience.stockpiling.forms import forms_of
from coercivity.studies.stress_worst import search_of
from coercivity.tables import CaseTables
from tests.laws.generated_cases import case_of

SEEDS = range(8)
CLOSE = 2e-3
"""Two attacks closer than that are alike. [t]"""
World = tuple[Case, CaseTables, tuple[Target, ...]]


@lru_cache
def world(number: int) -> World:
    """Throw a chain with everything that can be built standing, and all of it attackable."""
    drawn = case_of(Random(number))
    with tempfile.TemporaryDirectory() as folder:
        case, tables, _ = load_case(drawn.write(Path(folder) / "case"))
    first = case.horizon.first_year
    chain = with_builds(case, {(name, first): 1 for name in case.options})
    targets = single_targets(chain, tables)
    dice = Random(number)
    return chain, tables, tuple(replace(t, plants=dice.choice([1, 1, 2])) for t in targets)


def whole_defender(case: Case) -> Defender:
    measure = measure_of(case)
    return Defender(formulate(case, periods=measure.last + 1), measure)


def every_attack(targets: tuple[Target, ...], k: int) -> Iterator[tuple[tuple[int, int], ...]]:
    """List all ways to make at most k plants fail, by brute force."""
    plants = [n for n, target in enumerate(targets) for _ in range(target.plants)]
    for size in range(k + 1):
        for picked in set(combinations(plants, size)):
            yield tuple(sorted((n, picked.count(n)) for n in set(picked)))


def losses(
    defender: Defender, targets: tuple[Target, ...], attack: tuple[tuple[int, int], ...]
) -> list[Loss]:
    every = np.ones(defender.form.periods)
    return [Loss(targets[n], every * (plants / targets[n].plants)) for n, plants in attack]


@pytest.mark.parametrize("number", SEEDS)
@pytest.mark.parametrize("k", [1, 2])
def test_the_worst_attack_is_that_of_enumeration(number: int, k: int) -> None:
    case, _, targets = world(number)
    found = search_of(case, measure_of(case), targets, k).solve()
    defender = whole_defender(case)
    brute = max(
        defender.respond(losses(defender, targets, attack)).value
        for attack in every_attack(targets, k)
    )
    assert found.proven
    assert found.value == pytest.approx(brute, abs=CLOSE)


@pytest.mark.parametrize("number", SEEDS[:3])
def test_the_costliest_attack_is_that_of_enumeration(number: int) -> None:
    case, _, targets = world(number)
    measure = measure_of(case, kind="cost")
    search = search_of(case, measure, targets, 2)
    brute = max(
        search.defender.respond(losses(search.defender, targets, attack)).value
        for attack in every_attack(targets, 2)
    )
    assert search.solve().value == pytest.approx(brute, rel=1e-6)


@pytest.mark.parametrize("number", SEEDS)
def test_more_failures_never_hurt_less_and_none_is_the_plain_chain(number: int) -> None:
    case, _, targets = world(number)
    values = [search_of(case, measure_of(case), targets, k).solve().value for k in range(4)]
    assert values == sorted(values)
    assert values[0] == pytest.approx(whole_defender(case).respond().value, abs=CLOSE)


@pytest.mark.parametrize("number", SEEDS)
def test_a_smaller_model_counts_the_same(number: int) -> None:
    case, _, targets = world(number)
    measure = measure_of(case)
    whole = whole_defender(case)
    form = contracted(formulate(case, periods=measure.last + 1, counted=measure.weights))
    small, dice = Defender(form, measure), Random(number)
    for _ in range(10):
        attack = tuple((n, 1) for n in sorted(dice.sample(range(len(targets)), 2)))
        hit = [replace(loss, share=loss.share * dice.choice([0.3, 1.0]))
               for loss in losses(whole, targets, attack)]  # fmt: skip
        assert small.respond(hit).value == pytest.approx(whole.respond(hit).value, abs=CLOSE)


@pytest.mark.parametrize("number", SEEDS)
def test_a_deeper_loss_never_hurts_less(number: int) -> None:
    case, _, targets = world(number)
    defender, dice = whole_defender(case), Random(number)
    every = np.ones(defender.form.periods)
    for target in dice.sample(targets, min(4, len(targets))):
        hurt = [defender.respond([Loss(target, every * d)]).value for d in (0.0, 0.3, 0.7, 1.0)]
        assert all(a <= b + CLOSE for a, b in zip(hurt, hurt[1:], strict=False))


@pytest.mark.parametrize("number", SEEDS[:5])
def test_protecting_is_what_enumeration_says_and_never_hurts(number: int) -> None:
    case, _, targets = world(number)
    single = tuple(replace(target, plants=1) for target in targets)
    search = search_of(case, measure_of(case), single, 2)
    found = ProtectionSearch(search, 2).solve()
    plain = WorstSearch(search.defender, single, 2)
    everything = range(len(single))
    brute = min(plain.solve(frozenset(p)).value for p in combinations(everything, 2))
    assert found.proven
    assert found.worst.value == pytest.approx(brute, abs=CLOSE)
    assert found.worst.value <= search.solve().value + CLOSE
    assert len(found.protected) <= 2


@pytest.mark.parametrize("number", SEEDS)
def test_more_stock_never_survives_shorter(number: int) -> None:
    case, _, targets = world(number)
    lasting = []
    for factor in (1.0, 3.0):
        stocks = {k: replace(s, opening=s.opening * factor) for k, s in case.stocks.items()}
        richer = replace(case, stocks=stocks)
        measure = measure_of(case)
        whole = whole_defender(richer)
        # Both must serve the same: what the poorer chain serves.
        if factor == 1.0:
            calm = whole.respond().primal
        found = endurance(whole.form, calm, measure, first=0).all(targets)
        lasting.append([one.years for one in found])
    assert all(b >= a - 1e-6 for a, b in zip(*lasting, strict=True))


@pytest.mark.parametrize("number", [0, 2, 4])
def test_with_the_cheapest_stock_added_it_lasts_until_the_plant_is_back(number: int) -> None:
    case, tables, targets = world(number)
    # Plain stocks lose their class when rules grow stricter; those bought ahead do not.
    steady = tuple(replace(rule, from_date=None) for rule in case.origin.rules)
    case = replace(case, perspective="USA", origin=replace(case.origin, rules=steady))
    measure, first = measure_of(case), 1
    whole = whole_defender(case)
    calm = whole.cheapest([], whole.respond().value).primal
    lasting = endurance(whole.form, calm, measure, first=first)
    forms = forms_of(case, tables)
    stocking = Stocking(whole.form, calm, measure, first=first, forms=forms)
    covered = 0
    for one in lasting.all(targets):
        years = min(one.years + 0.7, lasting.longest)
        cover = stocking.cheapest(one.target, years)
        if one.censored or one.years >= years:
            assert cover is not None
            assert cover.piles == ()
        elif cover is not None:
            covered += 1
            assert cover.cost > 0
            full = survived(case, whole.form, calm, cover, one.target)
            assert full >= years - 1e-6
            # A tenth less of everything is too little, or it would not have been the cheapest.
            less = replace(
                cover, piles=tuple(replace(p, tonnes=0.9 * p.tonnes) for p in cover.piles)
            )
            assert survived(case, whole.form, calm, less, one.target) < years - 1e-9
    assert covered


def survived(
    case: Case, form: Formulation, calm: Array, cover: StockCover, target: Target
) -> float:
    """Lay a stock down the year before, as plain stocks of the chain, and look anew."""
    none = np.zeros(len(case.horizon.years))
    added = {
        f"pile-{n}": Stock(
            f"pile-{n}", one.form.site, one.form.material, 0.0, none + one.tonnes, none, none, "s"
        )
        for n, one in enumerate(cover.piles)
    }
    measure = measure_of(case)
    richer = formulate(
        replace(case, stocks={**case.stocks, **added}),
        periods=measure.last + 1,
        counted=measure.weights,
    )
    past = carried_over(form, calm, richer)
    level = richer.model.operation.storage.level
    columns = richer.columns(level).tolist()
    keys = zip(level.index["stock"], level.index["class"], level.index["period"], strict=True)
    places = dict(zip(keys, columns, strict=True))
    for n, one in enumerate(cover.piles):
        past[places[f"pile-{n}", one.origin_class, 0]] = one.tonnes / 1000
    return Endurance(richer, measure, past, first=1).all([target])[0].years


def test_the_number_of_processes_changes_no_bit() -> None:
    case, _, targets = world(3)
    whole = whole_defender(case)
    calm = whole.respond().primal
    one, two = (
        endurance(whole.form, calm, measure_of(case), first=0).all(targets, workers=workers)
        for workers in (1, 2)
    )
    assert one == two
