"""``coercivity stress worst``: the failures that hurt most, with a proof."""

from __future__ import annotations

from typing import Annotated

import typer

from coercivity.interfaces.cli.answers import show_answer
from coercivity.interfaces.cli.options import Json, RunName, RunsFolder, Scenario, Strict, Verbose
from coercivity.interfaces.cli.screen import tell
from coercivity.interfaces.cli.stress.options import Segment, Subject
from coercivity.interfaces.cli.verbs import Verb

Failures = Annotated[
    int, typer.Option("--k", metavar="K", help="Failures at once; 0 is the undisturbed chain.")
]
MeasureName = Annotated[
    str,
    typer.Option(
        "--measure",
        metavar="shortfall|cost",
        help="What the attacker raises and the defender lowers.",
    ),
]
Protect = Annotated[
    int | None,
    typer.Option(
        "--protect",
        metavar="B",
        help="Also say which B to protect or duplicate first.",
        show_default="none",
    ),
]
Only = Annotated[
    int | None,
    typer.Option(
        "--year",
        metavar="Y",
        help="Count only the period that contains this year, in t/year.",
        show_default="all reported years",
    ),
]
TimeLimit = Annotated[
    float | None,
    typer.Option(
        "--time-limit",
        metavar="S",
        help="Stop searching after so many seconds; the bound then says what is proven.",
        show_default="none",
    ),
]


def worst(
    subject: Subject,
    k: Failures = 1,
    segment: Segment = None,
    measure: MeasureName = "shortfall",
    protect: Protect = None,
    year: Only = None,
    time_limit: TimeLimit = None,
    scenario: Scenario = None,
    name: RunName = None,
    strict: Strict = False,
    folder: RunsFolder = None,
    as_json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Find the k simultaneous failures that hurt most, with a proof.

    What may fail, and what an attack costs, is in the columns attackable, attack_cost and group_of
    of assets, links and suppliers. What fails is gone from the first year on.
    """
    from coercivity.results import runs_folder
    from coercivity.studies.stress_worst import WorstOptions
    from coercivity.studies.stress_worst import worst as study
    from coercivity.views.stress_words import worst_answer, worst_tables

    options = WorstOptions(
        k=k,
        segment=segment,
        measure=measure,
        protect=protect,
        year=year,
        time_limit=time_limit,
        scenario=scenario,
        strict=strict,
        name=name,
    )

    def told(phase: str, share: float) -> None:
        if verbose:
            tell(f"{share:4.0%}  {phase}")

    run = study(subject, runs_folder(folder), options, tell=told)
    show_answer(run, worst_answer, worst_tables, as_json=as_json)


VERB = Verb(
    "worst",
    worst,
    (
        ("coercivity stress worst mini --k 1 --segment defence", "the one failure that hurts most"),
        ("coercivity stress worst mini --k 2 --protect 1 --json", "and what to protect first"),
    ),
    exits=(0, 1, 2, 3, 130),
)
