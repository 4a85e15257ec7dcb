"""A run as a page shows it: answer, key figures, sections. One mechanism for every verb.

Sections are those of the briefing, so a verb that has a telling there, or tables that a figure can
draw, is shown here without another line.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from coercivity.interfaces.workbench import figures
from coercivity.results import Run, open_run
from coercivity.results.compare import Comparison, KeyFigure
from coercivity.results.manifest import MANIFEST
from coercivity.views.briefing.nouns import Section
from coercivity.views.briefing.parts import FOUND, answer_of, sections_of, title_of
from coercivity.views.briefing.sections.telling import Answer
from coercivity.views.charts import FIGURES, Chart, available
from coercivity.views.compare_words import figure_table
from coercivity.views.plan_words import TextTable

KEPT = 8
"""Runs whose telling is kept."""
MOST_KEY_FIGURES = 6
NOT_A_FIGURE = frozenset({"report_until"})

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure on a page."""

    name: str
    """Name by which it is asked for; empty where it can only be shown as it is."""
    title: str
    alt: str
    notes: tuple[str, ...]
    takes: tuple[str, ...]
    """What can be chosen for it."""
    rows: int
    width: int
    height: int
    too_large: bool
    """Whether a browser should not be asked to draw it; its table is shown instead."""


@dataclass(frozen=True, slots=True)
class Part:
    """A section on a page."""

    title: str
    paragraphs: tuple[str, ...]
    drawings: tuple[Drawing, ...]
    listings: tuple[TextTable, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What a run says."""

    title: str
    answer: Answer
    key_figures: tuple[tuple[str, str], ...]
    """Name and value of each."""
    parts: tuple[Part, ...]

    def figures(self) -> tuple[str, ...]:
        """Give the names of the figures on the page."""
        return tuple(d.name for part in self.parts for d in part.drawings if d.name)


def told_of(run: Run) -> Told:
    """Tell a complete run of any verb.

    Parameters
    ----------
    run
        The run.
    """
    return _told(run.path, (run.path / MANIFEST).stat().st_mtime_ns)


@lru_cache(maxsize=KEPT)
def _told(path: Path, _stamp: int) -> Told:
    run = open_run(path)
    try:
        return Told(title_of(run), answer_of(run), key_figures(run), _parts(run, sections_of(run)))
    except (KeyError, IndexError, TypeError, ValueError) as error:
        logger.warning("run '%s' cannot be told: %r", run.id, error)
        return _untold(run)


def _untold(run: Run) -> Told:
    """Show what can be shown of a run that other words were made for."""
    program = run.manifest.versions.get("coercivity", "another version")
    told = f"It was written by coercivity {program}, for which this version lacks the words."
    answer = Answer((run.manifest.headline or f"Run {run.id} came to its end.", told))
    parts = []
    for name in available(run):
        with suppress(KeyError, IndexError, TypeError, ValueError):
            parts.append(_drawing(name, figures.chart_of(run, name, {})))
    return Told(title_of(run), answer, key_figures(run), (Part(FOUND, (), tuple(parts), ()),))


def part_of(run: Run, title: str, names: Sequence[str]) -> Part:
    """Put some figures of a run under a title, as far as it has the tables for them.

    Parameters
    ----------
    run
        The run.
    title
        The title.
    names
        Names of figures.
    """
    held = [name for name in names if name in available(run)]
    charts = [(name, figures.chart_of(run, name, {})) for name in held]
    return Part(title, (), tuple(_drawing(name, chart) for name, chart in charts), ())


def drawing_of(run: Run, name: str, asked: Mapping[str, str]) -> Drawing:
    """Give one figure of a run for a page.

    Parameters
    ----------
    run
        The run.
    name
        Name of the figure.
    asked
        What is asked of it.
    """
    return _drawing(name, figures.chart_of(run, name, asked))


def key_figures(run: Run) -> tuple[tuple[str, str], ...]:
    """Give the key figures of a run in words, as a comparison would."""
    held = [
        KeyFigure(name, (value,), (None,))
        for name, value in run.kpis.items()
        if name not in NOT_A_FIGURE and (value is None or isinstance(value, str | float | int))
    ]
    table = figure_table(Comparison((run,), tuple(held[:MOST_KEY_FIGURES]), (), ()))
    return tuple((row[0].replace(" musd,", ","), row[1]) for row in table.rows)


def _parts(run: Run, sections: Sequence[Section]) -> tuple[Part, ...]:
    charts = [chart for section in sections for chart in section.charts]
    names = _names_of(run, charts)
    # A figure that several sections show stands in the last of them, which is its own.
    last = {(c.title, c.alt): place for place, section in enumerate(sections)
            for c in section.charts}  # fmt: skip
    return tuple(
        Part(
            section.title,
            section.paragraphs,
            tuple(
                _drawing(names.get((c.title, c.alt), ""), c)
                for c in section.charts
                if last[c.title, c.alt] == place
            ),
            tuple(listing.text for listing in section.listings),
        )
        for place, section in enumerate(sections)
    )


def _names_of(run: Run, charts: Sequence[Chart]) -> dict[tuple[str, str], str]:
    """Find by which name each figure can be asked for; some call themselves otherwise."""
    known = available(run)
    found = {(chart.title, chart.alt): chart.name for chart in charts if chart.name in known}
    if len(found) == len({(chart.title, chart.alt) for chart in charts}):
        return found
    for name in set(known) - set(found.values()):
        chart = figures.chart_of(run, name, {})
        found[chart.title, chart.alt] = name
    return found


def _drawing(name: str, chart: Chart) -> Drawing:
    takes = FIGURES[name].takes if name else ()
    size = len(str(chart.option))
    return Drawing(
        name,
        chart.title,
        chart.alt,
        chart.notes,
        takes,
        len(chart.table),
        chart.width,
        chart.height,
        size > figures.LARGEST_OPTION,
    )
