"""What is said about the plans near the best: verdicts, alternatives, tables and JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from coercivity.planning.outcome import PlanTable

MONEY = "million"


@dataclass(frozen=True, slots=True)
class NearOption:
    """What the plans within the limit decide on one option."""

    option: str
    """Its id."""
    verdict: str
    """``must``, ``could`` or ``never``; ``open`` where neither a proof nor a witness was found."""
    least_modules: int
    """Proven: no plan within the limit builds fewer. [count]"""
    most_modules: int
    """Proven: no plan within the limit builds more. [count]"""
    fewest_found: int
    """Fewest modules in the plans found. [count]"""
    greatest_found: int
    """Most modules in the plans found. [count]"""
    proof: str
    """``relaxation`` (a linear program), ``search`` (every branch of one), ``witness`` or none."""
    extra_cost: float | None
    """Cheapest plan found that decides otherwise, less the plan; None where none was. [million]"""
    least_extra_cost: float | None
    """Proven: deciding otherwise costs at least this much more; None if not looked at. [million]"""
    distinguishable: bool | None
    """Whether that difference exceeds the plan's own gap; None where it is not known."""

    @property
    def proven(self) -> bool:
        """Whether the verdict is certain."""
        return self.verdict != "open"

    def as_json(self) -> dict[str, Any]:
        """Write it as a JSON object."""
        return {
            "option": self.option,
            "proven": self.proven,
            "proof": self.proof or None,
            "least_modules": self.least_modules,
            "most_modules": self.most_modules,
            "fewest_found": self.fewest_found,
            "greatest_found": self.greatest_found,
            "extra_cost_musd": self.extra_cost,
            "distinguishable": self.distinguishable,
        }


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another plan within the limit."""

    objective: float
    """Its cost. [million]"""
    apart: float
    """Capital built differently from the nearest plan before it; not proven largest. [million]"""
    builds: tuple[Mapping[str, Any], ...]
    """Each decision: option, decision_year, modules and capital_musd."""


@dataclass(frozen=True, slots=True)
class NearPlans:
    """What is known of all plans that cost nearly as little as the plan."""

    epsilon: float
    """How near, as a share of ``share_of``. [fraction]"""
    share_of: str
    """``gain``, or ``objective`` where no gain is defined."""
    objective: float
    """Cost of the plan. [million]"""
    limit: float
    """Plans up to this cost count as near. [million]"""
    cheapest_found: float
    """Cost of the cheapest plan met on the way, the plan included. [million]"""
    options: tuple[NearOption, ...]
    """What they decide on each option that can be decided on."""
    alternatives: tuple[Alternative, ...]
    """Plans that build as differently as could be found."""
    plans_found: int
    """Different plans met on the way, the plan included. [count]"""
    programs: int
    """Linear programs solved. [count]"""
    halted: bool
    """Whether time ran out or the user stopped, so that less is known than might be."""

    def having(self, verdict: str) -> tuple[str, ...]:
        """Give the options with a verdict."""
        return tuple(one.option for one in self.options if one.verdict == verdict)

    def tables(self) -> dict[str, PlanTable]:
        """Give the tables ``near`` and ``alternatives``."""
        return {"near": self._near(), "alternatives": self._alternatives()}

    def _near(self) -> PlanTable:
        columns = [
            "option", "verdict", "least_modules", "most_modules", "proof", "fewest_found",
            "greatest_found", "extra_cost_musd", "least_extra_cost_musd", "distinguishable",
        ]  # fmt: skip
        rows = [
            (
                one.option, one.verdict, one.least_modules, one.most_modules, one.proof or "none",
                one.fewest_found, one.greatest_found, one.extra_cost, one.least_extra_cost,
                one.distinguishable,
            )
            for one in self.options
        ]  # fmt: skip
        frame = pd.DataFrame(rows, columns=columns)
        frame["distinguishable"] = frame["distinguishable"].astype("boolean")
        for name in ("extra_cost_musd", "least_extra_cost_musd"):
            frame[name] = frame[name].astype("Float64")
        counts = ("least_modules", "most_modules", "fewest_found", "greatest_found")
        units = dict.fromkeys(counts, "count")
        money = {"extra_cost_musd": MONEY, "least_extra_cost_musd": MONEY}
        return PlanTable(frame, {**units, **money})

    def _alternatives(self) -> PlanTable:
        columns = [
            "alternative", "option", "decision_year", "modules", "capital_musd",
            "objective_musd", "apart_musd",
        ]  # fmt: skip
        rows = [
            {
                "alternative": number,
                **build,
                "objective_musd": plan.objective,
                "apart_musd": plan.apart,
            }
            for number, plan in enumerate(self.alternatives, start=1)
            for build in plan.builds
        ]
        units = {"modules": "count", "capital_musd": MONEY}
        units |= {"objective_musd": MONEY, "apart_musd": MONEY}
        return PlanTable(pd.DataFrame(rows, columns=columns), units)

    def as_json(self) -> dict[str, Any]:
        """Write what interface.md names; options not proven stand under ``could_build``."""

        def listed(*verdicts: str) -> list[str]:
            return [one.option for one in self.options if one.verdict in verdicts]

        return {
            "must_build": listed("must"),
            "could_build": listed("could", "open"),
            "never_build": listed("never"),
            "alternatives": [
                {
                    "objective": plan.objective,
                    "apart_musd": plan.apart,
                    "builds": [dict(build) for build in plan.builds],
                }
                for plan in self.alternatives
            ],
            "near": {
                "epsilon": self.epsilon,
                "share_of": self.share_of,
                "limit": self.limit,
                "cheapest_found": self.cheapest_found,
                "plans_found": self.plans_found,
                "programs": self.programs,
                "halted": self.halted,
                "options": [{**one.as_json(), "verdict": one.verdict} for one in self.options],
            },
        }
