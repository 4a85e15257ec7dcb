"""Laws of leads: pipelines are full of the plan, and not a tonne of them is lost or made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coercivity.chain import load_case
from coercivity.planning.built import with_builds
from coercivity.resilience.simulation.layout import Net
from coercivity.resilience.simulation.leads import Leads
from coercivity.resilience.simulation.month import replicate
from coercivity.resilience.simulation.reading import dispatched, layout_of
from coercivity.resilience.simulation.replications import (
    Trial,
    planned_shortfall,
    run_batch,
    set_up,
    state_of,
)
from coercivity.resilience.simulation.state import State
from coercivity.uncertainty.disruptions import Scheduled
from tests.laws.generated_cases import GeneratedCase, generated_cases
from tests.resilience.simulation.chains import ONE_SITE, laid_out, trial_on, with_rows

PLANT = ("asset", "plant")
OUTSIDE = with_rows(
    ONE_SITE,
    suppliers=[
        {"id": "outside", "site": "town", "material": "good", "offered": 600, "price": 500,
         "origin": "making=USA"},
    ],
)  # fmt: skip


def losing(trial: Trial, *lost: Scheduled) -> Trial:
    return replace(trial, scheduled=lost)


def short(trial: Trial) -> np.ndarray:
    return np.asarray(run_batch(trial, first=0, count=1).short[0].sum(axis=0))


@pytest.mark.parametrize("lead", [1, 2, 3, 5])
def test_a_loss_is_felt_after_the_lead_and_as_long_as_it_lasted(tmp_path: Path, lead: int) -> None:
    layout, _ = laid_out(tmp_path, ONE_SITE, leads=Leads(assets={"plant": lead}))
    found = short(losing(trial_on(layout, months=12), Scheduled(PLANT, 2, 3)))
    expected = [100.0 if 1 + lead <= month < 4 + lead else 0.0 for month in range(12)]
    assert found == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("lead", "missing"), [(1, 1), (2, 2), (4, 4)])
def test_a_spare_supplier_arrives_after_its_lead(tmp_path: Path, lead: int, missing: int) -> None:
    layout, _ = laid_out(tmp_path, OUTSIDE, leads=Leads(suppliers={"outside": lead}))
    found = short(losing(trial_on(layout, months=14), Scheduled(PLANT, 2, 8)))
    expected = np.zeros(14)
    expected[2:10] = 50
    expected[2 : 2 + missing] = 100
    assert found == pytest.approx(expected, abs=1e-6)


def _leads_of(trial_case: object, months: list[int]) -> Leads:
    case = trial_case
    number = iter(months * 100)
    return Leads(
        links={name: next(number) for name in case.links},  # type: ignore[attr-defined]
        suppliers={one.supplier: next(number) for one in case.offers},  # type: ignore[attr-defined]
        assets={name: next(number) for name in case.assets},  # type: ignore[attr-defined]
    )


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(generated_cases(), st.lists(st.integers(1, 6), min_size=3, max_size=7))
def test_undisturbed_months_are_the_plan_whatever_the_leads(
    tmp_path_factory: pytest.TempPathFactory, generated: GeneratedCase, months: list[int]
) -> None:
    case, _, _ = load_case(generated.write(tmp_path_factory.mktemp("case")))
    chain = with_builds(case, {})
    layout = layout_of(
        chain, dispatched(chain), year=case.horizon.first_year, leads=_leads_of(case, months)
    )
    trial = trial_on(layout, months=12)
    found = run_batch(trial, first=0, count=1).short[0].sum(axis=1)
    expected = np.array(list(planned_shortfall(trial).values()))
    assert found == pytest.approx(expected, abs=1e-5 * (1 + expected.max(initial=0)))


def _made_less_taken(net: Net, now: State) -> np.ndarray:
    """Sum by node what moves have put on their way to it, less what they took from it. [t]"""
    found = np.zeros(len(net.room))
    gives = np.repeat(np.arange(len(net.lead)), np.diff(net.out_start.astype(int)))
    takes = np.repeat(np.arange(len(net.lead)), np.diff(net.in_start.astype(int)))
    np.add.at(found, net.out_node, now.done[gives] * net.out_amount)
    np.subtract.at(found, net.in_node, now.done[takes] * net.in_amount)
    return found


def _lies_or_travels(net: Net, now: State) -> np.ndarray:
    return np.asarray(now.hand + now.due.sum(axis=0) + now.due_more.sum(axis=0))


def _began_with(net: Net) -> np.ndarray:
    """Sum by node what lies there at first, and the plan of as many months as are on the way."""
    found = net.opening.copy()
    gives = np.repeat(np.arange(len(net.lead)), np.diff(net.out_start.astype(int)))
    np.add.at(found, net.out_node, (net.lead * net.planned)[gives] * net.out_amount)
    return found


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    generated_cases(),
    st.lists(st.integers(1, 6), min_size=3, max_size=7),
    st.integers(0, 10**6),
    st.floats(0.2, 1.0),
)
def test_no_tonne_is_lost_or_made_on_the_way(
    tmp_path_factory: pytest.TempPathFactory,
    generated: GeneratedCase,
    months: list[int],
    choice: int,
    depth: float,
) -> None:
    r"""At each node :math:`S_0 + \sum in - \sum out - used - spilled = S_T`, pipelines counted."""
    case, _, _ = load_case(generated.write(tmp_path_factory.mktemp("case")))
    chain = with_builds(case, {})
    leads = replace(_leads_of(case, months), starts=dict.fromkeys(case.assets, 2))
    layout = layout_of(chain, dispatched(chain), year=case.horizon.first_year, leads=leads)
    targets = [("asset", name) for name in case.assets]
    lost = Scheduled(targets[choice % len(targets)], 3, 7, depth)
    trial = losing(trial_on(layout, months=18), lost)
    rules, happens, seen = set_up(trial, first=0, count=1)
    net, now = layout.net, state_of(trial)
    replicate(net, now, rules, happens, seen, (0, 1))
    gone = _began_with(net) + _made_less_taken(net, now) - now.spilled - _lies_or_travels(net, now)
    size = 1e-7 * (1 + now.done.max(initial=0))
    served = np.zeros(len(layout.segments))
    for place, one in enumerate(net.demand_node):
        served[net.demand_segment[place]] += gone[one]
        gone[one] = 0.0
    assert gone == pytest.approx(0, abs=size)
    wanted = np.zeros(len(layout.segments))
    np.add.at(wanted, net.demand_segment, happens.wanted.sum(axis=1))
    assert served == pytest.approx(wanted - seen.short[0].sum(axis=1), abs=size)
