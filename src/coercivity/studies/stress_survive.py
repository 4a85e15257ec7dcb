"""The study behind ``stress survive``: how long without a plant, and when it is back."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from coercivity.chain import Case
from coercivity.foundation.errors import UsageError
from coercivity.foundation.identifiers import suggestion
from coercivity.foundation.periods import Array
from coercivity.foundation.problems import quoted
from coercivity.resilience.attack.defender import Defender
from coercivity.resilience.attack.formulation import Formulation, formulate
from coercivity.resilience.attack.measure import Measure, measure_of
from coercivity.resilience.attack.stocking import Stocking
from coercivity.resilience.attack.survive import Survival, endurance
from coercivity.resilience.attack.targets import Target, TargetKind, single_targets
from coercivity.resilience.stockpiling.forms import Form, forms_of
from coercivity.results import Request, Run, RunWriter
from coercivity.studies.stress_sweep import start_of
from coercivity.studies.subject import read_subject
from coercivity.tables import CaseTables
from coercivity.tables.csv_writer import write_case

Progress = Callable[[str, float], None]
SLIGHT = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class SurviveOptions:
    """What is asked about endurance."""

    segment: str | None = None
    """Whose demand must be served; None asks for all."""
    year: int | None = None
    """Year in whose period outages start; None as for a sweep. [calendar year]"""
    assets: tuple[str, ...] = ()
    """Only these; empty takes all that run."""
    workers: int = 1
    """Processes that share the outages; the answer is the same to the bit. [count]"""
    scenario: str | None = None
    """Named scenario whose changes apply; only of a case."""
    strict: bool = False
    """Whether warnings about the case are errors."""
    name: str | None = None
    """Id of the run; None makes one from verb and time."""


def survive(
    subject: str | Path, runs: Path, options: SurviveOptions, *, tell: Progress | None = None
) -> Run:
    """Find how long a plan or a case lasts without each asset, and write the run.

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
        If there is no such segment, year or asset.
    """
    began = time.perf_counter()
    read = read_subject(subject, runs, scenario=options.scenario, strict=options.strict)
    case = read.chain()
    measure = measure_of(case, segment=options.segment)
    year = start_of(read, case, options.year)
    targets = _asked(case, read.tables, options)
    asked = {key: value for key, value in asdict(options).items() if key not in {"name", "workers"}}
    asked |= {"year": year, "based_on": read.based_on, "assets": list(options.assets)}
    request = Request("stress-survive", read.case.name, asked, name=options.name)
    tables = read.tables
    with RunWriter(runs, request, write_inputs=lambda folder: write_case(tables, folder)) as writer:

        def told(phase: str, share: float) -> None:
            writer.progress(phase, 0.2 + 0.75 * share)
            if tell is not None:
                tell(phase, 0.2 + 0.75 * share)

        told("building", 0.0)
        found = _found(case, measure, targets, year, told, options.workers)
        rows = [_row(one, read.case, tables) for one in found.survivals]
        told("looking for stocks that last", 1.0)
        _add_stocks(rows, found, forms_of(case, tables))
        writer.table("survival", _frame(rows), units=UNITS)
        writer.table("survival_stock", _stock_frame(rows), units={"stock_t": "t"})
        seconds = {"total": time.perf_counter() - began}
        result = _result(found, rows, read.based_on, options, year)
        result = {"run": writer.id} | result | {"seconds": seconds}
        return writer.finish(
            "ok", result=result, kpis=key_figures(rows), seconds=seconds, solver="highs",
            headline=headline(rows),
        )  # fmt: skip


def _result(
    found: _Lasting, rows: list[dict[str, Any]], based_on: str, options: SurviveOptions, year: int
) -> dict[str, Any]:
    return {
        "based_on": based_on,
        "segment": options.segment,
        "year": year,
        "longest_years": found.longest,
        "unserved_anyway_t": found.anyway,
        "assets": rows,
    }


@dataclass(frozen=True, slots=True)
class _Lasting:
    survivals: list[Survival]
    whole: Formulation
    calm: Array
    """What is done undisturbed, a value a column of it."""
    measure: Measure
    first: int
    """Period at whose beginning outages start."""
    longest: float
    """Longest outage that was looked at. [year]"""
    anyway: float
    """What is unserved undisturbed. [t, weighted]"""


def _found(
    case: Case,
    measure: Measure,
    targets: tuple[Target, ...],
    year: int,
    told: Progress,
    workers: int,
) -> _Lasting:
    whole = formulate(case, periods=measure.last + 1)
    defender = Defender(whole, measure)
    calm = defender.cheapest([], defender.respond().value)
    first = int(case.horizon.period_of_year[year - case.horizon.first_year])
    lasting = endurance(whole, calm.primal, measure, first=first)
    found = lasting.all(targets, tell=told, workers=workers)
    anyway = defender.counted(calm.primal)
    return _Lasting(found, whole, calm.primal, measure, first, lasting.longest, anyway)


def _add_stocks(rows: list[dict[str, Any]], found: _Lasting, forms: Sequence[Form]) -> None:
    """Find, for what is at risk, the cheapest stock that lasts until it is back."""
    risk = [(row, one) for row, one in zip(rows, found.survivals, strict=True) if row["at_risk"]]
    if not risk:
        return
    stocking = Stocking(
        found.whole, found.calm, found.measure, first=found.first, forms=forms
    )  # fmt: skip
    for row, one in risk:
        years = min(row["time_to_recover_years"], found.longest)
        cover = stocking.cheapest(one.target, years)
        if cover is None:
            row["reason"] = "no stock at home of what has a price could replace it"
            continue
        row["stock"] = [
            {
                "material": pile.form.material,
                "site": pile.form.site,
                "origin_class": pile.origin_class,
                "stock_t": pile.tonnes,
            }
            for pile in cover.piles
        ]
        row["stock_cost_musd"] = cover.cost


def _stock_frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    columns = ["asset", "material", "site", "origin_class", "stock_t"]
    piles = [{"asset": row["asset"], **pile} for row in rows for pile in row["stock"]]
    return pd.DataFrame(piles, columns=columns).astype({"stock_t": "float64"})


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    numbers = (
        "time_to_survive_years",
        "time_to_recover_years",
        "duplicate_cost_musd",
        "stock_cost_musd",
    )
    return pd.DataFrame(rows, columns=COLUMNS).astype(dict.fromkeys(numbers, "float64"))


COLUMNS = [
    "asset",
    "name",
    "used",
    "time_to_survive_years",
    "censored",
    "time_to_recover_years",
    "recover_from",
    "at_risk",
    "reason",
    "duplicate",
    "duplicate_cost_musd",
    "stock_cost_musd",
]
UNITS = {
    "used": "fraction",
    "time_to_survive_years": "year",
    "time_to_recover_years": "year",
    "duplicate_cost_musd": "million",
    "stock_cost_musd": "million",
}


def _asked(case: Case, tables: CaseTables, options: SurviveOptions) -> tuple[Target, ...]:
    every = tuple(t for t in single_targets(case, tables) if t.kind is TargetKind.ASSET)
    known = {target.id: target for target in every}
    for name in options.assets:
        if name not in known:
            near = suggestion(name, known, listed_in="assets.csv")
            msg = f"--asset: {quoted(name)} is not an asset that runs. {near}  [S101]"
            raise UsageError(msg)
    if not options.assets:
        return every
    return tuple(known[name] for name in dict.fromkeys(options.assets))


def _row(one: Survival, case: Case, tables: CaseTables) -> dict[str, Any]:
    recover, source = _recover(case, tables, one.target.id)
    at_risk = recover is not None and not one.censored and one.years < recover - SLIGHT
    option, cost = _duplicate(case, one) if at_risk else (None, None)
    return {
        "asset": one.target.id,
        "name": one.target.name,
        "used": one.used,
        "time_to_survive_years": one.years,
        "censored": one.censored,
        "time_to_recover_years": recover,
        "recover_from": source,
        "at_risk": at_risk,
        "reason": _reason(one, recover),
        "duplicate": option,
        "duplicate_cost_musd": cost,
        "stock": [],
        "stock_cost_musd": None,
    }


def _reason(one: Survival, recover: float | None) -> str:
    if one.censored and one.used == 0:
        return "all is served without it"
    if one.censored:
        return "lasts as long as was looked at"
    if recover is None:
        return "assets.csv has no time_to_recover for it, and no option adds to it"
    return ""


def _recover(case: Case, tables: CaseTables, asset: str) -> tuple[float | None, str | None]:
    """Give the time until an asset is back, and where it is stated. [year]"""
    row = tables["assets"].find(asset)
    stated = None if row is None else row.maybe_number("time_to_recover")
    if stated is not None:
        return stated, "time_to_recover"
    leads = [option.permit_years + option.build_years for option in case.options_of.get(asset, ())]
    return (float(min(leads)), "lead time") if leads else (None, None)


def _duplicate(case: Case, one: Survival) -> tuple[str | None, float | None]:
    """Find the cheapest modules that could stand in for what is used of an asset.

    Modules of its own options, or of options for the same process elsewhere; overnight capital of
    the first year. [million]
    """
    asset = case.assets[one.target.id]
    need = one.used * float(asset.capacity.max())
    found: list[tuple[float, str]] = []
    for option in case.options.values():
        other = case.assets.get(option.adds_to)
        if other is None or other.process != asset.process or option.size <= 0:
            continue
        size = need if math.isfinite(need) and need > 0 else option.size
        modules = math.ceil(size / option.size - SLIGHT)
        if modules <= option.most:
            found.append((modules * float(option.capital[0]), option.id))
    return (min(found)[1], min(found)[0]) if found else (None, None)


def key_figures(rows: list[dict[str, Any]]) -> Mapping[str, Any]:
    """Pick the figures by which runs are compared."""
    return {
        "at_risk": sum(row["at_risk"] for row in rows),
        "missed_within_a_year": sum(
            not row["censored"] and row["time_to_survive_years"] < 1 for row in rows
        ),
    }


def headline(rows: list[dict[str, Any]]) -> str:
    """Give the answer in a sentence."""
    number = sum(row["at_risk"] for row in rows)
    return f"{number} of {len(rows)} assets are missed before they are back"
