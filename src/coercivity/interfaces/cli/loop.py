"""``coercivity loop``: does it last."""

from __future__ import annotations

from typing import Annotated

import typer

from coercivity.interfaces.cli.answers import show_answer
from coercivity.interfaces.cli.options import Json, RunName, RunsFolder, Strict, Verbose
from coercivity.interfaces.cli.screen import tell
from coercivity.interfaces.cli.verbs import Verb

Subject = Annotated[
    str,
    typer.Argument(
        metavar="RUN",
        help="A plan, by id or folder: its plants open and close, its suppliers stay; or an "
        "`align` run for a plan, whose package is looked at too.",
        show_default=False,
    ),
]
Segment = Annotated[
    str | None,
    typer.Option(
        "--segment",
        metavar="S",
        help="Only the demand of this segment, served first.",
        show_default="every segment together",
    ),
]
Class = Annotated[
    str | None,
    typer.Option(
        "--class",
        metavar="C",
        help="Class that counts as accepted, or better.",
        show_default="the one that demand asks for",
    ),
]
Hazard = Annotated[
    list[float] | None,
    typer.Option(
        "--hazard",
        metavar="H",
        help="Also if owners believe that support ends with this chance a year; may be given "
        "several times.",
        show_default="0.1",
    ),
]
Package = Annotated[
    str | None,
    typer.Option(
        "--package",
        metavar="RUN",
        help="Also what the package of this `align` run for the same plan leaves.",
        show_default="none",
    ),
]
Paths = Annotated[
    int,
    typer.Option("--paths", metavar="N", help="Draws of long-run price, capital, running cost."),
]
Seed = Annotated[int, typer.Option("--seed", metavar="K", help="Seed of all draws.")]


def loop(
    subject: Subject,
    hazard: Hazard = None,
    segment: Segment = None,
    origin_class: Class = None,
    package: Package = None,
    paths: Paths = 100,
    seed: Seed = 0,
    name: RunName = None,
    strict: Strict = False,
    folder: RunsFolder = None,
    as_json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Say what stays when support ends, and what dumping then halves it.

    Support rises until nobody of use is left to come, is taken away, and is followed by dumping at
    each stage. A plant opens at a higher support than the one at which it stops; so part stays.
    """
    from coercivity.results import runs_folder
    from coercivity.studies.loop import HAZARDS, LoopOptions
    from coercivity.studies.loop import loop as study
    from coercivity.views.loop_words import answer, notes, tables

    options = LoopOptions(
        segment=segment,
        origin_class=origin_class,
        package=package,
        hazards=HAZARDS if hazard is None else tuple(dict.fromkeys(hazard)),
        paths=paths,
        seed=seed,
        strict=strict,
        name=name,
    )

    def told(phase: str, share: float) -> None:
        if verbose:
            tell(f"{share:4.0%}  {phase}")

    run = study(subject, runs_folder(folder), options, tell=told)
    show_answer(run, answer, tables, as_json=as_json, notes=notes)


VERB = Verb(
    "loop",
    loop,
    (
        ("coercivity plan mini --name base", "a plan first; a real case takes minutes"),
        ("coercivity loop base", "what stays when support ends, and what halves it"),
        ("coercivity loop base --hazard 0.05 --hazard 0.2", "two beliefs"),
        ("coercivity loop base --paths 10 --segment defence --json", "one segment, for programs"),
    ),
    exits=(0, 1, 2, 3, 130),
)
