"""``coercivity convert``: a case in another form."""

from __future__ import annotations

from typing import Annotated

import typer

from coercivity.interfaces.cli.options import CaseArgument, Json, Scenario, Verbose
from coercivity.interfaces.cli.screen import show, show_json, tell
from coercivity.interfaces.cli.verbs import Verb


def convert(
    case: CaseArgument,
    target: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="TARGET",
            help="case.xlsx (workbook), DIR (CSV files), package.json (data package in a folder of "
            "that name), model.lp or model.mps (the planning model).",
            show_default=False,
        ),
    ],
    scenario: Scenario = None,
    overwrite: Annotated[
        bool,
        typer.Option(
            "--overwrite", help="Replace a file that exists; a filled folder is never replaced."
        ),
    ] = False,
    as_json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Write a case as workbook, folder, data package or model.

    The ending of the target says the form. A case in an older format is written in the
    present one; the case itself is never changed.
    """
    from coercivity.studies.cases import convert_case

    done = convert_case(case, target, scenario=scenario, overwrite=overwrite)
    for step in done.steps:
        tell(f"Upgraded: {step}")
    if as_json:
        written = {"case": done.case, "form": done.form.value, "path": str(done.path)}
        show_json({"status": "ok", "exit": 0, **written, "upgraded": list(done.steps)})
    else:
        show(f"Wrote {done.path} ({done.form.value} of {done.case}).")


VERB = Verb(
    "convert",
    convert,
    (
        ("coercivity convert mini --to mini.xlsx", "one workbook of a folder"),
        ("coercivity convert mini.xlsx --to mini-again", "and a folder of it again"),
        ("coercivity convert mini --to package.json", "a Frictionless data package in package/"),
        ("coercivity convert mini --to model.lp", "the planning model, for any solver"),
    ),
    exits=(0, 1, 2, 3, 130),
)
