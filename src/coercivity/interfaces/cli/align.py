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
Simpler = Annotated[
    float,
    typer.Option(
        "--simpler",
        metavar="SHARE",
        help="So much more a package with fewer contracts may cost; 0 asks for the cheapest, and "
        "tells what one contract fewer costs.",
    ),
]
Start = Annotated[
    str | None,
    typer.Option(
        "--start",
        metavar="RUN",
        help="An earlier align run whose packages the search begins with too: with more kinds "
        "allowed it never costs more than that.",
        show_default="none",
    ),
]
Adversary = Annotated[
    float | None,
    typer.Option(
        "--adversary",
        metavar="M",
        help="Let an adversary who may give up so much margin, in million, answer the packages, "
        "and make them again for owners who expect it, until neither changes.",
        show_default="none",
    ),
]
TimeLimit = Annotated[
    float | None,
    typer.Option(
        "--time-limit",
        metavar="S",
        help="With --fixed-point: no further plan is begun after so many seconds.",
        show_default="none",
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
    simpler: Simpler = 0.0,
    start: Start = None,
    same_terms: SameTerms = False,
    adversary: Adversary = None,
    fixed_point: FixedPoint = 0,
    time_limit: TimeLimit = None,
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
        simpler=simpler,
        start=start,
        same_terms=same_terms,
        adversary=adversary,
        fixed_point=fixed_point,
        time_limit=time_limit,
        paths=paths,
        seed=seed,
        name=name,
    )

    def told(phase: str, share: float) -> None:
        if verbose:
            tell(f"{share:4.0%}  {phase}")

    run = study(subject, runs_folder(folder), options, tell=told)
    show_answer(run, answer, tables, as_json=as_json, notes=notes)
    shared = run.result["same_terms"] or {}
    if run.result["failing"] or shared.get("failing"):
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
        ("coercivity plan mini --name base", "a plan with projects; a real case takes minutes"),
        ("coercivity align base --name package", "what its projects need"),
        (
            "coercivity align base --allow loan --allow ebitda-floor --paths 400",
            "of two kinds of contract",
        ),
        (
            "coercivity align base --project works --paths 400 --json",
            "one project, for programs",
        ),
    ),
    exits=(0, 1, 2, 3, 4, 130),
)
