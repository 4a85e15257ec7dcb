"""Which forms to stock: an answer by hand, and laws of the cheapest mix."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from coercivity.chain import Case, load_case
from coercivity.foundation.errors import UsageError
from coercivity.planning.solve import PlanLimits
from coercivity.resilience.stockpiling.emergency import (
    Emergency,
    Standing,
    emergency_case,
    expect_emergency,
    years_of_emergency,
)
from coercivity.resilience.stockpiling.forms import Form, forms_of
from coercivity.resilience.stockpiling.mix import Answer, find_mix
from coercivity.tables import CaseTables, find_case

NOTHING = Standing({}, {})
EXACT = PlanLimits(gap=0.0)
WAR = Emergency(segment="defence", year=2026)


@cache
def mini() -> tuple[Case, CaseTables]:
    case, tables, _ = load_case(find_case("mini"))
    return case, tables


@cache
def answer(emergency: Emergency = WAR, standing: tuple[tuple[str, int], ...] = ()) -> Answer:
    case, tables = mini()
    stands = Standing(dict.fromkeys(standing, 1), {})
    return find_mix(tables, emergency, stands, forms_of(case, tables), limits=EXACT)


def test_a_stock_of_the_only_form_with_a_price_is_the_demand_of_four_years() -> None:
    """400 t a year at 59 000 USD/t in 2025; kept at 5 000 USD/t on each year's end, 10 %."""
    found = answer().stock
    assert found is not None
    (pile,) = found.piles
    assert pile.material == "magnet"
    assert pile.tonnes == pytest.approx(1600)
    assert pile.purchase == pytest.approx(1600 * 59_000 / 1e6)
    keeping = sum(0.005 * (1600 - 400 * n) / 1.1**n for n in range(4))
    assert pile.keeping == pytest.approx(keeping)
    assert found.ready == pytest.approx(1600 * 0.059 + keeping)
    assert found.running == pytest.approx(0, abs=1e-6)


def test_without_anything_nothing_is_served_once_all_abroad_is_cut() -> None:
    assert answer().needed
    assert answer().without["shortfall_t"].tolist() == pytest.approx([400] * 4)


def test_new_plants_come_too_late_alone_and_a_stock_bridges_the_gap() -> None:
    found = answer()
    assert found.capacity is None
    assert found.mixture is not None
    assert found.mixture.tonnes == pytest.approx(400)
    assert list(found.mixture.builds["option"]) == ["magnet-hall"]


def test_both_together_never_cost_more_than_either() -> None:
    found = answer(replace(WAR, year=2027))
    ways = [way for way in (found.stock, found.capacity) if way is not None]
    assert len(ways) == 2
    assert found.mixture is not None
    together = found.mixture.expected
    assert together == pytest.approx(found.mixture.ready + 0.1 * found.mixture.running)
    assert all(together <= way.expected + 1e-6 for way in ways)
    assert found.mixture.proven <= together + 1e-6


def test_the_stricter_the_limit_the_dearer_and_the_stock_scales_with_it() -> None:
    costs = []
    for limit in (0.75, 0.5, 0.25, 0.0):
        found = answer(replace(WAR, limit=limit)).stock
        assert found is not None
        assert found.tonnes == pytest.approx(1600 * (1 - limit))
        costs.append(found.ready)
    assert costs == sorted(costs)


def test_a_surge_asks_for_more() -> None:
    found = answer(replace(WAR, surge=1.5)).stock
    assert found is not None
    assert found.tonnes == pytest.approx(2400)


def test_where_the_limit_holds_anyway_nothing_is_bought() -> None:
    """Only covered countries are cut, and Japan's own magnets use what is cut; a hall serves."""
    built = answer(replace(WAR, year=2027), (("magnet-hall", 2025),))
    assert not built.needed
    assert (built.stock, built.capacity, built.mixture) == (None, None, None)
    assert built.best == 0.0


def test_what_no_form_and_no_plant_can_do_is_told_with_the_best_that_can() -> None:
    _, tables = mini()
    found = find_mix(tables, WAR, NOTHING, ())
    assert found.stock is None
    assert found.mixture is None
    assert found.best == pytest.approx(1 / 4)


def test_stock_levels_never_rise_in_the_emergency_and_end_used_up() -> None:
    found = answer().stock
    assert found is not None
    assert found.levels["stock_t"].tolist() == pytest.approx([1600, 1200, 800, 400, 0])


def test_a_cheaper_form_upstream_is_stocked_where_plants_can_finish_it() -> None:
    """With the hall standing but its oxide cut, oxide is stocked in place of dearer magnets."""
    case, tables = mini()
    makes = next(m for p in case.processes.values() for m in p.modes if "magnet" in m.outputs)
    (feed, amount), *_ = makes.inputs.items()
    hall = next(a for a in case.assets.values() if a.process == makes.process)
    forms = (*forms_of(case, tables), Form(feed, hall.site, 1_000.0, 0.0, "offer"))
    stands = Standing({("magnet-hall", 2025): 1}, {})
    closed = [a for a in case.assets.values() if a is not hall]
    idle = {asset.id: asset.capacity * 0 + 1 for asset in closed}
    found = find_mix(tables, replace(WAR, year=2027), Standing(stands.modules, idle), forms)
    assert found.needed
    assert found.stock is not None
    (pile,) = found.stock.piles
    assert pile.material == feed
    per_tonne = amount / makes.outputs["magnet"]
    assert pile.tonnes == pytest.approx(1600 * per_tonne, rel=1e-6)


def test_stock_bought_to_rules_that_come_keeps_its_class() -> None:
    """The mine must be accepted from 2027 on; a stock of 2025 is bought to that already."""
    case, tables = mini()
    model = emergency_case(years_of_emergency(tables, WAR, forms_of(case, tables)), WAR, NOTHING)
    assert all(rule.from_date is None for rule in model.origin.rules)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"segment": "defense"}, "defence"),
        ({"year": 2025}, "2026 to 2027"),
        ({"year": 2028}, "2026 to 2027"),
        ({"limit": 1.0}, "unmet"),
        ({"surge": 0.0}, "surge"),
        ({"chance": 0.0}, "chance"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(change: dict[str, object], said: str) -> None:
    case, _ = mini()
    with pytest.raises(UsageError, match=said):
        expect_emergency(case, replace(WAR, **change))  # type: ignore[arg-type]
