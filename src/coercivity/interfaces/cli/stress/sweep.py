"""``coercivity stress sweep``: every single failure in turn."""

from __future__ import annotations

from typing import Annotated

import typer

from coercivity.interfaces.cli.answers import show_answer
from coercivity.interfaces.cli.options import Json, RunName, RunsFolder, Scenario, Strict, Verbose
from coercivity.interfaces.cli.screen import tell
from coercivity.interfaces.cli.stress.options import Segment, Subject
from coercivity.interfaces.cli.verbs import Verb

From = Annotated[
    int | None,
    typer.Option(
        "--year",
        metavar="Y",
        help="Year at whose beginning every shock starts.",
        show_default="the first with all modules of a plan; the first of a case",
    ),
]
Only = Annotated[
    list[str] | None,
    typer.Option(
        "--target",
        metavar="T",
        help="Only this asset, project, country, link, material or supplier; kind/id where an id "
        "is not enough. May be given several times.",
        show_default="all",
    ),
]
Pairs = Annotated[
    bool,
    typer.Option(
        "--pairs",
        help="Also lose every two assets, links or suppliers together; with --target, of these.",
    ),
]
Workers = Annotated[
    int,
    typer.Option(
        "--workers", metavar="N", help="Processes that share the shocks; the answer is the same."
    ),
]
TimeLimit = Annotated[
    float | None,
    typer.Option(
        "--time-limit",
        metavar="S",
        help="Seconds after which no further pair is looked at; those left are listed as not "
        "tried.",
        show_default="none",
    ),
]


def sweep(
    subject: Subject,
    segment: Segment = None,
    year: From = None,
    target: Only = None,
    pairs: Pairs = False,
    workers: Workers = 1,
    time_limit: TimeLimit = None,
    scenario: Scenario = None,
    name: RunName = None,
    strict: Strict = False,
    folder: RunsFolder = None,
    as_json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Lose everything once, one at a time, and rank what it does.

    Each target is lost for good, and for the time and depth of its rows of events. What is left is
    operated so that least is short, then at least cost; shocks are not foreseen. A sweep that was
    broken off goes on where it was when it is asked the same again under its --name.
    """
    from coercivity.results import runs_folder
    from coercivity.studies.stress_sweep import SweepOptions
    from coercivity.studies.stress_sweep import sweep as study
    from coercivity.views.stress_words import sweep_answer, sweep_tables

    options = SweepOptions(
        segment=segment,
        year=year,
        targets=tuple(target or ()),
        pairs=pairs,
        workers=workers,
        time_limit=time_limit,
        scenario=scenario,
        strict=strict,
        name=name,
    )

    def told(phase: str, share: float) -> None:
        if verbose or phase.startswith("pairs to look at"):
            tell(f"{share:4.0%}  {phase}")

    run = study(subject, runs_folder(folder), options, tell=told)
    show_answer(run, sweep_answer, sweep_tables, as_json=as_json)


VERB = Verb(
    "sweep",
    sweep,
    (
        ("coercivity stress sweep mini", "every failure, one at a time"),
        ("coercivity stress sweep mini --target CHN --segment industry --json", "one country"),
    ),
    exits=(0, 1, 2, 3, 130),
)
