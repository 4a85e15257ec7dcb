"""The study behind ``source``: from whom to buy, what of a list complies, how long one lasts."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from coercivity.chain import Case, load_case
from coercivity.foundation.errors import UsageError
from coercivity.foundation.identifiers import suggestion
from coercivity.foundation.problems import quoted
from coercivity.resilience.fallaway import (
    FORMULA,
    Endurance,
    endurance_of_list,
    endurance_of_segment,
)
from coercivity.resilience.qualified import Seller
from coercivity.resilience.rules import Check
from coercivity.resilience.sourcing import Alternative, LineCheck, Sourcing
from coercivity.results import Request, Run, RunWriter
from coercivity.tables import CaseTables
from coercivity.tables.cells import CellRefused, parse_cell
from coercivity.tables.columns import date
from coercivity.tables.csv_writer import write_case
from coercivity.tables.supply_list import read_supply_list

TONNES = "t/year"
DAY = date("date", "Day whose rules hold.", required=True)


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """What is asked about buying."""

    segment: str
    """The segment that buys."""
    suppliers: Path | None = None
    """Supply list, CSV or workbook; None looks only at who could deliver."""
    day: dt.date | None = None
    """Day whose rules hold; None is the first day of the case."""
    scenario: str | None = None
    """Named scenario whose changes apply; None is the case as it stands."""
    strict: bool = False
    """Whether warnings about the case are errors."""
    name: str | None = None
    """Id of the run; None makes one from verb and time."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """Everything a look at buying found."""

    sourcing: Sourcing
    sellers: tuple[Seller, ...]
    checks: tuple[LineCheck, ...]
    alternatives: tuple[Alternative, ...]
    endurance: Endurance


def source(case_path: Path, runs: Path, options: SourceOptions) -> Run:
    """Look into buying for a segment and write the run.

    Parameters
    ----------
    case_path
        Folder or workbook of the case.
    runs
        Folder in which the run folder is made.
    options
        What is asked.

    Raises
    ------
    CaseError
        If the case or the supply list is wrong; all problems at once.
    UsageError
        If the case has no such segment, or there is no such supply list.
    """
    case, tables, _ = load_case(case_path, scenario=options.scenario, strict=options.strict)
    _check_segment(case, tables, options.segment)
    day = options.day or dt.date(case.horizon.first_year, 1, 1)
    sourcing = Sourcing(case, options.segment, day)
    lines = () if options.suppliers is None else read_supply_list(options.suppliers, tables)
    asked = {
        "segment": options.segment,
        "suppliers": None if options.suppliers is None else options.suppliers.name,
        "date": day.isoformat(),
        "scenario": options.scenario,
        "strict": options.strict,
    }
    request = Request("source", case.name, asked, name=options.name)
    with RunWriter(runs, request, write_inputs=lambda folder: write_case(tables, folder)) as writer:
        writer.progress("checking", 0.2)
        checks = tuple(sourcing.check_line(line) for line in lines)
        listed = bool(checks)
        found = Purchase(
            sourcing=sourcing,
            sellers=tuple(sourcing.sellers()),
            checks=checks,
            alternatives=tuple(sourcing.alternatives(checks)),
            endurance=endurance_of_list(sourcing, checks)
            if listed
            else endurance_of_segment(sourcing),
        )
        for name, (frame, units) in source_tables(found).items():
            writer.table(name, frame, units=units)
        result = source_result(writer.id, found)
        return writer.finish(
            "ok", result=result, kpis=key_figures(found), headline=_headline(found)
        )


def day_of(text: str) -> dt.date:
    """Read a day written YYYY-MM-DD.

    Raises
    ------
    UsageError
        If it is no day of the calendar.

    Examples
    --------
    >>> day_of("2027-01-01")
    datetime.date(2027, 1, 1)
    """
    try:
        day = parse_cell(text, DAY)
    except CellRefused as refused:
        msg = f"--date: {refused.what}. {refused.instead}  [{refused.code}]"
        raise UsageError(msg) from refused
    if not isinstance(day, dt.date):
        msg = "--date is empty. Dates are written YYYY-MM-DD, such as 2026-12-31.  [T209]"
        raise UsageError(msg)
    return day


def _check_segment(case: Case, tables: CaseTables, segment: str) -> None:
    known = {demand.segment for demand in case.demands.values() if demand.segment is not None}
    if segment in known:
        return
    if segment in tables["segments"].ids():
        msg = f"Nothing is asked for in segment {quoted(segment)}: no demand names it.  [T201]"
    else:
        near = suggestion(segment, known, listed_in="segments.csv")
        msg = f"{quoted(segment)} is not a segment with demand. {near}  [T201]"
    raise UsageError(msg)


def source_result(run: str, found: Purchase) -> dict[str, Any]:
    """Write a look at buying as the JSON object of the command line."""
    sourcing = found.sourcing
    return {
        "run": run,
        "segment": sourcing.segment,
        "date": sourcing.day.isoformat(),
        "year": sourcing.year,
        "classes": dict(sourcing.materials),
        "suppliers": [_seller_json(seller) for seller in found.sellers],
        "lines": [_line_json(one) for one in found.checks],
        "alternatives": [_alternative_json(one) for one in found.alternatives],
        "cover_months": cover_months(found.endurance),
        "positions": [
            {
                "material": one.material,
                "need_t": one.need,
                "supply_t": _finite(one.supply),
                "stock_t": one.stock,
            }
            for one in found.endurance.positions
        ],
        "formula": FORMULA,
    }


def cover_months(endurance: Endurance) -> dict[str, float | None]:
    """Give the months of cover by what falls away; a name used twice says of what kind it is."""
    names = [one.id for one in endurance.losses]
    return {
        one.id if names.count(one.id) == 1 else f"{one.kind} {one.id}": one.months
        for one in endurance.losses
    }


def _seller_json(seller: Seller) -> dict[str, Any]:
    return {
        "supplier": seller.id,
        "material": seller.material,
        "qualified": seller.check.passes,
        "fails_at": _fails_at(seller.check),
        "passes_if": seller.check.passes_if,
        "conditions": seller.check.conditions,
        "kind": seller.kind,
        "country": seller.country,
        "capacity_t": _finite(seller.capacity),
    }


def _line_json(one: LineCheck) -> dict[str, Any]:
    return {
        "row": one.line.place.row,
        "supplier": one.line.supplier,
        "material": one.line.material,
        "amount_t": one.line.amount,
        "class": one.origin_class,
        "date": one.day.isoformat(),
        "serves": one.serves,
        "passes": one.check.passes,
        "verdict": one.check.verdict.value,
        "fails_at": _fails_at(one.check),
        "passes_if": one.check.passes_if,
        "conditions": one.check.conditions,
        "fails": [
            {**f.as_json(), "country": f.country}
            for f in (*one.check.failures, *(f for f, _ in one.check.waivable))
        ],
    }


def _alternative_json(one: Alternative) -> dict[str, Any]:
    return {
        "replaces": one.replaces,
        "rows": list(one.rows),
        "supplier": one.seller.id,
        "material": one.seller.material,
        "country": one.seller.country,
        "capacity_left_t": _finite(one.left),
    }


def _fails_at(check: Check) -> dict[str, str] | None:
    return None if check.first is None else check.first.as_json()


def _finite(amount: float) -> float | None:
    """Give an amount, None where it is unlimited."""
    return None if math.isinf(amount) else amount


def source_tables(found: Purchase) -> dict[str, tuple[pd.DataFrame, dict[str, str]]]:
    """Lay out a look at buying as the tables of its run."""
    result = source_result("", found)
    return {
        "suppliers": _frame(
            [_flat(row) for row in result["suppliers"]],
            "supplier material kind country capacity_t qualified fails_at rule passes_if",
            {"capacity_t": TONNES},
        ),
        "lines": _frame(
            [_flat(row) for row in result["lines"]],
            "row supplier material amount_t class date serves verdict fails_at rule passes_if",
            {"amount_t": TONNES},
        ),
        "alternatives": _frame(
            [row | {"rows": ";".join(map(str, row["rows"]))} for row in result["alternatives"]],
            "replaces rows supplier material country capacity_left_t",
            {"capacity_left_t": TONNES},
        ),
        "cover": _frame(
            [
                {
                    "kind": one.kind,
                    "id": one.id,
                    "material": one.material,
                    "left_t": one.left,
                    "months": one.months,
                }
                for one in found.endurance.losses
            ],
            "kind id material left_t months",
            {"left_t": TONNES, "months": "month"},
        ),
        "positions": _frame(
            result["positions"],
            "material need_t supply_t stock_t",
            {"need_t": TONNES, "supply_t": TONNES, "stock_t": "t"},
        ),
    }


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    failed = row["fails_at"] or {"stage": None, "rule": None}
    return {**row, "fails_at": failed["stage"], "rule": failed["rule"]}


def _frame(
    rows: Sequence[Mapping[str, Any]], columns: str, units: Mapping[str, str]
) -> tuple[pd.DataFrame, dict[str, str]]:
    frame = pd.DataFrame(list(rows), columns=columns.split())
    return frame.astype(dict.fromkeys(units, float)), dict(units)


def key_figures(found: Purchase) -> dict[str, float]:
    """Give the figures by which looks at buying are compared."""
    months = [one.months for one in found.endurance.losses if one.months is not None]
    figures = {
        "qualified": float(sum(seller.check.passes for seller in found.sellers)),
        "sellers": float(len(found.sellers)),
        "lines": float(len(found.checks)),
        "lines_passing": float(sum(one.check.passes for one in found.checks)),
    }
    return figures | ({"fewest_months": min(months)} if months else {})


def _headline(found: Purchase) -> str:
    """Say a look at buying in a line for the list of runs."""
    passing = sum(seller.check.passes for seller in found.sellers)
    sourcing, total = found.sourcing, len(found.sellers)
    text = f"{sourcing.segment} on {sourcing.day}: {passing} of {total} qualify"
    if found.checks:
        good = sum(one.check.passes for one in found.checks)
        text += f"; {good} of {len(found.checks)} lines pass"
    return text
