"""``coercivity compare``: up to four runs beside each other."""

from __future__ import annotations

from typing import Annotated

import typer

from coercivity.interfaces.cli.options import Json, RunsFolder, Verbose
from coercivity.interfaces.cli.screen import show, show_json, show_table
from coercivity.interfaces.cli.verbs import Verb

RunsArgument = Annotated[
    list[str],
    typer.Argument(metavar="RUN", help="Ids or paths of runs.", show_default=False),
]


def compare(
    runs: RunsArgument,
    folder: RunsFolder = None,
    as_json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Compare two to four runs: what differs, and why.

    Key figures with their change from the first run; inputs that differ, by table, row and column;
    results that differ. The runs must be of one verb.
    """
    from coercivity.results import find_run, runs_folder
    from coercivity.results.compare import compare_runs
    from coercivity.views.compare_words import answer, tables

    place = runs_folder(folder)
    comparison = compare_runs([find_run(run, runs=place) for run in runs])
    if as_json:
        show_json({"status": "ok", "exit": 0, **comparison.as_json()})
        return
    show("\n".join(answer(comparison)))
    for table in tables(comparison):
        if table.rows:
            show_table(table.columns, table.rows, title=f"\n{table.title}")
    show(f"\n`coercivity report {' '.join(runs)}` draws them side by side.")


VERB = Verb(
    "compare",
    compare,
    (
        ("coercivity plan mini --name base", "a first run"),
        ("coercivity plan mini --seed 1 --name other", "and a second"),
        ("coercivity compare base other", "what differs between them"),
        ("coercivity compare base other --json", "all of it, for programs"),
    ),
    exits=(0, 1, 2, 3, 130),
)
