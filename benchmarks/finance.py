"""Measure the finance room: the waterfall on many paths, and returns against other programs.

Run ``python -m benchmarks.finance``; figures need an idle machine. Peers are measured where they
are installed, on a sample where they are slow.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from coercivity.finance.appraisal import appraise
from coercivity.finance.contracts import (
    Contract,
    Floor,
    Grant,
    ProductionCredit,
    Starts,
    Window,
)
from coercivity.finance.debt import DebtTerms
from coercivity.finance.inputs import CashInputs, ProjectTerms
from coercivity.finance.measures import net_present_value
from coercivity.finance.returns import internal_rate_of_return
from coercivity.finance.waterfall.terms import Rules

YEARS = 30


def spent(work: Callable[[], object], *, cpu: bool = True) -> float:
    """Measure processor or wall time of one call. [s]"""
    clock = time.process_time if cpu else time.perf_counter
    began = clock()
    work()
    return clock() - began


def say(what: str, value: float, unit: str, target: str) -> None:
    """Print one figure beside its target."""
    print(f"{what:<62} {value:>10.2f} {unit:<6} target {target}")


def plant(paths: int, seed: int = 1) -> CashInputs:
    """Draw a plant of about 400 million that makes two products."""
    rng = np.random.default_rng(seed)
    ramp = np.concatenate([np.zeros(3), [0.4, 0.7], np.ones(YEARS - 5)])
    shape = (paths, 4 * YEARS)
    walk = np.cumsum(rng.normal(0, 0.08, shape), axis=1)
    price = 70 * np.exp(walk - 0.3 * np.maximum(walk, 0))
    budget = np.zeros(YEARS)
    budget[:3] = 100.0, 200.0, 120.0
    overrun = 0.5 + rng.lognormal(-0.705, 0.72, (paths, 1))
    output = 2.0 * ramp * rng.uniform(0.8, 1.0, (paths, YEARS))
    return CashInputs(
        produced={"first": output, "second": 3.0 * ramp},
        prices={"first": price, "second": 3.0},
        operating_cost=60.0 * np.minimum(ramp * 3, 1.0),
        capex=overrun * budget,
        budget=budget,
        planned_first_output=3,
        realisation={"first": 0.95},
        sold_share={"second": 0.6},
        sustaining=np.where(ramp > 0, 6.0, 0.0),
        care_cost=12.0,
    )


TERMS = ProjectTerms(
    id="plant",
    rules=Rules(royalty=0.02, tax_rate=0.25, depletion_rate=0.14, sweep=0.25, salvage=0.1),
    debt=DebtTerms(gearing_limit=0.5, tenor=10, grace=1),
)
CONTRACTS: list[Contract] = [
    Floor(id="floor", material="first", strike=80.0, window=Window(Starts.FIRST_OUTPUT, 0.0, 10.0)),
    Grant(id="grant", amount=80.0, budget=420.0, promise="obligated"),
    ProductionCredit(id="credit", material="first", amount=5.0, window=Window(years=12.0)),
]


def loop(rate: Callable[[list[float]], float], rows: list[list[float]]) -> list[float]:
    """Call a peer on one path after another."""
    return [rate(row) for row in rows]


def waterfall() -> None:
    """Measure 100 000 paths of 30 years with debt, tax and three contracts."""
    appraise(plant(2000), TERMS, CONTRACTS)
    cash = plant(100_000)
    for workers in (1, 2):
        for cpu in (False, True):
            work = partial(appraise, cash, TERMS, CONTRACTS, workers=workers)
            seconds = spent(work, cpu=cpu)
            kind = "processor" if cpu else "wall"
            say(f"100 000 paths x 30 years, {workers} thread(s), {kind}", seconds, "s", "about 2")
    one, two = (appraise(cash, TERMS, CONTRACTS, workers=w) for w in (1, 2))
    same = np.array_equal(one.owners, two.owners) and np.array_equal(
        one.accounts.cfads, two.accounts.cfads
    )
    print(f"the same bits on 1 and 2 threads: {'yes' if same else 'NO'}")
    cases = [plant(10_000, seed) for seed in range(20)]
    seconds = spent(lambda: [appraise(c, TERMS, CONTRACTS) for c in cases], cpu=False)
    say("20 projects x 10 000 paths", seconds, "s", "< 10")


def returns() -> None:
    """Measure NPV and IRR of a million paths against loops over peers."""
    rng = np.random.default_rng(1)
    flows = rng.normal(20, 15, (1_000_000, YEARS))
    flows[:, 0] = -150
    internal_rate_of_return(flows[:2000])
    ours = spent(lambda: (internal_rate_of_return(flows), net_present_value(flows, rate=0.1)))
    say("NPV and IRR of 1e6 x 30, one thread, processor", ours, "s", "-")
    for name, sample, target in (
        ("numpy_financial", 1_000, ">= 100"),
        ("pyxirr", 20_000, "printed"),
    ):
        try:
            peer = importlib.import_module(name)
        except ImportError:
            print(f"{name} is not installed")
            continue
        lists = flows[:sample].tolist()
        seconds = spent(partial(loop, peer.irr, lists))
        each = seconds / sample
        say(f"  {name}.irr in a loop, from {sample} paths", each * 1e6, "us", "-")
        say(f"  times faster than {name}", each * len(flows) / ours, "x", target)


if __name__ == "__main__":
    waterfall()
    returns()
