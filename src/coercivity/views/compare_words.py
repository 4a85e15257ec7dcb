"""Runs beside each other, in words and small tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd

from coercivity.results import Run
from coercivity.results.compare import Comparison, Difference, KeyFigure, Value
from coercivity.tables.columns import COMMON
from coercivity.views.labels import counted, short
from coercivity.views.plan_words import TextTable, amount, share

SHOWN = 40
"""Rows of a table of differences at most; --json and the workbook's source have all. [count]"""
LONGEST_VALUE = 60
FIGURE_WORDS = {
    "objective_musd": "cost, present value",
    "capital_musd": "capital, whole horizon",
    "modules": "modules built, whole horizon",
    "served_share": "share of demand served",
    "report_until": "reported until",
    "largest_hhi": "largest concentration index",
    "largest_covered_share": "largest share of covered countries",
    "largest_import_reliance": "largest import reliance",
    "fewest_days_of_cover": "fewest days of cover",
    "single_points": "single points of failure",
    "sellers": "offers",
    "qualified": "offers that qualify",
    "lines": "lines of the supply list",
    "lines_passing": "lines that pass",
    "fewest_months": "shortest cover, months",
}
"""Words for key figures; others are told by their name."""
LEADING = {
    "plan": ("objective_musd", "served_share", "modules"),
    "assess": ("largest_covered_share", "fewest_days_of_cover"),
    "source": ("qualified", "fewest_months"),
}
"""Key figures that the answer tells of, by verb."""
CALENDAR = frozenset({"year", "report_until"})
OUTPUT_TITLES = {
    "builds": "What is built differently (decision year)",
    "coverage": "Demand and shortfall that differ, t/year",
    "cost_terms": "Terms of the cost that differ, million, present value",
}


def answer(comparison: Comparison) -> list[str]:
    """Say how the runs differ in what leads, in the rest, and in their inputs."""
    by_name = {one.name: one for one in comparison.figures}
    verb = comparison.runs[0].manifest.verb
    leading = [by_name[name] for name in LEADING.get(verb, ()) if name in by_name]
    leading = leading or list(comparison.figures[:3])
    names = [run.id for run in comparison.runs]
    parts = [_span(one, names, _money(comparison.runs)) for one in leading]
    told = [part for part in parts if part]
    sentences = []
    if told:
        sentences.append(f"{_capital(told[0])}.")
    if told[1:]:
        sentences.append(f"{_capital('; '.join(told[1:]))}.")
    if not told:
        sentences.append("The key figures are the same in all runs.")
    return [*sentences, _inputs_sentence(comparison)]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _money(runs: Sequence[Run]) -> str:
    found = {f"{r.result.get('currency', '')}{r.result.get('price_year') or ''}" for r in runs}
    return f"million {found.pop()}" if len(found) == 1 else "million, different money"


def _span(one: KeyFigure, names: Sequence[str], money: str) -> str:
    """Say the values of a figure in the order of the runs; empty where nothing moves."""
    words = FIGURE_WORDS.get(one.name, one.name.replace("_", " "))
    if len(set(one.values)) == 1:
        return ""
    unit = f" {money}" if one.name.endswith("_musd") else ""
    held = [
        f"{_shown(one.name, value)} in {name}"
        for value, name in zip(one.values, names, strict=True)
    ]
    return f"{words}: {', '.join(held)}{unit and f' ({unit.strip()})'}"


def _shown(name: str, value: Value) -> str:
    if value is None:
        return "not told"
    if isinstance(value, str | bool):
        return str(value)
    if name in CALENDAR:
        return f"{value:.0f}"
    if name.endswith(("_share", "_reliance")):
        return share(value)
    return amount(value, 0 if abs(value) >= 100 or float(value).is_integer() else 1)


def _inputs_sentence(comparison: Comparison) -> str:
    found = comparison.inputs
    if not found:
        return "Their inputs and options are the same."
    tables = Counter(one.table for one in found)
    most, count = tables.most_common(1)[0]
    where = f"{counted(len(tables), 'table')}, most in {most} ({count})"
    if len(tables) == 1:
        where = most
    return f"Their inputs differ in {counted(len(found), 'value')} of {where}."


def figure_table(comparison: Comparison) -> TextTable:
    """Show every key figure of every run, and the change from the first."""
    runs, rows = comparison.runs, []
    for one in comparison.figures:
        unit = f", {_money(runs)}" if one.name.endswith("_musd") else ""
        changes = [] if one.name in CALENDAR else list(one.changes[1:])
        rows.append(
            (
                f"{FIGURE_WORDS.get(one.name, one.name.replace('_', ' '))}{unit}",
                *(_shown(one.name, value) for value in one.values),
                *(_change(one.name, change) for change in changes),
                *("" for _ in range(len(runs) - 1 - len(changes))),
            )
        )
    columns = (
        ("figure", False),
        *((run.id, True) for run in runs),
        *((f"{run.id} less {runs[0].id}", True) for run in runs[1:]),
    )
    return TextTable("Key figures", columns, tuple(rows))


def _change(name: str, change: float | None) -> str:
    if change is None:
        return ""
    if abs(change) < 1e-9:
        return "same"
    sign = "+" if change > 0 else "-"
    if name.endswith(("_share", "_reliance")):
        return f"{sign}{abs(change) * 100:.1f} points"
    return f"{sign}{_shown(name, abs(change))}"


def input_table(comparison: Comparison) -> TextTable:
    """Show inputs that differ by table, row and column; remarks and sources last."""
    ordered = sorted(comparison.inputs, key=lambda one: one.column in COMMON)
    return _difference_table("Inputs that differ", ordered, comparison.runs)


def output_tables(comparison: Comparison) -> list[TextTable]:
    """Show results that differ, a table each."""
    by_table: dict[str, list[Difference]] = {}
    for one in comparison.outputs:
        by_table.setdefault(one.table, []).append(one)
    tables = []
    for name, found in by_table.items():
        title = OUTPUT_TITLES.get(name, f"Results that differ: {name.replace('_', ' ')}")
        if name == "builds":
            tables.append(_builds_table(title, comparison.runs))
        else:
            tables.append(_difference_table(title, found, comparison.runs, named=False))
    return tables


def _difference_table(
    title: str, found: Sequence[Difference], runs: Sequence[Run], *, named: bool = True
) -> TextTable:
    alike = not named and len({one.column for one in found}) == 1
    rows = [
        (
            *((one.table,) if named else ()),
            one.row,
            *(() if alike else (one.column or "whole row",)),
            *(_value(value) for value in one.values),
        )
        for one in found[:SHOWN]
    ]
    if len(found) > SHOWN:
        title = f"{title} (the first {SHOWN} of {amount(len(found))})"
    columns = (
        *((("table", False),) if named else ()),
        ("row", False),
        *(() if alike else (("column", False),)),
        *((run.id, not named) for run in runs),
    )
    return TextTable(title, columns, tuple(rows))


def _value(value: Value) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "there" if value else "not there"
    if isinstance(value, float):
        return short(value)
    if value == "":
        return "empty"
    return value if len(value) <= LONGEST_VALUE else f"{value[: LONGEST_VALUE - 1]}…"


def _builds_table(title: str, runs: Sequence[Run]) -> TextTable:
    """Show the options whose builds differ, with what each run builds of them and when."""
    every = [_builds(run.table("builds")) for run in runs]
    options = list(dict.fromkeys(name for builds in every for name in builds))
    rows = [
        (name, *(builds.get(name, "not built") for builds in every))
        for name in options
        if len({builds.get(name) for builds in every}) > 1
    ]
    columns = (("option", False), *((run.id, False) for run in runs))
    return TextTable(title, columns, tuple(rows))


def _builds(frame: pd.DataFrame) -> dict[str, str]:
    """Write the builds of each option, such as ``2 in 2028, 1 in 2032``."""
    found: dict[str, list[str]] = {}
    ordered = frame.sort_values(["option", "decision_year"], kind="stable")
    for option, year, modules in ordered[["option", "decision_year", "modules"]].itertuples(
        index=False
    ):
        found.setdefault(str(option), []).append(f"{int(modules)} in {year}")
    return {option: ", ".join(parts) for option, parts in found.items()}


def tables(comparison: Comparison) -> list[TextTable]:
    """Give every table in the order in which it is shown."""
    return [
        figure_table(comparison),
        input_table(comparison),
        *output_tables(comparison),
    ]
