r"""The multi-cut L-shaped method: a first stage that learns what each scenario costs.

Each round the master proposes a decision, every scenario prices one, and what the duals prove is
given to the master as one cut a scenario. The master's cost is a bound, the best priced decision
an answer. Rounds price a point between the best decision so far (the centre) and the proposal,
:math:`x = x_{in} + \lambda (x_{out} - x_{in})`, which needs fewer rounds. With whole columns, the
rounds first learn the relaxation and only then search over whole decisions.

References
----------
Van Slyke and Wets (1969), *SIAM Journal on Applied Mathematics* 17(4), 638-663; Birge and
Louveaux (1988), *European Journal of Operational Research* 34(3), 384-392, for one cut a scenario;
Ben-Ameur and Neto (2007), *Networks* 49(1), 3-17, for in-out points.
"""

from __future__ import annotations

import logging
import time
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from coercivity.foundation.errors import Stopped, UsageError
from coercivity.planning.two_stage.beginning import first_guess
from coercivity.planning.two_stage.cuts import CutPool
from coercivity.planning.two_stage.failures import no_plan
from coercivity.planning.two_stage.master import Master, MasterPoint
from coercivity.planning.two_stage.problem import TwoStageProblem
from coercivity.planning.two_stage.solution import (
    OnSearchProgress,
    SearchLimits,
    SearchProgress,
    TwoStageSolution,
)
from coercivity.planning.two_stage.state import (
    Incumbent,
    SearchState,
    fingerprint,
    load_state,
    save_state,
)
from coercivity.planning.two_stage.subproblem import Answer
from coercivity.planning.two_stage.workers import Evaluators
from coercivity.solvers import SolveLimits, SolveStatus, StopSignal
from coercivity.solvers.matrices import Array
from coercivity.uncertainty.risk_measures import MeanAndTail

STEP = 0.7
"""How far rounds step from the centre to what the master proposes. [fraction]"""
HALF = 0.5
"""Share of the wanted gap that the relaxation, and each search, is solved to. [fraction]"""
NEWS = 1e-7
"""How much more than known a cut must tell to be news, as a share of what is known. [fraction]"""
FIRST_RADIUS = 1e3
LARGEST_RADIUS = 1e12
STALLS = 3
"""Rounds in turn that teach nothing, after which the search ends with the gap it has."""

logger = logging.getLogger(__name__)


def decompose(
    problem: TwoStageProblem,
    *,
    risk_weight: float = 0.0,
    tail_probability: float = 0.05,
    limits: SearchLimits | None = None,
    start: ArrayLike | None = None,
    workers: int = 1,
    saved: Path | None = None,
    on_progress: OnSearchProgress | None = None,
    stop: StopSignal | None = None,
) -> TwoStageSolution:
    """Find the first stage of least cost and risk, scenario by scenario.

    Parameters
    ----------
    problem
        First stage and scenarios, the recourse being continuous.
    risk_weight
        0 counts the expectation only, 1 the tail only. [fraction]
    tail_probability
        Mass of the tail; 0.05 is the worst 5 %. [fraction]
    limits
        When the decision is good enough.
    start
        A decision to begin from; by default that of the plan for the average.
    workers
        Processes that the scenarios are spread over. Any number gives the same bits. With more
        than one, a script must guard its main part by ``if __name__ == "__main__"``. [count]
    saved
        File that is written after every round, and gone on from where it is there already.
    on_progress
        Told after every round.
    stop
        Stops the search, the best decision so far being given; so does Ctrl-C. Worker processes
        finish what they were asked.

    Raises
    ------
    InfeasiblePlan, UnboundedPlan
        If no decision can be continued in every scenario, or none is cheapest.
    PlanNotFound, Stopped
        If time ran out, or the user stopped, before a first decision was priced.
    WorkerLost
        If a worker process ended; finished rounds are in ``saved``.

    Examples
    --------
    Buy now at 1 or later at 3, when 10 or 30 are needed with the same probability:

    >>> from coercivity.planning.two_stage.example import buy_now_or_later
    >>> solution = decompose(buy_now_or_later())
    >>> solution.first_stage.tolist(), solution.objective, solution.scenario_costs.tolist()
    ([30.0], 30.0, [0.0, 0.0])
    """
    _expect_continuous(problem)
    risk = MeanAndTail(risk_weight, tail_probability)
    search = _Search(problem, risk, limits or SearchLimits(), on_progress, stop)
    key = fingerprint(problem, risk)
    state = None if saved is None else load_state(saved, key=key)
    if state is None:
        state = _beginning(problem, start)
    search.state = state
    with Evaluators(problem, state.bases, workers=workers) as evaluators:
        search.evaluators = evaluators
        try:
            while (status := search.ended()) is None:
                search.round()
                if saved is not None:
                    save_state(saved, state, key=key)
                search.tell()
        except (Stopped, KeyboardInterrupt):
            status = SolveStatus.STOPPED
    return search.result(status)


def _expect_continuous(problem: TwoStageProblem) -> None:
    if not problem.continuous_recourse:
        msg = (
            "A scenario has whole columns after the first stage. Their cost has no slope that "
            "a cut could use: solve the extensive form instead.  [U403]"
        )
        raise UsageError(msg)


def _beginning(problem: TwoStageProblem, start: ArrayLike | None) -> SearchState:
    guess, basis = first_guess(problem)
    if start is not None:
        guess = np.asarray(start, dtype=float)
    nowhere = np.full(len(problem.scenarios), np.inf)
    return SearchState(
        CutPool(problem.first.columns),
        [basis] * len(problem.scenarios),
        centre=None if guess is None else Incumbent(guess, nowhere, np.inf),
        step=STEP,
        searching=False,
    )


class _Search:
    """One search: the clock, the master, and the state it changes."""

    state: SearchState
    evaluators: Evaluators

    def __init__(
        self,
        problem: TwoStageProblem,
        risk: MeanAndTail,
        limits: SearchLimits,
        on_progress: OnSearchProgress | None,
        stop: StopSignal | None,
    ) -> None:
        self.problem, self.risk, self.limits = problem, risk, limits
        self.on_progress, self.stop = on_progress, stop
        self.master = Master(problem, risk)
        self.whole = np.flatnonzero(problem.first.integrality)
        self.began = time.perf_counter()

    @property
    def seconds(self) -> float:
        """Time since the search began. [s]"""
        return time.perf_counter() - self.began

    def ended(self) -> SolveStatus | None:
        """Tell why the search is over; None while it is not."""
        state, best = self.state, self.state.best
        if best is not None and self._close(best, 1.0):
            return SolveStatus.OPTIMAL
        found = SolveStatus.FEASIBLE if best is not None else SolveStatus.NOT_FOUND
        if state.stalled >= STALLS:
            logger.warning("The search learned nothing more; it ends with the gap it has.")
            return found
        if self.stop is not None and self.stop.is_set():
            return SolveStatus.STOPPED
        late = self.limits.time_limit is not None and self.seconds >= self.limits.time_limit
        return found if late or state.rounds >= self.limits.rounds else None

    def round(self) -> None:
        """Let the master propose, let every scenario price, and learn."""
        state = self.state
        state.rounds += 1
        if state.rounds == 1 and state.centre is not None:
            self._learn(state.centre.first, None)
            return
        proposed = self._proposal()
        if proposed is None:
            return
        centre = state.centre
        stepping = not state.searching and centre is not None and np.isfinite(centre.value)
        point = proposed.first
        if stepping and centre is not None and state.step < 1:
            point = centre.first + state.step * (proposed.first - centre.first)
        self._learn(point, proposed)

    def _proposal(self) -> MasterPoint | None:
        """Solve the master; None where its bound was all that was missing."""
        state = self.state
        gap = HALF * self.limits.tolerance(state.best.value) if state.best is not None else 0.0
        limits = SolveLimits(
            time_limit=self._left(),
            relative_gap=0.0 if state.stalled or gap > 0 else HALF * self.limits.relative_gap,
            absolute_gap=0.0 if state.stalled else gap,
            seed=self.limits.seed,
            method="simplex",
        )
        start = state.best.first if state.searching and state.best is not None else None
        status, point = self.master.solve(
            state.cuts,
            state.master_basis,
            limits=limits,
            integers=state.searching,
            start=start,
            stop=self.stop,
        )
        if status is SolveStatus.UNBOUNDED:
            point = self._boxed(limits)
        elif status is SolveStatus.INFEASIBLE or status is SolveStatus.STOPPED:
            raise no_plan(status)
        if point is None:
            return None
        state.bound = max(state.bound, point.bound)
        if not state.searching:
            state.master_basis = point.basis if status is not SolveStatus.UNBOUNDED else None
        relaxed = not state.searching and self.whole.size > 0
        if relaxed and state.centre is not None and self._close(state.centre, HALF):
            state.searching, state.stalled = True, 0
            return None
        over = state.best is not None and self._close(state.best, 1.0)
        return None if over else point

    def _boxed(self, limits: SolveLimits) -> MasterPoint | None:
        """Hold a master without limits in a box, which proves nothing but goes on."""
        state = self.state
        state.radius = max(10 * state.radius, FIRST_RADIUS)
        if state.radius > LARGEST_RADIUS:
            raise no_plan(SolveStatus.UNBOUNDED)
        return self.master.solve(
            state.cuts, None, limits=limits, integers=state.searching, radius=state.radius
        )[1]

    def _learn(self, point: Array, proposed: MasterPoint | None) -> None:
        """Price a decision in every scenario; keep the cuts and the decision if it is better."""
        state = self.state
        answers = self.evaluators.evaluate(point, stop=self.stop)
        news = 0
        for answer in answers:
            if proposed is None or _is_news(answer, proposed):
                news += 1
            state.cuts.add(answer.cut)
        state.bases = [answer.basis for answer in answers]
        better = self._keep(point, np.array([answer.cost for answer in answers]))
        at_proposal = proposed is not None and np.array_equal(point, proposed.first)
        state.stalled = state.stalled + 1 if at_proposal and not (news or better) else 0
        state.step = STEP if news else 1.0

    def _keep(self, point: Array, costs: Array) -> bool:
        """Keep a priced decision where it is the best of its kind."""
        state = self.state
        value = self.problem.first.offset + float(self.problem.first.cost @ point)
        value += self.risk.value(costs, self.problem.probabilities)
        priced = Incumbent(point, costs, value)
        better = False
        if state.centre is None or value < state.centre.value:
            state.centre, better = priced, np.isfinite(value)
        parts = point[self.whole]
        allowed = bool((parts == np.rint(parts)).all()) and np.isfinite(value)
        if allowed and (state.best is None or value < state.best.value):
            state.best, better = priced, True
        return bool(better)

    def _close(self, priced: Incumbent, share: float) -> bool:
        distance = priced.value - self.state.bound
        return bool(distance <= share * self.limits.tolerance(priced.value))

    def _left(self) -> float | None:
        limit = self.limits.time_limit
        return None if limit is None else max(limit - self.seconds, 0.0)

    def tell(self) -> None:
        """Report a round."""
        if self.on_progress is None:
            return
        state = self.state
        bound = state.bound if np.isfinite(state.bound) else None
        cost = None if state.best is None else state.best.value
        phase = "search" if state.searching else "cuts"
        cuts = len(state.cuts)
        self.on_progress(SearchProgress(phase, state.rounds, self.seconds, cost, bound, cuts))

    def result(self, status: SolveStatus) -> TwoStageSolution:
        """Give the best decision, or say why there is none."""
        state, best = self.state, self.state.best
        if best is None:
            raise no_plan(status)
        return TwoStageSolution(
            status=status,
            first_stage=best.first,
            scenario_costs=best.costs,
            objective=best.value,
            bound=min(state.bound, best.value),
            rounds=state.rounds,
            cuts=len(state.cuts),
            seconds=self.seconds,
        )


def _is_news(answer: Answer, proposed: MasterPoint) -> bool:
    """Tell whether a cut says more of the proposal than the master knew."""
    told = answer.cut.at(proposed.first)
    if answer.cut.feasibility:
        return told > NEWS
    known = float(proposed.known[answer.cut.scenario])
    return not told - known <= NEWS * (1 + abs(known if np.isfinite(known) else 0.0))
