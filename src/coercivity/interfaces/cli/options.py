"""Arguments and options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

CaseArgument = Annotated[
    str,
    typer.Argument(
        metavar="CASE",
        help="Folder, .xlsx workbook, or name of a reference case.",
        show_default=False,
    ),
]
Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON object to stdout, also on failure.")
]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", help="Tell more on stderr; show tracebacks.")
]
RunsFolder = Annotated[
    Path | None,
    typer.Option(
        "--runs",
        metavar="DIR",
        help="Folder of runs.",
        show_default="COERCIVITY_RUNS, else runs",
    ),
]
Scenario = Annotated[
    str | None,
    typer.Option(
        "--scenario", metavar="NAME", help="Apply this scenario.", show_default="the case as it is"
    ),
]
RunName = Annotated[
    str | None,
    typer.Option("--name", metavar="ID", help="Name of the run.", show_default="made up"),
]
Strict = Annotated[bool, typer.Option("--strict", help="Count warnings as errors.")]
