"""The weakest figures that matter most to a plan, in words, from its run alone."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from coercivity.results import Run
from coercivity.tables.schemas import SCHEMAS
from coercivity.views.plan_words import TextTable, amount

SHOWN = 6
"""Figures shown. [count]"""
WEAK = frozenset({"low", "medium"})
"""Confidences of weak figures; one without any is weak too."""
TABLE = "influence"


Figure = Mapping[Hashable, Any]
"""A row of the ranking."""


def weakest_table(run: Run, *, most: int = SHOWN) -> TextTable:
    """Show the figures of low or medium confidence whose uncertainty moves the cost most.

    A figure without a confidence counts as weak. What a row moves is half of its range times its
    first-order influence on the cost, builds kept; a range that the case does not give is assumed
    from the confidence, and marked.

    Parameters
    ----------
    run
        A run; one without a ranking, as of another verb than ``plan``, gives a table without rows.
    most
        Rows at most. [count]
    """
    weak = weakest_figures(run, most=most)
    rows = tuple(
        (
            figure_words(str(row["table"]), str(row["key"]), str(row["column"])),
            _value(row, run),
            _range(row),
            str(row["confidence"] or "not given"),
            str(row["source"] or "none"),
            amount(float(row["uncertainty_musd"])),
        )
        for row in weak.to_dict("records")
    )
    columns = (
        ("figure", False),
        ("first value", True),
        ("half range", True),
        ("confidence", False),
        ("source", False),
        (f"moves cost by, {_money(run)}", True),
    )
    return TextTable("Weakest figures that matter most (* range assumed)", columns, rows)


def weakest_sentence(run: Run) -> str:
    """Say which weak figure matters most, and how many of those that matter are weak."""
    weak = weakest_figures(run)
    if weak.empty:
        return "No figure of low or medium confidence moves the cost of this plan."
    first = weak.iloc[0].to_dict()
    words = figure_words(str(first["table"]), str(first["key"]), str(first["column"]))
    moved = float(first["uncertainty_musd"])
    of_gain, gain = "", run.result.get("gain")
    if isinstance(gain, float) and gain > 0:
        of_gain = f", {moved / gain * 100:.0f} % of what the plan saves"
    return (
        f"Of the figures that are not sure, the {words} matters most: over half its range "
        f"({_range(first)}) it moves the cost by {amount(moved)} {_money(run)}{of_gain}."
    )


def weakest_figures(run: Run, *, most: int = SHOWN) -> pd.DataFrame:
    """Rank the weak figures of a run, those that move its cost most first.

    Parameters
    ----------
    run
        A run of ``plan``.
    most
        Rows at most. [count]
    """
    if TABLE not in run.tables:
        return pd.DataFrame()
    frame = run.table(TABLE)
    weak = frame["confidence"].isna() | frame["confidence"].isin(WEAK)
    moving = frame["uncertainty_musd"] > 0
    ranked = frame[weak & moving].sort_values("uncertainty_musd", ascending=False, kind="stable")
    return ranked.head(most).astype(object).where(lambda f: f.notna(), None)


def figure_words(table: str, key: str, column: str) -> str:
    """Name a figure of a case as one would say it.

    Examples
    --------
    >>> figure_words("suppliers", "overseas/2", "price")
    'price of supplier overseas, step 2'
    >>> figure_words("recipes", "smelt/main/ore/in", "amount")
    'ore taken by smelt'
    >>> figure_words("assets", "old-mill", "nameplate_capacity")
    'nameplate capacity of asset old-mill'
    """
    parts = key.split("/")
    if table == "recipes" and len(parts) == 4:
        process, mode, material, direction = parts
        verb = "taken" if direction == "in" else "given"
        return f"{material} {verb} by {process}" + ("" if mode == "main" else f", mode {mode}")
    name, noun = column.replace("_", " "), table.removesuffix("s")
    if table in {"suppliers", "buyers"} and len(parts) == 2:
        step = "" if parts[1] == "1" else f", step {parts[1]}"
        return f"{WORDS.get((table, column), name)} of {noun} {parts[0]}{step}"
    return f"{WORDS.get((table, column), name)} of {noun} {key}"


WORDS: Mapping[tuple[str, str], str] = {
    ("suppliers", "offered"): "amount offered",
    ("buyers", "most"): "most taken",
}
"""Columns whose name alone says too little."""


def _value(row: Figure, run: Run) -> str:
    value = row["value"]
    if value is None:
        return "varies"
    number = float(value)
    digits = 0 if abs(number) >= 100 else 1 if abs(number) >= 10 else 3
    column = SCHEMAS[str(row["table"])].column(str(row["column"]))
    unit = "" if column is None else column.unit
    money = f"{run.result['currency']}{run.result.get('price_year') or ''}"
    return f"{amount(number, digits)} {unit.replace('case money', money)}".rstrip()


def _range(row: Figure) -> str:
    mark = " *" if row["assumed"] else ""
    return f"±{float(row['range']) * 100:.0f} %{mark}"


def _money(run: Run) -> str:
    result = run.result
    if "currency" not in result:
        return "million"
    return f"million {result['currency']}{result.get('price_year') or ''}"
