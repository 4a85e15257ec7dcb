"""A look at buying in words and small tables, from its run alone."""

from __future__ import annotations

import math
from typing import Any

from coercivity.results import Run
from coercivity.views.plan_words import TextTable, amount

UNLIMITED = "unlimited"


def answer(run: Run) -> list[str]:
    """Say who qualifies, what of the list passes, who could replace the rest, how long it lasts."""
    result = run.result
    return [_qualified(result), *_lines(result), *_alternatives(result), *_cover(result)]


def _qualified(result: dict[str, Any]) -> str:
    rows = result["suppliers"]
    good = [row for row in rows if row["qualified"]]
    asked = ", ".join(sorted(set(result["classes"].values())))
    if set(result["classes"].values()) <= {"any"}:
        return (
            f"Segment {result['segment']} asks for no origin class, so all {len(rows)} offers of "
            f"its materials qualify on {result['date']}."
        )
    parts = [
        f"{material} {sum(row['material'] == material for row in good)} of "
        f"{sum(row['material'] == material for row in rows)}"
        for material in result["classes"]
    ]
    plants = any(row["kind"] == "asset" for row in good)
    caveat = " A plant qualifies if it takes its inputs from qualified makers." if plants else ""
    return (
        f"On {result['date']} these can supply {result['segment']} under class {asked}: "
        f"{'; '.join(parts)}.{caveat}"
    )


def _lines(result: dict[str, Any]) -> list[str]:
    lines = result["lines"]
    if not lines:
        return []
    passing = sum(one["passes"] for one in lines)
    conditional = [one for one in lines if one["passes_if"] is not None]
    failing = [one for one in lines if not one["passes"] and one["passes_if"] is None]
    parts = [f"{passing} pass" if passing != 1 else "1 passes"]
    for found, unless in ((failing, ""), (conditional, " unless an exception holds")):
        if found:
            stages = ", ".join(dict.fromkeys(one["fails_at"]["stage"] for one in found))
            fail = "fails" if len(found) == 1 else "fail"
            parts.append(f"{len(found)} {fail} at {stages}{unless}")
    plural = "s" if len(lines) != 1 else ""
    return [f"Of {len(lines)} line{plural}, {'; '.join(parts)}."]


def _alternatives(result: dict[str, Any]) -> list[str]:
    wanted = {one["material"] for one in result["lines"] if not one["passes"]}
    if not wanted:
        return []
    found = {one["replaces"] for one in result["alternatives"]}
    sentences = []
    for material in sorted(wanted):
        names = list(
            dict.fromkeys(
                one["supplier"] for one in result["alternatives"] if one["replaces"] == material
            )
        )
        if material in found:
            sentences.append(f"In place of {material}: {', '.join(names[:5])}.")
        else:
            sentences.append(f"Nobody who qualifies has capacity left for {material}.")
    return sentences


def _cover(result: dict[str, Any]) -> list[str]:
    short = [one for one in result["positions"] if _lacking(one)]
    sentences = []
    if short:
        parts = [
            f"{one['material']} {amount(one['supply_t'])} of {amount(one['need_t'])} t"
            for one in short
        ]
        sentences.append(f"Already now less comes in than is needed: {'; '.join(parts)} a year.")
    months = {what: time for what, time in result["cover_months"].items() if time is not None}
    if not months:
        return [*sentences, "No supplier, country or stage alone, if lost, leaves too little."]
    worst = sorted(months.items(), key=lambda pair: (pair[1], pair[0]))[:6]
    parts = [f"{what} {amount(time, 1)}" for what, time in worst]
    return [*sentences, f"Months until it runs short when one falls away: {'; '.join(parts)}."]


def _lacking(position: dict[str, Any]) -> bool:
    return position["supply_t"] is not None and position["supply_t"] < position["need_t"]


def _capacity(value: float | None) -> str:
    return UNLIMITED if value is None else amount(value)


def _conditions(result: dict[str, Any]) -> dict[str, int]:
    """Give each condition of an exception its number in a table of their own."""
    rows = [*result["lines"], *result["suppliers"]]
    texts = [text for row in rows for group in row["conditions"] for text in group]
    return {text: number for number, text in enumerate(dict.fromkeys(texts), start=1)}


def _verdict(row: dict[str, Any], passes: str, numbers: dict[str, int]) -> str:
    if row[passes]:
        return "passes"
    if row["passes_if"] is None:
        return "fails"
    groups = (" or ".join(f"({numbers[c]})" for c in group) for group in row["conditions"])
    return f"passes if {', and '.join(groups)}"


def _why(row: dict[str, Any]) -> tuple[str, str]:
    failed = row["fails_at"]
    return ("", "") if failed is None else (str(failed["stage"]), str(failed["rule"]))


def supplier_table(run: Run) -> TextTable:
    """Show who can deliver, whether it qualifies, and where it fails."""
    numbers = _conditions(run.result)
    rows = [
        (
            str(row["supplier"]),
            str(row["country"] or ""),
            str(row["material"]),
            _capacity(row["capacity_t"]),
            _verdict(row, "qualified", numbers),
            *_why(row),
        )
        for row in run.result["suppliers"]
    ]
    return TextTable(
        f"Who can supply {run.result['segment']} on {run.result['date']}",
        (
            ("supplier", False),
            ("country", False),
            ("material", False),
            ("t/year", True),
            ("verdict", False),
            ("fails at", False),
            ("rule", False),
        ),
        tuple(rows),
    )


def line_table(run: Run) -> TextTable:
    """Show the lines of the supply list with their verdicts."""
    numbers = _conditions(run.result)
    rows = [
        (
            str(row["row"]),
            str(row["supplier"]),
            str(row["material"]),
            amount(row["amount_t"]),
            str(row["date"]),
            _verdict(row, "passes", numbers),
            *_why(row),
        )
        for row in run.result["lines"]
    ]
    return TextTable(
        "The supply list",
        (
            ("row", True),
            ("supplier", False),
            ("material", False),
            ("t/year", True),
            ("rules of", False),
            ("verdict", False),
            ("fails at", False),
            ("rule", False),
        ),
        tuple(rows),
    )


def alternative_table(run: Run) -> TextTable:
    """Show who could deliver in place of lines that fail, substitutes only where nobody else can.

    The run keeps all of them.
    """
    found = run.result["alternatives"]
    same = {row["replaces"] for row in found if row["material"] == row["replaces"]}
    rows = [
        (
            ", ".join(map(str, row["rows"])),
            str(row["replaces"]),
            str(row["supplier"]),
            str(row["country"] or ""),
            str(row["material"]),
            _capacity(row["capacity_left_t"]),
        )
        for row in found
        if row["material"] == row["replaces"] or row["replaces"] not in same
    ]
    return TextTable(
        "Alternatives that pass",
        (
            ("for rows", False),
            ("in place of", False),
            ("supplier", False),
            ("country", False),
            ("material", False),
            ("left t/year", True),
        ),
        tuple(rows),
    )


def condition_table(run: Run) -> TextTable:
    """Show the conditions on which exceptions lift a rule."""
    rows = [(f"({number})", text) for text, number in _conditions(run.result).items()]
    return TextTable(
        "Conditions of the exceptions", (("no.", False), ("it passes if", False)), tuple(rows)
    )


def cover_table(run: Run) -> TextTable:
    """Show how long one lasts when a supplier, a country or a stage falls away."""
    rows = [
        (
            str(row.kind),
            str(row.id),
            str(row.material),
            _left(float(str(row.left_t))),
            _months(float(str(row.months))),
        )
        for row in run.table("cover").itertuples()
    ]
    return TextTable(
        f"How long it lasts ({run.result['formula']})",
        (
            ("what", False),
            ("falls away", False),
            ("first to run out", False),
            ("goes on t/year", True),
            ("months", True),
        ),
        tuple(rows),
    )


def _months(value: float) -> str:
    return "enough goes on" if math.isnan(value) else amount(value, 1)


def _left(value: float) -> str:
    return UNLIMITED if value == float("inf") else amount(value)


def tables(run: Run) -> list[TextTable]:
    """Give every table in the order in which it is shown."""
    return [
        line_table(run),
        alternative_table(run),
        supplier_table(run),
        condition_table(run),
        cover_table(run),
    ]
