"""The frozen inputs of a run, read again with nothing but the csv and yaml modules."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

Row = dict[str, str]
Numbers = NDArray[np.float64]


def cell(row: Row, column: str, default: str = "") -> str:
    return (row.get(column) or "").strip() or default


def number(row: Row, column: str, default: float = math.nan) -> float:
    text = cell(row, column)
    if not text:
        return default
    return math.inf if text == "unlimited" else float(text)


def whole(row: Row, column: str) -> int | None:
    text = cell(row, column)
    return int(text) if text else None


def listed(row: Row, column: str) -> list[str]:
    return [part.strip() for part in cell(row, column).split(";") if part.strip()]


def _series_names(table: str, row: Row) -> list[str]:
    """Names under which a companion may list a row: its key without the year, or its id."""
    if table in {"suppliers", "buyers"}:
        return [f"{row['id']}/{cell(row, 'step', '1')}", row["id"]]
    return [row["id"]]


@dataclass(frozen=True)
class Inputs:
    """Settings, rows and companions of a case, and its years."""

    settings: dict[str, Any]
    tables: dict[str, list[Row]]
    companions: dict[tuple[str, str], dict[str, dict[int | None, float]]]

    @staticmethod
    def read(folder: Path) -> Inputs:
        settings = yaml.safe_load((folder / "case.yaml").read_text(encoding="utf-8"))
        tables: dict[str, list[Row]] = {}
        companions: dict[tuple[str, str], dict[str, dict[int | None, float]]] = {}
        for path in sorted(folder.glob("*.csv")):
            with path.open(encoding="utf-8", newline="") as stream:
                rows = list(csv.DictReader(stream))
            table, dash, column = path.stem.partition("-")
            if not dash:
                tables[table] = rows
                continue
            names = [name for name in (rows[0] if rows else {}) if name != "year"]
            companions[table, column] = {
                name: {int(r["year"]): float(r[name]) for r in rows if r[name].strip()}
                for name in names
            }
        return Inputs(settings, tables, companions)

    def rows(self, table: str) -> list[Row]:
        return self.tables.get(table, [])

    def by_id(self, table: str) -> dict[str, Row]:
        return {row["id"]: row for row in self.rows(table)}

    def grouped(self, table: str, *columns: str) -> dict[tuple[str, ...], list[Row]]:
        found: dict[tuple[str, ...], list[Row]] = {}
        for row in self.rows(table):
            defaults = {"step": "1"}
            key = tuple(cell(row, column, defaults.get(column, "")) for column in columns)
            found.setdefault(key, []).append(row)
        return found

    @property
    def bounds(self) -> list[int]:
        return [int(year) for year in self.settings["periods"]]

    @property
    def years(self) -> list[int]:
        return list(range(self.bounds[0], self.bounds[-1]))

    @property
    def starts(self) -> list[int]:
        return self.bounds[:-1]

    def members(self, start: int) -> list[int]:
        """Years of the period that begins in a year."""
        place = self.starts.index(start)
        return list(range(self.bounds[place], self.bounds[place + 1]))

    def factor(self, year: int) -> float:
        """Present value of 1 in a year."""
        shift = {"start": 0.0, "mid": 0.5, "end": 1.0}[self.settings.get("discounting", "mid")]
        rate = float(self.settings["discount_rate"])
        return float((1 + rate) ** -(year - self.bounds[0] + shift))

    @property
    def end_factor(self) -> float:
        return float((1 + float(self.settings["discount_rate"])) ** -len(self.years))

    def weight(self, start: int) -> float:
        return sum(self.factor(year) for year in self.members(start))

    def mean(self, by_year: Numbers, start: int, *, over: Iterable[int] | None = None) -> float:
        """Average a yearly series over a period, or over some of its years."""
        years = list(self.members(start) if over is None else over)
        return float(np.mean([by_year[year - self.bounds[0]] for year in years])) if years else 0.0

    def constant(self, value: float) -> Numbers:
        return np.full(len(self.years), value)

    def held(self, dated: dict[int | None, float], before: Numbers) -> Numbers:
        """Hold each dated value until the next one."""
        values = self.constant(dated[None]) if None in dated else before.copy()
        for year in sorted(y for y in dated if y is not None):
            for place, now in enumerate(self.years):
                if now >= year:
                    values[place] = dated[year]
        return values

    def series(self, table: str, column: str, name: str) -> dict[int | None, float]:
        """Values by listed year from a companion file; empty where the row does not vary."""
        return dict(self.companions.get((table, column), {}).get(name, {}))

    def yearly(self, table: str, row: Row, column: str, default: float = 0.0) -> Numbers:
        """Read a cell, with its companion file, as one number a year."""
        base = self.constant(number(row, column, default))
        return self.held(self.series(table, column, row["id"]), base)

    def dated(self, table: str, rows: Sequence[Row], column: str, **given: float) -> Numbers:
        """Read dated rows of one key; ``empty`` stands for empty cells, ``absent`` before."""
        values: dict[int | None, float] = {}
        for row in rows:
            value = number(row, column, given.get("empty", math.nan))
            if not math.isnan(value):
                values[whole(row, "year")] = value
        for name in _series_names(table, rows[0]):
            if found := self.series(table, column, name):
                values |= found
                break
        return self.held(values, self.constant(given.get("absent", 0.0)))

    def linear(self, table: str, rows: Sequence[Row], column: str) -> Numbers:
        """Interpolate dated rows; nothing before the first, constant after the last."""
        undated = [number(row, column) for row in rows if whole(row, "year") is None]
        points = {year: number(row, column) for row in rows if (year := whole(row, "year"))}
        companion = self.series(table, column, rows[0]["id"])
        points |= {year: value for year, value in companion.items() if year is not None}
        base = undated[0] if undated else 0.0
        if not points:
            return self.constant(base)
        known = sorted(points)
        path = np.interp(self.years, known, [points[year] for year in known])
        return np.where(np.asarray(self.years) < known[0], base, path)

    def alive(self, row: Row) -> list[bool]:
        """Tell in which years something between ``first_year`` and ``last_year`` is there."""
        first, last = whole(row, "first_year"), whole(row, "last_year")
        return [
            (first is None or year >= first) and (last is None or year <= last)
            for year in self.years
        ]

    def alive_years(self, row: Row, start: int) -> list[int]:
        there = dict(zip(self.years, self.alive(row), strict=True))
        return [year for year in self.members(start) if there[year]]

    def is_open(self, row: Row, start: int) -> bool:
        """Tell whether something is there in at least half of the years of a period."""
        return 2 * len(self.alive_years(row, start)) >= len(self.members(start))
