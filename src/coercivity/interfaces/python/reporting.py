"""``coercivity.report`` and ``coercivity.compare``."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from coercivity.results import Run, find_run, runs_folder
from coercivity.results.compare import Comparison, compare_runs
from coercivity.views.briefing import form_of, make_briefing, write_briefing


class Finished(Protocol):
    """A run as a verb of this package returned it."""

    @property
    def run(self) -> Run:
        """The run folder behind it."""
        ...


AnyRun = Finished | Run | str | Path
"""A run as it was returned, or its id or path."""


def brief(
    run: Run,
    path: str | Path,
    *,
    static: bool = False,
    redact: bool = False,
    banner: str | None = None,
) -> Path:
    """Write the briefing of one run and return its path; runs offer it as their ``report``.

    Parameters
    ----------
    run
        A complete run.
    path, static, redact, banner
        As in `report`.

    Raises
    ------
    CoercivityError
        If the file cannot be written; see `coercivity.foundation.errors`.

    Examples
    --------
    >>> import tempfile
    >>> from coercivity import plan
    >>> with tempfile.TemporaryDirectory() as here:
    ...     brief(plan("mini", runs=here).run, f"{here}/brief.html", static=True).name
    'brief.html'
    """
    return _written([run], Path(path), static=static, redact=redact, banner=banner)


def report(
    *runs: AnyRun,
    to: str | Path,
    static: bool = False,
    redact: bool = False,
    banner: str | None = None,
    folder: str | Path | None = None,
) -> Path:
    """Write a briefing, as ``coercivity report`` does, and return its path.

    Parameters
    ----------
    *runs
        One to four runs.
    to
        File that ends in ``.html``, ``.pdf`` or ``.xlsx``; one that exists is replaced.
    static
        Whether HTML is to be without scripts.
    redact
        Whether inputs are left out; `coercivity.views.briefing.redaction` says which.
    banner
        Handling banner; that of the case unless given.
    folder
        Folder of the runs named by id; ``runs`` under the current folder unless given.

    Raises
    ------
    CoercivityError
        If a run cannot be used or the file cannot be written; see `coercivity.foundation.errors`.

    Examples
    --------
    >>> import tempfile
    >>> from coercivity import plan
    >>> with tempfile.TemporaryDirectory() as here:
    ...     run = plan("mini", runs=here)
    ...     report(run, to=f"{here}/brief.xlsx").name
    'brief.xlsx'
    """
    path = Path(to)
    form_of(path, static=static)  # a wrong ending is told before the work
    opened = [_opened(run, folder) for run in runs]
    return _written(opened, path, static=static, redact=redact, banner=banner)


def compare(*runs: AnyRun, folder: str | Path | None = None) -> Comparison:
    """Compare two to four runs of one verb, as ``coercivity compare`` does.

    Parameters
    ----------
    *runs
        The runs; changes are counted from the first.
    folder
        Folder of the runs named by id; ``runs`` under the current folder unless given.

    Raises
    ------
    CoercivityError
        If a run cannot be used, or they have nothing in common.

    Examples
    --------
    >>> import tempfile
    >>> from coercivity import plan
    >>> with tempfile.TemporaryDirectory() as here:
    ...     found = compare(plan("mini", runs=here), plan("mini", gap=0.5, runs=here))
    >>> [(one.table, one.column, one.values) for one in found.inputs]
    [('options', 'gap', ('0.01', '0.5'))]
    """
    return compare_runs([_opened(run, folder) for run in runs])


def _written(
    runs: list[Run], path: Path, *, static: bool, redact: bool, banner: str | None
) -> Path:
    form_of(path, static=static)
    write_briefing(make_briefing(runs, redact=redact, banner=banner), path, static=static)
    return path


def _opened(run: AnyRun, folder: str | Path | None) -> Run:
    if isinstance(run, Run):
        return run
    if isinstance(run, str | Path):
        return find_run(run, runs=runs_folder(None if folder is None else Path(folder)))
    return run.run
