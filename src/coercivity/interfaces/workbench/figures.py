"""Figures of a run for a page: drawn once, kept for a while, given as data for the browser."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from coercivity.foundation.errors import UsageError
from coercivity.foundation.problems import quoted
from coercivity.results import Run, open_run
from coercivity.results.manifest import MANIFEST
from coercivity.views.charts import FIGURES, Chart, figure
from coercivity.views.inputs import inputs_of

KEPT = 64
"""Figures that are kept drawn."""
LARGEST_OPTION = 4_000_000
"""Largest drawing that a browser is asked to make. [character]"""
MOST_ROWS = 2000
"""Rows of a table that are shown; the file has all."""

WORDS = ("segment", "project", "shock")
"""What a figure can be asked for beside its year."""

Asked = Mapping[str, str]


def chart_of(run: Run, name: str, asked: Asked) -> Chart:
    """Make a figure of a run, or give the one made before.

    Parameters
    ----------
    run
        A complete run.
    name
        Name of the figure.
    asked
        ``year``, ``segment``, ``project`` and ``shock`` as texts; empty ones, and those that the
        figure does not take, are left aside.

    Raises
    ------
    UsageError
        If there is no such figure, or a value does not fit.
    """
    takes = FIGURES[name].takes if name in FIGURES else ()
    given = {key: asked[key] for key in takes if asked.get(key)}
    year = given.get("year")
    if year is not None and not (year.isascii() and year.isdigit() and len(year) <= 4):
        msg = f"the year is {quoted(year)}; write four digits.  [{UsageError.code}]"
        raise UsageError(msg)
    stamp = (run.path / MANIFEST).stat().st_mtime_ns
    words = tuple((key, given[key]) for key in WORDS if key in given)
    return _made(run.path, stamp, name, year and int(year), words)


@lru_cache(maxsize=KEPT)
def _made(
    path: Path,
    _stamp: int,
    name: str,
    year: int | None,
    words: tuple[tuple[str, str], ...],
) -> Chart:
    return figure(open_run(path), name, year=year or None, **dict(words))


def as_json(chart: Chart) -> dict[str, Any]:
    """Give a figure as what a page needs to draw it."""
    return {
        "title": chart.title,
        "alt": chart.alt,
        "notes": list(chart.notes),
        "maps": list(chart.maps),
        "width": chart.width,
        "height": chart.height,
        "option": chart.option,
    }


def levers(run: Run, names: tuple[str, ...]) -> dict[str, list[tuple[str, str]]]:
    """Give what can be chosen for some figures: values with their names, by argument.

    Parameters
    ----------
    run
        A complete run.
    names
        Names of the figures.
    """
    takes = {key for name in names if name in FIGURES for key in FIGURES[name].takes}
    found: dict[str, list[tuple[str, str]]] = {}
    if not takes:
        return found
    inputs = inputs_of(run)
    if "year" in takes:
        last = inputs.report_until
        starts = [year for year in inputs.tables.settings.periods[:-1] if year <= last]
        found["year"] = [(str(year), inputs.period(year)) for year in starts]
    if "segment" in takes:
        found["segment"] = list(inputs.segments.items())
    if "project" in takes and "finance" in run.tables:
        held = list(dict.fromkeys(str(one) for one in run.table("finance")["project"]))
        known = inputs.names("projects")
        found["project"] = [(one, known.get(one, one)) for one in held]
    return {key: values for key, values in found.items() if len(values) > 1}
