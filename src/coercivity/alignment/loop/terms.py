"""Support and dumping for a limited time: what is kept, and how hard for how long halves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from coercivity.alignment.loop.curves import Serve, curve_of
from coercivity.alignment.loop.measures import HalfLoss, half_loss
from coercivity.alignment.loop.relays import Array, Relays
from coercivity.alignment.loop.sweep import Reach, Standing, everywhere, travel

SUPPORT_YEARS = (3.0, 5.0, 10.0, 15.0, 20.0, 30.0)
"""For which it is told what is kept. [year]"""
DUMPING_YEARS = (1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0)
"""For which it is told what halves it. [year]"""


def worth_of_term(rates: Array, years: Array) -> Array:
    r"""Give what income for some years is worth over the same income for good.

    .. math:: \rho A(\rho, T) = 1 - e^{-\rho T}

    Parameters
    ----------
    rates
        :math:`\rho`. [1/year]
    years
        T; none below 0 counts. [year]

    Examples
    --------
    >>> worth_of_term(np.array([0.1]), np.array([10.0])).round(3).tolist()
    [0.632]
    """
    return np.asarray(-np.expm1(-rates * np.maximum(years, 0.0)))


def kept_after(
    relays: Relays,
    *,
    rates: Array,
    leads: Array,
    years: float,
    stage: str,
    field: float,
    serve: Serve,
    reach: Reach = everywhere,
) -> float:
    r"""Give what is served when support has stood for some years and has ended. [fraction]

    Owners know the term. They build at once or not at all, so what is left of it after first output
    counts, :math:`k_i\,(1 - e^{-\rho_i (\tau - lead_i)})`; plants that stand get all of it.

    Parameters
    ----------
    relays
        Plants.
    rates
        Of return of each plant. [1/year]
    leads
        From decision to first output. [year]
    years
        :math:`\tau`. [year]
    stage
        At which it would be dumped.
    field
        Support while it stands. [money/kg of key product]
    serve, reach
        Of the chain.
    """
    term = worth_of_term(rates, years - np.where(relays.standing, 0.0, leads))
    known = replace(relays, paid=relays.paid * term)
    nobody = np.zeros(relays.count, dtype=np.bool_)
    fields = known.fields(stage=stage, lowest=0.0, highest=field)
    up = travel(
        known, Standing(relays.standing, nobody), stage=stage, fields=fields, rising=True,
        reach=reach, scrapped=False,
    )  # fmt: skip
    # Nobody comes in the year in which support ends; who stays is asked just above field 0.
    fields = relays.fields(stage=stage, lowest=0.0, highest=field)[:2]
    down = travel(
        relays, Standing(up.end.on, nobody), stage=stage, fields=fields, rising=False, reach=reach
    )
    return serve(down.end.on).accepted


def half_loss_by_years(
    relays: Relays,
    top: Standing,
    *,
    rates: Array,
    stage: str,
    lowest: float,
    highest: float,
    serve: Serve,
    reach: Reach = everywhere,
    years: Sequence[float] = DUMPING_YEARS,
) -> dict[float, HalfLoss]:
    r"""Give the depth of dumping that halves what is served, if it lasts for some years.

    Owners know how long. A loss for D years weighs :math:`1 - e^{-\rho D}` of one for good, so a
    short attack must be deeper. For ever gives the half-loss dumping of the loop.

    Parameters
    ----------
    relays
        Plants.
    top
        What runs with support.
    rates
        Of return of each plant. [1/year]
    stage
        At which it is dumped.
    lowest, highest
        Ends of the field. [money/kg of key product]
    serve, reach
        Of the chain.
    years
        D. [year]
    """
    found = {}
    for one in years:
        weight = worth_of_term(rates, np.full(relays.count, one))
        shorter = replace(relays, exposed={stage: relays.exposed[stage] * weight})
        fields = shorter.fields(stage=stage, lowest=lowest, highest=highest)
        down = travel(shorter, top, stage=stage, fields=fields, rising=False, reach=reach)
        found[one] = half_loss(curve_of(down, serve))
    return found
