"""Plants as relays: each opens at one support, stops at a lower one, restarts in between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coercivity.finance.refusals import FinanceError

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relays:
    r"""Plants that open, stop and restart by the support they get a year.

    At a field *H* a plant gets

    .. math:: k_i(H) = \begin{cases} H\,e_i\,\sigma_i & H \ge 0 \\ H\,d_{i,s} & H < 0
        \end{cases}

    =================  =============  ===========  ==========================================
    Symbol             Name           Unit         Meaning
    =================  =============  ===========  ==========================================
    :math:`k_i`                       million/y    support of plant *i*, for good
    :math:`e_i`        ``paid``       kt/y         key product that support is paid on
    :math:`\sigma_i`                  0 or 1       whether an accepted chain runs through it
    :math:`d_{i,s}`    ``exposed``    kt/y         key product on which dumping at *s* falls
    =================  =============  ===========  ==========================================
    """

    names: tuple[str, ...]
    enter: Array
    """Support from which a plant is built. [million/year]"""
    restart: Array
    """Support from which one that rests runs again. [million/year]"""
    stop: Array
    """Support below which one that runs stops. [million/year]"""
    paid: Array
    """Key product on which support is paid. [kt/year]"""
    exposed: Mapping[str, Array]
    """Key product on which dumping falls, by stage of the dumping. [kt/year]"""
    standing: Flags
    """Plants that run today."""

    def __post_init__(self) -> None:
        wrong = ~((self.stop <= self.restart) & (self.restart <= self.enter))
        if wrong.any():
            place = int(np.flatnonzero(wrong)[0])
            values = [float(t[place]) for t in (self.stop, self.restart, self.enter)]
            msg = (
                f"plant {self.names[place]!r} stops at {values[0]:g}, restarts at {values[1]:g} "
                f"and opens at {values[2]:g} million a year. Nobody opens where he would stop: "
                "thresholds rise in this order; correct them.  [F208]"
            )
            raise FinanceError(msg, code="F208")
        if min(self.paid.min(initial=0.0), *(d.min() for d in self.exposed.values()), 0.0) < 0:
            msg = (
                "support or dumping falls on a negative amount of key product. Support never "
                "takes, and dumping never opens a plant: set the amount to 0.  [F208]"
            )
            raise FinanceError(msg, code="F208")

    @property
    def count(self) -> int:
        """Number of plants."""
        return len(self.names)

    def support(self, field: float, *, stage: str, reached: Flags) -> Array:
        """Give what each plant gets. [million/year]

        Parameters
        ----------
        field
            H; negative is dumping. [money/kg of key product]
        stage
            At which it is dumped.
        reached
            Plants through which an accepted chain runs.

        Examples
        --------
        >>> one = np.ones(1)
        >>> plants = Relays(names=("a",), enter=3 * one, restart=one, stop=-one, paid=2 * one,
        ...     exposed={"ore": one}, standing=one < 0)
        >>> [plants.support(h, stage="ore", reached=one > 0).item() for h in (5.0, -5.0)]
        [10.0, -5.0]
        """
        if field >= 0:
            return np.asarray(field * self.paid * reached)
        return field * self.exposed[stage]

    def fields(self, *, stage: str, lowest: float, highest: float) -> Array:
        """List the fields at which a plant may act, the ends and 0 included, rising.

        Parameters
        ----------
        stage
            At which it is dumped.
        lowest, highest
            Ends of the sweep. [money/kg of key product]
        """
        found = [np.array([lowest, 0.0, highest])]
        for at in (self.enter, self.restart, self.stop):
            for amount, up in ((self.paid, True), (self.exposed[stage], False)):
                with np.errstate(divide="ignore", invalid="ignore"):
                    field = at / amount
                acts = np.isfinite(field) & (amount > 0) & ((field > 0) == up)
                found.append(field[acts])
        every = np.unique(np.concatenate(found))
        return every[(every >= lowest) & (every <= highest)]
