"""``coercivity source``: from whom may I buy, am I compliant, how long do I last."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coercivity.interfaces.cli.options import CaseArgument, Json, RunsFolder, Scenario, Verbose
from coercivity.interfaces.cli.screen import show, show_json, show_table
from coercivity.interfaces.cli.verbs import Verb

if TYPE_CHECKING:
    from coercivity.results import Run

Segment = Annotated[
    str,
    typer.Option("--segment", metavar="S", help="The segment that buys.", show_default=False),
]
Suppliers = Annotated[
    Path | None,
    typer.Option(
        "--suppliers",
        metavar="FILE",
        help="Supply list, CSV or .xlsx: supplier, material, amount (t/year), and where each stage "
        "ran: origin as stage=COUNTRY;… or a column a stage; also country, date, stock.",
        show_default="none",
    ),
]
Date = Annotated[
    str | None,
    typer.Option(
        "--date",
        metavar="D",
        help="Day whose rules hold, YYYY-MM-DD.",
        show_default="the first day of the case",
    ),
]
Name = Annotated[
    str | None,
    typer.Option("--name", metavar="ID", help="Name of the run.", show_default="made up"),
]
Strict = Annotated[bool, typer.Option("--strict", help="Count warnings as errors.")]


def source(
    case: CaseArgument,
    segment: Segment,
    suppliers: Suppliers = None,
    date: Date = None,
    scenario: Scenario = None,
    name: Name = None,
    strict: Strict = False,
    folder: RunsFolder = None,
    as_json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Say from whom one may buy, what complies, how long one lasts.

    Who qualifies is worked out from the origin rules of the day, from suppliers and from plants
    that exist. A stage of which a supply list says nothing fails where a rule is in force.
    """
    from coercivity.results import runs_folder
    from coercivity.studies.source import SourceOptions, day_of
    from coercivity.studies.source import source as study
    from coercivity.tables import find_case

    options = SourceOptions(
        segment=segment,
        suppliers=suppliers,
        day=None if date is None else day_of(date),
        scenario=scenario,
        strict=strict,
        name=name,
    )
    run = study(find_case(case), runs_folder(folder), options)
    if as_json:
        show_json(run.result)
    else:
        _show(run)


def _show(run: Run) -> None:
    from coercivity.views.source_words import answer, tables

    show("\n".join(answer(run)))
    for table in tables(run):
        if table.rows:
            show_table(table.columns, table.rows, title=f"\n{table.title}")
    show(f"\nThe run is in {run.path}. `coercivity runs` lists all; tables are in tables/.")


VERB = Verb(
    "source",
    source,
    (
        ("coercivity source mini --segment defence --date 2027-01-01", "who qualifies on a day"),
        ("coercivity source us-rare-earths --segment defence --json", "the same for programs"),
    ),
    exits=(0, 1, 2, 3, 130),
)
