"""Everything that explains a plan, in tables and for a machine to read."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from coercivity.chain.trade import Target
from coercivity.foundation.errors import Stopped
from coercivity.planning.explanations.chosen import Chosen, RelaxedPlan, explain_chosen
from coercivity.planning.explanations.permits import PermitYears, explain_permit
from coercivity.planning.explanations.rejected import Rejected, explain_rejected
from coercivity.planning.explanations.scarcity import OneMoreTonne, worst_by_period
from coercivity.planning.explanations.shorter import with_shorter_permits
from coercivity.planning.explanations.tables import (
    chosen_table,
    permit_table,
    rejected_as_json,
    rejected_table,
    tonne_table,
)
from coercivity.planning.explanations.warm import HeldPlan, decisions_of
from coercivity.planning.model import PlanningModel
from coercivity.planning.outcome import PlanTable
from coercivity.planning.solve import OnProgress, PlanProgress, PlanSolution
from coercivity.solvers import StopSignal


@dataclass(frozen=True, slots=True)
class Explanations:
    """What explains a plan. Figures hold with its other building decisions held, where said."""

    rejected: tuple[Rejected, ...]
    chosen: tuple[Chosen, ...]
    permits: tuple[PermitYears, ...]
    tonnes: tuple[OneMoreTonne, ...]
    tables: Mapping[str, PlanTable]
    """``rejected``, ``chosen``, ``permit_year_saved`` and ``one_more_tonne``."""
    complete: bool
    """Whether all was examined; False where it was stopped, what was found being kept."""
    seconds: float
    """Time taken. [s]"""

    def as_json(self) -> dict[str, object]:
        """Give the parts of the plan's JSON that explain it."""
        years = {p.option: p.years_earlier for p in self.permits if p.years_earlier is not None}
        return {
            "rejected": [rejected_as_json(r, years.get(r.option)) for r in self.rejected],
            "permit_year_saved_musd": {p.option: p.year_saved for p in self.permits},
        }


@dataclass(slots=True)
class _Work:
    """One explanation under way: the clock, and what is found so far."""

    solution: PlanSolution
    on_progress: OnProgress | None
    stop: StopSignal | None
    began: float = field(default_factory=time.perf_counter)
    rejected: list[Rejected] = field(default_factory=list)
    chosen: list[Chosen] = field(default_factory=list)
    permits: list[PermitYears] = field(default_factory=list)
    tonnes: list[OneMoreTonne] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """Time since it began. [s]"""
        return time.perf_counter() - self.began

    def each(self, what: str, options: Iterable[str]) -> Iterator[str]:
        """Go through options, telling how far it is."""
        listed = list(options)
        for number, option in enumerate(listed, start=1):
            self.tell(f"explaining {what} ({number} of {len(listed)})")
            yield option

    def tell(self, phase: str) -> None:
        """Tell how far it is, and stop where asked to."""
        if self.on_progress is not None:
            known = self.solution
            self.on_progress(PlanProgress(phase, self.seconds, known.objective, known.bound))
        if self.stop is not None and self.stop.is_set():
            msg = "Stopped while a plan was being explained; what was found is kept.  [R004]"
            raise Stopped(msg)


def explain_plan(
    model: PlanningModel,
    solution: PlanSolution,
    *,
    targets: tuple[Target, ...] = (),
    on_progress: OnProgress | None = None,
    stop: StopSignal | None = None,
) -> Explanations:
    """Explain a plan: what it leaves out, what it builds, what permits and bottlenecks cost.

    Every question is put to a model that stays loaded with the plan's decisions fixed, changed by
    bounds and costs alone, and solved from the vertex of the plan.

    Parameters
    ----------
    model
        The planning model.
    solution
        Its plan.
    targets
        Targets it was built with besides those of the case.
    on_progress
        Told which option is examined.
    stop
        Ends it early; what was found is kept.
    """
    work = _Work(solution, on_progress, stop)
    complete = True
    try:
        for part in (_rejected_and_chosen, _permits):
            part(work, model, targets)
    except Stopped:
        complete = False
    gap = max(0.0, solution.objective - solution.bound)
    tables = {
        "rejected": rejected_table(model, work.rejected, work.permits, gap=gap),
        "chosen": chosen_table(model, work.chosen, gap=gap),
        "permit_year_saved": permit_table(model, work.permits),
        "one_more_tonne": tonne_table(model, work.tonnes),
    }
    return Explanations(
        tuple(work.rejected),
        tuple(work.chosen),
        tuple(work.permits),
        tuple(work.tonnes),
        tables,
        complete,
        work.seconds,
    )


def _rejected_and_chosen(work: _Work, model: PlanningModel, targets: tuple[Target, ...]) -> None:
    work.tell("explaining: the plan held")
    held = HeldPlan(model, decisions_of(model, work.solution.primal), stop=work.stop)
    work.tonnes += worst_by_period(held)
    built = [name for name in model.case.options if held.is_built(name)]
    out = [name for name in model.case.options if name not in built]
    for option in work.each("what is left out", out):
        work.rejected.append(explain_rejected(held, option))
    relaxed = RelaxedPlan(model, stop=work.stop)
    for option in work.each("what is built", built):
        work.chosen.append(explain_chosen(held, relaxed, option))


def _permits(work: _Work, model: PlanningModel, targets: tuple[Target, ...]) -> None:
    slow = [option.id for option in model.case.options.values() if option.permit_years > 0]
    if not slow:
        return
    work.tell("explaining: shorter permits")
    shorter = with_shorter_permits(model, targets=targets)
    held = HeldPlan(shorter.model, decisions_of(model, work.solution.primal), stop=work.stop)
    for option in work.each("what a permit costs", slow):
        found = explain_permit(held, shorter, option)
        if found is not None:
            work.permits.append(found)
