"""``coercivity.sweep``, ``survive``, ``worst`` and ``simulate``, and the run they return."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from coercivity.interfaces.python.finished import FinishedRun, folder_of
from coercivity.resilience.simulation.policies import USUAL
from coercivity.studies.simulate import SimulateOptions
from coercivity.studies.simulate import simulate as simulate_study
from coercivity.studies.stockpile import StockpileOptions
from coercivity.studies.stockpile import stockpile as stockpile_study
from coercivity.studies.stress_survive import SurviveOptions
from coercivity.studies.stress_survive import survive as survive_study
from coercivity.studies.stress_sweep import SweepOptions
from coercivity.studies.stress_sweep import sweep as sweep_study
from coercivity.studies.stress_worst import WorstOptions
from coercivity.studies.stress_worst import worst as worst_study
from coercivity.views import simulation_words, stockpile_words, stress_words

Subject = str | Path | FinishedRun
ANSWERS = {
    "stress-sweep": stress_words.sweep_answer,
    "stress-survive": stress_words.survive_answer,
    "stress-worst": stress_words.worst_answer,
    "stress-simulate": simulation_words.answer,
    "stress-stockpile": stockpile_words.answer,
}
FOUND = {
    "stress-sweep": "shocks",
    "stress-survive": "survival",
    "stress-worst": "failed",
    "stress-simulate": "simulated_segments",
    "stress-stockpile": "stockpile_mix",
}
"""The table of each verb that answers it."""


@dataclass(frozen=True, slots=True, repr=False)
class StressRun(FinishedRun):
    """A finished attack: its words, its numbers and its tables."""

    @property
    def answer(self) -> str:
        """What breaks, and what that does, in a few sentences."""
        return " ".join(ANSWERS[self.verb](self.run))

    @property
    def found(self) -> pd.DataFrame:
        """Shocks, plants or failures, the worst first, or segments; with units in the columns."""
        return self.table(FOUND[self.verb])


def sweep(
    subject: Subject,
    *,
    segment: str | None = None,
    year: int | None = None,
    targets: Sequence[str] = (),
    pairs: bool = False,
    scenario: str | None = None,
    workers: int = 1,
    time_limit: float | None = None,
    name: str | None = None,
    runs: str | Path | None = None,
) -> StressRun:
    """Lose one thing after another, as ``coercivity stress sweep`` does, and return the run.

    Parameters
    ----------
    subject
        A plan (the run itself, its id or its folder), or a case.
    segment
        Whose demand counts; all, weighted by 1 ÷ priority, unless given.
    year
        Year in whose period every shock starts. [calendar year]
    targets
        Only these; everything that can fail unless given.
    pairs
        Whether every two plants, links or suppliers are lost together as well.
    scenario
        Named scenario of a case.
    workers
        Processes; the answer does not depend on them.
    time_limit
        What was not tried by then is listed in the run. [s]
    name, runs
        Id of the run, and the folder for run folders.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     run = sweep("mini", targets=["CHN", "JPN"], runs=folder)
    ...     sorted(set(run.found["target"]))
    ['CHN', 'JPN']
    """
    options = SweepOptions(
        segment=segment,
        year=year,
        targets=tuple(targets),
        pairs=pairs,
        scenario=scenario,
        workers=workers,
        time_limit=time_limit,
        name=name,
    )
    return StressRun(sweep_study(_named(subject), folder_of(runs), options))


def survive(
    subject: Subject,
    *,
    segment: str | None = None,
    year: int | None = None,
    assets: Sequence[str] = (),
    workers: int = 1,
    scenario: str | None = None,
    name: str | None = None,
    runs: str | Path | None = None,
) -> StressRun:
    """Say how long demand is served without each plant, as ``coercivity stress survive`` does.

    Parameters
    ----------
    subject
        A plan (the run itself, its id or its folder), or a case.
    segment
        Whose demand must be served; all unless given.
    year
        Year in whose period outages start. [calendar year]
    assets
        Only these; all that run unless given.
    workers
        Processes; the bits do not depend on them.
    scenario
        Named scenario of a case.
    name, runs
        Id of the run, and the folder for run folders.
    """
    options = SurviveOptions(
        segment=segment,
        year=year,
        assets=tuple(assets),
        workers=workers,
        scenario=scenario,
        name=name,
    )
    return StressRun(survive_study(_named(subject), folder_of(runs), options))


def worst(
    subject: Subject,
    *,
    k: int = 1,
    segment: str | None = None,
    measure: str = "shortfall",
    protect: int | None = None,
    year: int | None = None,
    time_limit: float | None = None,
    scenario: str | None = None,
    name: str | None = None,
    runs: str | Path | None = None,
) -> StressRun:
    """Find the k failures that hurt most, as ``coercivity stress worst`` does.

    Parameters
    ----------
    subject
        A plan (the run itself, its id or its folder), or a case.
    k
        What an attack may cost in all; with attack costs of 1, the number of failures. [points]
    segment
        Whose demand counts; all, weighted by 1 ÷ priority, unless given.
    measure
        ``shortfall`` or ``cost``, for attacker and defender alike.
    protect
        Also say which so many to protect first. [count]
    year
        Count only the period of this year. [calendar year]
    time_limit
        Time for the search. [s]
    scenario
        Named scenario of a case.
    name, runs
        Id of the run, and the folder for run folders.
    """
    options = WorstOptions(
        k=k,
        segment=segment,
        measure=measure,
        protect=protect,
        year=year,
        time_limit=time_limit,
        scenario=scenario,
        name=name,
    )
    return StressRun(worst_study(_named(subject), folder_of(runs), options))


def simulate(
    subject: Subject,
    *,
    months: int = 120,
    replications: int = 1000,
    seed: int = 0,
    year: int | None = None,
    policy: str = USUAL,
    lose: Sequence[str] = (),
    surge: Sequence[str] = (),
    price_shock: Sequence[str] = (),
    lead: Sequence[str] = (),
    events: bool = True,
    against: Subject | None = None,
    against_policy: str | None = None,
    scenario: str | None = None,
    name: str | None = None,
    runs: str | Path | None = None,
) -> StressRun:
    """Simulate months of operation many times, as ``coercivity stress simulate`` does.

    Parameters
    ----------
    subject
        A plan (the run itself, its id or its folder), or a case.
    months
        Length of a replication. [month]
    replications
        How many. [count]
    seed
        Seed of all draws.
    year
        Year whose flows are the routing. [calendar year]
    policy
        What is done when there is less than was planned.
    lose
        Certain disruptions, ``SCOPE:TARGET@MONTH+MONTHS`` with a share lost after ``x``.
    surge
        Segments that want more for some months, ``SEGMENT=FACTOR@MONTH+MONTHS``.
    price_shock
        Prices that are higher for some months, ``MATERIAL=FACTOR@MONTH+MONTHS``.
    lead
        Months on the way or until a plant that stands runs, ``mode:MODE=N``, ``rule:ID=N``,
        ``link:ID=N``, ``supplier:ID=N``, ``asset:ID=N``, ``start:ID=N``, ``start=never``.
    events
        Whether the events of the case are drawn.
    against, against_policy
        Another plan or case, or another policy, that meets the same draws.
    scenario
        Named scenario of a case.
    name, runs
        Id of the run, and the folder for run folders.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     run = simulate("mini", months=24, replications=20, lose=["country:CHN@7+12"],
    ...                    events=False, runs=folder)
    ...     round(run.result["lost_t"]["defence"]["mean"])
    400
    """
    beside = None if against is None else str(_named(against))
    options = SimulateOptions(
        months=months,
        replications=replications,
        seed=seed,
        year=year,
        policy=policy,
        lose=tuple(lose),
        surge=tuple(surge),
        price_shock=tuple(price_shock),
        lead=tuple(lead),
        events=events,
        against=beside,
        against_policy=against_policy,
        scenario=scenario,
        name=name,
    )
    return StressRun(simulate_study(_named(subject), folder_of(runs), options))


def _named(subject: Subject) -> str | Path:
    return subject.run.path if isinstance(subject, FinishedRun) else subject


def stockpile(
    subject: Subject,
    *,
    segment: str = "defence",
    year: int | None = None,
    limit: float = 0.0,
    surge: float = 1.0,
    chance: float = 0.1,
    scenario: str | None = None,
    name: str | None = None,
    runs: str | Path | None = None,
) -> StressRun:
    """Say which forms to stock against an emergency, as ``coercivity stress stockpile`` does.

    Parameters
    ----------
    subject
        A plan (the run itself, its id or its folder), or a case.
    segment
        Whose demand is to be met.
    year
        Year of the conflict. [calendar year]
    limit
        Most of each demand and year that may stay unmet. [fraction]
    surge
        Demand in the emergency over that of the case. [ratio]
    chance
        That the emergency comes. [fraction]
    scenario
        Named scenario of a case.
    name, runs
        Id of the run, and the folder for run folders.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     run = stockpile("mini", year=2026, runs=folder)
    ...     round(run.result["cost_musd"], 1)
    112.7
    """
    options = StockpileOptions(
        segment=segment,
        year=year,
        limit=limit,
        surge=surge,
        chance=chance,
        scenario=scenario,
        name=name,
    )
    return StressRun(stockpile_study(_named(subject), folder_of(runs), options))
