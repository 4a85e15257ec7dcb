"""Runs of one verb beside each other: key figures, inputs that differ, results that differ."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import pandas as pd

from coercivity.foundation.errors import CaseError, UsageError
from coercivity.results.run import Run
from coercivity.tables import CaseTables, Row, read_tables
from coercivity.tables.cells import cell_text
from coercivity.tables.columns import COMMON, Column

MOST_RUNS = 4
"""Runs that can still be read side by side."""
SAME = 1e-6
"""Relative difference below which two numbers are the same. [fraction]"""
SETTINGS = "case"
OPTIONS = "options"
UNLIMITED = "unlimited"
UNTOLD_OPTIONS = frozenset({"name"})

Value = str | float | bool | None


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One key figure of every run."""

    name: str
    """Name in ``kpis``; it carries the unit."""
    values: tuple[Value, ...]
    """One a run; None where a run has it not."""
    changes: tuple[float | None, ...]
    """Each less that of the first run; None where that has no meaning."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is not the same in all runs."""

    table: str
    """Table of the case or of the run; ``case`` for settings, ``options`` for the call."""
    row: str
    """Key of the row, joined by /; empty for settings and options."""
    column: str | None
    """Column; None where the whole row is there in some runs only (values are yes or no)."""
    values: tuple[Value, ...]
    """One a run; None where there is nothing to compare."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is not the same in some runs."""

    runs: tuple[Run, ...]
    figures: tuple[KeyFigure, ...]
    """All key figures, the same ones too."""
    inputs: tuple[Difference, ...]
    """Inputs that differ, by table, row and column."""
    outputs: tuple[Difference, ...]
    """Results that differ."""

    def as_json(self) -> dict[str, Any]:
        """Give it as plain data."""
        return {
            "runs": [
                {"run": run.id, "verb": run.manifest.verb, "case": run.manifest.case,
                 "run_status": run.manifest.status, "digest": run.manifest.digest}
                for run in self.runs
            ],
            "figures": [
                {"name": one.name, "values": list(one.values), "changes": list(one.changes)}
                for one in self.figures
            ],
            "inputs": [_plain(one) for one in self.inputs],
            "outputs": [_plain(one) for one in self.outputs],
        }  # fmt: skip


def _plain(one: Difference) -> dict[str, Any]:
    return {"table": one.table, "row": one.row, "column": one.column, "values": list(one.values)}


@dataclass(frozen=True, slots=True)
class _Output:
    """A table of results that is compared row by row."""

    table: str
    keys: tuple[str, ...]
    values: tuple[str, ...]


OUTPUTS: Mapping[str, tuple[_Output, ...]] = {
    "plan": (
        _Output(
            "builds",
            ("option", "decision_year"),
            ("modules", "size_t_per_year", "capital_musd", "first_output_year"),
        ),
        _Output("coverage", ("demand", "year"), ("demand_t", "shortfall_t")),
        _Output("cost_terms", ("term",), ("value_musd",)),
    ),
    "assess": (
        _Output("stages", ("year", "stage", "country"), ("output_t", "share")),
        _Output("concentration", ("year", "stage"), ("hhi", "covered_share", "home_share")),
        _Output("reliance", ("year", "material", "stage"), ("reliance",)),
        _Output("compliance", ("date", "segment", "class"), ("at_most_t", "share")),
        _Output("cover", ("material",), ("stock", "use", "days")),
    ),
    "source": (
        _Output("lines", ("row",), ("verdict", "fails_at", "rule")),
        _Output("suppliers", ("supplier", "material"), ("qualified", "capacity_t", "rule")),
        _Output("cover", ("kind", "id"), ("material", "left_t", "months")),
    ),
}
"""Tables of each verb that are compared, with what identifies a row."""


def compare_runs(runs: Sequence[Run]) -> Comparison:
    """Compare two to four runs of one verb.

    Parameters
    ----------
    runs
        Complete runs; changes are counted from the first.

    Raises
    ------
    UsageError
        If there are fewer than two or more than four, one twice, or of different verbs.
    CaseError
        If the frozen inputs of a run are damaged.
    """
    _check(runs)
    return Comparison(
        runs=tuple(runs),
        figures=_figures(runs),
        inputs=(*_option_differences(runs), *_input_differences([_inputs(run) for run in runs])),
        outputs=tuple(_output_differences(runs)),
    )


def _check(runs: Sequence[Run]) -> None:
    if not 2 <= len(runs) <= MOST_RUNS:
        msg = f"two to {MOST_RUNS} runs can be compared, got {len(runs)}.  [{UsageError.code}]"
        raise UsageError(msg)
    twice = [
        run.id for number, run in enumerate(runs) if run.path in {r.path for r in runs[:number]}
    ]
    if twice:
        msg = f"run '{twice[0]}' is given twice; compare it with another.  [{UsageError.code}]"
        raise UsageError(msg)
    verbs = list(dict.fromkeys(run.manifest.verb for run in runs))
    if len(verbs) > 1:
        msg = (
            f"runs of {' and '.join(verbs)} have no figures in common. Compare runs of one verb; "
            f"`coercivity runs` lists them.  [{UsageError.code}]"
        )
        raise UsageError(msg)


def _inputs(run: Run) -> CaseTables:
    tables, problems = read_tables(run.inputs)
    if tables is None:
        raise CaseError(problems, case=run.id)
    return tables


def _figures(runs: Sequence[Run]) -> tuple[KeyFigure, ...]:
    every = [run.kpis for run in runs]
    money = [(run.result.get("currency"), run.result.get("price_year")) for run in runs]
    found = []
    for name in dict.fromkeys(name for kpis in every for name in kpis):
        values = tuple(kpis.get(name) for kpis in every)
        changes = tuple(
            _change(values[0], value) if "musd" not in name or held == money[0] else None
            for value, held in zip(values, money, strict=True)
        )
        found.append(KeyFigure(name, values, changes))
    return tuple(found)


def _change(first: object, value: object) -> float | None:
    numbers = [v for v in (first, value) if isinstance(v, int | float) and not isinstance(v, bool)]
    return float(numbers[1] - numbers[0]) if len(numbers) == 2 else None


def _option_differences(runs: Sequence[Run]) -> Iterator[Difference]:
    every = [run.manifest.options for run in runs]
    for name in dict.fromkeys(name for options in every for name in options):
        values = tuple(_option_text(options.get(name)) for options in every)
        if name not in UNTOLD_OPTIONS and len(set(values)) > 1:
            yield Difference(OPTIONS, "", name, values)


def _option_text(value: object) -> str:
    if isinstance(value, list):
        return ";".join(str(part) for part in value)
    return "" if value is None else str(value)


def _input_differences(cases: Sequence[CaseTables]) -> Iterator[Difference]:
    """Go through settings, tables and companions; a value that is not the same is told."""
    for field in fields(cases[0].settings):
        values = tuple(_setting_text(getattr(case.settings, field.name)) for case in cases)
        if len(set(values)) > 1:
            yield Difference(SETTINGS, "", field.name, values)
    for name in cases[0].tables:
        yield from _table_differences(name, [_rows(case, name) for case in cases])
    pairs = dict.fromkeys(pair for case in cases for pair in case.companions)
    for table, column in pairs:
        yield from _companion_differences(cases, table, column)


def _setting_text(value: object) -> str:
    if isinstance(value, tuple):
        return ";".join("=".join(map(str, v)) if isinstance(v, tuple) else str(v) for v in value)
    return str(getattr(value, "value", value))


def _rows(case: CaseTables, name: str) -> dict[str, Row]:
    """Give the rows of a table by their key; a key that stands twice gets a number."""
    found: dict[str, Row] = {}
    for row in case[name]:
        key = "/".join("" if part is None else str(part) for part in row.key()).rstrip("/")
        number, tried = 1, key
        while tried in found:
            number += 1
            tried = f"{key} ({number})"
        found[tried] = row
    return found


def _table_differences(name: str, every: Sequence[Mapping[str, Row]]) -> Iterator[Difference]:
    for key in dict.fromkeys(key for rows in every for key in rows):
        held = [rows.get(key) for rows in every]
        if any(row is None for row in held):
            yield Difference(name, key, None, tuple(row is not None for row in held))
        present = [row for row in held if row is not None]
        schema = present[0].table.schema
        columns = dict.fromkeys((*schema.column_names, *COMMON))
        for column in columns:
            values = tuple(None if row is None else _cell(row, column) for row in held)
            if len({value for value in values if value is not None}) > 1:
                yield Difference(name, key, column, values)


def _cell(row: Row, name: str) -> str:
    column = row.table.schema.column(name)
    if column is None or name not in row.table.defaults:
        return ""
    return cell_text(row[name], column)


def _companion_differences(
    cases: Sequence[CaseTables], table: str, column: str
) -> Iterator[Difference]:
    found = [case.companion(table, column) for case in cases]
    schema = cases[0][table].schema.column(column) or COMMON.get(column)
    for key in dict.fromkeys(key for one in found if one is not None for key in one.ids):
        series = [{} if one is None else one.series(key) for one in found]
        for year in sorted({year for held in series for year in held}):
            values = tuple(_number_text(held.get(year), schema) for held in series)
            if len(set(values)) > 1:
                yield Difference(f"{table}-{column}", f"{key}/{year}", column, values)


def _number_text(value: float | None, column: Column | None) -> str:
    if value is None:
        return ""
    return f"{value:g}" if column is None else cell_text(value, column)


def _output_differences(runs: Sequence[Run]) -> Iterator[Difference]:
    for output in OUTPUTS.get(runs[0].manifest.verb, ()):
        if not all(output.table in run.tables for run in runs):
            continue
        every = [_by_key(run.table(output.table), output) for run in runs]
        for key in dict.fromkeys(key for rows in every for key in rows):
            held = [rows.get(key) for rows in every]
            for place, column in enumerate(output.values):
                values = tuple(None if row is None else row[place] for row in held)
                if not _same(values):
                    yield Difference(output.table, key, column, values)


def _by_key(frame: pd.DataFrame, output: _Output) -> dict[str, tuple[Value, ...]]:
    found: dict[str, tuple[Value, ...]] = {}
    for row in frame.to_dict("records"):
        key = "/".join("" if _missing(row[name]) else str(row[name]) for name in output.keys)
        number, tried = 1, key
        while tried in found:
            number += 1
            tried = f"{key} ({number})"
        found[tried] = tuple(_plain_value(row[name]) for name in output.values)
    return found


def _missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _plain_value(value: object) -> Value:
    if _missing(value):
        return None
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) else UNLIMITED
    return str(value)


def _same(values: Sequence[Value]) -> bool:
    numbers = [v for v in values if isinstance(v, float)]
    if len(numbers) == len(values):
        return max(numbers) - min(numbers) <= SAME * max(1.0, *(abs(n) for n in numbers))
    return len(set(values)) == 1
