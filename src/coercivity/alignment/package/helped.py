"""A project with its package signed: the package is for those who build."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from coercivity.finance.contracts import Contract
from coercivity.finance.projects.position import Position


def helped(position: Position, given: Sequence[Contract]) -> Position:
    """Sign a package, which falls away if nothing is built.

    Parameters
    ----------
    position
        The project with the contracts in force.
    given
        The package.
    """
    return replace(
        position,
        contracts=(*position.contracts, *given),
        with_building=position.with_building | {one.id for one in given},
    )
