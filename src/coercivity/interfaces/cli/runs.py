"""``coercivity runs``: what was run here."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from coercivity.interfaces.cli.options import Json, RunsFolder, Verbose
from coercivity.interfaces.cli.screen import show, show_json, show_table
from coercivity.interfaces.cli.verbs import Verb

if TYPE_CHECKING:
    from coercivity.results import RunSummary

HEADINGS = (
    ("run", False),
    ("state", False),
    ("case", False),
    ("started (UTC)", False),
    ("seconds", True),
    ("result", False),
)


def runs(folder: RunsFolder = None, as_json: Json = False, verbose: Verbose = False) -> None:
    """List runs with their state and result, the newest first."""
    from coercivity.results import list_runs, runs_folder

    place = runs_folder(folder)
    found = list_runs(place)
    if as_json:
        plain = [asdict(run) | {"state": run.state.value} for run in found]
        show_json({"status": "ok", "exit": 0, "folder": str(place), "runs": plain})
    elif not found:
        show(f"There are no runs in {place} yet.")
    else:
        show_table(HEADINGS, [_cells(run) for run in found])


def _cells(run: RunSummary) -> tuple[str, ...]:
    result = run.problem or run.headline
    if run.seconds is None and run.phase:
        result = f"{run.phase}, {run.progress:.0%}" + (f": {result}" if result else "")
    return (
        run.id,
        run.state.value,
        run.case,
        run.started[:19].replace("T", " "),
        "" if run.seconds is None else f"{run.seconds:.1f}",
        result,
    )


VERB = Verb(
    "runs",
    runs,
    (
        ("coercivity runs", "runs under the current folder"),
        ("coercivity runs --runs elsewhere --json", "runs of another folder, for programs"),
    ),
)
