"""A run that tells of a game of owners, as ``align`` writes it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from coercivity.alignment.coordination import Payoffs
from coercivity.alignment.coordination.plan_game import PlanGame
from coercivity.results import Request, Run, RunWriter
from coercivity.studies.align_coordination import coordination_tables, game_json

STEPS = ("mine", "separation", "metal", "magnet")


def chain_game() -> Payoffs:
    """Four steps of a chain: each needs the step before it, and earns by every other one."""

    def worth(them: frozenset[str], one: str) -> float:
        place = STEPS.index(one)
        fed = place == 0 or STEPS[place - 1] in them
        return -40.0 + 20.0 * (len(them) - 1) - (0.0 if fed else 30.0)

    return Payoffs.of(STEPS, worth)


def plan_game(payoffs: Payoffs | None, **worth: tuple[float, float]) -> PlanGame:
    """Put a game beside projects that others make no difference to."""
    always = tuple(n for n, (alone, _) in worth.items() if alone >= 0)
    never = tuple(n for n in worth if n not in always)
    with_all = {n: w for n, (_, w) in worth.items()}
    alone = {n: a for n, (a, _) in worth.items()}
    if payoffs is not None:
        for place, name in enumerate(payoffs.names):
            with_all[name] = float(payoffs.values[-1, place])
            alone[name] = float(payoffs.values[0, place])
    sets = 1 if payoffs is None else len(payoffs.values)
    return PlanGame(
        payoffs=payoffs,
        coverage=np.linspace(0.2, 0.9, sets),
        always=always,
        never=never,
        fixed=(),
        with_all=with_all,
        alone=alone,
    )


def told_run(folder: Path, game: PlanGame, *, name: str = "told") -> Run:
    """Write a game as a run of ``align``."""
    result = game_json(game)
    request = Request("align", "written", {}, name=name)
    with RunWriter(folder, request, write_inputs=lambda _: None) as writer:
        for table, (frame, units) in coordination_tables(result).items():
            writer.table(table, frame, units=units)
        return writer.finish("ok", result={"run": writer.id, "equilibria": result})
