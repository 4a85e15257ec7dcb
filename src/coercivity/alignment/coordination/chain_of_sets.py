"""What the plants of a plan run when only some of its projects are built."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from coercivity.chain import Case
from coercivity.dispatch.network import TONNES_PER_UNIT
from coercivity.finance.compiled import Array
from coercivity.finance.projects.from_case import Decision
from coercivity.resilience.attack.defender import Defender, Loss
from coercivity.resilience.attack.formulation import formulate
from coercivity.resilience.attack.measure import Measure, measure_of
from coercivity.resilience.attack.targets import Target, TargetKind


@dataclass(frozen=True, slots=True)
class Operated:
    """How a chain runs."""

    activity: Mapping[tuple[str, str], Array]
    """By asset and mode, and year of the case. [t/year]"""
    served: float
    """Share of demand over reported years that is served, weighted by 1 over priority.
    [fraction]"""


class ChainOfSets:
    """Runs a plan's chain at least cost with the modules of some projects only.

    One linear model, kept loaded: what is not built is taken off the capacities. Feed that a
    missing project would have made is bought outside where somebody offers it, and what only a
    missing project would have bought is sold outside or not made. Plants of every set are run by
    the same rule, without the turndown and fixed cost of the plan, so activity of the whole set
    may differ from the plan's (`Valuer.levelled`).

    Parameters
    ----------
    case
        The chain as it is built (`planning.built.built_case`).
    decisions
        What each project builds.
    built_share
        Part of each asset's capacity that is built, by year of the case. [fraction]
    """

    def __init__(
        self,
        case: Case,
        *,
        decisions: Mapping[str, Iterable[Decision]],
        built_share: Mapping[str, Array],
    ) -> None:
        self._case = case
        self._form = formulate(case, periods=case.horizon.count)
        self._defender = Defender(self._form, measure_of(case, kind="cost"))
        self._demand: Measure = measure_of(case)
        starts = [case.horizon.years.index(year) for year in case.horizon.starts]
        self._losses = {
            name: [
                Loss(Target(TargetKind.ASSET, asset), built_share[asset][starts])
                for asset in dict.fromkeys(one.option.adds_to for one in taken)
                if asset in built_share and asset in case.assets
            ]
            for name, taken in decisions.items()
        }
        self._known: dict[frozenset[str], Operated] = {}

    def without(self, missing: Iterable[str]) -> Operated:
        """Run the chain without what some projects would have built.

        Parameters
        ----------
        missing
            Projects that are not built.
        """
        key = frozenset(missing)
        if key not in self._known:
            losses = [loss for name in sorted(key) for loss in self._losses.get(name, ())]
            primal = self._defender.respond(losses).primal
            self._known[key] = Operated(self._activity(primal), self._served(primal))
        return self._known[key]

    def _activity(self, primal: Array) -> dict[tuple[str, str], Array]:
        block, horizon = self._form.model.operation.activity, self._case.horizon
        found: dict[tuple[str, str], Array] = {}
        columns = self._form.columns(block)
        for column, asset, mode, period in zip(
            columns.tolist(),
            block.index["asset"],
            block.index["mode"],
            block.index["period"],
            strict=True,
        ):
            amount = primal[column] if column >= 0 else 0.0
            if amount > 1e-9:
                by_period = found.setdefault((str(asset), str(mode)), np.zeros(horizon.count))
                by_period[period] += amount * TONNES_PER_UNIT
        return {key: values[horizon.period_of_year] for key, values in found.items()}

    def _served(self, primal: Array) -> float:
        block, measure = self._form.model.operation.shortfall, self._demand
        horizon, short = self._case.horizon, 0.0
        for column, demand, period in zip(
            self._form.columns(block).tolist(),
            block.index["demand"],
            block.index["period"],
            strict=True,
        ):
            if column >= 0:
                weight = measure.weights.get(demand, 0.0) * measure.years[period]
                short += weight * max(primal[column], 0.0) * TONNES_PER_UNIT
        asked = sum(
            weight * float(horizon.mean_by_period(self._case.demands[name].amount) @ measure.years)
            for name, weight in measure.weights.items()
        )
        return float(1.0 - short / asked) if asked > 0 else 1.0
