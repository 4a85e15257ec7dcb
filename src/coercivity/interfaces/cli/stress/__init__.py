"""``coercivity stress``: what could break it. One file a subverb; each is listed once, here."""

from __future__ import annotations

import typer

from coercivity.interfaces.cli.stress import adversary, simulate, stockpile, survive, sweep, worst
from coercivity.interfaces.cli.verbs import Verb, Verbs

VERBS: tuple[Verb, ...] = (
    sweep.VERB,
    survive.VERB,
    worst.VERB,
    simulate.VERB,
    stockpile.VERB,
    adversary.VERB,
)
"""Every subverb, in the order of the help; a new one is a file and an entry here."""
NAME = "stress"

app = typer.Typer(
    cls=Verbs,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="RUN is the id or folder of a plan: its builds stand. CASE stands as it is, and "
    "nothing is built.",
)


@app.callback(invoke_without_command=True)
def start(context: typer.Context) -> None:
    """Attack a chain: what breaks it, how long does it last."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


for verb in VERBS:
    app.command(verb.name, epilog=verb.epilog())(verb.function)
