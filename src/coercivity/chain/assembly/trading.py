"""Offers, takers, demands, stocks, limits, targets and origin rules from their tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from coercivity.chain.origin import ANY, OriginException, OriginRule, OriginRules
from coercivity.chain.places import Site, sites_of_row
from coercivity.chain.series import YearlyReader
from coercivity.chain.trade import Alternative, Demand, Limit, Offer, Stock, Taker, Target
from coercivity.tables import CaseTables, Row


def grouped(rows: Sequence[Row], *columns: str) -> dict[tuple[object, ...], list[Row]]:
    """Gather rows by some columns, in the order of their first appearance."""
    found: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        found.setdefault(tuple(row[column] for column in columns), []).append(row)
    return found


def _standing(row: Row, sites: Mapping[str, Site]) -> tuple[tuple[str, ...], str | None]:
    site, country = row.maybe_text("site"), row.maybe_text("country")
    places = sites_of_row(site, country, sites)
    return places, country if site is None else sites[site].country


def _bounded(
    reader: YearlyReader, rows: Sequence[Row], column: str
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Hold dated bounds; an empty cell means unlimited, and before the first row nothing."""
    return reader.dated(rows, column, absent=0.0)


def offers_of(
    tables: CaseTables, sites: Mapping[str, Site], reader: YearlyReader
) -> tuple[Offer, ...]:
    """Read the steps of all suppliers."""
    found = []
    for (name, step), rows in grouped(
        list(tables.tables["suppliers"].rows()), "id", "step"
    ).items():
        places, country = _standing(rows[0], sites)
        origin = {pair[0]: pair[1] for pair in rows[0].pairs("origin")}
        found.append(
            Offer(
                supplier=str(name),
                step=int(str(step)),
                sites=places,
                country=country,
                material=rows[0].text("material"),
                offered=_bounded(reader, rows, "offered"),
                price=reader.dated(rows, "price", absent=_first_value(rows, "price")),
                origin=origin,
            )
        )
    return tuple(found)


def takers_of(
    tables: CaseTables, sites: Mapping[str, Site], reader: YearlyReader
) -> tuple[Taker, ...]:
    """Read the steps of all buyers."""
    found = []
    for (name, step), rows in grouped(list(tables.tables["buyers"].rows()), "id", "step").items():
        places, country = _standing(rows[0], sites)
        found.append(
            Taker(
                buyer=str(name),
                step=int(str(step)),
                sites=places,
                country=country,
                material=rows[0].text("material"),
                most=_bounded(reader, rows, "most"),
                price=reader.dated(rows, "price", absent=_first_value(rows, "price")),
            )
        )
    return tuple(found)


def demands_of(
    tables: CaseTables, sites: Mapping[str, Site], reader: YearlyReader
) -> dict[str, Demand]:
    """Read the demands with the materials that can serve them."""
    serving: dict[str, list[Row]] = {}
    for row in tables.tables["demand_materials"].rows():
        serving.setdefault(row.text("demand"), []).append(row)
    ranks = {r.text("id"): r.whole("priority") for r in tables.tables["segments"].rows()}
    found: dict[str, Demand] = {}
    for (name,), rows in grouped(list(tables.tables["demands"].rows()), "id").items():
        first, places = rows[0], _standing(rows[0], sites)[0]
        segment = first.maybe_text("segment")
        priority = first.maybe_whole("priority")
        penalty = None
        if any(row["penalty"] is not None for row in rows):
            penalty = reader.dated(rows, "penalty", absent=_first_value(rows, "penalty"))
        found[str(name)] = Demand(
            id=str(name),
            segment=segment,
            sites=places,
            amount=reader.linear(rows, "amount"),
            origin_class=first.text("class"),
            priority=ranks.get(segment or "", 1) if priority is None else priority,
            penalty=penalty,
            alternatives=tuple(_alternative(r, reader) for r in serving.get(str(name), [])),
        )
    return found


def _first_value(rows: Sequence[Row], column: str) -> float:
    return next(row.number(column) for row in rows if row[column] is not None)


def _alternative(row: Row, reader: YearlyReader) -> Alternative:
    return Alternative(
        material=row.text("material"),
        amount=row.number("amount"),
        extra_cost=reader.column("demand_materials", row, "extra_cost"),
        first_year=row.maybe_whole("first_year"),
    )


def stocks_of(tables: CaseTables, reader: YearlyReader) -> dict[str, Stock]:
    """Read the stocks."""
    return {
        row.text("id"): Stock(
            id=row.text("id"),
            site=row.text("site"),
            material=row.text("material"),
            opening=row.number("opening"),
            most=reader.column("stocks", row, "most"),
            holding_cost=reader.column("stocks", row, "holding_cost"),
            fill_cost=reader.column("stocks", row, "fill_cost"),
            owner=row.text("owner"),
        )
        for row in tables.tables["stocks"].rows()
    }


def limits_of(tables: CaseTables, reader: YearlyReader) -> tuple[Limit, ...]:
    """Read the limits; infinite in years in which they do not hold."""
    return tuple(
        Limit(
            id=str(name),
            scope=rows[0].text("scope"),
            target=rows[0].maybe_text("target"),
            material=rows[0].maybe_text("material"),
            kind=rows[0].text("kind"),
            amount=reader.dated(rows, "amount", absent=float("inf")),
        )
        for (name,), rows in grouped(list(tables.tables["limits"].rows()), "id").items()
    )


def targets_of(tables: CaseTables) -> tuple[Target, ...]:
    """Read the targets."""
    return tuple(
        Target(
            id=row.text("id"),
            segment=row.text("segment"),
            share=row.number("share"),
            origin_class=row.text("class"),
            year=row.whole("year"),
        )
        for row in tables.tables["targets"].rows()
    )


def origin_of(tables: CaseTables, stage_order: Mapping[str, int]) -> OriginRules:
    """Read the classes with their rules and exceptions."""
    ordered = sorted(tables.tables["origin_classes"].rows(), key=lambda r: r.whole("order"))
    classes = tuple(r.text("id") for r in ordered if r["id"] != ANY)
    return OriginRules(
        classes=(*classes, ANY),
        rules=tuple(
            OriginRule(
                origin_class=row.text("class"),
                stage=row.text("stage"),
                groups=frozenset(row.names("groups")),
                from_date=row.day("from_date"),
            )
            for row in tables.tables["origin_rules"].rows()
        ),
        exceptions=tuple(
            OriginException(
                origin_class=row.text("class"),
                stage=row.maybe_text("stage"),
                material=row.maybe_text("material"),
                condition=row.maybe_text("condition"),
                from_date=row.day("from_date"),
                to_date=row.day("to_date"),
            )
            for row in tables.tables["origin_exceptions"].rows()
        ),
        stage_order=stage_order,
    )
