"""``coercivity stress simulate``: months of operation under disruptions, many times over."""

from __future__ import annotations

from typing import Annotated

import typer

from coercivity.interfaces.cli.answers import show_answer
from coercivity.interfaces.cli.options import Json, RunName, RunsFolder, Scenario, Strict, Verbose
from coercivity.interfaces.cli.screen import tell
from coercivity.interfaces.cli.stress.options import Subject
from coercivity.interfaces.cli.verbs import Verb

Months = Annotated[
    int, typer.Option("--months", metavar="M", help="Length of a replication, in months.")
]
Replications = Annotated[
    int, typer.Option("--replications", metavar="R", help="How often the months are run through.")
]
Seed = Annotated[int, typer.Option("--seed", metavar="K", help="Seed of all draws.")]
RoutingYear = Annotated[
    int | None,
    typer.Option(
        "--year",
        metavar="Y",
        help="Year whose flows are the routing of every month.",
        show_default="of a plan the first in which all it builds runs; of a case its first",
    ),
]
PolicyName = Annotated[
    str,
    typer.Option(
        "--policy",
        metavar="P",
        help="What is done when there is too little: defence-first, reserve, ration, as-planned, "
        "no-refill or no-restart.",
    ),
]
Lose = Annotated[
    list[str] | None,
    typer.Option(
        "--lose",
        metavar="SCOPE:TARGET@MONTH+MONTHS",
        help="A disruption that is certain, such as country:CHN@13+12, or asset:plant@1+6x0.5 "
        "where half is lost; may be given several times.",
        show_default="none",
    ),
]
SurgeOf = Annotated[
    list[str] | None,
    typer.Option(
        "--surge",
        metavar="SEGMENT=FACTOR@MONTH+MONTHS",
        help="Demand that is larger for some months, such as defence=1.5@13+12.",
        show_default="none",
    ),
]
ShockOf = Annotated[
    list[str] | None,
    typer.Option(
        "--price-shock",
        metavar="MATERIAL=FACTOR@MONTH+MONTHS",
        help="A price from outside; users answer by their elasticity.",
        show_default="none",
    ),
]
LeadOf = Annotated[
    list[str] | None,
    typer.Option(
        "--lead",
        metavar="SCOPE:TARGET=MONTHS",
        help="How long something takes: mode:sea=2, link, rule, supplier or asset; or how long a "
        "plant that stands still is asked for until it runs: start:plant=12, start=never.",
        show_default="a month each; starts as assets.csv says",
    ),
]
Events = Annotated[
    bool, typer.Option("--events/--no-events", help="Whether events of the case are drawn.")
]
Against = Annotated[
    str | None,
    typer.Option(
        "--against",
        metavar="RUN|CASE",
        help="Another plan or case that meets the same draws: tells the difference.",
        show_default="none",
    ),
]
AgainstPolicy = Annotated[
    str | None,
    typer.Option(
        "--against-policy",
        metavar="P",
        help="Another policy that meets the same draws.",
        show_default="none",
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers",
        metavar="N",
        help="Threads; the result does not depend on them.",
        show_default="processors",
    ),
]


def simulate(
    subject: Subject,
    months: Months = 120,
    replications: Replications = 1000,
    seed: Seed = 0,
    year: RoutingYear = None,
    policy: PolicyName = "defence-first",
    lose: Lose = None,
    surge: SurgeOf = None,
    price_shock: ShockOf = None,
    lead: LeadOf = None,
    events: Events = True,
    against: Against = None,
    against_policy: AgainstPolicy = None,
    workers: Workers = None,
    scenario: Scenario = None,
    name: RunName = None,
    strict: Strict = False,
    folder: RunsFolder = None,
    as_json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Run a chain through months of outages, bans and surges.

    The routing is that of one year; what fails is replaced by spare capacity, cheapest first, and
    better priorities are filled first. It is no optimiser: `stress sweep` is.
    """
    from coercivity.results import runs_folder
    from coercivity.studies.simulate import SimulateOptions
    from coercivity.studies.simulate import simulate as study
    from coercivity.views.simulation_words import answer, notes, tables

    options = SimulateOptions(
        months=months, replications=replications, seed=seed, year=year, policy=policy,
        lose=tuple(lose or ()), surge=tuple(surge or ()), price_shock=tuple(price_shock or ()),
        lead=tuple(lead or ()), events=events, against=against, against_policy=against_policy,
        scenario=scenario, strict=strict, name=name, workers=workers,
    )  # fmt: skip

    def told(phase: str, share: float) -> None:
        if verbose:
            tell(f"{share:4.0%}  {phase}")

    run = study(subject, runs_folder(folder), options, tell=told)
    show_answer(run, answer, tables, as_json=as_json, notes=notes)


VERB = Verb(
    "simulate",
    simulate,
    (
        (
            "coercivity stress simulate mini --no-events --lose country:CHN@7+12",
            "a year without one country, and nothing else",
        ),
        (
            "coercivity stress simulate us-tungsten --replications 200 --json",
            "the events of a case, for programs",
        ),
        (
            "coercivity stress simulate us-tungsten --lead mode:sea=2 --lead start=6",
            "two months at sea; plants that stand still run after half a year",
        ),
    ),
    exits=(0, 1, 2, 3, 4, 130),
)
