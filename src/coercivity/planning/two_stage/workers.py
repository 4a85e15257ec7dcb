"""The scenarios, loaded in this process or spread over others that keep them."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Self

from coercivity.foundation.errors import RunError, UsageError
from coercivity.planning.two_stage.failures import no_plan
from coercivity.planning.two_stage.problem import Recourse, TwoStageProblem
from coercivity.planning.two_stage.subproblem import Answer, Subproblem
from coercivity.solvers import Basis, SolveStatus, StopSignal
from coercivity.solvers.matrices import Array

Share = list[tuple[int, Recourse, Basis | None]]
"""Scenarios of one process: position, data, vertex to start from."""

HELD: list[Subproblem] = []
"""Scenarios of a worker process: filled once when it starts, empty everywhere else."""


class WorkerLost(RunError):
    """A worker process ended before its time; all finished rounds are kept."""

    code = "U401"


class Evaluators:
    """Asks every scenario about a decision.

    Scenarios are dealt to the processes in turn and stay there. Answers come back in the order
    of the scenarios and depend on nothing else, so their number of processes changes no bit.
    """

    def __init__(
        self, problem: TwoStageProblem, bases: Sequence[Basis | None], *, workers: int
    ) -> None:
        if workers < 1:
            msg = f"{workers} worker processes cannot do any work. Give at least 1.  [R001]"
            raise UsageError(msg)
        count = len(problem.scenarios)
        shares: list[Share] = [[] for _ in range(min(workers, count))]
        for place, recourse in enumerate(problem.scenarios):
            shares[place % len(shares)].append((place, recourse, bases[place]))
        self._count = count
        self._own: list[Subproblem] = []
        self._pools: list[ProcessPoolExecutor] = []
        if len(shares) == 1:
            self._own = loaded(shares[0])
        else:
            # New processes, not forks: a fork copies the solver's threads half-way.
            context = multiprocessing.get_context("spawn")
            self._pools = [
                ProcessPoolExecutor(1, mp_context=context, initializer=hold, initargs=(share,))
                for share in shares
            ]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for pool in self._pools:
            pool.shutdown(wait=True, cancel_futures=True)

    def evaluate(self, first: Array, *, stop: StopSignal | None = None) -> list[Answer]:
        """Ask every scenario; the answers come in the order of the scenarios.

        Raises
        ------
        WorkerLost
            If a worker process ended.
        Stopped
            If the user stopped the work.
        """
        if self._pools:
            return self._gathered(first)
        answers = []
        for subproblem in self._own:
            if stop is not None and stop.is_set():
                raise no_plan(SolveStatus.STOPPED)
            answers.append(subproblem.evaluate(first))
        return answers

    def _gathered(self, first: Array) -> list[Answer]:
        try:
            asked = [pool.submit(ask, first) for pool in self._pools]
            parts = [future.result() for future in asked]
        except BrokenProcessPool as error:
            msg = (
                "A worker process ended before its time: it was killed, or the machine ran out of "
                "memory. Every finished round is kept where the search was saved. Run it again "
                "to go on from there, with fewer --workers if memory is short.  [U401]"
            )
            raise WorkerLost(msg) from error
        return sorted((answer for part in parts for answer in part), key=_place)


def _place(answer: Answer) -> int:
    return answer.cut.scenario


def loaded(share: Share) -> list[Subproblem]:
    """Load scenarios into this process."""
    return [Subproblem(place, recourse, basis) for place, recourse, basis in share]


def hold(share: Share) -> None:
    """Begin a worker process: load its scenarios, leave Ctrl-C to the process that asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    HELD[:] = loaded(share)


def ask(first: Array) -> list[Answer]:
    """Ask the scenarios of a worker process."""
    return [subproblem.evaluate(first) for subproblem in HELD]
