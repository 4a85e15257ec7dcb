"""The plan held: its decisions fixed, operation free, one loaded model to ask what if."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from coercivity.dispatch.builder import Array, Block
from coercivity.foundation.errors import InternalError
from coercivity.planning.explanations.search import settle
from coercivity.planning.model import PlanningModel
from coercivity.solvers import HighsModel, SolveLimits, StopSignal

Decisions = Mapping[tuple[object, ...], float]
"""Value of each whole column, by the name of its block and what it stands for."""
Bounds = dict[int, tuple[float, float]]
"""Bounds of columns by their number."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What the plan becomes under a change, everything else about it held."""

    cost: float | None
    """Its cost; None where the change cannot be made. [million]"""
    primal: Array | None
    """Value of each column."""
    modules: Mapping[tuple[str, int], int]
    """Modules decided on, by option and period. [count]"""
    proven: bool = True
    """Whether nothing cheaper exists under the change."""

    def modules_of(self, option: str) -> int:
        """Count the modules of an option."""
        return sum(count for (name, _), count in self.modules.items() if name == option)


class DecisionsNotAllowed(InternalError):
    """A model does not allow the decisions that are to be held in it."""


def _keys(block: Block) -> Iterator[tuple[tuple[object, ...], int]]:
    for label, *index in zip(block.labels.tolist(), *block.index.values(), strict=True):
        yield (block.name, *index), label


def _whole_blocks(model: PlanningModel) -> Iterator[Block]:
    whole = model.scaled.matrices.integrality
    for block in model.builder.blocks.values():
        if len(block) and whole[block.labels].all():
            yield block


def decisions_of(model: PlanningModel, primal: Array) -> Decisions:
    """Read every yes/no and whole decision of a plan: modules, states, choices."""
    return {
        key: float(np.rint(primal[label]))
        for block in _whole_blocks(model)
        for key, label in _keys(block)
    }


def _states_by_asset(model: PlanningModel) -> dict[str, list[int]]:
    """List the columns of the states of each asset."""
    found: dict[str, list[int]] = {}
    for block in (model.states.kept, model.states.mothballed):
        for label, asset in zip(block.labels.tolist(), block.index["asset"], strict=True):
            found.setdefault(str(asset), []).append(label)
    return found


class HeldPlan:
    r"""A plan whose decisions are held, in a model that stays loaded.

    .. math:: V(Y) = \min_x \{ c^T x : (x, Y) \text{ feasible} \}

    Every question fixes all building decisions :math:`Y` as in the plan but those of the options
    it names. With these go, free, the states (kept, mothballed) of the assets they enlarge, so
    that a module is not forced on a plant that stays shut. Operation is optimal in every answer.
    What an answer costs more than the plan is therefore *with the other decisions held*: a plan
    that may change them too can only do better.

    Parameters
    ----------
    model
        The planning model.
    decisions
        The plan, from `decisions_of`. What the model has beyond it is 0.
    stop
        Stops any question.
    anew
        Options that every question decides anew. The model need not allow what the plan decides
        on them, and `cost` is then only a bound.

    Raises
    ------
    DecisionsNotAllowed
        If the model does not allow the decisions.
    InternalError
        If it counts modules by vintage.
    """

    def __init__(
        self,
        model: PlanningModel,
        decisions: Decisions,
        *,
        stop: StopSignal | None = None,
        anew: Sequence[str] = (),
    ) -> None:
        if model.investments.vintages:
            msg = "a plan of vintages cannot be held; formulate it with cumulative modules.  [R005]"
            raise InternalError(msg)
        self.model, self.stop = model, stop
        self.unit = model.scaled.unit
        self.matrices = model.scaled.matrices
        self.highs = HighsModel(self.matrices)
        self.held = np.zeros(self.matrices.columns)
        for block in _whole_blocks(model):
            for key, label in _keys(block):
                self.held[label] = decisions.get(key, 0.0)
        self._with_states = _states_by_asset(model)
        chosen = model.builder.blocks["chosen"]
        self._choice = dict(zip(chosen.index["option"], chosen.labels.tolist(), strict=True))
        whole = np.flatnonzero(self.matrices.integrality)
        self.highs.set_bounds(whole, self.held[whole], self.held[whole])
        for label, (low, high) in (self._around(anew) | self._open(anew)).items():
            self.highs.set_bounds([label], low, high)
        plan = self.highs.solve(SolveLimits(), integers=False, stop=stop)
        self.highs.set_bounds(whole, self.held[whole], self.held[whole])
        if plan.objective is None or plan.primal is None:
            msg = "the decisions of a plan are not allowed by its own model.  [R005]"
            raise DecisionsNotAllowed(msg)
        self.plan = plan
        self.cost = plan.objective * self.unit
        self._vertex = self.highs.basis()

    def rewind(self) -> None:
        """Start the next question from the vertex of the plan, owing nothing to earlier ones."""
        self.highs.start_from(self._vertex)

    def choice(self, option: str) -> int | None:
        """Give the column that says whether an option of several modules is chosen, if any."""
        return self._choice.get(option)

    def is_built(self, option: str) -> bool:
        """Tell whether the plan builds a module of an option."""
        return any(self.held[label] > 0 for label in self._modules(option))

    def forbid(self, *options: str) -> Answer:
        """Build no module of some options."""
        bounds = self._around(options)
        for option in options:
            bounds |= dict.fromkeys(self._modules(option), (0.0, 0.0))
        return self._ask(bounds)

    def force(self, option: str, period: int, *, free: Sequence[str] = ()) -> Answer:
        """Build one module of an option, decided on in a period, and no other of it.

        Parameters
        ----------
        option, period
            The option, and when it is decided on.
        free
            Options to be decided anew with it.
        """
        bounds = self._around([option, *free]) | self._open(free)
        for label, value in self.values(option, {period: 1}).items():
            bounds[label] = (value, value)
        return self._ask(bounds)

    def choose(
        self,
        option: str,
        *,
        most: int | None = None,
        grant: float = 0.0,
        free: Sequence[str] = (),
    ) -> Answer:
        """Decide anew on an option: how many modules, and when.

        Parameters
        ----------
        option
            The option.
        most
            Its modules at most; as many as the case allows by default. [count]
        grant
            Paid towards each of its modules. [million, present value]
        free
            Further options to be decided anew, without a grant.
        """
        bounds = self._around([option, *free]) | self._open([option, *free])
        if most is not None:
            bounds |= dict.fromkeys(self._modules(option), (0.0, float(most)))
        with self._granted(option, grant):
            return self._ask(bounds)

    def swap(self, option: str, other: str) -> Answer:
        """Forbid an option and decide anew on another in its place."""
        bounds = self._around([option, other]) | self._open([other])
        bounds |= dict.fromkeys(self._modules(option), (0.0, 0.0))
        return self._ask(bounds)

    def with_more(self, rows: Sequence[int], amounts: Sequence[float]) -> Answer:
        """Raise the right side of some rows by amounts; no decision changes."""
        at = np.asarray(rows, dtype=np.int64)
        lower, upper = self.matrices.row_lower[at], self.matrices.row_upper[at]
        added = np.asarray(amounts, dtype=float)
        self.highs.set_row_bounds(at, lower + added, upper + added)
        try:
            return self._ask({})
        finally:
            self.highs.set_row_bounds(at, lower, upper)

    def _modules(self, option: str) -> list[int]:
        chosen = self.model.investments
        return [chosen.labels[option, period] for period in chosen.periods[option]]

    def values(self, option: str, started: Mapping[int, int]) -> dict[int, float]:
        """Write modules decided on by period as values of columns."""
        chosen = self.model.investments
        counts = np.cumsum([float(started.get(p, 0)) for p in chosen.periods[option]])
        return dict(zip(self._modules(option), counts.tolist(), strict=True))

    def _open(self, options: Iterable[str]) -> Bounds:
        """Allow as many modules of options as the case does."""
        nouns = self.model.case.options
        return {
            label: (0.0, float(nouns[option].most))
            for option in options
            for label in self._modules(option)
        }

    def _around(self, options: Iterable[str]) -> Bounds:
        """Free what goes with options: the states of their assets, and their choice columns."""
        labels: list[int] = []
        for option in options:
            labels += self._with_states.get(self.model.case.options[option].adds_to, [])
            labels += [choice] if (choice := self.choice(option)) is not None else []
        lower, upper = self.matrices.lower, self.matrices.upper
        return {label: (float(lower[label]), float(upper[label])) for label in labels}

    @contextmanager
    def _granted(self, option: str, grant: float) -> Iterator[None]:
        """Lower the cost of each module for a while."""
        costs: dict[int, float] = {}
        for period in self.model.investments.periods[option] if grant else ():
            for label, value in self.model.investments.started(option, period):
                known = costs.get(label, float(self.matrices.cost[label]))
                costs[label] = known - value * grant / self.unit
        labels = np.array(sorted(costs), dtype=np.int64)
        self.highs.set_costs(labels, np.array([costs[label] for label in labels.tolist()]))
        try:
            yield
        finally:
            self.highs.set_costs(labels, self.matrices.cost[labels])

    def _ask(self, bounds: Bounds) -> Answer:
        columns = np.array(sorted(bounds), dtype=np.int64)
        lower, upper = (
            np.array([bounds[label][side] for label in columns.tolist()], dtype=float)
            for side in (0, 1)
        )
        try:
            found = settle(self.highs, columns, lower=lower, upper=upper, stop=self.stop)
        finally:
            self.highs.set_bounds(columns, self.held[columns], self.held[columns])
        best = found.solution
        if best is None or best.objective is None or best.primal is None:
            return Answer(None, None, {}, found.proven)
        modules = self.model.investments.modules(best.primal)
        return Answer(best.objective * self.unit, best.primal, modules, found.proven)
