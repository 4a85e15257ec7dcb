"""An assessment in words and small tables, from its run alone."""

from __future__ import annotations

from typing import Any

import pandas as pd

from coercivity.results import Run
from coercivity.views.plan_words import TextTable, amount, share

CONCENTRATED = 2500.0
"""Index above which competition authorities call a market highly concentrated."""
SHOWN_AT_MOST = 6
GROUPS = ("domestic", "allied", "neutral", "covered")


def answer(run: Run) -> list[str]:
    """Say where the chain stands: who makes it, what is bought, what hangs on one, what lasts."""
    result = run.result
    sentences = [
        *_makers(run),
        *_covered(result, _names(run)),
        *_reliance(result),
        *_compliance(result),
        *_exposed(result),
        *_cover(result),
    ]
    return sentences or [
        f"Little can be said of {result['year']}: no stage was counted as a whole."
    ]


def notes(run: Run) -> list[str]:
    """List what was not counted, or only in part, and what contradicts itself."""
    names = _names(run)
    earlier = [
        f"{names.get(stage, stage)}: not counted as a whole in {run.result['year']}; the last year "
        f"is {year}"
        for stage, year in run.result["last_observed"].items()
    ]
    return [*earlier, *run.result["notes"]]


def _names(run: Run) -> dict[str, str]:
    frame = run.table("stages")
    return dict(zip(frame["stage"], frame["stage_name"], strict=True))


def _makers(run: Run) -> list[str]:
    frame = _shown_year(run)
    leaders = frame.sort_values("share", ascending=False).drop_duplicates("stage")
    if leaders.empty:
        return []
    order = {stage: place for place, stage in enumerate(dict.fromkeys(frame["stage"]))}
    leaders = leaders.sort_values("stage", key=lambda names: names.map(order))
    parts = [
        f"{row.stage_name}: {row.country_name} {share(float(str(row.share)))}"
        for row in leaders.itertuples()
    ]
    return [f"The largest maker at each stage in {run.result['year']}: {'; '.join(parts)}."]


def _shown_year(run: Run) -> pd.DataFrame:
    frame = run.table("stages")
    year = int(run.result["year"])
    return frame[(frame["year"] == year) & frame["share"].notna()]


def _covered(result: dict[str, Any], names: dict[str, str]) -> list[str]:
    shares, hhi = result["covered_share"], result["hhi"]
    if not shares:
        return []
    worst = max(shares, key=lambda stage: float(shares[stage]))
    concentrated = sum(value > CONCENTRATED for value in hhi.values())
    return [
        f"Covered countries make most at {names[worst]}, {share(shares[worst])}; {concentrated} of "
        f"{len(hhi)} stages are highly concentrated (index above {amount(CONCENTRATED)})."
    ]


def _reliance(result: dict[str, Any]) -> list[str]:
    by_name = {**result["import_reliance"], **result["import_reliance_by_stage"]}
    if not by_name:
        return []
    parts = [
        f"{name} {share(value)}" if value >= 0 else f"{name}: net exporter"
        for name, value in sorted(by_name.items(), key=lambda pair: -pair[1])
    ]
    return [f"Imports, less exports, cover this share of use: {'; '.join(parts)}."]


def _compliance(result: dict[str, Any]) -> list[str]:
    parts = [
        f"{share(one['share'])} of {one['segment']} ({one['class']}, plants of {one['year']}) "
        f"under the rules of {one['date']}"
        for one in result["compliance"]
        if one["share"] is not None
    ]
    if not parts:
        return []
    return [f"What exists, without new plants, could serve at most {'; '.join(parts)}."]


def _exposed(result: dict[str, Any]) -> list[str]:
    points = result["single_points"]
    if not points:
        return ["No single country, company, plant or supplier makes more than half of anything."]
    of_what: dict[str, list[str]] = {}
    for one in points:
        of_what.setdefault(one["id"], []).append(one["material"] or one["stage"])
    shown = [f"{name} ({', '.join(what)})" for name, what in of_what.items()]
    more = f"; and {len(shown) - SHOWN_AT_MOST} more" if len(shown) > SHOWN_AT_MOST else ""
    plural = "s" if len(points) != 1 else ""
    return [
        f"{len(points)} single point{plural} of failure, each more than half of what is made: "
        f"{'; '.join(shown[:SHOWN_AT_MOST])}{more}."
    ]


def _cover(result: dict[str, Any]) -> list[str]:
    days = {name: value for name, value in result["days_of_cover"].items() if value > 0}
    empty = [name for name, value in result["days_of_cover"].items() if value == 0]
    if not days and not empty:
        return []
    parts = [f"{name} {amount(value)} days" for name, value in sorted(days.items(), key=_second)]
    if empty:
        parts.append(f"nothing is kept of {', '.join(empty)}")
    return [f"Stocks at home last: {'; '.join(parts)}."]


def _second(pair: tuple[str, float]) -> float:
    return pair[1]


def stage_table(run: Run) -> TextTable:
    """Show output and shares of each stage in the year, the largest maker first."""
    rows = [
        (
            str(row.stage_name),
            str(row.country_name),
            str(row.group),
            amount(float(str(row.output_t))),
            share(float(str(row.share))),
        )
        for row in _shown_year(run).itertuples()
    ]
    return TextTable(
        f"Who made it in {run.result['year']}",
        (("stage", False), ("country", False), ("group", False), ("t/year", True), ("share", True)),
        tuple(rows),
    )


def year_table(run: Run) -> TextTable:
    """Show each stage year by year: concentration, covered and home share."""
    rows = [
        (
            str(row.stage_name),
            str(row.year),
            amount(float(str(row.output_t))),
            amount(float(str(row.hhi))),
            f"{amount(float(str(row.hhi_named)))} to {amount(float(str(row.hhi_rest_as_one)))}",
            share(float(str(row.covered_share))),
            share(float(str(row.home_share))),
        )
        for row in run.table("concentration").sort_values(["stage", "year"]).itertuples()
    ]
    return TextTable(
        "Stage by stage, year by year (index: 10 000 = one maker)",
        (
            ("stage", False),
            ("year", True),
            ("t/year", True),
            ("index, countries", True),
            ("index, companies", True),
            ("covered", True),
            ("home", True),
        ),
        tuple(rows),
    )


def compliance_table(run: Run) -> TextTable:
    """Show how much of the demand for a class could comply under the rules of each date."""
    rows = [
        (
            str(one["date"]),
            str(one["segment"]),
            str(one["class"]),
            str(one["year"]),
            amount(one["demand_t"]),
            amount(one["at_most_t"]),
            "" if one["share"] is None else share(one["share"]),
        )
        for one in run.result["compliance"]
    ]
    return TextTable(
        "What could comply at most, options left aside",
        (
            ("rules of", False),
            ("segment", False),
            ("class", False),
            ("plants of", True),
            ("demand t", True),
            ("at most t", True),
            ("share", True),
        ),
        tuple(rows),
    )


def single_point_table(run: Run) -> TextTable:
    """Show who makes more than half, and what is left without."""
    rows = [
        (
            str(one["kind"]),
            str(one["id"]),
            str(one["material"] or one["stage"]),
            share(one["share"]),
            "unlimited" if one["left_t"] is None else amount(one["left_t"]),
        )
        for one in run.result["single_points"]
    ]
    return TextTable(
        "Single points of failure (countries and companies by observed output, plants and "
        "suppliers by capacity outside covered countries)",
        (
            ("kind", False),
            ("who", False),
            ("of what", False),
            ("share", True),
            ("left t/year", True),
        ),
        tuple(rows),
    )


def basket_table(run: Run) -> TextTable:
    """Show the basket price of each ore."""
    result = run.result
    rows = [
        (
            ore,
            amount(one["price_per_t"]),
            amount(one["at_least_per_t"]),
            share(one["priced_share"]),
            " ".join(part for part in (one["place"], one["series"]) if part),
        )
        for ore, one in sorted(result["basket_price"].items(), key=lambda p: -p[1]["price_per_t"])
    ]
    money = f"{result['currency']}/t"
    return TextTable(
        f"Basket price of each ore in {result['year']}",
        (
            ("ore", False),
            (f"{money}, what has a price", True),
            (f"{money}, the rest at nothing", True),
            ("priced", True),
            ("quote", False),
        ),
        tuple(rows),
    )


def cover_table(run: Run) -> TextTable:
    """Show stock, use and days of cover at home, and whence each figure comes."""
    rows = [
        (
            str(row.material),
            amount(float(str(row.stock)), 1),
            str(row.stock_from),
            amount(float(str(row.use)), 1),
            str(row.use_from),
            amount(float(str(row.days))),
        )
        for row in run.table("cover").itertuples()
    ]
    return TextTable(
        "Days of cover at home",
        (
            ("material", False),
            ("stock t", True),
            ("from", False),
            ("use t/year", True),
            ("from", False),
            ("days", True),
        ),
        tuple(rows),
    )


def tables(run: Run) -> list[TextTable]:
    """Give every table in the order in which it is shown."""
    return [
        stage_table(run),
        year_table(run),
        compliance_table(run),
        single_point_table(run),
        cover_table(run),
        basket_table(run),
    ]
