"""Numbers that vary by year: only those that the chain reads by year may."""

from __future__ import annotations

from collections.abc import Iterator

from coercivity.foundation.problems import Place, Problem
from coercivity.tables import CaseTables

VARYING: dict[str, tuple[str, ...]] = {
    "assets": (
        "nameplate_capacity",
        "availability",
        "least_activity",
        "fixed_cost",
        "variable_cost",
        "care_cost",
    ),
    "options": ("capital",),
    "modes": ("variable_cost",),
    "links": ("capacity", "least", "cost"),
    "link_rules": ("fixed_cost",),
    "tariffs": ("rate", "amount"),
    "suppliers": ("offered", "price"),
    "buyers": ("most", "price"),
    "demands": ("amount", "penalty"),
    "demand_materials": ("extra_cost",),
    "stocks": ("most", "holding_cost", "fill_cost"),
    "limits": ("amount",),
}
"""Columns of the tables of a plan that may vary by year."""

FIXED = ("materials", "compositions", "recipes", "processes", "sites", "targets", "elements")
"""Tables of a plan none of whose numbers may."""


def check_varying(tables: CaseTables) -> Iterator[Problem]:
    """Refuse a number that varies by year where it would be read as if it did not."""
    for (table, column), companion in tables.companions.items():
        if table not in VARYING and table not in FIXED:
            continue
        if column in VARYING.get(table, ()):
            continue
        known = ", ".join(VARYING.get(table, ())) or "none"
        yield Problem(
            "C225",
            Place(companion.file),
            f"'{column}' of {table} cannot vary by year",
            f"A plan reads it once. Columns of {table} that can vary: {known}. Give a second row "
            "(a mode, an option) with its own years instead.",
        )
