"""``coercivity source``: from whom may I buy, am I compliant, how long do I last."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coercivity.interfaces.cli.answers import show_answer
from coercivity.interfaces.cli.options import (
    CaseArgument,
    Json,
    RunName,
    RunsFolder,
    Scenario,
    Strict,
    Verbose,
)
from coercivity.interfaces.cli.verbs import Verb

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


def source(
    case: CaseArgument,
    segment: Segment,
    suppliers: Suppliers = None,
    date: Date = None,
    scenario: Scenario = None,
    name: RunName = None,
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
    from coercivity.views.source_words import answer, tables

    options = SourceOptions(
        segment=segment,
        suppliers=suppliers,
        day=None if date is None else day_of(date),
        scenario=scenario,
        strict=strict,
        name=name,
    )
    run = study(find_case(case), runs_folder(folder), options)
    show_answer(run, answer, tables, as_json=as_json)


VERB = Verb(
    "source",
    source,
    (
        ("coercivity source mini --segment defence --date 2027-01-01", "who qualifies on a day"),
        ("coercivity source us-rare-earths --segment defence --json", "the same for programs"),
    ),
    exits=(0, 1, 2, 3, 130),
)
