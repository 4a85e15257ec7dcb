"""``coercivity assess``: where do we stand."""

from __future__ import annotations

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

Year = Annotated[
    int | None,
    typer.Option("--year", metavar="Y", help="The year.", show_default="the last one counted"),
]


def assess(
    case: CaseArgument,
    year: Year = None,
    scenario: Scenario = None,
    name: RunName = None,
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
    from coercivity.views.assess_words import answer, notes, tables

    options = AssessOptions(year=year, scenario=scenario, strict=strict, name=name)
    run = study(find_case(case), runs_folder(folder), options)
    show_answer(run, answer, tables, as_json=as_json, notes=notes)


VERB = Verb(
    "assess",
    assess,
    (
        ("coercivity assess us-rare-earths", "in the last year counted"),
        ("coercivity assess us-rare-earths --year 2024 --json", "in another year, for programs"),
    ),
    exits=(0, 1, 2, 3, 130),
)
