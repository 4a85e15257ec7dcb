"""Run the solver beside the caller, so that Ctrl-C, a stop signal and progress all work."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread

import highspy
import numpy as np
from highspy import cb

from coercivity.solvers.matrices import Array
from coercivity.solvers.port import Progress, ProgressCallback, StopSignal

POLL = 0.05
"""Time between two looks at the stop signal. [s]"""
PATIENCE = 0.3
"""Time that a search is given to hear that it shall stop, before it is left behind. [s]"""
PROGRESS_EVERY = 0.2
"""Least time between two reports of progress. [s]"""
Kind = cb.HighsCallbackType
SEARCH_KINDS = (Kind.kCallbackMipInterrupt, Kind.kCallbackMipImprovingSolution)
WATCHED = (Kind.kCallbackSimplexInterrupt, Kind.kCallbackIpmInterrupt, *SEARCH_KINDS)
SEARCHES = frozenset(int(kind) for kind in SEARCH_KINDS)
IMPROVED = int(Kind.kCallbackMipImprovingSolution)


class Watch:
    """What the solver looks at while it works, and where it says how far it is."""

    def __init__(self) -> None:
        self.stopping = False
        self.asked_at: float | None = None
        self.latest: Progress | None = None
        self.best: Array | None = None

    def clear(self) -> None:
        """Begin anew."""
        self.stopping, self.asked_at, self.latest, self.best = False, None, None, None

    def stop(self) -> None:
        """Have the solver stop when it looks next; the time of the first asking counts."""
        self.stopping = True
        if self.asked_at is None:
            self.asked_at = time.perf_counter()

    def __call__(
        self,
        kind: cb.HighsCallbackType | int,
        _message: str,
        told: cb.HighsCallbackOutput,
        asked: cb.HighsCallbackInput,
        _data: object,
    ) -> None:
        """Answer the solver."""
        # Always said: the solver remembers the answer of an earlier solve.
        asked.user_interrupt = self.stopping
        if int(kind) in SEARCHES:
            self.latest = Progress(
                seconds=told.running_time,
                objective=finite(told.mip_primal_bound),
                bound=finite(told.mip_dual_bound),
                nodes=max(told.mip_node_count, 0),
            )
        if int(kind) == IMPROVED:
            self.best = np.array(told.mip_solution, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run of the solver came back."""

    status: highspy.HighsStatus | None
    """What the solver says of the call itself; None where it was left behind."""
    interrupted: bool
    """Whether Ctrl-C was pressed meanwhile."""

    @property
    def left(self) -> bool:
        """Whether the solver still works, since it did not hear in time that it shall stop."""
        return self.status is None


class Runner:
    """Runs one loaded solver, each time in a thread of its own.

    A thread of its own does two things. The caller's thread stays free to hear Ctrl-C, to look at
    the stop signal and to report progress. And the solver's scheduler, which belongs to a
    thread and keeps its first number of threads for ever, is made anew for each solve.
    """

    def __init__(self, highs: highspy.Highs) -> None:
        self._highs = highs
        self._watch = Watch()
        self._thread: Thread | None = None
        highs.setCallback(self._watch, None)
        for kind in WATCHED:
            highs.startCallback(kind)

    @property
    def best(self) -> tuple[Array | None, Progress | None]:
        """The best solution of a search so far, and how far the search has come."""
        return self._watch.best, self._watch.latest

    def settle(self) -> None:
        """Wait for a solve that was left behind."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def run(
        self,
        on_progress: ProgressCallback | None,
        stop: StopSignal | None,
        *,
        patience: float = math.inf,
    ) -> Outcome:
        """Run the solver to its end, or until it is stopped.

        The first Ctrl-C stops the solver and keeps what it has; a second one is raised at once.
        An error of ``on_progress`` stops the solver and is raised.

        Parameters
        ----------
        on_progress, stop
            As for a solve.
        patience
            Time after which a search that does not hear that it shall stop is left behind, if
            it has found a solution that can be kept; it ends by itself when it hears. [s]
        """
        self.settle()
        self._watch.clear()
        done, statuses, errors = Event(), list[highspy.HighsStatus](), list[BaseException]()
        self._thread = Thread(target=self._work, args=(done, statuses, errors), name="solver")
        interrupted = heard = False
        report = Reporter(self._watch, on_progress)
        while not heard:
            try:
                if self._thread.ident is None:
                    self._thread.start()
                if not self._wait(done, report, stop, patience):
                    return Outcome(None, interrupted)
                heard = True
            except KeyboardInterrupt:
                self._watch.stop()
                if interrupted or self._thread.ident is None:
                    raise
                interrupted = True
            except BaseException:
                self._watch.stop()
                done.wait()
                raise
        self.settle()
        if errors:
            raise errors[0]
        report.last()
        return Outcome(statuses[0], interrupted)

    def _work(
        self, done: Event, statuses: list[highspy.HighsStatus], errors: list[BaseException]
    ) -> None:
        try:
            statuses.append(self._highs.run())
        except BaseException as error:  # noqa: BLE001 it is raised again in the caller's thread
            errors.append(error)
        finally:
            highspy.Highs.resetGlobalScheduler(True)
            done.set()

    def _wait(
        self, done: Event, report: Reporter, stop: StopSignal | None, patience: float
    ) -> bool:
        """Wait for the end; False where the solver did not hear in time that it shall stop."""
        while not done.wait(POLL):
            if stop is not None and stop.is_set():
                self._watch.stop()
            asked_at = self._watch.asked_at
            late = asked_at is not None and time.perf_counter() - asked_at > patience
            if late and self._watch.best is not None:
                return False
            report.now_and_then()
        return True


class Reporter:
    """Passes progress on, not too often."""

    def __init__(self, watch: Watch, on_progress: ProgressCallback | None) -> None:
        self._watch = watch
        self._tell: Callable[[Progress], None] | None = on_progress
        self._began = self._told = time.perf_counter()
        self._shown: Progress | None = None

    def now_and_then(self) -> None:
        """Report if some time has passed; a linear solve has only its clock to tell."""
        now = time.perf_counter()
        if self._tell is None or now - self._told < PROGRESS_EVERY:
            return
        self._told = now
        self._shown = self._watch.latest
        self._tell(self._shown or Progress(seconds=now - self._began))

    def last(self) -> None:
        """Report what came after the last report."""
        latest = self._watch.latest
        if self._tell is not None and latest is not None and latest is not self._shown:
            self._tell(latest)


def finite(value: float) -> float | None:
    """Give the value, or None where it is infinite or not known.

    Examples
    --------
    >>> finite(2.5), finite(float("inf"))
    (2.5, None)
    """
    return float(value) if math.isfinite(value) else None


def count(value: int) -> int:
    """Give a count, which the solver writes as -1 where it has none."""
    return max(int(value), 0)
