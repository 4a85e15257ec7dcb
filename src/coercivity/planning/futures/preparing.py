"""All models of a plan for many futures, formulated and put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from coercivity.chain import Case
from coercivity.chain.assembly import assemble
from coercivity.planning.futures.bridge import (
    Cut,
    FirstStage,
    cut_model,
    first_stage,
    two_stage_problem,
    with_difference,
)
from coercivity.planning.futures.cases import future_case, mean_case
from coercivity.planning.futures.chances import Requirements, may_be_missed, with_chances
from coercivity.planning.model import PlanningModel, build_model
from coercivity.planning.two_stage import Recourse, TwoStageProblem
from coercivity.tables import CaseTables, apply_scenario
from coercivity.uncertainty.futures import Future, checked_futures


class FutureCases:
    """Makes the case of a future; each named scenario is read once."""

    def __init__(self, planned: Case, tables: CaseTables) -> None:
        self.planned, self._tables = planned, tables
        self._changed: dict[str, Case] = {}

    def unsettled(self, futures: Iterable[Future]) -> frozenset[str]:
        """Name the plants that are not there in the same years in the scenarios of futures."""
        changed = [self._with(future.scenario) for future in futures]
        return frozenset(
            name
            for name in {name for case in [self.planned, *changed] for name in case.assets}
            if any(not _there_alike(name, self.planned, case) for case in changed)
        )

    def of(self, future: Future) -> Case:
        """Give the case as a future makes it."""
        return future_case(self.planned, self._with(future.scenario), future)

    def _with(self, scenario: str | None) -> Case:
        if scenario is None:
            return self.planned
        if scenario not in self._changed:
            self._changed[scenario] = assemble(apply_scenario(self._tables, scenario))
        return self._changed[scenario]


def _there_alike(name: str, one: Case, other: Case) -> bool:
    if one is other:
        return True
    if name not in one.assets or name not in other.assets:
        return False
    return np.array_equal(one.assets[name].capacity > 0, other.assets[name].capacity > 0)


@dataclass(frozen=True, eq=False)
class Prepared:
    """A plan for many futures before it is solved."""

    planned: PlanningModel
    """Model of the case as it stands."""
    first: FirstStage
    """What is decided before the future is known."""
    futures: tuple[Future, ...]
    """The futures, in the order of all that follows."""
    models: tuple[PlanningModel, ...]
    """Model of the case as each future makes it."""
    cuts: tuple[Cut, ...]
    """Each model cut where the future becomes known."""
    mean: Cut
    """The same for the average over the futures."""
    cases: FutureCases
    required: Requirements
    """Targets besides those of the case."""

    @property
    def chances(self) -> Mapping[str, float]:
        """Probability with which targets must hold, of those that need not always. [fraction]"""
        return self.required.chances or {}

    @cached_property
    def problem(self) -> TwoStageProblem:
        """All futures as one problem of two stages."""
        return two_stage_problem(self.first, self.cuts)

    @cached_property
    def expected(self) -> Recourse:
        """The average future, as a plan for the average sees it."""
        return with_difference(self.mean, self.problem.first.cost)

    def fresh(self, futures: Sequence[Future]) -> Iterator[Recourse]:
        """Formulate futures that the plan was not made for, one after another."""
        for future in futures:
            model = build_model(self.cases.of(future), targets=self.required.targets)
            name = f"fresh {future.name}"
            cut = cut_model(self.first, model, name=name, probability=future.probability)
            cut = may_be_missed(self.first, cut, model, self.chances)
            yield with_difference(cut, self.problem.first.cost)


def prepare(
    case: Case,
    tables: CaseTables,
    futures: Sequence[Future],
    *,
    required: Requirements | None = None,
) -> Prepared:
    """Formulate a case in every future.

    Parameters
    ----------
    case, tables
        The case as it stands.
    futures
        Its futures; probabilities sum to 1.
    required
        Targets besides those of the case.
    """
    required = required or Requirements()
    chances, targets = required.chances or {}, required.targets
    held = checked_futures(tuple(futures))
    cases = FutureCases(case, tables)
    changed = [cases.of(future) for future in held]
    planned = build_model(case, targets=targets)
    shares = [(future.name, future.probability) for future in held]
    first = first_stage(planned, unsettled=cases.unsettled(held))
    if chances:
        first = with_chances(first, chances, shares)

    def cut(model: PlanningModel, name: str, probability: float) -> Cut:
        found = cut_model(first, model, name=name, probability=probability)
        return may_be_missed(first, found, model, chances) if chances else found

    models = tuple(build_model(one, targets=targets) for one in changed)
    mean = build_model(mean_case(case, changed, [share for _, share in shares]), targets=targets)
    cuts = tuple(cut(model, *one) for model, one in zip(models, shares, strict=True))
    return Prepared(planned, first, held, models, cuts, cut(mean, "expected", 1.0), cases, required)


def as_it_stands(prepared: Prepared) -> Cut:
    """Cut the model of the case as it stands."""
    return cut_model(prepared.first, prepared.planned, name="as it stands", probability=1.0)


def alone(prepared: Prepared, recourse: Recourse) -> TwoStageProblem:
    """Give the problem in which one future is certain."""
    return prepared.problem.with_scenarios((replace(recourse, probability=1.0),))
