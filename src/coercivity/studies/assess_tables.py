"""What an assessment found, as one JSON object and as the tables of its run."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from coercivity.chain import Case
from coercivity.resilience.compliance import Compliance
from coercivity.resilience.concentration import (
    company_concentration,
    european_supply_risk,
    governance_herfindahl,
    herfindahl,
    shares,
)
from coercivity.resilience.exposure import COVERED, Exposure
from coercivity.resilience.home import Cover, HomeBalance
from coercivity.resilience.observed import Counted, of_world
from coercivity.resilience.ores import OreBasket

Unitful = tuple[pd.DataFrame, dict[str, str]]
"""A frame and the unit of each column that has one."""
TONNES, FRACTION, INDEX = "t/year", "fraction", "index"
CONCENTRATION = {
    "hhi": INDEX,
    "hhi_named": INDEX,
    "hhi_rest_as_one": INDEX,
    "named_share": FRACTION,
    "covered_share": FRACTION,
    "home_share": FRACTION,
    "supply_risk": INDEX,
}
"""Columns of the table of concentration with their units."""
RELIANCE = {
    "production_t": TONNES,
    "import_t": TONNES,
    "export_t": TONNES,
    "consumption_t": TONNES,
    "stock_rise_t": TONNES,
    "reliance": FRACTION,
}
"""Columns of the table of reliance with their units."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything an assessment found."""

    year: int
    """The year asked about. [calendar year]"""
    by_year: Mapping[int, Mapping[str, Counted]]
    """What was counted, by year and stage."""
    balances: tuple[HomeBalance, ...]
    """Balances of the home country, of every year."""
    covers: tuple[Cover, ...]
    exposures: tuple[Exposure, ...]
    compliance: tuple[Compliance, ...]
    baskets: tuple[OreBasket, ...]
    governance: Mapping[str, float]
    """Governance indicator of the countries that have one. [index]"""
    stage_names: Mapping[str, str]
    """Name of each stage for people, in the order of the chain."""

    @property
    def stages(self) -> Mapping[str, Counted]:
        """What was counted of the world in the year asked about, by stage."""
        return self.of_world(self.year)

    @property
    def partly(self) -> Mapping[str, Counted]:
        """What was counted in the year of stages whose main makers were not, by stage."""
        whole = self.stages
        return {s: one for s, one in self.by_year[self.year].items() if s not in whole}

    def of_world(self, year: int) -> Mapping[str, Counted]:
        """Give the stages of which shares can be told, because the main makers were counted."""
        return of_world(self.by_year, year)


def assess_result(run: str, case: Case, found: Standing) -> dict[str, Any]:
    """Write an assessment as the JSON object of the command line."""
    stages = found.stages
    return {
        "run": run,
        "year": found.year,
        "stages": [
            {"stage": stage, "country": country, "output_t": output, "share": share}
            for stage, one in stages.items()
            for country, output, share in _ranked(one)
        ],
        "hhi": {stage: herfindahl(one.countries) for stage, one in stages.items()},
        "import_reliance": _reliance(found, by_stage=False),
        "covered_share": {stage: covered_share(case, one) for stage, one in stages.items()},
        "single_points": [one.as_json() for one in found.exposures],
        "days_of_cover": {one.material: one.days for one in found.covers},
        "hhi_companies": {
            stage: asdict(company_concentration(one.companies, unnamed=one.unnamed))
            for stage, one in stages.items()
        },
        "supply_risk": {
            stage: risk
            for stage, one in stages.items()
            if (risk := supply_risk(one, found.governance)) is not None
        },
        "import_reliance_by_stage": _reliance(found, by_stage=True),
        "compliance": [_compliance_row(one) for one in found.compliance],
        "basket_price": {basket.ore: _basket_row(basket) for basket in main_quote(found.baskets)},
        "years": list(found.by_year),
        "last_observed": last_observed(found),
        "partly_counted": [
            {"stage": stage, "country": country, "output_t": output}
            for stage, one in found.partly.items()
            for country, output in one.countries.items()
        ],
        "notes": list(_notes(found)),
        "currency": case.currency,
        "price_year": case.price_year,
    }


def covered_share(case: Case, one: Counted) -> float:
    """Give the share of a stage that covered countries make. [fraction]"""
    return group_share(case, one, COVERED)


def group_share(case: Case, one: Counted, group: str) -> float:
    """Give the share of a stage that a group of countries makes. [fraction]"""
    return math.fsum(
        share
        for country, share in shares(one.countries).items()
        if case.countries[country].group == group
    )


def supply_risk(one: Counted, governance: Mapping[str, float]) -> float | None:
    """Weigh a stage by governance; None unless every country counted has an indicator.

    What is bought is taken to come from the same countries as the world's output; recycling and
    substitution are left aside.
    """
    if not set(one.countries) <= set(governance):
        return None
    return european_supply_risk(governance_herfindahl(one.countries, governance))


def last_observed(found: Standing) -> dict[str, int]:
    """Give the last year before that tells the shares of a stage which the year does not."""
    missing = [stage for stage in found.stage_names if stage not in found.stages]
    known = {
        stage: [year for year in found.by_year if stage in found.of_world(year)]
        for stage in missing
    }
    return {
        stage: max((y for y in years if y < found.year), default=max(years))
        for stage, years in known.items()
        if years
    }


def _ranked(one: Counted) -> list[tuple[str, float, float]]:
    by_share = shares(one.countries)
    ordered = sorted(one.countries, key=lambda country: (-one.countries[country], country))
    return [(country, one.countries[country], by_share[country]) for country in ordered]


def _reliance(found: Standing, *, by_stage: bool) -> dict[str, float]:
    return {
        str(b.stage if by_stage else b.material): b.reliance
        for b in found.balances
        if b.year == found.year and (b.material is None) == by_stage and b.reliance is not None
    }


def _compliance_row(one: Compliance) -> dict[str, Any]:
    return {
        "date": one.day.isoformat(),
        "segment": one.segment,
        "class": one.origin_class,
        "year": one.year,
        "demand_t": one.demand,
        "at_most_t": one.at_most,
        "share": one.share,
    }


def main_quote(baskets: Sequence[OreBasket]) -> list[OreBasket]:
    """Keep the baskets of the one quote that prices most of all ores, so that they compare."""
    priced: dict[tuple[str, str], float] = {}
    for basket in baskets:
        quote = (basket.place, basket.series)
        priced[quote] = priced.get(quote, 0.0) + basket.priced_share
    chosen = max(sorted(priced), key=priced.__getitem__, default=None)
    return [basket for basket in baskets if (basket.place, basket.series) == chosen]


def _basket_row(basket: OreBasket) -> dict[str, Any]:
    return {
        "price_per_t": basket.price,
        "at_least_per_t": basket.price * basket.priced_share,
        "priced_share": basket.priced_share,
        "place": basket.place,
        "series": basket.series,
    }


def _notes(found: Standing) -> Iterator[str]:
    for stage, one in found.partly.items():
        yield (
            f"{stage}: only {', '.join(one.countries)} counted in {found.year}; the main makers of "
            "other years are missing, so no share is given"
        )
    for stage, one in found.stages.items():
        yield from (f"{stage}: {note}" for note in one.notes)
        if len(one.countries) == 1:
            country = next(iter(one.countries))
            yield (
                f"{stage}: only {country} was counted, so its share of 100 % says nothing of "
                "the world unless nobody else makes it"
            )
    for balance in found.balances:
        if balance.year == found.year and balance.balance is None:
            name = balance.material or balance.stage
            yield f"{name}: trade was counted but not production at home, so no reliance is given"


def assess_tables(case: Case, found: Standing) -> dict[str, Unitful]:
    """Lay out an assessment as the tables of its run."""
    price = f"{case.currency}/t"
    return {
        "stages": _frame(
            _stage_rows(case, found),
            "year stage stage_name country country_name group output_t share",
            {"output_t": TONNES, "share": FRACTION},
        ),
        "concentration": _frame(
            _concentration_rows(case, found),
            f"year stage stage_name output_t {' '.join(CONCENTRATION)}",
            {"output_t": TONNES, **CONCENTRATION},
        ),
        "reliance": _frame(
            _reliance_rows(found),
            f"year material stage {' '.join(RELIANCE)}",
            RELIANCE,
        ),
        "single_points": _frame(
            [one.as_json() for one in found.exposures],
            "kind id stage material share left_t",
            {"share": FRACTION, "left_t": TONNES},
        ),
        "cover": _frame(
            [asdict(one) for one in found.covers],
            "material stock stock_from use use_from days",
            {"stock": "t", "use": TONNES, "days": "day"},
        ),
        "compliance": _frame(
            [_compliance_row(one) for one in found.compliance],
            "date segment class year demand_t at_most_t share",
            {"demand_t": TONNES, "at_most_t": TONNES, "share": FRACTION},
        ),
        "baskets": _frame(
            [{"ore": basket.ore, **_basket_row(basket)} for basket in found.baskets],
            "ore place series price_per_t at_least_per_t priced_share",
            {"price_per_t": price, "at_least_per_t": price, "priced_share": FRACTION},
        ),
    }


def _frame(rows: Sequence[Mapping[str, Any]], columns: str, units: Mapping[str, str]) -> Unitful:
    names = columns.split()
    frame = pd.DataFrame(list(rows), columns=names)
    numbers = [name for name in units if name in names]
    return frame.astype(dict.fromkeys(numbers, float)), dict(units)


def _stage_rows(case: Case, found: Standing) -> list[dict[str, Any]]:
    return [
        {
            "year": year,
            "stage": stage,
            "stage_name": found.stage_names[stage],
            "country": country,
            "country_name": case.countries[country].name,
            "group": case.countries[country].group,
            "output_t": output,
            "share": share if stage in found.of_world(year) else None,
        }
        for year, stages in found.by_year.items()
        for stage, one in stages.items()
        for country, output, share in _ranked(one)
    ]


def _concentration_rows(case: Case, found: Standing) -> list[dict[str, Any]]:
    rows = []
    for year in found.by_year:
        for stage, one in found.of_world(year).items():
            companies = company_concentration(one.companies, unnamed=one.unnamed)
            rows.append(
                {
                    "year": year,
                    "stage": stage,
                    "stage_name": found.stage_names[stage],
                    "output_t": sum(one.countries.values()),
                    "hhi": herfindahl(one.countries),
                    "hhi_named": companies.named,
                    "hhi_rest_as_one": companies.rest_as_one,
                    "named_share": companies.named_share,
                    "covered_share": covered_share(case, one),
                    "home_share": shares(one.countries).get(case.perspective or "", 0.0),
                    "supply_risk": supply_risk(one, found.governance),
                }
            )
    return rows


def _reliance_rows(found: Standing) -> list[dict[str, Any]]:
    return [
        {
            "year": balance.year,
            "material": balance.material,
            "stage": balance.stage,
            **{f"{name}_t": amount for name, amount in balance.amounts.items()},
            "reliance": balance.reliance,
        }
        for balance in found.balances
    ]
