"""What figures need from the frozen case of a run: names, places, groups, periods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from coercivity.foundation.errors import CaseError, UsageError
from coercivity.results import Run
from coercivity.tables import CaseTables, Row, read_tables

UNKNOWN = "unknown"
HOME = "domestic"


@dataclass(frozen=True, slots=True)
class Place:
    """A site as figures see it."""

    name: str
    country: str
    group: str
    """Group of its country."""
    kind: str
    at: tuple[float, float] | None
    """Longitude and latitude, where given. [degree]"""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Names, places and periods of a case."""

    tables: CaseTables
    stages: Mapping[str, str]
    """Name of each stage, in the order of the chain."""
    countries: Mapping[str, str]
    """Name of each country."""
    groups: Mapping[str, str]
    """Group of each country."""
    places: Mapping[str, Place]
    """Sites."""
    segments: Mapping[str, str]
    """Name of each segment, the first served first."""
    classes: tuple[str, ...]
    """Origin classes, the best first."""

    @property
    def money(self) -> str:
        """Currency and price year, such as ``USD2025``."""
        return f"{self.tables.settings.currency}{self.tables.settings.price_year}"

    @property
    def report_until(self) -> int:
        """Last year that is reported. [calendar year]"""
        return self.tables.settings.report_until

    @property
    def home(self) -> str:
        """Name of the country from which the case is seen; ``home`` where none is named."""
        country = self.tables.settings.perspective
        name = self.countries.get(country, country) or "home"
        return f"the {name}" if name.startswith("United ") else name

    @property
    def at_home(self) -> str:
        """Words for being there."""
        return f"in {self.home}" if self.tables.settings.perspective else "at home"

    def reported(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Keep the years up to the last reported one; later ones only close the horizon."""
        return frame[frame["year"] <= self.report_until]

    def period_start(self, year: int) -> int:
        """Give the first year of the period a year lies in. [calendar year]

        Raises
        ------
        UsageError
            If it lies in no period.
        """
        periods = self.tables.settings.periods
        if not periods[0] <= year < periods[-1]:
            msg = (
                f"year {year} lies outside the case, which goes from {periods[0]} to "
                f"{periods[-1] - 1}.  [{UsageError.code}]"
            )
            raise UsageError(msg)
        return max(start for start in periods if start <= year)

    def period(self, year: int) -> str:
        """Write the period that begins in a year, as far as it is reported."""
        last = self.period_end(year)
        if last <= year:
            return str(year)
        return f"{year}–{last % 100:02d}" if last // 100 == year // 100 else f"{year}–{last}"

    def period_end(self, year: int) -> int:
        """Give the last reported year of the period that begins in a year. [calendar year]"""
        later = [start for start in self.tables.settings.periods if start > year]
        return min(min(later, default=year + 1) - 1, max(self.report_until, year))

    def stage_name(self, stage: object) -> str:
        """Give the name of a stage, or what was given."""
        return self.stages.get(str(stage), "unnamed stage" if stage is None else str(stage))

    def names(self, table: str) -> dict[str, str]:
        """Give the name of every row of a table that has ids."""
        return {row.text("id"): _name(row) for row in self.tables[table]}


def inputs_of(run: Run) -> Inputs:
    """Read the frozen case of a run.

    Raises
    ------
    CaseError
        If it is damaged.
    UsageError
        If the run holds no inputs.
    """
    return _read(run.inputs)


@lru_cache(maxsize=8)
def _read(folder: Path) -> Inputs:
    tables, problems = read_tables(folder)
    if tables is None:
        raise CaseError(problems, case=folder.parent.name)
    stages = sorted(tables["stages"], key=lambda row: row.maybe_whole("order") or 0)
    countries = {row.text("id"): row for row in tables["countries"]}
    groups = {name: row.text("group") for name, row in countries.items()}
    segments = sorted(tables["segments"], key=lambda row: row.whole("priority"))
    classes = sorted(tables["origin_classes"], key=lambda row: row.maybe_whole("order") or 0)
    return Inputs(
        tables=tables,
        stages={row.text("id"): _name(row) for row in stages},
        countries={name: _name(row) for name, row in countries.items()},
        groups=groups,
        places={row.text("id"): _place(row, groups) for row in tables["sites"]},
        segments={row.text("id"): _name(row) for row in segments},
        classes=tuple(row.text("id") for row in classes),
    )


def _place(row: Row, groups: Mapping[str, str]) -> Place:
    latitude, longitude = row.maybe_number("lat"), row.maybe_number("lon")
    known = latitude is not None and longitude is not None
    country = row.text("country")
    return Place(
        name=_name(row),
        country=country,
        group=groups.get(country, UNKNOWN),
        kind=row.text("kind"),
        at=(longitude or 0.0, latitude or 0.0) if known else None,
    )


def _name(row: Row) -> str:
    named = "name" in row.table.schema.column_names
    return (row.maybe_text("name") if named else None) or row.text("id")
