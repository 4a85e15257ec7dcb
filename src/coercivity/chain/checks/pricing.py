"""Prices that move together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from coercivity.foundation.periods import Array
from coercivity.foundation.problems import Problem
from coercivity.tables import CaseTables, Row

ROUNDING = 1e-9
"""Eigenvalues above minus this count as not negative. [fraction]"""
BLAMED = 0.3
"""Share of the largest part in the failing direction from which a material is named. [fraction]"""


def check_pricing(tables: CaseTables) -> Iterator[Problem]:
    """Check that the correlations of prices are told once and can hold together."""
    yield from _pairs(tables)
    yield from _whole(tables)


def _pairs(tables: CaseTables) -> Iterator[Problem]:
    first: dict[frozenset[object], Row] = {}
    for row in tables.tables["price_correlations"].rows():
        one, other = row["material"], row["with_material"]
        if one == other:
            yield Problem(
                "C226",
                row.place("with_material"),
                f"'{one}' is paired with itself",
                "A price moves with itself fully and by definition: take the row out.",
            )
            continue
        known = first.setdefault(frozenset((one, other)), row)
        if known is not row and known["material"] != one:
            yield Problem(
                "C226",
                row.place("correlation"),
                f"'{one}' and '{other}' are paired in both orders: {row['correlation']} here, "
                f"{known['correlation']} in {known.place()}",
                "A correlation has no direction: keep one of the two rows.",
            )


def correlation_matrix(tables: CaseTables) -> tuple[tuple[str, ...], Array]:
    """Build the matrix that the rows of ``price_correlations`` stand for.

    Pairs that are not listed have correlation 0.

    Parameters
    ----------
    tables
        The tables of a case.

    Returns
    -------
    materials : tuple of str
        Materials named in the table, in the order in which they appear.
    matrix : numpy array
        Symmetric, with ones on the diagonal. [fraction]
    """
    rows = list(tables.tables["price_correlations"].rows())
    names = (str(row[end]) for row in rows for end in ("material", "with_material"))
    materials = tuple(dict.fromkeys(names))
    place = {material: index for index, material in enumerate(materials)}
    matrix = np.eye(len(materials))
    for row in rows:
        one, other = place[row.text("material")], place[row.text("with_material")]
        if one != other:
            matrix[one, other] = matrix[other, one] = row.number("correlation")
    return materials, matrix


def _whole(tables: CaseTables) -> Iterator[Problem]:
    materials, matrix = correlation_matrix(tables)
    if not materials:
        return
    values, vectors = np.linalg.eigh(matrix)
    if values[0] >= -ROUNDING:
        return
    weights = np.abs(vectors[:, 0])
    share = BLAMED * weights.max()
    blamed = [m for m, weight in zip(materials, weights, strict=True) if weight >= share]
    rows = list(tables.tables["price_correlations"].rows())
    among = (row for row in rows if {row["material"], row["with_material"]} <= set(blamed))
    row = next(among, rows[0])
    listed = ", ".join(f"'{material}'" for material in blamed)
    yield Problem(
        "C226",
        row.place("correlation"),
        f"the correlations of {listed} cannot all hold: their matrix has the eigenvalue "
        f"{values[0]:.3g}, and none may be negative",
        "Two prices that both move with a third move with each other: bring the pairs closer "
        "together, or list the pair that is missing and so counts as 0.",
    )
