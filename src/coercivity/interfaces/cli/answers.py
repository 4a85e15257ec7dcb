"""How the verbs that look, and decide nothing, show their runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from coercivity.interfaces.cli.screen import show, show_json, show_table, tell

if TYPE_CHECKING:
    from coercivity.results import Run
    from coercivity.views.plan_words import TextTable


def show_answer(
    run: Run,
    answer: Callable[[Run], list[str]],
    tables: Callable[[Run], Iterable[TextTable]],
    *,
    as_json: bool,
    notes: Callable[[Run], list[str]] | None = None,
) -> None:
    """Show a run: words first, then tables, then notes to stderr; or one JSON object.

    Parameters
    ----------
    run
        The run.
    answer
        Gives the sentences of the answer.
    tables
        Gives the tables below it; those without rows are left out.
    as_json
        Whether the JSON object is printed in place of words and tables.
    notes
        Gives what was not counted, if anything can be left out.
    """
    if as_json:
        show_json(run.result)
        return
    show("\n".join(answer(run)))
    for table in tables(run):
        if table.rows:
            show_table(table.columns, table.rows, title=f"\n{table.title}")
    for note in () if notes is None else notes(run):
        tell(f"note: {note}")
    show(f"\nThe run is in {run.path}. `coercivity runs` lists all; tables are in tables/.")
