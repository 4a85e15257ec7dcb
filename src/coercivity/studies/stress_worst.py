"""The study behind ``stress worst``: the failures that hurt most, and what to protect first."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from coercivity.chain import Case
from coercivity.foundation.errors import UsageError
from coercivity.resilience.attack.contraction import contracted
from coercivity.resilience.attack.defender import Defender
from coercivity.resilience.attack.formulation import formulate
from coercivity.resilience.attack.measure import Measure, measure_of
from coercivity.resilience.attack.protect import (
    Protection,
    ProtectionSearch,
    expect_protection,
)
from coercivity.resilience.attack.targets import Target, single_targets
from coercivity.resilience.attack.worst import WorstAttack, WorstSearch, expect_budget
from coercivity.results import Request, Run, RunWriter
from coercivity.studies.stress_worst_tables import Found, key_figures, worst_result, worst_tables
from coercivity.studies.subject import read_subject
from coercivity.tables import CaseTables
from coercivity.tables.csv_writer import write_case

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstOptions:
    """What is asked about the worst failures."""

    k: int = 1
    """What an attack may cost in all; with attack costs of 1, the number of failures. [points]"""
    segment: str | None = None
    """Whose demand counts; None counts all, weighted by 1 ÷ priority."""
    measure: str = "shortfall"
    """``shortfall`` or ``cost``."""
    protect: int | None = None
    """How many to protect; None looks for no protection. [count]"""
    year: int | None = None
    """Only the period of this year counts; None counts all reported years. [calendar year]"""
    time_limit: float | None = None
    """Time for the search; None for no limit. [s]"""
    scenario: str | None = None
    """Named scenario whose changes apply; only of a case."""
    strict: bool = False
    """Whether warnings about the case are errors."""
    name: str | None = None
    """Id of the run; None makes one from verb and time."""


def worst(
    subject: str | Path, runs: Path, options: WorstOptions, *, tell: Progress | None = None
) -> Run:
    """Find the k failures that hurt a plan or a case most, and write the run.

    Parameters
    ----------
    subject
        Id or folder of a plan; or folder, workbook or name of a case.
    runs
        Folder in which the run folder is made.
    options
        What is asked.
    tell
        Is told phase and share of the work done.

    Raises
    ------
    CaseError
        If the case is wrong; all problems at once.
    UsageError
        If there is no such segment or year, or more is to fail than there is.
    """
    began = time.perf_counter()
    read = read_subject(subject, runs, scenario=options.scenario, strict=options.strict)
    case = read.chain()
    measure = measure_of(case, kind=options.measure, segment=options.segment, year=options.year)
    targets = attackable(case, read.tables)
    expect_possible(options, targets)
    asked = {key: value for key, value in asdict(options).items() if key != "name"}
    request = Request(
        "stress-worst", read.case.name, asked | {"based_on": read.based_on}, name=options.name
    )
    tables = read.tables
    with RunWriter(runs, request, write_inputs=lambda folder: write_case(tables, folder)) as writer:

        def told(phase: str, share: float) -> None:
            writer.progress(phase, share)
            if tell is not None:
                tell(phase, share)

        told("building", 0.05)
        attack, protection = _searched(case, measure, targets, options, began, told)
        told("answering the worst attack", 0.9)
        found = _found(case, measure, targets, options, attack, protection)
        for name, (frame, units) in worst_tables(found).items():
            writer.table(name, frame, units=units)
        seconds = {"total": time.perf_counter() - began}
        result = worst_result(writer.id, found, based_on=read.based_on) | {"seconds": seconds}
        return writer.finish(
            str(result["status"]),
            result=result,
            kpis=key_figures(result),
            seconds=seconds,
            solver="highs",
            headline=found.headline,
        )


def expect_possible(options: WorstOptions, targets: tuple[Target, ...]) -> None:
    """Refuse what cannot be asked of these targets.

    Raises
    ------
    UsageError
        If more, or less, is to fail or be protected than there is, or no time is given.
    """
    expect_budget(options.k, targets)
    if options.protect is not None:
        expect_protection(options.protect, targets)
    if options.time_limit is not None and options.time_limit <= 0:
        msg = f"--time-limit {options.time_limit:g} leaves no time. Give more than 0.  [S103]"
        raise UsageError(msg)


def attackable(case: Case, tables: CaseTables) -> tuple[Target, ...]:
    """List what an adversary can make fail."""
    return tuple(target for target in single_targets(case, tables) if target.attackable)


def search_of(
    case: Case,
    measure: Measure,
    targets: tuple[Target, ...],
    budget: float,
    *,
    deadline: float = math.inf,
    told: Callable[[str], None] | None = None,
) -> WorstSearch:
    """Set up the search for the worst attack on the smallest model that counts the same.

    Parameters
    ----------
    case
        The chain without options.
    measure
        What is counted.
    targets
        What can be attacked.
    budget
        What an attack may cost in all. [points]
    deadline
        Clock at which the search is broken off. [s]
    told
        Is told of every worse attack.
    """
    if measure.kind == "cost":
        form = formulate(case, periods=measure.last + 1)
    else:
        form = contracted(formulate(case, periods=measure.last + 1, counted=measure.weights))
    return WorstSearch(Defender(form, measure), targets, budget, deadline=deadline, told=told)


def _searched(
    case: Case,
    measure: Measure,
    targets: tuple[Target, ...],
    options: WorstOptions,
    began: float,
    told: Progress,
) -> tuple[WorstAttack, Protection | None]:
    deadline = math.inf if options.time_limit is None else began + options.time_limit
    search = search_of(
        case, measure, targets, options.k,
        deadline=deadline, told=lambda text: told(text, 0.4),
    )  # fmt: skip
    told("looking for the worst attack", 0.2)
    attack = search.solve()
    if options.protect is None:
        return attack, None
    told("looking for what to protect", 0.6)
    return attack, ProtectionSearch(search, options.protect).solve()


def _found(
    case: Case,
    measure: Measure,
    targets: tuple[Target, ...],
    options: WorstOptions,
    attack: WorstAttack,
    protection: Protection | None,
) -> Found:
    """Answer the worst attack, and none, once more on the whole model, cost coming second."""
    whole = Defender(formulate(case, periods=measure.last + 1), measure)
    search = WorstSearch(whole, targets, options.k)
    numbers = {target.key: number for number, target in enumerate(targets)}
    losses = search.losses(tuple((numbers[f.target.key], f.plants) for f in attack.failed))
    calm = whole.cheapest([], whole.respond().value)
    hurt = whole.cheapest(losses, attack.value)
    return Found(
        case=case,
        measure=measure,
        k=options.k,
        targets=targets,
        attack=attack,
        protection=protection,
        form=whole.form,
        calm=calm,
        hurt=hurt,
    )
