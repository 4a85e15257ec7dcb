"""Measure the simulation: the reference case, and a serial system against other programs.

Run ``python -m benchmarks.simulation [RUN]``; figures need an idle machine. RUN is a folder of a
plan; without one the case is taken as it stands. Peers are measured where they are installed, on
a sample, and must agree with us on it first.
"""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import numpy as np

from coercivity.resilience.simulation.base_stock import Serial, SerialChain, run_serial
from coercivity.resilience.simulation.replications import batches, run_batch
from coercivity.studies.simulate import SimulateOptions, trial_of
from coercivity.studies.subject import read_subject

CHAIN = SerialChain((6.49, 5.53, 10.69), (1, 1, 2))
PERIODS = 120
OURS, THEIRS = 4_000, 5
"""Replications that are measured. [count]"""
REPEATS = 5
"""How often each is measured; the best time counts. [count]"""


def spent(work: Callable[[], object]) -> float:
    """Measure the wall time of one call. [s]"""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def reference(subject: str) -> None:
    options = SimulateOptions(replications=10_000)
    trial, year = trial_of(read_subject(subject, Path()), options)
    run_batch(trial, first=0, count=1)

    def all_of_them() -> None:
        for first, count in batches(options.replications):
            run_batch(trial, first=first, count=count)

    worked = time.process_time()
    took = spent(all_of_them)
    worked = time.process_time() - worked
    told = f"{took:.1f} s, {worked:.1f} s of processors"
    print(f"{subject}, routing of {year}: 10 000 replications x 120 months in {told}")


def of_stockpyl(demand: np.ndarray) -> np.ndarray:
    """Run stockpyl and give the level of the first place, by replication and period."""
    simulation = importlib.import_module("stockpyl.sim").simulation
    serial = importlib.import_module("stockpyl.supply_chain_network").serial_system
    levels = []
    for row in demand:
        network = serial(
            num_nodes=3, node_order_in_system=[3, 2, 1], node_order_in_lists=[1, 2, 3],
            local_holding_cost=[1, 1, 1], stockout_cost=[0, 0, 0],
            shipment_lead_time=list(CHAIN.lead), demand_type="D", demand_list=row.tolist(),
            policy_type="BS", base_stock_level=list(CHAIN.base_stock),
        )  # fmt: skip
        simulation(network, PERIODS, rand_seed=1, progress_bar=False)
        node = network.get_node_from_index(1)
        product = node.product_indices[0]
        levels.append([node.state_vars[t].inventory_level[product] for t in range(PERIODS)])
    return np.array(levels)


def of_simpy(demand: np.ndarray) -> np.ndarray:
    """Run the same system as processes of simpy: a period is one unit of time."""
    simpy = importlib.import_module("simpy")
    return np.array([_simpy_path(simpy, row) for row in demand])


def _simpy_path(simpy: Any, demand: np.ndarray) -> list[float]:  # noqa: ANN401 - an optional peer
    env, places = simpy.Environment(), len(CHAIN.lead)
    level, due = list(CHAIN.base_stock), [0.0] * places
    coming, seen = [0.0] * places, list[float]()

    def travel(place: int, amount: float) -> Generator[Any, None, None]:
        yield env.timeout(CHAIN.lead[place])
        coming[place] += amount

    def periods() -> Generator[Any, None, None]:
        for asked in demand:
            yield env.timeout(0.5)
            orders = [float(asked)]
            for place in range(places):
                gap = CHAIN.base_stock[place] - level[place] - due[place] + orders[place]
                orders.append(max(0.0, gap))
                due[place] += orders[-1]
            sent = orders[-1]
            for place in reversed(range(places)):
                env.process(travel(place, sent))
                came, coming[place] = coming[place], 0.0
                due[place] -= came
                owed = max(0.0, -level[place]) + orders[place]
                sent = min(owed, max(0.0, level[place]) + came)
                level[place] += came - orders[place]
            seen.append(level[0])
            yield env.timeout(0.5)

    env.process(periods())
    env.run()
    return seen


def against_peers() -> None:
    rng = np.random.default_rng(2)
    demand = np.maximum(0.0, rng.normal(5.0, 1.0, (OURS, PERIODS)))
    # We keep what the peer keeps: stockpyl all of every period, our model in simpy levels.
    against("stockpyl", of_stockpyl, demand, keep=Serial._fields)
    against("simpy", of_simpy, demand, keep=("level",))


def against(
    name: str,
    run: Callable[[np.ndarray], np.ndarray],
    demand: np.ndarray,
    *,
    keep: tuple[str, ...],
) -> None:
    """Agree with a peer first, then compare the best of some times each."""
    known = run_serial(CHAIN, demand[:THEIRS], keep=keep).level[:, :, 0]
    own = min(spent(lambda: run_serial(CHAIN, demand, keep=keep)) for _ in range(REPEATS)) / OURS
    told = f"{1e6 * own:.1f} us a replication, keeping {', '.join(keep)}"
    print(f"serial system, {PERIODS} periods: ours {told}")
    try:
        importlib.import_module(name)
    except ImportError:
        print(f"{name} is not installed")
        return
    worst = float(np.abs(run(demand[:THEIRS]) - known).max())
    took = min(spent(lambda: run(demand[:THEIRS])) for _ in range(REPEATS)) / THEIRS
    told = f"{1e3 * took:.2f} ms a replication, {took / own:,.0f} x ours"
    print(f"{name}: {told}; differs by {worst:.0e} t")


if __name__ == "__main__":
    against_peers()
    reference(sys.argv[1] if len(sys.argv) > 1 else "us-rare-earths")
