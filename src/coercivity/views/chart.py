"""The chart: one finding, drawn from one table.

A figure is a function that returns a `Chart`; everything else reads from it::

    chart = figure(run, "coverage")   # coercivity.views.charts
    chart.title                       # the finding, a sentence computed from the data
    chart.option                      # a plain ECharts option: JSON, no functions, no HTML
    chart.table, chart.units          # tidy data behind it, and the unit of each column
    chart.alt, chart.notes            # what a reader who cannot see it is told; small print
    chart.data                        # the table with units in its column names
    chart.svg()                       # self-contained SVG, the same bytes each time
    chart.svg(titled=False)           # without title and notes, to stand under a heading
    chart.png()                       # picture for places without SVG
    chart.html()                      # interactive page that needs no connection
    chart.fragment()                  # static <figure> with its data, no script

To draw it live in a page, load ``vendored/echarts.min.js``, register each base map of ``maps``
(``coercivity.views.maps.base_map_text``) under its name and set ``option`` at ``width`` by
``height``. The option has no title of its own. Several drawings can share a page: ids inside each
begin with the chart's name and a digest of its content.
"""

from __future__ import annotations

import html
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from coercivity.views import rendering

WIDTH, HEIGHT = 860, 440
FEW_ROWS = 40
"""Rows shown under a figure in a notebook."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure as data: what it says, how it is drawn and the table behind it."""

    name: str
    """Short name, such as ``coverage``."""
    title: str
    """The finding in a sentence, computed from the data."""
    option: Mapping[str, Any]
    """ECharts option of plain JSON values, without a title."""
    table: pd.DataFrame
    """Tidy data: a row per mark, in the units of the run."""
    alt: str
    """The figure in words."""
    units: Mapping[str, str] = field(default_factory=dict)
    """Unit of each column of the table that has one."""
    notes: tuple[str, ...] = ()
    """Small print: what is counted, disclaimers, what was left out."""
    maps: tuple[str, ...] = ()
    """Base maps the option refers to."""
    width: int = WIDTH
    """Width of the drawing. [px]"""
    height: int = HEIGHT
    """Height of the drawing, without title and notes. [px]"""

    @property
    def data(self) -> pd.DataFrame:
        """The table with the unit of each column beside its name."""
        return self.table.rename(
            columns={name: f"{name} [{unit}]" for name, unit in self.units.items()}
        )

    def svg(self, *, titled: bool = True) -> str:
        """Draw it as SVG; needs the extra ``report``."""
        return rendering.svg(self.option, self._frame(), maps=self.maps, titled=titled)

    def png(self, *, dots_per_inch: float = 144.0) -> bytes:
        """Draw it as PNG; needs the extra ``report``."""
        return rendering.png(self.svg(), dots_per_inch=dots_per_inch)

    def html(self) -> str:
        """Write it as an interactive page that opens from disk without a connection."""
        table = table_html(self.data)
        return rendering.page(self.option, self._frame(), table=table, maps=self.maps)

    def fragment(self, *, rows: int | None = None) -> str:
        """Write it as a static ``<figure>``: drawing, notes and data, without any script.

        Parameters
        ----------
        rows
            Most rows of data; None writes all.
        """
        notes = "".join(f"<p>{html.escape(note)}</p>" for note in self.notes)
        return (
            f"<figure>{self.svg(titled=False)}"
            f"<figcaption><strong>{html.escape(self.title)}</strong>{notes}</figcaption>"
            f"<details><summary>View data</summary>{table_html(self.data, rows=rows)}</details>"
            "</figure>\n"
        )

    def _frame(self) -> rendering.Frame:
        return rendering.Frame(self.name, self.title, self.alt, self.notes, self.width, self.height)

    def _repr_html_(self) -> str:
        return self.fragment(rows=FEW_ROWS)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {
            "text/html": self._repr_html_(),
            "image/svg+xml": self.svg(),
            "text/plain": f"{self.title}\n{self.alt}",
        }


def table_html(frame: pd.DataFrame, *, rows: int | None = None) -> str:
    """Write a table as HTML, every text escaped.

    Parameters
    ----------
    frame
        The table.
    rows
        Most rows; None writes all.

    Examples
    --------
    >>> print(table_html(pd.DataFrame({"site": ["<b>x</b>"]})))
    <table><thead><tr><th scope="col">site</th></tr></thead>
    <tbody><tr><td>&lt;b&gt;x&lt;/b&gt;</td></tr></tbody></table>
    """
    held = frame if rows is None else frame.head(rows)
    head = "".join(f'<th scope="col">{html.escape(str(c))}</th>' for c in held.columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(_cell(value))}</td>" for value in row) + "</tr>"
        for row in held.astype(object).to_numpy().tolist()
    )
    left = len(frame) - len(held)
    more = f"<p>{left} more rows</p>" if left else ""
    return f"<table><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>{more}"


def _cell(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)
