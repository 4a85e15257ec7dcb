"""``coercivity align``: what package makes it happen."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from coercivity.interfaces.cli.answers import show_answer
from coercivity.interfaces.cli.options import Json, RunName, RunsFolder, Verbose
from coercivity.interfaces.cli.screen import tell
from coercivity.interfaces.cli.verbs import Verb

NO_PACKAGE = 4
Subject = Annotated[
    str,
    typer.Argument(
        metavar="RUN",
        help="A plan: its projects are brought to yes, each on top of the contracts in force.",
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
Allow = Annotated[
    list[str] | None,
    typer.Option(
        "--allow",
        metavar="KIND",
        help="Only this kind of contract; may be given several times.",
        show_default="all kinds",
    ),
]
Cap = Annotated[
    list[str] | None,
    typer.Option(
        "--cap",
        metavar="KIND=X",
        help="Most of a kind: a share of capital (grant, loan; a year: ebitda-floor), of the price "
        "(production-credit), of tonnes (floor, cfd, upside-share).",
        show_default="grant=0.5 and others, told with the answer",
    ),
]
Budget = Annotated[
    float | None,
    typer.Option(
        "--budget",
        metavar="M",
        help="Most mean public outlay in any year, all packages together, in million.",
        show_default="none",
    ),
]
Cost = Annotated[
    str, typer.Option("--cost", metavar="mean|p95|cvar", help="Which public cost is made small.")
]
Years = Annotated[int, typer.Option("--years", metavar="N", help="Years of running support.")]
Paths = Annotated[
    int,
    typer.Option("--paths", metavar="N", help="Paths on which packages are judged."),
]
SameTerms = Annotated[
    bool,
    typer.Option(
        "--same-terms",
        help="Also find the best one set of terms for all projects, beside packages made to "
        "measure.",
    ),
]
FixedPoint = Annotated[
    int,
    typer.Option(
        "--fixed-point",
        metavar="ROUNDS",
        help="Plan again with the cost of packages on capital until plan and packages agree; at "
        "most so many plans.",
        show_default="0: the plan stays",
    ),
]
Seed = Annotated[int, typer.Option("--seed", metavar="K", help="Seed of all draws.")]


def align(  # over budget: one argument for each option
    subject: Subject,
    project: Projects = None,
    allow: Allow = None,
    cap: Cap = None,
    budget: Budget = None,
    cost: Cost = "mean",
    years: Years = 10,
    same_terms: SameTerms = False,
    fixed_point: FixedPoint = 0,
    paths: Paths = 2000,
    seed: Seed = 0,
    name: RunName = None,
    folder: RunsFolder = None,
    as_json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Find the package that makes every investor and lender say yes.

    Contracts in force stay; the package of least public cost is added, project by project, and
    judged on paths that were not used to make it. What doubt in the promise adds comes with it.
    """
    from coercivity.results import runs_folder
    from coercivity.studies.align import AlignOptions
    from coercivity.studies.align import align as study
    from coercivity.views.align_words import answer, notes, tables

    options = AlignOptions(
        projects=tuple(project or ()),
        allow=tuple(allow or ()),
        caps=dict(_cap(text) for text in cap or ()),
        budget=budget,
        cost=cost,
        years=years,
        same_terms=same_terms,
        fixed_point=fixed_point,
        paths=paths,
        seed=seed,
        name=name,
    )

    def told(phase: str, share: float) -> None:
        if verbose:
            tell(f"{share:4.0%}  {phase}")

    run = study(subject, runs_folder(folder), options, tell=told)
    show_answer(run, answer, tables, as_json=as_json, notes=notes)
    if run.result["failing"]:
        sys.stdout.flush()
        raise typer.Exit(NO_PACKAGE)


def _cap(text: str) -> tuple[str, float]:
    kind, sign, number = text.partition("=")
    try:
        return kind, float(number)
    except ValueError:
        wanted = "write KIND=X, such as grant=0.3" if sign else "it lacks '=X', such as grant=0.3"
        msg = f"--cap {text}: {wanted}"
        raise typer.BadParameter(msg) from None


VERB = Verb(
    "align",
    align,
    (
        ("coercivity plan us-tungsten --gap 0.05 --name base", "a plan with projects"),
        (
            "coercivity align base --project pilot-mountain --paths 400",
            "what one of them needs",
        ),
        (
            "coercivity align base --project pilot-mountain --paths 400 --json",
            "for programs",
        ),
    ),
    exits=(0, 1, 2, 3, 4, 130),
)
