"""Print the figures of plans over many futures: decomposition against extensive form, processes."""

from __future__ import annotations

import argparse
import csv
import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.generated_chain import write_generated_chain
from coercivity.planning.two_stage import (
    Recourse,
    SearchLimits,
    Split,
    TwoStageProblem,
    TwoStageSolution,
    decompose,
    extensive_form,
    split_model,
)
from coercivity.solvers import HighsModel, SolveLimits, SolveStatus
from coercivity.solvers.matrices import Indices
from coercivity.uncertainty import ShiftedLognormal, Uniform, stream

if TYPE_CHECKING:
    from coercivity.planning.model import PlanningModel


def write_open_chain(folder: Path, *, plants: int, grades: int, seed: int) -> Path:
    """Write a generated chain in which building pays.

    As generated, ore cannot leave its country and every second stage cannot grow, so that nothing
    is ever built: here all materials travel by sea, and every plant has an option.
    """
    path = write_generated_chain(folder, plants=plants, grades=grades, seed=seed)
    rules = _rows(path / "link_rules.csv")
    for rule in rules:
        if rule["id"] == "sea":
            rule["materials"] = ""
    _write(path / "link_rules.csv", rules)
    options, rng = _rows(path / "options.csv"), np.random.default_rng(seed + 1)
    for number in range(1, plants, 2):
        size, capital = int(rng.integers(500, 3000)), int(rng.integers(20, 300))
        own = {"id": f"o{number}", "adds_to": f"a{number}"}
        options.append({**options[0], **own, "size": str(size), "capital": str(capital)})
    _write(path / "options.csv", options)
    return path


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream_:
        return list(csv.DictReader(stream_))


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream_:
        writer = csv.DictWriter(stream_, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def chain_problem(
    folder: Path, *, scenarios: int, whole: bool = False, plants: int = 8, seed: int = 1
) -> TwoStageProblem:
    """Draw futures of a generated chain: demand, offers, their prices, and what plants yield."""
    # Worker processes load this file again, and need nothing of what builds the problem.
    from coercivity.chain import load_case  # noqa: PLC0415
    from coercivity.planning.model import build_model  # noqa: PLC0415

    case, _, _ = load_case(write_open_chain(folder, plants=plants, grades=1, seed=seed))
    model = build_model(case)
    first = model.investments.block.labels
    split = split_model(model.scaled.matrices, first, name="expected", probability=1.0)
    drawn = tuple(future(model, split, number, scenarios) for number in range(scenarios))
    stage = split.first
    if not whole:
        stage = replace(stage, integrality=np.zeros(stage.columns, dtype=bool))
    return TwoStageProblem(stage, drawn)


def future(model: PlanningModel, split: Split, number: int, scenarios: int) -> Recourse:
    """Draw one future: what plants yield, built ones as well, demands, offers and prices."""
    rng = stream(2026, "future", number)
    blocks, families = model.builder.blocks, model.builder.families
    plain = split.recourse.model
    demand = places(split.recourse_rows, families["demand_is_met"].positions)
    capacity = places(split.recourse_rows, families["activity_within_capacity"].positions)
    short = places(split.recourse_columns, blocks["shortfall"].labels)
    offers = places(split.recourse_columns, blocks["purchase"].labels)
    upper, cost = plain.upper.copy(), plain.cost.copy()
    row_lower, row_upper = plain.row_lower.copy(), plain.row_upper.copy()
    wanted = Uniform(0.6, 1.6).at(rng.random(demand.size)) * Uniform(0.7, 1.6).at(rng.random(1))
    for values in (row_lower, row_upper):
        values[demand] *= wanted
    upper[short] *= wanted
    upper[offers] *= Uniform(0.0, 1.2).at(rng.random(offers.size))
    cost[offers] *= ShiftedLognormal(0.5, 0.0, 0.4).at(rng.random(offers.size))
    factors = np.ones(plain.rows)
    factors[capacity] = Uniform(0.6, 1.0).at(rng.random(capacity.size))
    row_upper[capacity] *= factors[capacity]
    technology = split.recourse.technology.tocsc(copy=True)
    technology.data = technology.data * factors[np.asarray(technology.indices)]
    changed = replace(plain, cost=cost, upper=upper, row_lower=row_lower, row_upper=row_upper)
    return Recourse(f"future-{number}", 1.0 / scenarios, technology, changed)


def places(kept: Indices, wanted: Indices) -> Indices:
    """Give the places at which wanted positions stand among the kept ones."""
    return np.searchsorted(kept, wanted)


def extensive(problem: TwoStageProblem) -> tuple[float, float]:
    """Solve the extensive form with the interior-point method: cost, seconds. [unit of cost, s]"""
    began = time.perf_counter()
    model = HighsModel(extensive_form(problem))
    found = model.solve(SolveLimits(method="ipx", crossover=False, relative_gap=1e-4))
    assert found.status is SolveStatus.OPTIMAL
    return float(found.objective or 0.0), time.perf_counter() - began


def parts(problem: TwoStageProblem, gap: float, *, workers: int = 1) -> TwoStageSolution:
    """Decompose to a gap and tell how it went."""
    limits = SearchLimits(relative_gap=gap)
    found = decompose(problem, limits=limits, workers=workers)
    said = f"{found.rounds} rounds, {found.cuts} cuts, gap {found.gap:.1e}, {found.status.value}"
    print(
        f"  {len(problem.scenarios)} scenarios, {workers} processes: "
        f"{found.objective:.6g} in {found.seconds:.1f} s ({said})",
        flush=True,
    )
    return found


def against_extensive(folder: Path) -> None:
    """Compare both ways on 30 scenarios."""
    problem = chain_problem(folder / "thirty", scenarios=30)
    one = problem.scenarios[0]
    entries = len(one.model.matrix.data) + len(one.technology.data)
    print(f"{problem.first.columns} first-stage columns, {entries} entries a scenario")
    whole, seconds = extensive(problem)
    print(f"  extensive form, ipx: {whole:.6g} in {seconds:.1f} s")
    found = parts(problem, 1e-4)
    assert abs(found.objective - whole) <= 2e-4 * abs(whole)
    print(f"extensive form / decomposition, 30 scenarios {seconds / found.seconds:.1f} x (>= 2)")


def many(folder: Path) -> None:
    """Prove 1e-3 on 100 and on 300 scenarios."""
    for scenarios in (100, 300):
        problem = chain_problem(folder / f"many{scenarios}", scenarios=scenarios)
        found = parts(problem, 1e-3)
        print(f"proven gap, {scenarios} scenarios {found.gap:.1e} (<= 1e-3)")


def processes(folder: Path) -> None:
    """Compare two processes with one, by the clock and by processor time.

    The clock needs two idle cores; the processor time of the longer path is told beside it.
    """
    problem = chain_problem(folder / "processes", scenarios=100)
    answers, paths = [], []
    for workers in (1, 2):
        before = os.times()
        answers.append(parts(problem, 1e-4, workers=workers))
        after = os.times()
        own = after.user + after.system - before.user - before.system
        others = after.children_user + after.children_system
        others -= before.children_user + before.children_system
        paths.append(own + others / workers)
    one, two = answers
    assert one.objective == two.objective
    assert one.first_stage.tobytes() == two.first_stage.tobytes()
    print(f"two processes against one, 100 scenarios {one.seconds / two.seconds:.2f} x (>= 1.5)")
    print(f"  by processor time, shared evenly: {paths[0]:.1f} s / {paths[1]:.1f} s")


def whole_decisions(folder: Path) -> None:
    """Search over whole decisions."""
    problem = chain_problem(folder / "whole", scenarios=10, whole=True)
    parts(problem, 1e-3)


FIGURES = {
    "extensive": against_extensive,
    "many": many,
    "processes": processes,
    "whole": whole_decisions,
}


def main() -> None:
    """Print the figures that are asked for, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("figures", nargs="*", choices=[*FIGURES, []], help="all by default")
    chosen = parser.parse_args().figures or [*FIGURES]
    with tempfile.TemporaryDirectory() as folder:
        for name in chosen:
            FIGURES[name](Path(folder))


if __name__ == "__main__":
    main()
