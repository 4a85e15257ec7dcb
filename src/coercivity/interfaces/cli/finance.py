"""``coercivity finance``: would anyone fund it."""

from __future__ import annotations

from typing import Annotated

import typer

from coercivity.interfaces.cli.answers import show_answer
from coercivity.interfaces.cli.options import Json, RunName, RunsFolder, Scenario, Strict, Verbose
from coercivity.interfaces.cli.screen import tell
from coercivity.interfaces.cli.verbs import Verb

Subject = Annotated[
    str,
    typer.Argument(
        metavar="RUN|CASE",
        help="A plan, whose builds and activity are taken; or a case, whose projects each take "
        "their own options once, as early as they may.",
        show_default=False,
    ),
]
Projects = Annotated[
    list[str] | None,
    typer.Option(
        "--project",
        metavar="P",
        help="Only this project; may be given several times.",
        show_default="all that build something",
    ),
]
Paths = Annotated[
    int,
    typer.Option("--paths", metavar="N", help="Paths of prices, delays, overruns and promises."),
]
Seed = Annotated[int, typer.Option("--seed", metavar="K", help="Seed of all draws.")]


def finance(
    subject: Subject,
    project: Projects = None,
    paths: Paths = 2000,
    seed: Seed = 0,
    scenario: Scenario = None,
    name: RunName = None,
    strict: Strict = False,
    folder: RunsFolder = None,
    as_json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Say who would fund each project, and what is missing.

    Owners say yes if the mean value at their hurdle is not negative and capital is rarely lost;
    lenders lend what the bad tenth of cash covers. What is missing is a price per kg.
    """
    from coercivity.results import runs_folder
    from coercivity.studies.finance import FinanceOptions
    from coercivity.studies.finance import finance as study
    from coercivity.views.finance_words import answer, notes, tables

    options = FinanceOptions(
        projects=tuple(project or ()),
        paths=paths,
        seed=seed,
        scenario=scenario,
        strict=strict,
        name=name,
    )

    def told(phase: str, share: float) -> None:
        if verbose:
            tell(f"{share:4.0%}  {phase}")

    run = study(subject, runs_folder(folder), options, tell=told)
    show_answer(run, answer, tables, as_json=as_json, notes=notes)


VERB = Verb(
    "finance",
    finance,
    (
        ("coercivity finance mini", "every project of a case that builds"),
        ("coercivity plan mini --name base", "a plan: its years, sizes and activity count"),
        (
            "coercivity finance base --project mine --project works --paths 500",
            "two of its projects, one of which only goes on",
        ),
        ("coercivity finance us-rare-earths --project nolans --paths 200 --json", "for programs"),
    ),
    exits=(0, 1, 2, 3, 130),
)
