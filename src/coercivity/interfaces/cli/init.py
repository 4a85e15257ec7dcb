"""``coercivity init``: a first case."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coercivity.interfaces.cli.options import Json, Verbose
from coercivity.interfaces.cli.screen import show, show_json
from coercivity.interfaces.cli.verbs import Verb


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="New or empty folder.", show_default=False)
    ],
    source: Annotated[
        str, typer.Option("--from", metavar="CASE", help="Reference case, or folder of a case.")
    ] = "mini",
    as_json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Copy a reference case into a new folder, to start your own.

    The folder appears whole or not at all. Its tables are CSV files to be edited in any
    spreadsheet program; `coercivity convert DIR --to case.xlsx` makes one workbook of them.
    """
    from coercivity.studies.cases import copy_case

    written = copy_case(source, folder)
    files = sorted(path.name for path in written.iterdir())
    if as_json:
        show_json({"status": "ok", "exit": 0, "from": source, "path": str(written), "files": files})
        return
    tables = sum(name.endswith(".csv") for name in files)
    show(f"Copied {source} to {written}: case.yaml and {tables} tables.")
    show(f"Next: coercivity check {written}")


VERB = Verb(
    "init",
    init,
    (
        ("coercivity init my-case", "copy the smallest reference case"),
        ("coercivity init my-metals --from us-rare-earths", "copy another one"),
    ),
)
