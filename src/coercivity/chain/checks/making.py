"""Recipes and compositions: nothing is made from nothing."""

from __future__ import annotations

from collections.abc import Iterator

from coercivity.chain.assembly.processing import CLOSE, closing_scales
from coercivity.chain.case import Case
from coercivity.chain.processes import imbalances
from coercivity.foundation.problems import Place, Problem, Severity
from coercivity.tables import CaseTables, Row


def check_making(tables: CaseTables, case: Case) -> Iterator[Problem]:
    """Check element balances, reference materials, and what compositions add up to."""
    rows: dict[tuple[str, str], list[Row]] = {}
    for row in tables.tables["recipes"].rows():
        rows.setdefault((row.text("process"), row.text("mode")), []).append(row)
    yield from _balances(rows, case)
    yield from _references(tables, rows, case)
    yield from _untracked(rows, case)
    yield from _sums(tables, case)


def _span(rows: list[Row], column: str | None = None) -> Place:
    places = [row.place("amount") for row in rows]
    numbers = [place.row for place in places if place.row is not None]
    return Place(places[0].file, min(numbers), column, max(numbers))


def _balances(rows: dict[tuple[str, str], list[Row]], case: Case) -> Iterator[Problem]:
    for process in case.processes.values():
        for wrong in imbalances(process, case.materials):
            mode = "" if wrong.mode == "main" else f" (mode '{wrong.mode}')"
            yield Problem(
                "T104",
                _span(rows[process.id, wrong.mode]),
                f"process '{process.id}'{mode} makes {wrong.coming_out:.6g} t {wrong.element} "
                f"from {wrong.going_in:.6g} t {wrong.element}",
                "Element balance: contained element out must not exceed contained element in. "
                "Check the amounts, the compositions, and whether they count oxide or element.",
            )


def _references(
    tables: CaseTables, rows: dict[tuple[str, str], list[Row]], case: Case
) -> Iterator[Problem]:
    for row in tables.tables["processes"].rows():
        process = case.processes[row.text("id")]
        if not process.modes:
            yield Problem(
                "C222",
                row.place("id"),
                f"process '{process.id}' has no recipe",
                "List what it takes and gives in recipes.csv.",
            )
        for mode in process.modes:
            if mode.reference_material in (*mode.inputs, *mode.outputs):
                continue
            recipe = rows.get((process.id, mode.name))
            yield Problem(
                "C221",
                _span(recipe) if recipe else row.place("reference_material"),
                f"mode '{mode.name}' of process '{process.id}' is counted in "
                f"'{mode.reference_material}', which its recipe neither takes nor gives",
                "Add the reference material to the recipe, or give the mode its own "
                "reference_material in modes.csv.",
            )


def _untracked(rows: dict[tuple[str, str], list[Row]], case: Case) -> Iterator[Problem]:
    for process in case.processes.values():
        for mode in process.modes:
            touched = (*mode.inputs, *mode.outputs)
            if touched and not any(case.materials[m].contents for m in touched):
                recipe = rows[process.id, mode.name]
                yield Problem(
                    "C220",
                    _span(recipe),
                    f"no material of process '{process.id}' has a composition",
                    "Its element balance cannot be checked; list contents in compositions.csv.",
                    Severity.WARNING,
                )


def _sums(tables: CaseTables, case: Case) -> Iterator[Problem]:
    listed: dict[str, list[Row]] = {}
    for row in tables.tables["compositions"].rows():
        listed.setdefault(row.text("material"), []).append(row)
    nearly, normalised = closing_scales(tables), bool(tables.settings.normalise)
    for material, rows in listed.items():
        total = sum(row.number("mass_fraction") for row in rows)
        if total > 1 + CLOSE:
            yield Problem(
                "C223",
                _span(rows, "mass_fraction"),
                f"'{material}' contains {total:.4g} t per tonne",
                "Contents cannot exceed the whole; check the fractions.",
            )
        elif material in nearly:
            yield Problem(
                "C224",
                _span(rows, "mass_fraction"),
                f"contents of '{material}' add up to {total:.4g}",
                "They were scaled to 1, as `normalise: yes` asks."
                if normalised
                else "Correct them, or write `normalise: yes` in case.yaml to have them scaled.",
                Severity.NOTE if normalised else Severity.WARNING,
            )
