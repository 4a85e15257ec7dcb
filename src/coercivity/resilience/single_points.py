"""Single points of failure: whose loss alone takes most of an output away."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

MOST_LEFT = 0.5
"""A maker counts when its loss leaves less than this share. [fraction]"""


@dataclass(frozen=True, slots=True)
class SinglePoint:
    """A maker whose loss leaves too little."""

    maker: str
    share: float
    """Its share of the output. [fraction]"""
    left: float
    """Output of all others. [t/year]"""


def single_points(
    outputs: Mapping[str, float], *, most_left: float = MOST_LEFT
) -> tuple[SinglePoint, ...]:
    r"""Find the makers without whom less than a share of the output is left.

    .. math::

        \{\, i : 1 - s_i < \lambda \,\}, \qquad s_i = x_i / \textstyle\sum_j x_j

    Parameters
    ----------
    outputs
        Output, or capacity, by maker, :math:`x_i`; may be infinite. [t/year]
    most_left
        Share :math:`\lambda` that has to be left. [fraction]

    Returns
    -------
    tuple of SinglePoint
        The largest first; with :math:`\lambda \le 1/2` at most one.

    Examples
    --------
    >>> single_points({"a": 60.0, "b": 40.0})
    (SinglePoint(maker='a', share=0.6, left=40.0),)
    >>> single_points({"a": 50.0, "b": 50.0})
    ()
    """
    found = []
    for maker, amount in outputs.items():
        left = math.fsum(other for name, other in outputs.items() if name != maker)
        share = _share(amount, left)
        if amount > 0 and 1 - share < most_left:
            found.append(SinglePoint(maker, share, left))
    return tuple(sorted(found, key=lambda point: (-point.share, point.maker)))


def _share(amount: float, left: float) -> float:
    """Give a share that is defined beside an unlimited maker too. [fraction]"""
    if math.isinf(left):
        return 0.0
    if math.isinf(amount):
        return 1.0
    return amount / (amount + left) if amount + left > 0 else 0.0
