"""Shocks, endurance and worst failures in words and small tables, from their run alone."""

from __future__ import annotations

from typing import Any

from coercivity.results import Run
from coercivity.views.labels import counted, listed, short
from coercivity.views.plan_words import TextTable, amount

MOST_NAMED = 4
"""Things named in a sentence."""
NOTHING = 0.5
"""More than that is told. [t, or million]"""
MOST_ROWS = 25
"""Shocks shown in a terminal; the run has all."""


def worst_answer(run: Run) -> list[str]:
    """Say which failures hurt most, what is proven, and what to protect."""
    found = run.result
    sentences = [_worst(found), _proof(found)]
    if found["protect"] is not None:
        sentences.append(_protect(found["protect"]))
    if found["failed"] and "from_year" in found:
        sentences.append(
            f"What fails is gone from {found['from_year']} on, and nothing is built in its place."
        )
    return sentences


def whose(found: dict[str, Any]) -> str:
    """Name the demand that was looked at."""
    return f"{found['segment']} demand" if found["segment"] is not None else "demand"


def when(found: dict[str, Any]) -> str:
    """Say over which years tonnes were summed."""
    return "over the reported years" if found["year"] is None else f"a year in {found['year']}"


def _worst(found: dict[str, Any]) -> str:
    base = f"{short(found['undisturbed_t'])} t"
    hurt = f"{short(found['shortfall_t'])} t of {whose(found)} unserved {when(found)}"
    if not found["failed"]:
        if found["k"] == 0:
            return f"With nothing failing, the chain leaves {hurt}."
        return f"No failure makes it worse: the chain leaves {hurt} anyway."
    names = listed([_named(row) for row in found["failed"]], MOST_NAMED)
    if found["measure"] == "cost":
        more = found["cost_musd"] - found["undisturbed_cost_musd"]
        return (
            f"The costliest {counted(len(found['failed']), 'failure')} would be {names}: "
            f"{short(more)} million more than undisturbed, shortages at their penalty; "
            f"{short(found['shortfall_t'])} t unserved in place of {base}."
        )
    together = "together leave" if len(found["failed"]) > 1 else "leaves"
    return (
        f"The worst that can fail within a budget of {found['k']}: {names}. "
        f"It {together} {hurt}; undisturbed it is {base}."
    ).replace("It together leave", "Together they leave")


def _named(row: dict[str, Any]) -> str:
    name = str(row["target"])
    return name if row["of_plants"] == 1 else f"{name} ({row['plants']} of {row['of_plants']})"


def _proof(found: dict[str, Any]) -> str:
    if found["status"] == "optimal":
        return (
            f"This is proven: no attack on the {found['targets']} plants, links and suppliers "
            f"within that budget is worse. {_answered(found['attacks_answered'])}"
        )
    if found["bound_t"] is None:
        return f"Time ran out: not proven; at most {short(found['measured']['bound'])} million."
    return f"Time ran out: not proven; no attack leaves more than {short(found['bound_t'])} t."


def _answered(number: int) -> str:
    if number == 1:
        return "One answer was enough for the proof: every attack spares what it leans on."
    return (
        f"{number} attacks were answered for the proof; every other one spares all that one of "
        "these answers leans on."
    )


def _protect(found: dict[str, Any]) -> str:
    if not found["protected"]:
        return "Protecting anything would not help against the worst attack."
    names = listed([str(row["target"]) for row in found["protected"]], MOST_NAMED)
    unit = found["unit"].split(",")[0]
    then = listed([_named(row) for row in found["then_failed"]], MOST_NAMED) or "nothing"
    sure = "" if found["status"] == "optimal" else " (not proven)"
    return (
        f"Protect {names} first: the worst falls from {short(found['without_protection'])} to "
        f"{short(found['value'])} {unit}{sure}, then by the loss of {then}."
    )


def worst_tables(run: Run) -> list[TextTable]:
    """Show what fails, and what is short in which year."""
    failed = tuple(
        (
            row["target"],
            row["kind"],
            row["name"],
            f"{row['plants']} of {row['of_plants']}",
            short(row["attack_cost"]),
        )
        for row in run.result["failed"]
    )
    columns = (
        ("target", False),
        ("kind", False),
        ("name", False),
        ("plants", True),
        ("attack cost", True),
    )
    return [TextTable("What fails", columns, failed), shortage_table(run)]


def shortage_table(run: Run) -> TextTable:
    """Show what is short in which year under the worst failures, and undisturbed."""
    frame = run.table("shortage")
    hit = frame[frame["shortfall_t"] > NOTHING]
    rows = tuple(
        (
            str(row.segment),
            str(row.year),
            rounded(float(str(row.demand_t))),
            rounded(float(str(row.undisturbed_t))),
            rounded(float(str(row.shortfall_t))),
        )
        for row in hit.itertuples()
    )
    columns = (
        ("segment", False),
        ("year", True),
        ("demand", True),
        ("undisturbed", True),
        ("short", True),
    )
    return TextTable("What is short, t/year", columns, rows)


def rounded(value: float) -> str:
    """Write a whole number; what rounds to nothing has no sign.

    Examples
    --------
    >>> rounded(-0.4), rounded(-3.6)
    ('0', '-4')
    """
    return amount(value) if abs(value) > NOTHING else amount(0.0)


def sweep_answer(run: Run) -> list[str]:
    """Say which loss leaves most demand short, how many leave any, and which costs most."""
    found = run.result
    shocks = found["shocks"]
    hurting = [row for row in shocks if row["measured_more"] > NOTHING]
    whole = (
        f"{counted(len(shocks), 'shock')} from {found['year']} on, nothing being built meanwhile: "
        f"{len(hurting)} of them leave more {whose(found)} unserved than undisturbed."
    )
    if not shocks:
        return ["There is nothing that could fail."]
    sentences = [_first(found, shocks[0]), whole] if hurting else [whole]
    dearest = max(shocks, key=lambda row: float(row["cost_musd"]))
    if dearest["cost_musd"] > NOTHING:
        sentences.append(
            f"{_shock(dearest)} costs most: {short(dearest['cost_musd'])} million up to "
            f"{found['until']}, shortages at their penalty."
        )
    left = len(found.get("not_tried", ()))
    if left:
        sentences.append(
            f"Time ran out before {counted(left, 'pair')}; the table shocks_not_tried lists what "
            "was not tried, with what losing one of the two leaves at least."
        )
    return sentences


def _first(found: dict[str, Any], row: dict[str, Any]) -> str:
    parts = [
        f"{short(tonnes)} t of {segment}"
        for segment, tonnes in sorted(row["more_t"].items(), key=lambda item: -item[1])
        if tonnes > NOTHING
    ]
    back = (
        f"; from {row['recovered_year']} on as much is served as undisturbed"
        if row["recovered_year"] is not None
        else f"; it lasts beyond {found['until']}"
    )
    return f"{_shock(row)} leaves most unserved: {listed(parts, MOST_NAMED)} more{back}."


def _shock(row: dict[str, Any]) -> str:
    what = f"the {row['kind']} {row['target']}" if " + " not in row["kind"] else row["target"]
    if row["event"] is None:
        return f"Losing {what} for good"
    return f"The event {row['event']} ({short(row['duration_years'])} years, {what})"


def sweep_tables(run: Run) -> list[TextTable]:
    """Show the shocks that hurt, the worst first."""
    found = run.result
    rows = [
        (
            row["target"],
            row["kind"],
            row["event"] or "for good",
            *(rounded(row["more_t"][segment]) for segment in found["undisturbed_t"]),
            rounded(row["cost_musd"]),
            "later" if row["recovered_year"] is None else str(row["recovered_year"]),
        )
        for row in found["shocks"]
        if row["measured_more"] > NOTHING or row["cost_musd"] > NOTHING
    ]
    return [
        TextTable(
            f"What more is short, t from {found['year']} to {found['until']}, and million more",
            (
                ("lost", False),
                ("kind", False),
                ("event", False),
                *((segment, True) for segment in found["undisturbed_t"]),
                ("cost", True),
                ("served again", True),
            ),
            tuple(rows[:MOST_ROWS]),
        )
    ]


def survive_answer(run: Run) -> list[str]:
    """Say which plants are missed before they are back, and which are missed first."""
    found = run.result
    rows = found["assets"]
    missed = sorted(
        (row for row in rows if not row["censored"]), key=lambda row: row["time_to_survive_years"]
    )
    risk = [row for row in missed if row["at_risk"]]
    if not missed:
        return [
            f"From {found['year']} on any one of {counted(len(rows), 'asset')} can be missed for "
            f"{short(found['longest_years'])} years, and {whose(found)} is served as undisturbed."
        ]
    first = missed[0]
    sentences = [
        _risk(found, risk),
        f"{first['asset']} is missed first, after {years(first['time_to_survive_years'])}; it "
        + (
            f"is back after {years(first['time_to_recover_years'])}."
            if first["time_to_recover_years"] is not None
            else "is not known how long it would take to come back."
        ),
    ]
    if stocked := [row for row in risk if row.get("stock")]:
        sentences.append(_stock(stocked))
    if unknown := sum(row["time_to_recover_years"] is None for row in missed):
        sentences.append(
            f"For {unknown} of those that are missed no time to recover is known; they are not "
            "counted as at risk."
        )
    return sentences


def _stock(stocked: list[dict[str, Any]]) -> str:
    dearest = max(stocked, key=lambda row: float(row["stock_cost_musd"]))
    return (
        f"{stock_of(dearest)} in stock would last until {dearest['asset']} is back, for "
        f"{short(dearest['stock_cost_musd'])} million to buy and to keep"
        + (", the dearest of the stocks that close a gap." if len(stocked) > 1 else ".")
    )


def stock_of(row: dict[str, Any]) -> str:
    """Write the stock that closes a gap."""
    piles = [f"{short(pile['stock_t'])} t of {pile['material']}" for pile in row.get("stock", ())]
    return listed(piles, MOST_NAMED) if piles else ""


def _risk(found: dict[str, Any], risk: list[dict[str, Any]]) -> str:
    of = f"of {counted(len(found['assets']), 'asset')}"
    if not risk:
        return f"None {of} is known to be at risk from {found['year']} on."
    names = listed([str(row["asset"]) for row in risk], MOST_NAMED)
    return (
        f"{len(risk)} {of} {'is' if len(risk) == 1 else 'are'} at risk from {found['year']} on, "
        f"since {whose(found)} would feel the loss before the plant is back: {names}."
    )


def years(value: float) -> str:
    """Write a time, in months where it is short.

    Examples
    --------
    >>> years(0.0), years(0.25), years(1.5)
    ('no time at all', '3 months', '1.5 years')
    """
    if value <= 1e-6:
        return "no time at all"
    if value < 1:
        months = value * 12
        return f"{months:.1f} months" if months < 2 else f"{months:.0f} months"
    return "1 year" if value == 1 else f"{value:.4g} years"


def survive_tables(run: Run) -> list[TextTable]:
    """Show the plants that are missed, the shortest time first."""
    missed = sorted(
        (row for row in run.result["assets"] if not row["censored"]),
        key=lambda row: row["time_to_survive_years"],
    )
    rows = tuple(
        (
            row["asset"],
            f"{row['used']:.0%}".replace("%", " %"),
            years(row["time_to_survive_years"]),
            "not known"
            if row["time_to_recover_years"] is None
            else years(row["time_to_recover_years"]),
            "yes" if row["at_risk"] else "no",
            row["duplicate"] or "",
            "" if row["duplicate_cost_musd"] is None else short(row["duplicate_cost_musd"]),
            stock_of(row),
            "" if row.get("stock_cost_musd") is None else short(row["stock_cost_musd"]),
        )
        for row in missed
    )
    return [
        TextTable(
            "Plants that are missed; all others can be missed as long as was looked at",
            (
                ("asset", False),
                ("used", True),
                ("survive", True),
                ("recover", True),
                ("at risk", False),
                ("a duplicate", False),
                ("million", True),
                ("or a stock", False),
                ("million", True),
            ),
            rows,
        )
    ]


def sweep_rules(run: Run) -> str:
    """Say how shocks were looked at."""
    found = run.result
    return (
        f"Each loss starts in {found['year']} and is not foreseen; least is short, then least is "
        f"spent, up to {found['until']}. {found['solved']} of {len(found['shocks'])} touch "
        "something that is used and were solved to optimality."
    )


def survive_rules(run: Run) -> str:
    """Say how endurance was looked at."""
    found = run.result
    return (
        f"Exact: the longest outage from the beginning of {found['year']} on in which demand is "
        f"served as undisturbed; {short(found['longest_years'])} years were looked at."
    )
