"""Links, rules, tariffs, steps and priorities."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from coercivity.chain.assembly.trading import grouped
from coercivity.chain.assembly.ways import (
    duty_quotes,
    missing_places,
    price_units,
    unknown_selectors,
)
from coercivity.chain.case import Case
from coercivity.foundation.identifiers import suggestion
from coercivity.foundation.problems import Place, Problem, Severity
from coercivity.tables import CaseTables


def check_trading(tables: CaseTables, case: Case) -> Iterator[Problem]:
    """Check what moves and what is sold."""
    yield from _links(tables)
    yield from _rules(tables, case)
    yield from _tariffs(case)
    yield from _duty_series(tables, case)
    yield from _bases(tables, case)
    yield from _steps(tables)
    yield from _priorities(tables, case)
    yield from _limits(tables, case)


def _links(tables: CaseTables) -> Iterator[Problem]:
    for row in tables.tables["links"].rows():
        if row["from"] == row["to"]:
            yield Problem(
                "C211",
                row.place("to"),
                f"link '{row['id']}' leads from '{row['from']}' to itself",
                "Name two different sites.",
            )


def _rules(tables: CaseTables, case: Case) -> Iterator[Problem]:
    known = {*case.sites, *case.countries, "domestic", "allied", "neutral", "covered"}
    known |= {f"kind:{kind}" for kind in ("plant", "pool", "market", "port")}
    for row, end, part in unknown_selectors(tables, case.sites, case.countries):
        yield Problem(
            "C212",
            row.place(end),
            f"'{part}' is not a site, country, group or kind",
            suggestion(part, known, listed_in="sites.csv and countries.csv")
            + " Write kind:plant for a kind, and join with & what must all hold.",
        )
    for row, lost in missing_places(tables, case.sites, case.countries):
        yield Problem(
            "C213",
            row.place("cost_per_km"),
            f"rule '{row['id']}' costs by distance, but {len(lost)} of its sites have no "
            f"coordinates, such as '{lost[0]}'",
            "Give lat and lon in sites.csv, or use fixed_cost.",
        )


def _tariffs(case: Case) -> Iterator[Problem]:
    currency = case.currency
    told: set[tuple[str, str]] = set()
    for lane in case.lanes:
        start = case.sites[lane.start].country
        if np.isnan(lane.tariff).any() and (start, lane.material) not in told:
            told.add((start, lane.material))
            yield Problem(
                "C214",
                Place("tariffs.csv", None, "rate"),
                f"the duty on '{lane.material}' from '{start}' is a share of its value, but the "
                "case has no price for it",
                f"Add a row to prices.csv, in {currency}/t or {currency}/kg and on the basis of "
                "the material, or give an amount per tonne instead of a rate.",
            )


def _duty_series(tables: CaseTables, case: Case) -> Iterator[Problem]:
    """Refuse several series of prices where one duty is a share of the value."""
    units = price_units(case.currency)
    rated = {(r["from"], r["material"]) for r in tables.tables["tariffs"].rows() if r["rate"]}
    moved = {(case.sites[lane.start].country, lane.material) for lane in case.lanes}
    prices = grouped(list(tables.tables["prices"].rows()), "material")
    for country, material in sorted(moved):
        if not rated & {(country, material), (case.countries[country].group, material)}:
            continue
        known = prices.get((material,), [])
        chosen = duty_quotes(known, case.materials[material], country, units)
        series = list(dict.fromkeys(row["series"] or "(no name)" for row in chosen))
        if len(series) > 1:
            yield Problem(
                "C228",
                chosen[-1].place("series"),
                f"the duty on '{material}' from '{country}' could be charged on {len(series)} "
                f"series of prices: {', '.join(map(str, series))}",
                "Keep one series at that place, quote the others at another place, or give an "
                "amount per tonne in tariffs.csv. Several quotes of one series in a year count "
                "with their mean.",
            )


def _bases(tables: CaseTables, case: Case) -> Iterator[Problem]:
    """Refuse a series of prices that changes what a tonne counts, or its unit."""
    rows = list(tables.tables["prices"].rows())
    unset = f"{case.currency}/t"
    for (material, _, series), quotes in grouped(rows, "material", "place", "series").items():
        own = case.materials[str(material)].basis
        for column, default in (("basis", own), ("unit", unset)):
            first = quotes[0][column] or default
            other = next((row for row in quotes if (row[column] or default) != first), None)
            if other is not None:
                name = f"series '{series}'" if series else "the series without a name"
                yield Problem(
                    "C229",
                    other.place(column),
                    f"{name} of '{material}' has {column} '{other[column] or default}' here and "
                    f"'{first}' in {quotes[0].place()}",
                    "One series keeps one basis and one unit, else its course is not that of a "
                    f"price. Convert the quotes, or give them another series (blank = {default}).",
                )


def _steps(tables: CaseTables) -> Iterator[Problem]:
    for table, rising in (("suppliers", True), ("buyers", False)):
        last: dict[tuple[object, object], tuple[int, float]] = {}
        rows = sorted(
            tables.tables[table].rows(),
            key=lambda r: (r.text("id"), r["year"] or 0, r.whole("step")),
        )
        for row in rows:
            key, price = (row["id"], row["year"]), row.number("price")
            if key in last and (price < last[key][1] if rising else price > last[key][1]):
                yield Problem(
                    "C215",
                    row.place("price"),
                    f"step {row['step']} of '{row['id']}' costs {price:g} after {last[key][1]:g}",
                    f"Steps of {table} have {'rising' if rising else 'falling'} prices; out of "
                    "order, the plan would use the later step first.",
                    Severity.WARNING,
                )
            last[key] = (row.whole("step"), price)


def _priorities(tables: CaseTables, case: Case) -> Iterator[Problem]:
    priced = [d for d in case.demands.values() if d.penalty is not None]
    rows = {row.text("id"): row for row in tables.tables["demands"].rows()}
    for first in priced:
        for second in priced:
            if first.penalty is None or second.penalty is None:
                continue
            if first.priority < second.priority and (first.penalty < second.penalty).all():
                yield Problem(
                    "C216",
                    rows[first.id].place("penalty"),
                    f"demand '{first.id}' has priority {first.priority} but a lower penalty than "
                    f"'{second.id}' with priority {second.priority}",
                    "In a shortage the plan serves the higher penalty first; raise it, or change "
                    "the priority.",
                    Severity.WARNING,
                )
                break


def _limits(tables: CaseTables, case: Case) -> Iterator[Problem]:
    for row in tables.tables["limits"].rows():
        scope, kind, target = row["scope"], row["kind"], row["target"]
        projects = {option.project for option in case.options.values()}
        if scope in {"country", "project"} and target is None:
            yield Problem(
                "C217",
                row.place("target"),
                f"limit '{row['id']}' has scope {scope} but no target",
                f"Name the {scope}.",
            )
        elif scope == "country" and target not in case.countries:
            yield Problem(
                "C217",
                row.place("target"),
                f"'{target}' is not a country",
                suggestion(str(target), case.countries, listed_in="countries.csv"),
            )
        elif scope == "project" and kind in {"capital", "starts"} and target not in projects:
            yield Problem(
                "C218",
                row.place("target"),
                f"no option belongs to project '{target}'",
                "The limit would bound nothing; check the name.",
                Severity.WARNING,
            )
        if kind in {"exports", "imports"} and scope not in {"all", "country"}:
            yield Problem(
                "C217",
                row.place("scope"),
                f"limit '{row['id']}' bounds {kind} with scope {scope}",
                "Exports and imports have scope all or country.",
            )
        if kind == "emissions" and row["material"] is None:
            yield Problem(
                "C217",
                row.place("material"),
                f"limit '{row['id']}' bounds emissions but names no material",
                "Name the material that counts the emissions and let recipes give it.",
            )
