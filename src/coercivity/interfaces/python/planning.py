"""``coercivity.plan`` and the run it returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from coercivity.interfaces.python.finished import FinishedRun, folder_of
from coercivity.studies.plan import PlanOptions
from coercivity.studies.plan import plan as study
from coercivity.tables import find_case
from coercivity.views.further_words import further_answer
from coercivity.views.futures_words import futures_answer
from coercivity.views.plan_words import answer


@dataclass(frozen=True, slots=True, repr=False)
class PlanRun(FinishedRun):
    """A finished plan: its words, its numbers and its tables."""

    @property
    def status(self) -> str:
        """``optimal``, ``feasible`` or ``stopped``."""
        return str(self.run.result["status"])

    @property
    def objective(self) -> float:
        """Cost of the plan. [million of the case's currency, present value]"""
        return float(self.run.result["objective"])

    @property
    def answer(self) -> str:
        """The plan in a few sentences."""
        words = (*answer(self.run), *futures_answer(self.run), *further_answer(self.run))
        return " ".join(words)

    @property
    def builds(self) -> pd.DataFrame:
        """Decisions to build, with units in the column names."""
        return self.table("builds")

    @property
    def coverage(self) -> pd.DataFrame:
        """Demand, service and shortfall by year, with units in the column names."""
        return self.table("coverage")


def plan(
    case: str | Path,
    *,
    scenario: str | None = None,
    gap: float = 0.01,
    time_limit: float | None = None,
    seed: int = 0,
    name: str | None = None,
    require: Sequence[str] = (),
    explain: bool = False,
    near: float | None = None,
    frontier: str | None = None,
    scenarios: int | str | None = None,
    risk_weight: float = 0.0,
    tail_probability: float = 0.05,
    workers: int = 1,
    runs: str | Path | None = None,
) -> PlanRun:
    """Plan a case, as ``coercivity plan`` does, and return the run.

    Parameters
    ----------
    case
        Folder, workbook, or name of a reference case.
    scenario
        Named scenario of the case.
    gap
        Proven distance to the best plan, as a share of the gain. [fraction]
    time_limit
        Time for the solver; the best plan so far is kept. [s]
    seed
        Seed of the solver, and of drawn futures.
    name
        Id of the run.
    require
        Targets to be met, such as ``"defence>=100%@2030:allied"``.
    explain
        Whether to say what would make rejected options pay and what chosen ones are worth.
    near
        Look at every plan within this share of the gain. [fraction]
    frontier
        Segment, share and class for cost against shortfall, as ``"defence>=80%:allied"``.
    scenarios
        Futures to make one plan for: how many are drawn by ``seed``, or ``"named"`` for the
        scenarios of the case that have a probability.
    risk_weight
        0 counts the expected cost of the futures only, 1 their tail only. [fraction]
    tail_probability
        Mass of the tail; 0.05 is the worst 5 % of the futures. [fraction]
    workers
        Processes that share the futures. With more than one, a script must guard its main part
        by ``if __name__ == "__main__"``. [count]
    runs
        Folder for run folders; ``runs`` under the current folder unless given.

    Raises
    ------
    CoercivityError
        If the case is wrong, or no plan was found; see `coercivity.foundation.errors`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     run = plan("mini", runs=folder)
    >>> run.status
    'optimal'
    """
    options = PlanOptions(
        scenario=scenario,
        gap=gap,
        time_limit=time_limit,
        seed=seed,
        name=name,
        require=tuple(require),
        explain=explain,
        near=near,
        frontier=frontier,
        scenarios=None if scenarios is None else str(scenarios),
        risk_weight=risk_weight,
        tail_probability=tail_probability,
        workers=workers,
    )
    return PlanRun(study(find_case(case), folder_of(runs), options))
