"""The study behind ``stress stockpile``: which forms to stock, and what plants would cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from coercivity.foundation.errors import InfeasiblePlan
from coercivity.planning.built import decided
from coercivity.planning.solve import PlanLimits
from coercivity.resilience.stockpiling.emergency import Emergency, Standing, expect_emergency
from coercivity.resilience.stockpiling.forms import forms_of
from coercivity.resilience.stockpiling.mix import Answer, Readiness, find_mix
from coercivity.results import Request, Run, RunWriter
from coercivity.studies.subject import Subject, read_subject
from coercivity.tables.csv_writer import write_case

YEARS_AHEAD = 5
"""Years from the first of the case to the emergency, where none is named. [year]"""
WAYS = ("stock", "capacity", "mixture")
MONEY = "million, discounted to the first year"
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class StockpileOptions:
    """What is asked about a stockpile."""

    segment: str = "defence"
    """Whose demand is to be met."""
    year: int | None = None
    """First year of the conflict; None is five years after the first, or the last that fits."""
    limit: float = 0.0
    """Most of each demand and year that may stay unmet. [fraction]"""
    surge: float = 1.0
    """Demand in the emergency over that of the case. [ratio]"""
    chance: float = 0.1
    """That the emergency comes. [fraction]"""
    gap: float = 0.01
    """Of the searches with plants, as for a plan. [fraction]"""
    scenario: str | None = None
    """Named scenario whose changes apply; only of a case."""
    strict: bool = False
    """Whether warnings about the case are errors."""
    name: str | None = None
    """Id of the run; None makes one from verb and time."""


def stockpile(
    subject: str | Path, runs: Path, options: StockpileOptions, *, tell: Progress | None = None
) -> Run:
    """Find the cheapest stock that gets a segment through an emergency and write the run.

    Parameters
    ----------
    subject
        Id or folder of a plan; or folder, workbook or name of a case.
    runs
        Folder in which the run folder is made.
    options
        What is asked.
    tell
        Is told phase and share of the work done.

    Raises
    ------
    CaseError
        If the case is wrong; all problems at once.
    UsageError
        If there is no such segment or year.
    InfeasiblePlan
        If neither stock nor plants can meet the limit; with the least that stays unmet.
    """
    read = read_subject(subject, runs, scenario=options.scenario, strict=options.strict)
    emergency = _emergency(read, options)
    expect_emergency(read.case, emergency)
    asked = {
        "segment": options.segment,
        "year": emergency.year,
        "limit": options.limit,
        "surge": options.surge,
        "chance": options.chance,
        "gap": options.gap,
        "scenario": options.scenario,
        "strict": options.strict,
        "based_on": read.based_on,
    }
    request = Request("stress-stockpile", read.case.name, asked, name=options.name)
    tables = read.tables
    with RunWriter(runs, request, write_inputs=lambda folder: write_case(tables, folder)) as writer:

        def told(phase: str, share: float) -> None:
            writer.progress(phase, share)
            if tell is not None:
                tell(phase, share)

        standing = Standing({}, {}) if read.run is None else Standing(*decided(read.case, read.run))
        found = find_mix(
            tables,
            emergency,
            standing,
            forms_of(read.case, tables),
            limits=PlanLimits(gap=options.gap),
            tell=told,
        )
        _expect_a_way(found)
        for name, (frame, units) in stockpile_tables(found).items():
            writer.table(name, frame, units=units)
        result = stockpile_result(writer.id, found, based_on=read.based_on)
        return writer.finish("ok", result=result, kpis=_kpis(result), headline=_headline(result))


def _emergency(read: Subject, options: StockpileOptions) -> Emergency:
    horizon = read.case.horizon
    plain = Emergency(segment=options.segment, year=horizon.first_year + YEARS_AHEAD)
    latest = horizon.end - (plain.end - plain.year)
    return Emergency(
        segment=options.segment,
        year=min(plain.year, latest) if options.year is None else options.year,
        limit=options.limit,
        surge=options.surge,
        chance=options.chance,
    )


def _expect_a_way(found: Answer) -> None:
    if not found.needed or found.stock is not None or found.mixture is not None:
        return
    asked = found.emergency
    msg = (
        f"Neither stock nor new plants get {asked.segment} through an emergency from {asked.year} "
        f"on with {asked.limit:.0%} unmet. The best that can leaves {found.best:.1%} of its demand "
        "unmet: what lacks a price cannot be stocked, and what takes longer cannot be built. Allow "
        f"that much with --limit, or price the finished form in the case.  [P401]"
    )
    raise InfeasiblePlan(msg)


def stockpile_result(run: str, found: Answer, *, based_on: str) -> dict[str, Any]:
    """Write the mix and its alternatives as the JSON object of the command line."""
    asked, without = found.emergency, found.without
    nothing = None if found.needed else 0.0
    return {
        "run": run,
        "based_on": based_on,
        "segment": asked.segment,
        "year": asked.year,
        "conflict_years": asked.conflict,
        "regeneration_years": asked.regeneration,
        "limit": asked.limit,
        "surge": asked.surge,
        "chance": asked.chance,
        "cut": list(asked.cut),
        "still_cut": list(asked.still_cut),
        "needed": found.needed,
        "demand_t": float(without["demand_t"].sum()),
        "unmet_without_t": float(without["shortfall_t"].sum()),
        "mix": _mix(found.stock),
        "cost_musd": nothing if found.stock is None else found.stock.ready,
        "capacity_alternative_musd": nothing if found.capacity is None else found.capacity.ready,
        "mixture_musd": nothing if found.mixture is None else found.mixture.ready,
        "capacity": _way(found.capacity),
        "mixture": _way(found.mixture),
        "stock": _way(found.stock),
    }


def _mix(way: Readiness | None) -> list[dict[str, Any]]:
    piles = () if way is None else way.piles
    return [
        {
            "material": pile.material,
            "site": pile.site,
            "stage": pile.stage,
            "stock_t": pile.tonnes,
            "purchase_musd": pile.purchase,
            "keeping_musd": pile.keeping,
        }
        for pile in piles
    ]


def _way(way: Readiness | None) -> dict[str, Any] | None:
    if way is None:
        return None
    columns = ["option", "decision_year", "first_output_year", "modules", "capital_musd"]
    return {
        "cost_musd": way.ready,
        "emergency_cost_musd": way.running,
        "expected_musd": way.expected,
        "bound_musd": way.proven,
        "mix": _mix(way),
        "builds": way.builds[columns].to_dict(orient="records"),
    }


def stockpile_tables(found: Answer) -> dict[str, tuple[pd.DataFrame, dict[str, str]]]:
    """Give the tables of the run with the units of their columns."""
    ways = {name: getattr(found, name) for name in WAYS}
    known = {name: way for name, way in ways.items() if way is not None}
    mixes = [{"way": name, **row} for name, way in known.items() for row in _mix(way)]
    columns = ["way", "material", "site", "stage", "stock_t", "purchase_musd", "keeping_musd"]
    costs = [
        {
            "way": name,
            "cost_musd": way.ready,
            "emergency_cost_musd": way.running,
            "expected_musd": way.expected,
            "stock_t": way.tonnes,
            "modules": int(way.builds["modules"].sum()),
        }
        for name, way in known.items()
    ]
    cost_columns = [
        "way", "cost_musd", "emergency_cost_musd", "expected_musd", "stock_t", "modules",
    ]  # fmt: skip
    levels = [way.levels.assign(way=name) for name, way in known.items()]
    built = [way.builds.assign(way=name) for name, way in known.items()]
    tonnes = {"stock_t": "t"}
    money = {"purchase_musd": MONEY, "keeping_musd": MONEY}
    spent = {"cost_musd": MONEY, "emergency_cost_musd": MONEY, "expected_musd": MONEY}
    yearly = {"demand_t": "t/year", "served_t": "t/year", "shortfall_t": "t/year"}
    tables = {
        "stockpile_mix": (pd.DataFrame(mixes, columns=columns), tonnes | money),
        "stockpile_ways": (pd.DataFrame(costs, columns=cost_columns), tonnes | spent),
        "stockpile_without": (found.without, yearly),
        "stockpile_forms": (
            _forms(found),
            {"price": "case money/t", "keeping": "case money/t/year"},
        ),
    }
    if levels:
        tables["stockpile_levels"] = (pd.concat(levels, ignore_index=True), tonnes)
        units = {"capital_musd": "million", "size_t_per_year": "t/year"}
        tables["stockpile_builds"] = (pd.concat(built, ignore_index=True), units)
    return tables


def _forms(found: Answer) -> pd.DataFrame:
    columns = ["material", "site", "price", "keeping", "priced_by"]
    rows = [[getattr(form, column) for column in columns] for form in found.forms]
    return pd.DataFrame(rows, columns=columns)


def _kpis(result: dict[str, Any]) -> dict[str, Any]:
    keys = ("cost_musd", "capacity_alternative_musd", "mixture_musd", "unmet_without_t")
    return {key: result[key] for key in keys}


def _headline(result: dict[str, Any]) -> str:
    if not result["needed"]:
        return f"{result['segment']} is served through an emergency from {result['year']} on"
    if result["cost_musd"] is None:
        return "a stock alone is not enough"
    tonnes = sum(row["stock_t"] for row in result["mix"])
    return f"{tonnes:,.0f} t of stock for {result['cost_musd']:,.1f} million"
