"""The tables of a backtest: what was possible, what the model ran, what was counted."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coercivity.chain import Case
from coercivity.chain.processes import Mode
from coercivity.resilience.observed import (
    BASES,
    MISSED_AT_MOST,
    Counted,
    Ledger,
    counted,
    missing_share,
)

Place = tuple[int, str, str]
"""Year, stage, and country or plant."""
Amounts = dict[Place, float]
MISSING = float("nan")
PLACED = ["year", "stage", "country"]
COMPARED = ["possible_t", "modelled_t", "observed_t", "error_t", "error"]
SMALLEST_T = 1e-6
"""Tonnes below which nothing ran. [t/year]"""


@dataclass(frozen=True, slots=True)
class Operated:
    """A chain after its dispatch, and what was counted of it."""

    case: Case
    """The chain over the operated years, each a period."""
    ledger: Ledger
    """What was counted; no part of the dispatch."""
    activity: pd.DataFrame
    """What every plant ran. [t/year]"""
    flows: pd.DataFrame
    """What moved on every lane. [t/year]"""
    sales: pd.DataFrame
    """What was sold outside. [t/year]"""

    @property
    def years(self) -> tuple[int, ...]:
        """Operated years. [calendar year]"""
        return self.case.horizon.years

    def country_of(self, asset: str) -> str:
        """Give the country of a plant."""
        return self.case.sites[self.case.assets[asset].site].country

    def mode_of(self, asset: str, mode: str) -> Mode:
        """Find a mode of the process of a plant."""
        process = self.case.processes[self.case.assets[asset].process]
        return next(one for one in process.modes if one.name == mode)


def stage_output(found: Operated, process: str, mode: Mode) -> dict[str, float]:
    """Give what a tonne of activity counts for, by stage, in the measure of each stage. [t/t]

    At a stage measured in a material, the output of that material counts; at one measured in a
    basis, the reference product of the mode does. Output of a material in which another stage is
    measured counts at the stage of that material, unless the own stage is measured in it too.
    """
    ledger, stage = found.ledger, found.case.processes[process].stage
    own = ledger.measures.get(stage or "")
    counts: dict[str, float] = {}
    for material, amount in mode.outputs.items():
        home = found.case.materials[material].stage
        if stage is not None and own == material:
            counts[stage] = counts.get(stage, 0.0) + amount
        elif home is not None and ledger.measures.get(home) == material:
            counts[home] = counts.get(home, 0.0) + amount
        elif stage is not None and material == mode.reference_material:
            factor = _in_measure(ledger, material, own)
            if factor:
                counts[stage] = counts.get(stage, 0.0) + amount * factor
    return counts


def _in_measure(ledger: Ledger, material: str, measure: str | None) -> float:
    """Give the tonnes of a measure in a tonne of a material; 0 = it is not measured in it."""
    if measure is None or measure == material:
        return 1.0
    return ledger.factors.get((material, measure), 0.0) if measure in BASES else 0.0


def modelled(found: Operated) -> Amounts:
    """Sum what each plant made, by year, stage and plant. [t/year]"""
    amounts: Amounts = {}
    columns = found.activity[["asset", "mode", "year", "activity_t"]]
    for asset, mode, year, tonnes in columns.itertuples(index=False):
        process = found.case.assets[asset].process
        for stage, share in stage_output(found, process, found.mode_of(asset, mode)).items():
            place = (int(year), stage, asset)
            amounts[place] = amounts.get(place, 0.0) + share * float(tonnes)
    return amounts


def possible(found: Operated) -> Amounts:
    """Give what each plant could make alone, by year, stage and plant. [t/year]"""
    amounts: Amounts = {}
    for asset in found.case.assets.values():
        for mode in found.case.processes[asset.process].modes:
            counts = stage_output(found, asset.process, mode)
            for year, capacity in zip(
                found.years, asset.capacity * asset.availability, strict=True
            ):
                if not (capacity > 0 and _runs(mode, year)):
                    continue
                for stage, share in counts.items():
                    output = float(capacity) / mode.capacity_use * share
                    place = (year, stage, asset.id)
                    amounts[place] = max(amounts.get(place, 0.0), output)
    return amounts


def _runs(mode: Mode, year: int) -> bool:
    return (mode.first_year is None or year >= mode.first_year) and (
        mode.last_year is None or year <= mode.last_year
    )


def by_plant(found: Operated) -> pd.DataFrame:
    """Compare plant by plant; a plant that was not counted has no observed amount."""
    ran, most = modelled(found), possible(found)
    rows = []
    for place in _in_order(found, {*ran, *most}):
        year, stage, asset = place
        seen = counted(found.ledger, year, stage).assets.get(asset, MISSING)
        row = {"year": year, "stage": stage, "asset": asset, "country": found.country_of(asset)}
        rows.append(row | _compared(most.get(place, 0.0), ran.get(place, 0.0), seen))
    return pd.DataFrame(rows, columns=["year", "stage", "asset", "country", *COMPARED])


def by_country(found: Operated) -> pd.DataFrame:
    """Compare by stage and country, with shares of the world where the world was counted.

    The modelled share is of what the model ran in countries that were counted, and what was
    counted in those where it decides nothing.
    """
    ran, most = (_of_countries(found, one(found)) for one in (modelled, possible))
    worlds = {(y, s): _world(found, ran, y, s) for y in found.years for s in found.ledger.measures}
    rows = []
    for place in _in_order(found, {*ran, *most}):
        year, stage, country = place
        seen = counted(found.ledger, year, stage).countries.get(country, MISSING)
        made, (real, run) = ran.get(place, 0.0), worlds[year, stage]
        row = dict(zip(PLACED, place, strict=True)) | _compared(most.get(place, 0.0), made, seen)
        shares = {
            "modelled_share": made / run if not math.isnan(seen) and run > 0 else MISSING,
            "observed_share": seen / real if real > 0 else MISSING,
        }
        rows.append(row | shares)
    return pd.DataFrame(rows, columns=[*PLACED, *COMPARED, "modelled_share", "observed_share"])


def _compared(most: float, made: float, seen: float) -> dict[str, float]:
    return {
        "possible_t": most,
        "modelled_t": made if abs(made) > SMALLEST_T else 0.0,
        "observed_t": seen,
        "error_t": made - seen,
        "error": (made - seen) / seen if seen > 0 else MISSING,
    }


def _of_countries(found: Operated, by_asset: Mapping[Place, float]) -> Amounts:
    amounts: Amounts = {}
    for (year, stage, asset), tonnes in by_asset.items():
        place = (year, stage, found.country_of(asset))
        amounts[place] = amounts.get(place, 0.0) + tonnes
    return amounts


def _in_order(found: Operated, places: set[Place]) -> list[Place]:
    order = {stage: number for number, stage in enumerate(found.ledger.measures)}
    return sorted(places, key=lambda place: (place[0], order.get(place[1], -1), place[2]))


def deciding(found: Operated) -> dict[tuple[int, str], set[str]]:
    """Find the countries in which the model has plants that could run, by year and stage."""
    countries: dict[tuple[int, str], set[str]] = {}
    for year, stage, asset in possible(found):
        countries.setdefault((year, stage), set()).add(found.country_of(asset))
    return countries


def _counted_stages(found: Operated, year: int) -> dict[str, Counted]:
    return {stage: counted(found.ledger, year, stage) for stage in found.ledger.measures}


def _all_years(found: Operated) -> dict[int, dict[str, Counted]]:
    return {year: _counted_stages(found, year) for year in found.ledger.years}


def _world(found: Operated, ran: Amounts, year: int, stage: str) -> tuple[float, float]:
    """Sum a stage over the world as counted and as modelled; NaN where it was not counted."""
    seen = counted(found.ledger, year, stage).countries
    real = math.fsum(seen.values())
    if real <= 0 or missing_share(_all_years(found), year, stage) > MISSED_AT_MOST:
        return MISSING, MISSING
    decided = deciding(found).get((year, stage), set())
    outside = math.fsum(amount for country, amount in seen.items() if country not in decided)
    return real, outside + math.fsum(ran.get((year, stage, c), 0.0) for c in decided & set(seen))


def not_decided(found: Operated) -> pd.DataFrame:
    """Sum what was counted in countries where the model has no plant, by year and stage."""
    decided, rows = deciding(found), []
    for year in found.years:
        for stage, one in _counted_stages(found, year).items():
            outside = {
                country: amount
                for country, amount in one.countries.items()
                if country not in decided.get((year, stage), set())
            }
            total = math.fsum(one.countries.values())
            if total > 0:
                amount = math.fsum(outside.values())
                rows.append((year, stage, ";".join(sorted(outside)), amount, amount / total))
    return pd.DataFrame(rows, columns=["year", "stage", "countries", "observed_t", "share"])


def traded(found: Operated) -> pd.DataFrame:
    """Compare what countries with plants imported and exported, where that was counted."""
    moved = _moved(found)
    rows = []
    for year in found.years:
        for stage in found.ledger.measures:
            for kind in ("import", "export"):
                seen = counted(found.ledger, year, stage, kind=kind).countries
                for country in sorted(set(seen) & _at_home(found)):
                    made = moved.get((year, stage, country, kind), 0.0)
                    compared = _compared(MISSING, made, seen[country])
                    rows.append(
                        {"year": year, "stage": stage, "country": country, "kind": kind} | compared
                    )
    return pd.DataFrame(rows, columns=[*PLACED, "kind", *COMPARED[1:]])


def _at_home(found: Operated) -> set[str]:
    return {found.country_of(asset) for asset in found.case.assets}


def _moved(found: Operated) -> dict[tuple[int, str, str, str], float]:
    moved: dict[tuple[int, str, str, str], float] = {}
    measured = {m: dict(_measured_at(found, m)) for m in found.case.materials}
    columns = found.flows[["from", "to", "material", "year", "flow_t"]]
    for start, end, material, year, tonnes in columns.itertuples(index=False):
        exporter, importer = (found.case.sites[site].country for site in (start, end))
        if exporter == importer:
            continue
        for stage, factor in measured[material].items():
            for country, kind in ((exporter, "export"), (importer, "import")):
                key = (int(year), stage, country, kind)
                moved[key] = moved.get(key, 0.0) + factor * float(tonnes)
    return moved


def _measured_at(found: Operated, material: str) -> Iterator[tuple[str, float]]:
    """Give the stages at which a traded material counts, and what a tonne counts for. [t/t]"""
    makers = {
        process.stage
        for process in found.case.processes.values()
        if any(material == mode.reference_material in mode.outputs for mode in process.modes)
    }
    for stage, measure in found.ledger.measures.items():
        if measure == material:
            yield stage, 1.0
        elif stage in makers and measure in BASES:
            yield stage, _in_measure(found.ledger, material, measure)


def errors(countries: pd.DataFrame) -> pd.DataFrame:
    r"""Sum errors by year and stage, of the model and of plants that would all run full.

    .. math:: e = \frac{\sum_c |x_c - o_c|}{\sum_c o_c}

    Parameters
    ----------
    countries
        The comparison by country; what was not counted is left out.

    Examples
    --------
    >>> rows = {"year": 2024, "stage": "mining", "country": ["A", "B"], "observed_t": [20.0, 30.0]}
    >>> ran = {"modelled_t": [30.0, 25.0], "possible_t": [40.0, 30.0]}
    >>> summed = errors(pd.DataFrame(rows | ran))
    >>> [(row.error, row.error_if_full) for row in summed.itertuples()]
    [(0.3, 0.4)]
    """
    known = countries[countries["observed_t"].notna()]
    rows = []
    for (year, stage), part in known.groupby(["year", "stage"], sort=False):
        seen = float(part["observed_t"].sum())
        if seen <= 0:
            continue
        ran, most = (
            float(np.abs(part[column] - part["observed_t"]).sum()) / seen
            for column in ("modelled_t", "possible_t")
        )
        rows.append((year, stage, len(part), seen, float(part["modelled_t"].sum()), ran, most))
    columns = [
        "year", "stage", "countries", "observed_t", "modelled_t", "error", "error_if_full",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)
