"""``coercivity stress stockpile``: which forms to stock against an emergency."""

from __future__ import annotations

from typing import Annotated

import typer

from coercivity.interfaces.cli.answers import show_answer
from coercivity.interfaces.cli.options import Json, RunName, RunsFolder, Scenario, Strict, Verbose
from coercivity.interfaces.cli.screen import tell
from coercivity.interfaces.cli.stress.options import Subject
from coercivity.interfaces.cli.verbs import Verb

Whose = Annotated[
    str, typer.Option("--segment", metavar="S", help="Whose demand is to be met; no other's.")
]
Begins = Annotated[
    int | None,
    typer.Option(
        "--year",
        metavar="Y",
        help="Year of conflict; three years of regeneration follow it.",
        show_default="five years after the first of the case",
    ),
]
Limit = Annotated[
    float,
    typer.Option("--limit", metavar="X", help="Part of each demand and year that may stay unmet."),
]
Surge = Annotated[
    float,
    typer.Option("--surge", metavar="X", help="Demand in the emergency over that of the case."),
]
Chance = Annotated[
    float,
    typer.Option(
        "--chance",
        metavar="P",
        help="That the emergency comes: what is spent only then counts with it.",
    ),
]
Gap = Annotated[
    float,
    typer.Option("--gap", metavar="G", help="Gap of the searches with new plants, as for a plan."),
]


def stockpile(
    subject: Subject,
    segment: Whose = "defence",
    year: Begins = None,
    limit: Limit = 0.0,
    surge: Surge = 1.0,
    chance: Chance = 0.1,
    gap: Gap = 0.01,
    scenario: Scenario = None,
    name: RunName = None,
    strict: Strict = False,
    folder: RunsFolder = None,
    as_json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Say which forms to stock against an emergency.

    For one year of conflict nothing comes from abroad, for three years of regeneration nothing
    from covered countries; the segment has first call on every plant at home. The stock is bought
    in the first year of the case; what is spent only in the emergency counts with its chance.
    """
    from coercivity.results import runs_folder
    from coercivity.studies.stockpile import StockpileOptions
    from coercivity.studies.stockpile import stockpile as study
    from coercivity.views.stockpile_words import answer, notes, tables

    options = StockpileOptions(
        segment=segment,
        year=year,
        limit=limit,
        surge=surge,
        chance=chance,
        gap=gap,
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
    "stockpile",
    stockpile,
    (
        ("coercivity stress stockpile mini --year 2026", "the stock that bridges four years"),
        (
            "coercivity stress stockpile mini --year 2027 --surge 1.5 --chance 0.3",
            "defence asks for half as much again, and it is likelier",
        ),
        (
            "coercivity stress stockpile mini --year 2026 --limit 0.25 --json",
            "a quarter may stay unmet; for programs",
        ),
    ),
    exits=(0, 1, 2, 3, 4, 130),
)
