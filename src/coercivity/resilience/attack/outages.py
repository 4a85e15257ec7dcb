"""One outage after another on a loaded model, in this process or spread over several."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

import numpy as np

from coercivity.dispatch.builder import Labels
from coercivity.foundation.errors import UsageError
from coercivity.planning.two_stage.workers import WorkerLost
from coercivity.solvers import Basis, HighsModel, Matrices, SolveLimits, SolveStatus

CERTAIN = SolveLimits(method="simplex")
TOGETHER = 8
"""Outages that a process is asked about at once. [count]"""
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
"""What the libraries beneath NumPy read when a process begins."""


Asked_contra = TypeVar("Asked_contra", contravariant=True)
Answered_co = TypeVar("Answered_co", covariant=True)


class Loadable(Protocol[Asked_contra, Answered_co]):
    """A question that any process can load; what it answers depends on nothing asked before."""

    def load(self) -> Callable[[Asked_contra], Answered_co]:
        """Load what answers it, one outage at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A model whose cost is the least of some number, and a vertex of it without an outage."""

    matrices: Matrices
    start: Basis | None
    """Every outage starts from there; None starts cold."""

    def load(self) -> Callable[[Labels], float]:
        """Load the model into the solver."""
        return _Loaded(self).answer


class _Loaded:
    """A question in this process.

    Each outage starts from the same vertex: few steps lead from there to the answer, and it does
    not depend on what was asked before, nor on which process was asked.
    """

    def __init__(self, question: Question) -> None:
        self._question = question
        self._model = HighsModel(question.matrices)

    def answer(self, closed: Labels) -> float:
        """Give the least cost while some columns are zero; infinite where there is no answer."""
        base, nothing = self._question.matrices, np.zeros(len(closed))
        self._model.set_bounds(closed, base.lower[closed], nothing)
        self._model.start_from(self._question.start)
        found = self._model.solve(CERTAIN)
        self._model.set_bounds(closed, base.lower[closed], base.upper[closed])
        if found.status is not SolveStatus.OPTIMAL or found.objective is None:
            return np.inf
        return found.objective


HELD: list[Callable[[Any], Any]] = []
"""The question of a worker process; empty everywhere else."""


class Outages:
    """Asks about outages; the number of processes changes no bit of the answers.

    Parameters
    ----------
    workers
        Processes; with 1 all is done in this one. [count]
    """

    def __init__(self, *, workers: int = 1) -> None:
        if workers < 1:
            msg = f"--workers {workers} cannot do any work. Give at least 1.  [R001]"
            raise UsageError(msg)
        self._pools: list[ProcessPoolExecutor] = []
        if workers > 1:
            # New processes, not forks: a fork copies the solver's threads half-way.
            context = multiprocessing.get_context("spawn")
            self._pools = [
                ProcessPoolExecutor(1, mp_context=context, initializer=leave_interrupts)
                for _ in range(workers)
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

    def answers(
        self, question: Loadable[Asked_contra, Answered_co], asked: Sequence[Asked_contra]
    ) -> Iterator[Answered_co]:
        """Answer each outage, in the order in which they are given.

        Parameters
        ----------
        question
            What is asked of each, such as the least cost of a model.
        asked
            The outages, such as the columns that are zero in each.

        Raises
        ------
        WorkerLost
            If a worker process ended.
        """
        if not self._pools:
            yield from map(question.load(), asked)
            return
        try:
            with single_threaded():
                for pool in self._pools:
                    pool.submit(hold, question)
            for dealt in self._dealt(asked):
                yield from dealt.result()
        except BrokenProcessPool as error:
            msg = (
                "A worker process ended before its time: it was killed, or the machine ran out of "
                "memory. Run it again, with fewer --workers if memory is short.  [U401]"
            )
            raise WorkerLost(msg) from error

    def _dealt(self, asked: Sequence[Any]) -> list[Future[list[Any]]]:
        count = len(self._pools)
        return [
            self._pools[number % count].submit(ask, list(asked[begin : begin + TOGETHER]))
            for number, begin in enumerate(range(0, len(asked), TOGETHER))
        ]


@contextmanager
def single_threaded() -> Iterator[None]:
    """Start processes that do sums in one thread each: more would only wait for each other."""
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def leave_interrupts() -> None:
    """Leave Ctrl-C to the process that asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def hold(question: Loadable[Any, Any]) -> None:
    """Load a question into a worker process, in place of the last."""
    HELD[:] = [question.load()]


def ask(asked: list[Any]) -> list[Any]:
    """Ask the question of a worker process."""
    return [HELD[0](one) for one in asked]


__all__ = ["CERTAIN", "Loadable", "Outages", "Question"]
