"""What was counted: observations gathered by country, company and stage. Never part of a plan."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from coercivity.chain import Case
from coercivity.foundation.problems import Place
from coercivity.tables import CaseTables, Row

TOTAL_TOLERANCE = 1e-9
MISSED_AT_MOST = 0.1
"""Share that may be missing of a stage whose output counts as that of the world. [fraction]"""
BASES = frozenset({"gross", "oxide", "contained", "metal"})


@dataclass(frozen=True, slots=True)
class Observation:
    """One amount that was counted in one year."""

    place: Place
    country: str
    asset: str | None
    """The plant it was counted at; None for a figure of the country."""
    company: str | None
    """Owner of the plant, where the case names one."""
    stage: str | None
    material: str | None
    """What was counted; None = all the stage makes, in the measure of the stage."""
    year: int
    """The year. [calendar year]"""
    kind: str
    """``production``, ``consumption``, ``import``, ``export`` or ``stock``."""
    amount: float
    """How much. [t/year; t for stock]"""
    rest: bool
    """Whether it is what the listed plants of the country do not cover."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every observation of a case, and in what each stage is counted."""

    observations: tuple[Observation, ...]
    measures: Mapping[str, str | None]
    """Material or basis in which a stage is counted, in the order of the chain."""
    factors: Mapping[tuple[str, str], float]
    """Tonnes of a basis in a tonne of a material, by material and basis. [t/t]"""

    @property
    def years(self) -> tuple[int, ...]:
        """Years in which anything was counted, rising. [calendar year]"""
        return tuple(sorted({one.year for one in self.observations}))

    def select(self, kind: str, year: int) -> list[Observation]:
        """List the observations of a kind in a year; they hold in that year alone."""
        return [one for one in self.observations if one.kind == kind and one.year == year]


@dataclass(frozen=True, slots=True)
class Counted:
    """An amount by country, with who of it is known by name."""

    countries: Mapping[str, float]
    """Total of each country. [t/year]"""
    assets: Mapping[str, float]
    """Of it, what was counted at plants. [t/year]"""
    companies: Mapping[str, float]
    """Of it, what belongs to a named company. [t/year]"""
    unnamed: Mapping[str, float]
    """What of each country has no named owner. [t/year]"""
    notes: tuple[str, ...] = ()
    """Contradictions and what could not be counted, a sentence each."""


@dataclass(slots=True)
class _CountrySum:
    totals: list[float] = field(default_factory=list)
    rests: list[float] = field(default_factory=list)
    assets: dict[str, float] = field(default_factory=dict)
    companies: dict[str, float] = field(default_factory=dict)

    @property
    def listed(self) -> float:
        return math.fsum(self.assets.values())

    @property
    def amount(self) -> float:
        """Take the total of the country where there is one, else its plants and the rest."""
        if self.totals:
            return math.fsum(self.totals)
        return self.listed + math.fsum(self.rests)


def ledger_of(tables: CaseTables, case: Case) -> Ledger:
    """Gather the observations of a case."""
    stage_rows = {row.text("id"): row for row in tables["stages"]}
    ordered = sorted(stage_rows, key=lambda stage: case.stage_order[stage])
    return Ledger(
        observations=tuple(_observations(tables)),
        measures={stage: stage_rows[stage].maybe_text("measure") for stage in ordered},
        factors=_factors(tables, case),
    )


def _observations(tables: CaseTables) -> Iterator[Observation]:
    assets = {row.text("id"): row for row in tables["assets"]}
    stage_of_process = {r.text("id"): r.maybe_text("stage") for r in tables["processes"]}
    stage_of_material = {r.text("id"): r.maybe_text("stage") for r in tables["materials"]}
    country_of_site = {r.text("id"): r.text("country") for r in tables["sites"]}
    company_of_project = {r.text("id"): r.maybe_text("company") for r in tables["projects"]}
    for row in tables["observations"]:
        name, material = row.maybe_text("asset"), row.maybe_text("material")
        asset = None if name is None else assets[name]
        stage = row.maybe_text("stage")
        if stage is None and asset is not None:
            stage = stage_of_process[asset.text("process")]
        if stage is None and material is not None:
            stage = stage_of_material[material]
        yield Observation(
            place=row.place("amount"),
            country=_country(row, asset, country_of_site),
            asset=name,
            company=None
            if asset is None
            else company_of_project.get(asset.maybe_text("project") or ""),
            stage=stage,
            material=material,
            year=row.whole("year"),
            kind=row.text("kind"),
            amount=row.number("amount"),
            rest=row["covers"] == "rest",
        )


def _country(row: Row, asset: Row | None, country_of_site: Mapping[str, str]) -> str:
    return row.text("country") if asset is None else country_of_site[asset.text("site")]


def _factors(tables: CaseTables, case: Case) -> dict[tuple[str, str], float]:
    """Find the tonnes of each basis in a tonne of a material, where that is known."""
    per_element = {r.text("id"): r.maybe_number("oxide_factor") for r in tables["elements"]}
    found: dict[tuple[str, str], float] = {}
    for name, material in case.materials.items():
        found[name, "gross"] = material.gross_per_t
        contents = material.contents
        if contents:
            found[name, "contained"] = found[name, "metal"] = math.fsum(contents.values())
        if contents and all(per_element.get(element) for element in contents):
            found[name, "oxide"] = math.fsum(
                amount / (per_element[element] or 1.0) for element, amount in contents.items()
            )
        found[name, material.basis] = 1.0
    return found


def counted(ledger: Ledger, year: int, stage: str, *, kind: str = "production") -> Counted:
    """Sum what was counted at a stage in a year, in the measure of the stage.

    The total of a country wins over the sum of its plants and the rest; plants only tell who owns
    it. Without a total, the plants and the rest are the total. A row without a material stands for
    all that its plant or country makes at the stage and wins over rows by material.

    Parameters
    ----------
    ledger
        The observations.
    year
        The year. [calendar year]
    stage
        The stage.
    kind
        What is counted.
    """
    rows = [one for one in ledger.select(kind, year) if one.stage == stage]
    measure = ledger.measures.get(stage)
    return _summed(rows, lambda one: _factor(ledger, one, measure))


def missing_share(by_year: Mapping[int, Mapping[str, Counted]], year: int, stage: str) -> float:
    """Tell how much of a stage's output was made, in another year, by countries not counted now.

    A country that makes nothing is counted with 0; one that is absent was not counted. Where more
    than a tenth is missing, shares of what was counted say nothing of the world.

    Parameters
    ----------
    by_year
        What was counted, by year and stage. [t/year]
    year
        The year asked about. [calendar year]
    stage
        The stage.

    Returns
    -------
    float
        The largest over the other years; 0 where the stage was counted in this year alone.
        [fraction]

    Examples
    --------
    >>> full = Counted({"A": 90.0, "B": 10.0}, {}, {}, {})
    >>> part = Counted({"B": 12.0}, {}, {}, {})
    >>> missing_share({2024: {"mining": full}, 2025: {"mining": part}}, 2025, "mining")
    0.9
    """
    here = by_year[year][stage].countries
    found = 0.0
    for other, stages in by_year.items():
        if other == year or stage not in stages:
            continue
        amounts = stages[stage].countries
        total = math.fsum(amounts.values())
        absent = math.fsum(x for country, x in amounts.items() if country not in here)
        found = max(found, absent / total if total > 0 else 0.0)
    return found


def of_world(by_year: Mapping[int, Mapping[str, Counted]], year: int) -> dict[str, Counted]:
    """Give the stages whose main makers were counted in a year, so that shares can be told."""
    return {
        stage: one
        for stage, one in by_year[year].items()
        if missing_share(by_year, year, stage) <= MISSED_AT_MOST
    }


def counted_material(
    ledger: Ledger, year: int, material: str, *, kind: str = "production"
) -> Counted:
    """Sum what was counted of a material in a year, whatever the stage.

    A row without a material counts where its stage is measured in this material.

    Parameters
    ----------
    ledger
        The observations.
    year
        The year. [calendar year]
    material
        The material.
    kind
        What is counted.
    """
    rows = [
        one
        for one in ledger.select(kind, year)
        if (one.material or ledger.measures.get(one.stage or "")) == material
    ]
    return _summed(rows, lambda _: 1.0)


def _factor(ledger: Ledger, one: Observation, measure: str | None) -> float | None:
    """Give the tonnes of a measure in a tonne of what was counted; 0 = it measures others."""
    if one.material is None or measure is None or measure == one.material:
        return 1.0
    return ledger.factors.get((one.material, measure)) if measure in BASES else 0.0


def _summed(rows: list[Observation], factor: Callable[[Observation], float | None]) -> Counted:
    sums: dict[str, _CountrySum] = {}
    notes: list[str] = []
    for same in _same_place(rows):
        amounts = []
        for one in same:
            per_tonne = factor(one)
            if per_tonne is None:
                notes.append(_not_counted(one))
            elif per_tonne > 0:
                amounts.append(one.amount * per_tonne)
        if amounts:
            _enter(sums.setdefault(same[0].country, _CountrySum()), same[0], math.fsum(amounts))
    notes += [note for country, held in sums.items() for note in _contradiction(country, held)]
    return _gathered(sums, notes)


def _same_place(rows: list[Observation]) -> Iterator[list[Observation]]:
    """Gather rows of one plant, or of one country and cover; rows for all it makes win."""
    groups: dict[tuple[str, str | None, bool], list[Observation]] = {}
    for one in rows:
        key = (one.country, one.asset, one.rest and one.asset is None)
        groups.setdefault(key, []).append(one)
    for same in groups.values():
        whole = [one for one in same if one.material is None]
        yield whole or same


def _enter(held: _CountrySum, one: Observation, amount: float) -> None:
    if one.asset is not None:
        held.assets[one.asset] = amount
        if one.company is not None:
            held.companies[one.company] = held.companies.get(one.company, 0.0) + amount
    elif one.rest:
        held.rests.append(amount)
    else:
        held.totals.append(amount)


def _gathered(sums: Mapping[str, _CountrySum], notes: list[str]) -> Counted:
    companies: dict[str, float] = {}
    for held in sums.values():
        for company, amount in held.companies.items():
            companies[company] = companies.get(company, 0.0) + amount
    return Counted(
        countries={country: held.amount for country, held in sums.items()},
        assets={asset: x for held in sums.values() for asset, x in held.assets.items()},
        companies=companies,
        unnamed={
            country: max(0.0, held.amount - math.fsum(held.companies.values()))
            for country, held in sums.items()
        },
        notes=tuple(dict.fromkeys(notes)),
    )


def _contradiction(country: str, held: _CountrySum) -> Iterator[str]:
    if held.totals and held.listed > held.amount * (1 + TOTAL_TOLERANCE):
        yield (
            f"{country}: its plants were counted at {held.listed:.6g} t, more than its total of "
            f"{held.amount:.6g} t; the total was taken"
        )


def _not_counted(one: Observation) -> str:
    return (
        f"{one.place}: '{one.material}' has no composition, so it cannot be counted in the measure "
        f"of stage '{one.stage}'"
    )
