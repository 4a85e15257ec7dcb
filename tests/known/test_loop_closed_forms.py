"""The corners of a loop of one plant are the thresholds of Dixit (1989).

A price without return, P = 1, and a plant of running cost C that opens at a cost I and closes at a
cost E. Support k is as good as a cost lower by k, so the support at which the owner acts while the
price stands at 1 follows from the four equations of entry and exit with cost C - k.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq

from coercivity.alignment.loop.curves import Service, area_between, curve_of
from coercivity.alignment.loop.measures import half_loss
from coercivity.alignment.loop.relays import Flags, Relays
from coercivity.alignment.loop.sweep import Branch, Ways
from coercivity.finance.waiting import GrowingPrice, NodeLaw, Plant, entry_exit, plant_thresholds

PRICE = GrowingPrice(growth=0.0, volatility=0.1, rate=0.025)
COST, ENTER, LEAVE = 0.95, 4.0, 0.5


def supports(enter: float, leave: float) -> tuple[float, float]:
    """Solve for the support at which entry, and at which exit, is at a price of 1."""

    def misses(support: float, name: str) -> float:
        found = entry_exit(price=PRICE, cost=COST - support, enter=enter, leave=leave)
        return float(getattr(found, name)) - 1.0

    return (
        brentq(lambda k: misses(k, "enter"), -0.3, 0.6, xtol=1e-12),
        brentq(lambda k: misses(k, "leave"), -1.5, 0.4, xtol=1e-12),
    )


def loop_of(opens: float, stops: float, *, amount: float = 1.0) -> tuple[Branch, Branch, Branch]:
    plant = Relays(
        names=("plant",),
        enter=np.array([opens]),
        restart=np.array([opens]),
        stop=np.array([stops]),
        paid=np.array([amount]),
        exposed={"ore": np.array([amount])},
        standing=np.zeros(1, dtype=np.bool_),
    )
    ways = Ways(relays=plant, highest=2.0, deepest={"ore": 2.0})
    virgin = ways.virgin()
    down = ways.down(virgin.end.on, "ore")
    return virgin, down, ways.up(down.end, "ore", scrapped=True)


def serve(on: Flags) -> Service:
    return Service(float(on[0]), 1.0 - float(on[0]))


@pytest.mark.parametrize("amount", [1.0, 0.4])
def test_corners_are_the_thresholds_of_entry_and_exit(amount: float) -> None:
    opens, stops = supports(ENTER, LEAVE)
    virgin, down, up = loop_of(opens, stops, amount=amount)
    assert virgin.edges[1] == pytest.approx(opens / amount)
    assert up.edges[1] == pytest.approx(opens / amount)
    assert down.edges[1] == pytest.approx(stops / amount)
    assert half_loss(curve_of(down, serve)).depth == pytest.approx(-stops / amount)
    area = area_between(curve_of(down, serve), curve_of(up, serve))
    assert area == pytest.approx(2 * (opens - stops) / amount)


def test_dynamic_programming_acts_at_the_same_supports() -> None:
    opens, stops = supports(ENTER, LEAVE)
    plant = Plant(running=COST, enter=ENTER, leave=LEAVE)
    law = NodeLaw(volatility=0.1)
    for support, name in ((opens, "enter"), (stops, "leave")):
        found = plant_thresholds(law, plant, rate=0.025, support=support, nodes=1601)
        assert getattr(found, name) == pytest.approx(1.0, rel=0.01)


def test_the_loop_closes_as_sunk_costs_vanish() -> None:
    """The gap closes with the third root of what is sunk; at nothing it is gone."""
    areas = []
    for sunk in (4.0, 0.5, 0.0625):
        opens, stops = supports(sunk, 0.0)
        _, down, up = loop_of(opens, stops)
        areas.append(area_between(curve_of(down, serve), curve_of(up, serve)))
    assert areas[0] > areas[1] > areas[2] > 0
    assert areas[1] / areas[2] == pytest.approx(2.0, rel=0.15)
    even = COST - 1.0
    _, down, up = loop_of(-even * 0 + even, even)
    assert area_between(curve_of(down, serve), curve_of(up, serve)) == pytest.approx(0.0)
