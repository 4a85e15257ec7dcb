"""Generated chains with their best plan, planned once for all laws of this folder."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random

import numpy as np
import pytest

from coercivity.chain import Case
from coercivity.dispatch.network import MILLION, TONNES_PER_UNIT
from coercivity.planning.explanations import HeldPlan, decisions_of
from coercivity.planning.model import PlanningModel, build_model
from coercivity.planning.solve import PlanSolution
from coercivity.solvers import HighsModel, SolveLimits
from tests.laws.generated_cases import case_of
from tests.written_cases import Tables, planned, write_case_folder

SEEDS = tuple(range(10))
"""Numbers of the chains on which laws are tried."""
MORE = tuple(range(10, 40))
"""Further chains, for when there is time."""


@dataclass(frozen=True)
class Explained:
    """A case with its best plan."""

    case: Case
    model: PlanningModel
    solution: PlanSolution

    def held(self) -> HeldPlan:
        return HeldPlan(self.model, decisions_of(self.model, self.solution.primal))

    def rejected(self, held: HeldPlan) -> list[str]:
        return [name for name in self.case.options if not held.is_built(name)]

    def chosen(self, held: HeldPlan) -> list[str]:
        return [name for name in self.case.options if held.is_built(name)]

    @property
    def rounding(self) -> float:
        """Difference of two costs that is rounding: a share of all that is paid. [million]"""
        terms = self.model.builder.cost_terms(self.solution.primal)
        return 1e-6 * max(1e-3, sum(abs(value) for value in terms.values()))


@cache
def explained(number: int, *, delay: int = 0) -> Explained:
    """Plan a generated chain, with permits of all options that many years longer. [year]"""
    drawn = case_of(Random(number))
    for row in drawn.rows("options"):
        row["permit_years"] += delay
    with tempfile.TemporaryDirectory() as folder:
        return Explained(*planned(drawn.write(Path(folder) / "case")))


def explained_tables(
    folder: Path, tables: Tables, settings: Mapping[str, object] | None = None
) -> Explained:
    """Plan a written case."""
    return Explained(*planned(write_case_folder(folder / "case", tables, settings)))


def few_and_more() -> list[object]:
    """List the numbers as parameters of a test, the further ones marked as slow."""
    return [*SEEDS, *(pytest.param(number, marks=pytest.mark.slow) for number in MORE)]


def many() -> Iterator[Explained]:
    """Go through the generated chains."""
    for number in SEEDS:
        yield explained(number)


def solved_afresh(
    known: Explained,
    option: str,
    *,
    most: int,
    grant: float = 0.0,
    free: tuple[str, ...] = (),
    premium: float = 0.0,
    case: Case | None = None,
) -> tuple[float, int]:
    """Decide anew on one option, all else held, in a new model by the solver's own search.

    Gives the cost and the modules of the option. It shares no code with the engine but the
    formulation: another case may be given for the same plan. A grant is paid for each module, a
    premium for each tonne that the asset of the option makes.
    """
    model = known.model if case is None else build_model(case)
    matrices, chosen = model.scaled.matrices, model.investments
    decisions = decisions_of(known.model, known.solution.primal)
    names = {option, *free}
    around = names | {known.case.options[name].adds_to for name in names}
    lower, upper, cost = matrices.lower.copy(), matrices.upper.copy(), matrices.cost.copy()
    for block in model.builder.blocks.values():
        if not len(block) or not matrices.integrality[block.labels].all():
            continue
        for label, *index in zip(block.labels.tolist(), *block.index.values(), strict=True):
            if block.name == "modules" and index[0] == option:
                upper[label] = min(upper[label], most)
            elif index[0] not in around:
                lower[label] = upper[label] = decisions.get((block.name, *index), 0.0)
    last = [chosen.labels[option, p] for p in chosen.periods[option][-1:]]
    cost[last] -= grant / model.scaled.unit
    if premium:
        runs = model.operation.activity
        for label, asset, period in zip(
            runs.labels, runs.index["asset"], runs.index["period"], strict=True
        ):
            if asset == known.case.options[option].adds_to:
                paid = premium * model.network.weights[period] * TONNES_PER_UNIT / MILLION
                cost[label] -= paid / model.scaled.unit
    changed = replace(matrices, cost=cost, lower=lower, upper=upper)
    found = HighsModel(changed).solve(SolveLimits(relative_gap=0.0, absolute_gap=1e-9))
    assert found.objective is not None
    assert found.primal is not None
    count = float(np.sum(found.primal[last]))
    return found.objective * model.scaled.unit, round(count)
