"""``coercivity stress survive``: how long it lasts without each plant."""

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
        help="Year in whose period outages start.",
        show_default="the first with all modules of a plan; the first of a case",
    ),
]
Only = Annotated[
    list[str] | None,
    typer.Option(
        "--asset",
        metavar="A",
        help="Only this asset; may be given several times.",
        show_default="all that run",
    ),
]
Workers = Annotated[
    int,
    typer.Option(
        "--workers", metavar="N", help="Processes that share the outages; the answer is the same."
    ),
]


def survive(
    subject: Subject,
    segment: Segment = None,
    year: From = None,
    asset: Only = None,
    workers: Workers = 1,
    scenario: Scenario = None,
    name: RunName = None,
    strict: Strict = False,
    folder: RunsFolder = None,
    as_json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Say how long demand is served without each plant.

    Time to survive: the longest outage in which demand is served as undisturbed, from stocks and
    the rest of the chain. An asset is at risk where that is shorter than the time to recover.
    """
    from coercivity.results import runs_folder
    from coercivity.studies.stress_survive import SurviveOptions
    from coercivity.studies.stress_survive import survive as study
    from coercivity.views.stress_words import survive_answer, survive_tables

    options = SurviveOptions(
        segment=segment,
        year=year,
        assets=tuple(asset or ()),
        workers=workers,
        scenario=scenario,
        strict=strict,
        name=name,
    )

    def told(phase: str, share: float) -> None:
        if verbose:
            tell(f"{share:4.0%}  {phase}")

    run = study(subject, runs_folder(folder), options, tell=told)
    show_answer(run, survive_answer, survive_tables, as_json=as_json)


VERB = Verb(
    "survive",
    survive,
    (
        ("coercivity stress survive mini", "how long without each plant"),
        ("coercivity stress survive mini-tungsten --json", "for programs"),
    ),
    exits=(0, 1, 2, 3, 130),
)
