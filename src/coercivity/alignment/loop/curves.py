"""What is served on a branch: step functions of the field, their mean, bands and areas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from coercivity.alignment.loop.relays import Array, Flags
from coercivity.alignment.loop.sweep import Branch


@dataclass(frozen=True, slots=True)
class Service:
    """Shares of demand; together they are 1."""

    accepted: float
    """Served by an accepted class. [fraction]"""
    other: float
    """Served by a class not accepted. [fraction]"""

    @property
    def unserved(self) -> float:
        """Served by nobody. [fraction]"""
        return max(0.0, 1 - self.accepted - self.other)

    @property
    def magnetisation(self) -> float:
        """Accepted less not accepted, between -1 and 1. [fraction]"""
        return self.accepted - self.other


Serve = Callable[[Flags], Service]
"""Says what is served when some plants run."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Shares served by field; constant between neighbouring edges."""

    edges: Array
    """Rising. [money/kg of key product]"""
    accepted: Array
    """By interval. [fraction]"""
    magnetisation: Array
    """By interval. [fraction]"""

    def at(self, fields: Array, *, of: str = "accepted") -> Array:
        """Give a share at some fields; at an edge, that of the interval above it.

        Parameters
        ----------
        fields
            Where. [money/kg of key product]
        of
            ``accepted`` or ``magnetisation``.
        """
        place = np.searchsorted(self.edges, fields, side="right") - 1
        values: Array = getattr(self, of)
        return values[np.clip(place, 0, len(values) - 1)]


def curve_of(branch: Branch, serve: Serve) -> Curve:
    """Say what is served along a branch.

    Parameters
    ----------
    branch
        The branch.
    serve
        Says what is served when some plants run.
    """
    found = [serve(on) for on in branch.on]
    accepted = np.array([one.accepted for one in found])
    magnetisation = np.array([one.magnetisation for one in found])
    return Curve(branch.edges, accepted, magnetisation)


def mean_of(curves: Sequence[Curve]) -> Curve:
    """Give the mean of curves over the same range of fields, without any grid.

    Parameters
    ----------
    curves
        At least one.

    Examples
    --------
    >>> low = Curve(np.array([0.0, 2.0, 4.0]), np.array([0.0, 1.0]), np.array([-1.0, 1.0]))
    >>> high = Curve(np.array([0.0, 3.0, 4.0]), np.array([0.0, 1.0]), np.array([-1.0, 1.0]))
    >>> mean_of([low, high]).accepted.tolist()
    [0.0, 0.5, 1.0]
    """
    edges = np.unique(np.concatenate([one.edges for one in curves]))
    begins = edges[:-1]
    accepted = np.mean([one.at(begins) for one in curves], axis=0)
    magnetisation = np.mean([one.at(begins, of="magnetisation") for one in curves], axis=0)
    return Curve(edges, accepted, magnetisation)


def area_between(high: Curve, low: Curve) -> float:
    r"""Give :math:`\int (M_{high} - M_{low})\,dH`. [money/kg of key product]

    Parameters
    ----------
    high, low
        Over the same range of fields.
    """
    edges = np.unique(np.concatenate([high.edges, low.edges]))
    gap = high.at(edges[:-1], of="magnetisation") - low.at(edges[:-1], of="magnetisation")
    return float(gap @ np.diff(edges))
