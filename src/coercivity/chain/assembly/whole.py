"""The whole case from its tables."""

from __future__ import annotations

from coercivity.chain.assembly.processing import (
    assets_of,
    materials_of,
    options_of,
    processes_of,
)
from coercivity.chain.assembly.trading import (
    demands_of,
    limits_of,
    offers_of,
    origin_of,
    stocks_of,
    takers_of,
    targets_of,
)
from coercivity.chain.assembly.ways import Surroundings, Ways, ways_of
from coercivity.chain.case import Case
from coercivity.chain.places import Country, Site
from coercivity.chain.series import YearlyReader
from coercivity.foundation.periods import Discounting, Horizon
from coercivity.tables import CaseTables


def _countries(tables: CaseTables) -> dict[str, Country]:
    return {
        row.text("id"): Country(
            row.text("id"), (row.maybe_text("name") or row.text("id")), row.text("group")
        )
        for row in tables.tables["countries"].rows()
    }


def _sites(tables: CaseTables) -> dict[str, Site]:
    return {
        row.text("id"): Site(
            id=row.text("id"),
            name=(row.maybe_text("name") or row.text("id")),
            country=row.text("country"),
            kind=row.text("kind"),
            lat=row.maybe_number("lat"),
            lon=row.maybe_number("lon"),
        )
        for row in tables.tables["sites"].rows()
    }


def _stage_order(tables: CaseTables) -> dict[str, int]:
    rows = list(tables.tables["stages"].rows())
    return {
        row.text("id"): row.whole("order") if row["order"] is not None else place
        for place, row in enumerate(rows, start=1)
    }


def horizon_of(tables: CaseTables) -> Horizon:
    """Give the years of a case."""
    settings = tables.settings
    return Horizon(
        tuple(settings.periods), settings.discount_rate, Discounting(settings.discounting)
    )


def _surroundings(tables: CaseTables, reader: YearlyReader) -> Surroundings:
    sites = _sites(tables)
    return Surroundings(
        countries=_countries(tables),
        sites=sites,
        materials=materials_of(tables),
        processes=processes_of(tables, reader),
        assets=assets_of(tables, reader),
        options=options_of(tables, reader),
        offers=offers_of(tables, sites, reader),
        takers=takers_of(tables, sites, reader),
        demands=demands_of(tables, sites, reader),
        stocks=stocks_of(tables, reader),
    )


def assemble(tables: CaseTables) -> Case:
    """Build the nouns of a case from tables that are valid."""
    horizon = horizon_of(tables)
    reader = YearlyReader(tables, horizon.years)
    around = _surroundings(tables, reader)
    return _case(tables, horizon, around, ways_of(tables, around, reader), reader)


def _case(
    tables: CaseTables, horizon: Horizon, around: Surroundings, ways: Ways, reader: YearlyReader
) -> Case:
    settings, stage_order = tables.settings, _stage_order(tables)
    return Case(
        name=settings.name or tables.name,
        title=settings.title or settings.name or tables.name,
        currency=settings.currency,
        price_year=settings.price_year,
        perspective=settings.perspective,
        report_until=settings.report_until or report_end(horizon),
        horizon=horizon,
        countries=around.countries,
        sites=around.sites,
        materials=around.materials,
        processes=around.processes,
        assets=around.assets,
        options=around.options,
        links=ways.links,
        lanes=ways.lanes,
        offers=tuple(around.offers),
        takers=tuple(around.takers),
        demands=around.demands,
        stocks=around.stocks,
        limits=limits_of(tables, reader),
        targets=targets_of(tables),
        origin=origin_of(tables, stage_order),
        stage_order=stage_order,
        sources=ways.sources,
        uses=ways.uses,
    )


def report_end(horizon: Horizon) -> int:
    """Give the last reported year where the case names none: five years before the end.

    Examples
    --------
    >>> report_end(Horizon((2025, 2030, 2041), 0.07, Discounting.MID)), report_end(
    ...     Horizon((2025, 2026), 0.0, Discounting.START)
    ... )
    (2036, 2025)
    """
    return max(horizon.first_year, horizon.end - 5)
