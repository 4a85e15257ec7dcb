"""The worst failures as tables of a run and as the JSON object of the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from coercivity.chain import Case
from coercivity.dispatch.network import TONNES_PER_UNIT
from coercivity.foundation.periods import Array
from coercivity.resilience.attack.defender import Response, shortfalls
from coercivity.resilience.attack.formulation import Formulation
from coercivity.resilience.attack.measure import Measure
from coercivity.resilience.attack.protect import Protection
from coercivity.resilience.attack.targets import Target
from coercivity.resilience.attack.worst import Failed, WorstAttack

Tables = dict[str, tuple[pd.DataFrame, dict[str, str]]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """What was found of the worst failures."""

    case: Case
    measure: Measure
    k: int
    targets: tuple[Target, ...]
    attack: WorstAttack
    protection: Protection | None
    form: Formulation
    """The whole model."""
    calm: Response
    """The cheapest answer to no attack at all."""
    hurt: Response
    """The cheapest answer to the worst attack."""

    @property
    def short(self) -> float:
        """What is not served under the worst attack of what is looked at, in plain tonnes. [t]"""
        return _plain(self, self.hurt)

    @property
    def headline(self) -> str:
        """The answer in a sentence."""
        names = ", ".join(one.target.id for one in self.attack.failed) or "nothing"
        return f"Worst if {names} fails: {self.short:,.0f} t short"


def _plain(found: Found, response: Response) -> float:
    short = shortfalls(found.form, response.primal, found.measure.years)
    return sum(tonnes for demand, tonnes in short.items() if demand in found.measure.weights)


def by_segment(case: Case, short: Mapping[str, float]) -> dict[str, float]:
    """Sum tonnes of demands by segment; demands without one stand under ``none``. [t]"""
    found: dict[str, float] = {}
    for name, demand in case.demands.items():
        key = demand.segment or "none"
        found[key] = found.get(key, 0.0) + short.get(name, 0.0)
    return found


def worst_result(run: str, found: Found, *, based_on: str) -> dict[str, Any]:
    """Write what was found as the JSON object of the command line."""
    measure, attack = found.measure, found.attack
    years = measure.years
    calm, hurt = (shortfalls(found.form, r.primal, years) for r in (found.calm, found.hurt))
    counted = measure.kind == "shortfall"
    return {
        "run": run,
        "based_on": based_on,
        "k": found.k,
        "segment": measure.segment,
        "measure": measure.kind,
        "year": measure.year,
        "from_year": found.case.horizon.first_year,
        "failed": [_failed(one) for one in attack.failed],
        "shortfall_t": found.short,
        "bound_t": _bound(found, attack.bound, found.short) if counted else None,
        "status": "optimal" if attack.proven else "feasible",
        "measured": {"value": attack.value, "bound": attack.bound, "unit": _unit(measure)},
        "undisturbed_t": _plain(found, found.calm),
        "shortfall_by_segment_t": by_segment(found.case, hurt),
        "undisturbed_by_segment_t": by_segment(found.case, calm),
        "cost_musd": found.hurt.value,
        "undisturbed_cost_musd": found.calm.value,
        "targets": sum(target.plants for target in found.targets),
        "attacks_answered": attack.solved,
        "protect": None if found.protection is None else _protect(found, found.protection),
    }


def _unit(measure: Measure) -> str:
    if measure.kind == "cost":
        return "million"
    basis = "t" if measure.year is None else "t/year"
    return basis if measure.segment is not None else f"{basis}, weighted by 1 ÷ priority"


def _bound(found: Found, bound: float, plain: float) -> float:
    """Bound the tonnes: those of the proven worst attack, or what the weights still allow."""
    if found.attack.proven:
        return plain
    least = min((w for w in found.measure.weights.values() if w > 0), default=1.0)
    return max(bound / least, plain)


def _failed(one: Failed) -> dict[str, Any]:
    target = one.target
    return {
        "target": target.id,
        "kind": target.kind.value,
        "name": target.name,
        "plants": one.plants,
        "of_plants": target.plants,
        "attack_cost": target.attack_cost * one.plants,
    }


def _protect(found: Found, protection: Protection) -> dict[str, Any]:
    return {
        "protected": [
            {"target": t.id, "kind": t.kind.value, "name": t.name, "plants": t.plants}
            for t in protection.protected
        ],
        "then_failed": [_failed(one) for one in protection.worst.failed],
        "value": protection.worst.value,
        "without_protection": found.attack.value,
        "unit": _unit(found.measure),
        "status": "optimal" if protection.proven else "feasible",
    }


def worst_tables(found: Found) -> Tables:
    """Give the tables of the run, each with its units."""
    failed = pd.DataFrame(
        [_failed(one) for one in found.attack.failed],
        columns=["target", "kind", "name", "plants", "of_plants", "attack_cost"],
    )
    tables: Tables = {
        "failed": (failed, {"plants": "count", "of_plants": "count", "attack_cost": "points"}),
        "shortage": (
            _by_year(found),
            {"demand_t": "t/year", "undisturbed_t": "t/year", "shortfall_t": "t/year"},
        ),
    }
    if found.protection is not None:
        rows = [
            {"target": t.id, "kind": t.kind.value, "name": t.name, "plants": t.plants}
            for t in found.protection.protected
        ]
        frame = pd.DataFrame(rows, columns=["target", "kind", "name", "plants"])
        tables["protected"] = (frame, {"plants": "count"})
    return tables


def _by_year(found: Found) -> pd.DataFrame:
    calm, hurt = (yearly(found.form, one.primal) for one in (found.calm, found.hurt))
    case, rows = found.case, []
    for demand in case.demands.values():
        wanted = case.horizon.mean_by_period(demand.amount)
        for period in range(found.form.periods):
            if wanted[period] > 0:
                rows.append(
                    {
                        "segment": demand.segment or "none",
                        "year": case.horizon.starts[period],
                        "demand_t": float(wanted[period]),
                        "undisturbed_t": calm.get((demand.id, period), 0.0),
                        "shortfall_t": hurt.get((demand.id, period), 0.0),
                    }
                )
    frame = pd.DataFrame(
        rows, columns=["segment", "year", "demand_t", "undisturbed_t", "shortfall_t"]
    )
    return frame.groupby(["segment", "year"], as_index=False, sort=True).sum()


def yearly(form: Formulation, primal: Array) -> dict[tuple[str, int], float]:
    """Give what each demand is short in each period. [t/year]

    Parameters
    ----------
    form
        The chain.
    primal
        What is done.
    """
    block = form.model.operation.shortfall
    return {
        (demand, int(period)): max(float(primal[column]), 0.0) * TONNES_PER_UNIT
        for column, demand, period in zip(
            form.columns(block).tolist(), block.index["demand"], block.index["period"], strict=True
        )
        if column >= 0
    }


def key_figures(result: Mapping[str, Any]) -> dict[str, Any]:
    """Pick the figures by which runs are compared."""
    return {
        "shortfall_t": result["shortfall_t"],
        "bound_t": result["bound_t"],
        "undisturbed_t": result["undisturbed_t"],
        "cost_musd": result["cost_musd"],
    }
