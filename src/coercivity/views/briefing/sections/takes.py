"""What it would take: the frontier, what was rejected and why, other plans, earliest years."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from coercivity.results import Run
from coercivity.views.briefing.nouns import Listing, Section
from coercivity.views.briefing.sections.telling import Part, Telling, drawn
from coercivity.views.further_words import further_answer
from coercivity.views.futures_words import futures_answer
from coercivity.views.labels import counted, short
from coercivity.views.plan_words import TextTable

TITLE = "What it would take"
FIGURES = ("frontier",)
TABLES = {
    "scenarios": "What the plan costs in each future, and what it regrets there",
    "options_over_scenarios": "Which options the futures agree on",
    "rejected": "What is not built, and what would make it pay",
    "chosen": "What is built, and what doing without it costs",
    "permit_year_saved": "What a year saved in permitting is worth",
    "near": "What every plan about as good builds, and what none does",
    "must_build": "What every plan about as good builds",
    "could_build": "What some plans about as good build",
    "never_build": "What no plan about as good builds",
    "alternatives": "Other plans about as good",
    "earliest": "The earliest year in which each aim can be met",
}
"""Tables of a plan that was asked for more, with their titles, in the order of reading."""
MOST_ROWS = 40
"""Rows shown of a table; the workbook has all. [count]"""
ENDINGS = ("_musd", "_usd_per_t", "_usd_per_kg", "_t_per_year", "_t", "_years")
"""Ends of column names that say a unit, which is written beside them anyway."""


def section(run: Run) -> Section:
    """Show those of the tables that the run has."""
    listings = tuple(
        Listing(words_of(TABLES[name], frame, units), frame, units)
        for name in TABLES
        if name in run.tables
        for frame, units in [(run.table(name), run.units(name))]
        if not frame.empty
    )
    said = (*futures_answer(run), *further_answer(run))
    return Section(TITLE, paragraphs=said, charts=drawn(run, FIGURES), listings=listings)


def cut(run: Run) -> Section:
    """Keep the frontier, which is of whole plans; the tables name options and what was asked."""
    return Section(TITLE, charts=drawn(run, FIGURES))


def words_of(title: str, frame: pd.DataFrame, units: Mapping[str, str]) -> TextTable:
    """Write any table of a run for people.

    Parameters
    ----------
    title
        Its title.
    frame
        The table.
    units
        Unit of each column that has one.

    Examples
    --------
    >>> frame = pd.DataFrame({"option": ["hall"], "grant_musd": [12.345]})
    >>> words_of("Rejected", frame, {"grant_musd": "million USD2025"}).columns
    (('option', False), ('grant, million USD2025', True))
    """
    held = frame.head(MOST_ROWS)
    left = len(frame) - len(held)
    columns = tuple((_heading(str(name), units), _is_number(frame[name])) for name in frame.columns)
    rows = tuple(
        tuple(_cell(str(name), value) for name, value in zip(frame.columns, row, strict=True))
        for row in held.astype(object).to_numpy().tolist()
    )
    more = f" ({counted(left, 'more row')} in the data of the run)" if left else ""
    return TextTable(title + more, columns, rows)


def _is_number(column: pd.Series[Any]) -> bool:
    return bool(pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column))


def _heading(name: str, units: Mapping[str, str]) -> str:
    unit = units.get(name)
    if unit is None:
        return name.replace("_", " ")
    for ending in ENDINGS:
        name = name.removesuffix(ending)
    return f"{name.replace('_', ' ')}, {unit}"


def _cell(name: str, value: object) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return "none"
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if name == "year" or name.endswith("_year"):
        return str(int(float(str(value))))
    if isinstance(value, int | float):
        return short(value) if np.isfinite(value) else "unlimited"
    return str(value)


TELLING = Telling(verb="plan", parts=(Part(section, cut),))
