"""The program ``coercivity``: its verbs, and the entry of the command."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer

from coercivity.interfaces.cli import (
    align,
    assess,
    check,
    compare,
    convert,
    doctor,
    explain,
    finance,
    init,
    loop,
    plan,
    report,
    runs,
    schema,
    serve,
    source,
    stress,
)
from coercivity.interfaces.cli.options import Verbose
from coercivity.interfaces.cli.verbs import Verb, Verbs

VERBS: tuple[Verb, ...] = (
    init.VERB,
    check.VERB,
    schema.VERB,
    explain.VERB,
    assess.VERB,
    source.VERB,
    plan.VERB,
    finance.VERB,
    align.VERB,
    loop.VERB,
    compare.VERB,
    report.VERB,
    convert.VERB,
    runs.VERB,
    serve.VERB,
    doctor.VERB,
)
"""Every verb, in the order of the help."""
EPILOG = (
    "\b\nA first look:\n"
    "  coercivity init my-case\n"
    "  coercivity check my-case\n\n"
    "CASE is a folder, an .xlsx workbook, or the name of a reference case. Results go to stdout, "
    "progress to stderr; every verb knows --json and --help."
)

app = typer.Typer(
    cls=Verbs,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"coercivity {version('coercivity')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    show_version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
    verbose: Verbose = False,
) -> None:
    """Design, finance and stress-test a domestic supply chain, from the mine to the product."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


for verb in VERBS:
    app.command(verb.name, epilog=verb.epilog())(verb.function)
app.add_typer(stress.app, name=stress.NAME)


def main() -> None:
    """Run the command line; every way it can end has its exit status."""
    typer.main.get_command(app).main(prog_name="coercivity")
