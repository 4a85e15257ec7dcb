"""Every plan of a small case, one after the other: the modules fixed, the rest solved exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations_with_replacement, product
from pathlib import Path
from random import Random

import numpy as np

from coercivity.planning.model import PlanningModel
from coercivity.planning.solve import PlanSolution
from coercivity.solvers import HighsModel, SolveLimits, SolveStatus
from tests.small_chains import plant, years
from tests.written_cases import planned, write_case_folder

Modules = dict[str, int]


@dataclass(frozen=True)
class Enumerated:
    """A small case with all its plans."""

    model: PlanningModel
    solution: PlanSolution
    plans: list[tuple[float, Modules]]
    """Cost [million] and modules of each option, for every plan there is."""

    def modules(self) -> Modules:
        """Give the modules of each option in the plan that was found."""
        counts = dict.fromkeys(self.plans[0][1], 0)
        for (name, _), count in self.model.investments.modules(self.solution.primal).items():
            counts[name] += count
        return counts

    def within(self, limit: float) -> list[Modules]:
        """Give the modules of all plans up to a cost."""
        slack = 1e-7 * max(1.0, abs(self.solution.objective))
        return [modules for cost, modules in self.plans if cost <= limit + slack]


def every_plan(model: PlanningModel) -> Iterator[tuple[float, Modules]]:
    """Fix the modules in every way that accumulates, and solve what is left."""
    matrices, investments, unit = model.scaled.matrices, model.investments, model.scaled.unit
    names = [name for name, periods in investments.periods.items() if periods]
    ways = [
        list(
            combinations_with_replacement(
                range(model.case.options[name].most + 1), len(investments.periods[name])
            )
        )
        for name in names
    ]
    labels = np.array([investments.labels[n, p] for n in names for p in investments.periods[n]])
    highs = HighsModel(matrices)
    for way in product(*ways):
        values = np.array([value for part in way for value in part], dtype=float)
        highs.set_bounds(labels, values, values)
        found = highs.solve(SolveLimits(relative_gap=0.0))
        if found.status is SolveStatus.OPTIMAL and found.objective is not None:
            counts = {name: int(part[-1]) for name, part in zip(names, way, strict=True)}
            yield found.objective * unit, counts


def random_options(dice: Random) -> list[dict[str, object]]:
    """Draw three to four options that compete, require and exclude each other."""
    options: list[dict[str, object]] = []
    for number in range(dice.randint(3, 4)):
        option: dict[str, object] = {
            "id": f"o{number}",
            "size": dice.choice([200, 400, 700, 1000]),
            "capital": round(dice.uniform(0.1, 1.5), 2),
            "build_years": dice.randint(0, 1),
            "most": dice.choice([1, 1, 2]),
        }
        if number and dice.random() < 0.3:
            option[dice.choice(["requires", "excludes"])] = f"o{dice.randrange(number)}"
        options.append(option)
    return options


def random_case(folder: Path, seed: int, *, states: bool = False) -> Enumerated:
    """Write, plan and enumerate a case drawn from a seed."""
    dice = Random(seed)
    asset: dict[str, object] = {"variable_cost": dice.choice([0, 50])}
    if states:
        asset |= {"nameplate_capacity": 300, "fixed_cost": 0.2, "turndown": 0.4, "care_cost": 0.02}
    tables = plant(asset, options=random_options(dice))
    path = write_case_folder(folder / f"case{seed}", tables, years(2025, 2026, 2028))
    _, model, solution = planned(path)
    return Enumerated(model, solution, list(every_plan(model)))
