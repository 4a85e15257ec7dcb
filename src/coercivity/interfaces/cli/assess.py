"""``coercivity assess``: where do we stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from coercivity.interfaces.cli.options import CaseArgument, Json, RunsFolder, Scenario, Verbose
from coercivity.interfaces.cli.screen import show, show_json, show_table, tell
from coercivity.interfaces.cli.verbs import Verb

if TYPE_CHECKING:
    from coercivity.results import Run

Year = Annotated[
    int | None,
    typer.Option("--year", metavar="Y", help="The year.", show_default="the last one counted"),
]
Name = Annotated[
    str | None,
    typer.Option("--name", metavar="ID", help="Name of the run.", show_default="made up"),
]
Strict = Annotated[bool, typer.Option("--strict", help="Count warnings as errors.")]


def assess(
    case: CaseArgument,
    year: Year = None,
    scenario: Scenario = None,
    name: Name = None,
    strict: Strict = False,
    folder: RunsFolder = None,
    as_json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Say where a chain stands: who makes it, and what hangs on whom.

    Shares, concentration, import reliance, single points of failure, days of cover, compliance and
    basket prices, from what was counted (the table observations) and from plants that exist. The
    answer comes in words, then as tables; the run folder keeps all of it, year by year.
    """
    from coercivity.results import runs_folder
    from coercivity.studies.assess import AssessOptions
    from coercivity.studies.assess import assess as study
    from coercivity.tables import find_case

    options = AssessOptions(year=year, scenario=scenario, strict=strict, name=name)
    run = study(find_case(case), runs_folder(folder), options)
    if as_json:
        show_json(run.result)
    else:
        _show(run)


def _show(run: Run) -> None:
    from coercivity.views.assess_words import answer, notes, tables

    show("\n".join(answer(run)))
    for table in tables(run):
        if table.rows:
            show_table(table.columns, table.rows, title=f"\n{table.title}")
    for note in notes(run):
        tell(f"note: {note}")
    show(f"\nThe run is in {run.path}. `coercivity runs` lists all; tables are in tables/.")


VERB = Verb(
    "assess",
    assess,
    (
        ("coercivity assess us-rare-earths", "in the last year counted"),
        ("coercivity assess us-rare-earths --year 2024 --json", "in another year, for programs"),
    ),
    exits=(0, 1, 2, 3, 130),
)
