"""The briefing as data: what it says, in which order, before it is written to any form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from coercivity.views.chart import Chart
from coercivity.views.plan_words import TextTable


@dataclass(frozen=True, slots=True)
class Listing:
    """A table of a briefing: as people read it, and with all its digits."""

    text: TextTable
    """What is shown."""
    frame: pd.DataFrame | None = None
    """The same with full digits for the workbook; None where the text is all there is."""
    units: Mapping[str, str] = field(default_factory=dict)
    """Unit of each column of the frame that has one."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a briefing under one heading."""

    title: str
    paragraphs: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    listings: tuple[Listing, ...] = ()
    abreast: bool = False
    """Whether its figures and tables stand side by side, to be compared."""


@dataclass(frozen=True, slots=True)
class Briefing:
    """Everything that a briefing says."""

    title: str
    subtitle: str
    """What the case describes; empty where it is left out."""
    answer: tuple[str, ...]
    """The answer, in three sentences at most."""
    certainty: str
    """How sure it is, in one sentence; empty where nothing was proven."""
    figures: tuple[Section, ...]
    """What was found."""
    assumptions: Section
    """What it rests on."""
    sources: Section
    """Where inputs and drawings come from."""
    computed: Section
    """What it takes to compute it again."""
    finished: str
    """End of the last of its runs, ISO 8601. [UTC]"""
    banner: str = ""
    """Handling banner, on every page."""
    redacted: bool = False
    """Whether inputs were left out."""

    @property
    def sections(self) -> tuple[Section, ...]:
        """Every section in the order in which it is read."""
        return (*self.figures, self.assumptions, self.sources, self.computed)

    @property
    def charts(self) -> tuple[Chart, ...]:
        """Every figure in the order in which it is read."""
        return tuple(chart for section in self.sections for chart in section.charts)


def numbered_charts(briefing: Briefing) -> Iterator[tuple[int, Section, Chart]]:
    """Go through the figures with their numbers, from 1, and the sections they stand in."""
    number = 0
    for section in briefing.sections:
        for chart in section.charts:
            number += 1
            yield number, section, chart
