"""One set of terms for all projects, as the object that ``align`` tells under ``same_terms``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coercivity.alignment.package import Aligned
from coercivity.alignment.package.instruments import UNITS
from coercivity.alignment.package.together import Together, levels_of


def same_terms_json(
    shared: Together | None, aligned: Sequence[Aligned], *, asked: bool
) -> dict[str, Any] | None:
    """Write one set of terms for all beside packages made to measure.

    ``windfall_musd`` is what those would take who say yes without any package, if the terms were
    open to them too.

    Parameters
    ----------
    shared
        As `together` gives it.
    aligned
        Projects with packages of their own.
    asked
        Whether it was asked for.
    """
    if not asked:
        return None
    if shared is None:
        return _none("fewer than two projects need a package and get one")
    if not shared.terms:
        who = ", ".join(one.project for one in shared.refusing)
        found = _none(
            "no one set of terms within the caps brings in all; the closest that was looked at "
            f"leaves out {who}"
        )
        return found | {"failing": _failing(shared)}
    rows = [
        {
            "project": one.project,
            "own_musd": float(one.cost.mean()),
            "same_musd": float(one.fresh.cost(shared.levels[one.project]).mean()),
            "accepts": shared.holds[one.project],
        }
        for one in aligned
        if one.project in shared.levels
    ]
    return {
        "terms": _terms(shared),
        "projects": rows,
        "own_musd": sum(row["own_musd"] for row in rows),
        "public_cost_musd": sum(row["same_musd"] for row in rows),
        "accepts": all(shared.holds.values()),
        "windfall_musd": sum(
            float(one.fresh.cost(levels_of(one.fresh, shared.terms)).mean())
            for one in aligned
            if one.before.accepted
        ),
        "reason": None,
        "failing": [],
    }


def _failing(shared: Together) -> list[dict[str, Any]]:
    """Say who refuses the closest terms, by how much, and the smallest change that would do."""
    terms = " and ".join(
        f"{shared.kinds[slot]} {level:.3g} {UNITS[shared.kinds[slot]]}"
        for slot, level in shared.closest.items()
    )
    return [
        {
            "project": one.project,
            "by_musd": one.by if one.by > 0 else None,
            "reasons": list(one.reasons),
            "smallest_change": (
                f"terms of its own for {one.project}: all others say yes to {terms}"
                if len(shared.refusing) == 1
                else f"terms of their own for {len(shared.refusing)}: all others say yes to {terms}"
            ),
        }
        for one in shared.refusing
    ]


def one_fewer_json(aligned: Sequence[Aligned]) -> list[dict[str, Any]]:
    """Write what each package would cost with one contract fewer, on the paths it was made on.

    Parameters
    ----------
    aligned
        Projects with their packages.
    """
    return [
        {
            "project": one.project,
            "without": one.package.fewer.without,
            "more_musd": one.package.fewer.cost - one.package.cost,
            "public_cost_musd": one.package.fewer.cost,
        }
        for one in aligned
        if one.package is not None and one.package.fewer is not None
    ]


def _terms(shared: Together) -> list[dict[str, Any]]:
    return [
        {
            "terms": slot,
            "kind": shared.kinds[slot],
            "level": level,
            "level_unit": UNITS[shared.kinds[slot]],
        }
        for slot, level in shared.terms.items()
    ]


def _none(reason: str) -> dict[str, Any]:
    return {
        "terms": [],
        "projects": [],
        "own_musd": None,
        "public_cost_musd": None,
        "accepts": False,
        "windfall_musd": None,
        "reason": reason,
        "failing": [],
    }
