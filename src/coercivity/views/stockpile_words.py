"""The stockpile in words and small tables, from its run alone."""

from __future__ import annotations

from typing import Any

from coercivity.results import Run
from coercivity.views.labels import counted, listed, short
from coercivity.views.plan_words import TextTable

MOST_NAMED = 4
"""Forms named in a sentence."""


def answer(run: Run) -> list[str]:
    """Say what would be unmet, which stock closes it, and what plants would cost."""
    found = run.result
    span = f"{found['year']} to {_last_year(found)}"
    if not found["needed"]:
        return [
            f"In an emergency from {span} {found['segment']} is served without any stock: "
            "what stands at home, and what may still come, is enough."
        ]
    share = found["unmet_without_t"] / found["demand_t"]
    sentences = [
        f"In an emergency from {span}, {short(found['unmet_without_t'])} t of {found['segment']} "
        f"demand ({_percent(share)}) would be unmet without a stock."
    ]
    if found["stock"] is None:
        sentences.append("No stock of what has a price closes the gap alone.")
    else:
        names = [f"{short(t)} t {material}" for material, t in _by_material(found["mix"])]
        sentences.append(
            f"The cheapest stock that closes this gap costs {short(found['cost_musd'])} million to "
            f"buy and keep: {listed(names, MOST_NAMED)}."
        )
    return [*sentences, _capacity(found), *_mixture(found)]


def _capacity(found: dict[str, Any]) -> str:
    way = found["capacity"]
    if way is None:
        return "New plants alone cannot close the gap in time."
    plants = counted(sum(int(row["modules"]) for row in way["builds"]), "new module")
    return (
        f"New plants in its place would cost {short(way['cost_musd'])} million less what they are "
        f"worth at the end ({plants}), before anything they earn in quiet years."
    )


def _mixture(found: dict[str, Any]) -> list[str]:
    way = found["mixture"]
    if way is None or not way["builds"] or not way["mix"]:
        return []
    options = listed([str(row["option"]) for row in way["builds"]], MOST_NAMED)
    tonnes = sum(float(row["stock_t"]) for row in way["mix"])
    return [
        f"The cheapest of all is {short(tonnes)} t of stock together with {options}: "
        f"{short(way['cost_musd'])} million."
    ]


def _by_material(mix: list[dict[str, Any]]) -> list[tuple[str, float]]:
    """Add up sites, the dearest material first."""
    tonnes: dict[str, float] = {}
    for row in mix:
        tonnes[row["material"]] = tonnes.get(row["material"], 0.0) + float(row["stock_t"])
    return list(tonnes.items())


def _last_year(found: dict[str, Any]) -> int:
    return int(found["year"]) + int(found["conflict_years"]) + int(found["regeneration_years"]) - 1


def _percent(share: float) -> str:
    return f"{share:.1%}".replace("%", " %")


def notes(run: Run) -> list[str]:
    """Say what was assumed."""
    found = run.result
    return [
        f"For {counted(found['conflict_years'], 'year')} nothing comes from "
        f"{listed(found['cut'])} countries, then for {counted(found['regeneration_years'], 'year')}"
        f" nothing from {listed(found['still_cut'])} ones; no other demand is served, and nothing "
        "is sold.",
        "The stock is bought in the first year at the cheapest accepted price or the long-run "
        "price, to the origin rules of the emergency, and counts nothing if it is never used. What "
        f"is spent only in the emergency counts with a chance of {found['chance']:g}. Money is "
        "discounted to the first year.",
    ]


def mix_table(run: Run) -> TextTable:
    """Show the stock by form and place."""
    rows = tuple(
        (
            row["material"],
            row["site"],
            row["stage"] or "",
            short(row["stock_t"]),
            short(row["purchase_musd"]),
            short(row["keeping_musd"]),
        )
        for row in run.result["mix"]
    )
    columns = (
        ("form", False),
        ("place", False),
        ("stage", False),
        ("t", True),
        ("to buy, million", True),
        ("to keep, million", True),
    )
    return TextTable("The cheapest stock", columns, rows)


def ways_table(run: Run) -> TextTable:
    """Show the ways of being ready beside each other."""
    names = {"stock": "stock alone", "capacity": "plants alone", "mixture": "both"}
    rows = []
    for key, words in names.items():
        way = run.result[key]
        if way is None:
            continue
        rows.append(
            (
                words,
                short(way["cost_musd"]),
                short(way["emergency_cost_musd"]),
                short(sum(float(row["stock_t"]) for row in way["mix"])),
                str(sum(int(row["modules"]) for row in way["builds"])),
            )
        )
    columns = (
        ("way", False),
        ("to be ready, million", True),
        ("if it comes, million", True),
        ("stock, t", True),
        ("new modules", True),
    )
    return TextTable("Ways of being ready", columns, tuple(rows))


def tables(run: Run) -> list[TextTable]:
    """Give every table in the order in which it is shown."""
    return [ways_table(run), mix_table(run)]
