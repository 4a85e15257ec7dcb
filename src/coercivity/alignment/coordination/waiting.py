"""Who waits for whom: a project that invests when another does, and not otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from coercivity.alignment.coordination.payoffs import Payoffs


class WaitKind(Enum):
    """Beside which others the one that is waited for decides."""

    NEEDS = "needs"
    """Even with all the others built, the project needs this one."""
    ENOUGH = "enough"
    """With nothing else built, this one is enough."""
    TIPS = "tips"
    """Beside what owners build by themselves, this one is enough."""


@dataclass(frozen=True, slots=True)
class Wait:
    """A project that waits for another."""

    project: str
    waits_for: str
    without_musd: float
    """Worth to the project without the other. [million]"""
    with_musd: float
    """Worth with it. [million]"""
    kind: WaitKind


def waits(payoffs: Payoffs, *, standing: int = 0) -> tuple[Wait, ...]:
    r"""Say who waits for whom.

    Project i waits for j beside a set S when :math:`F[S][i] < 0 \le F[S \cup j][i]`. It is asked
    beside all the others (``needs``), beside nobody (``enough``) and beside what owners build by
    themselves (``tips``); a pair is told once, by the first of these that holds.

    Parameters
    ----------
    payoffs
        Worth in every set. [million]
    standing
        What owners build by themselves: the least, or the worst, equilibrium.

    Examples
    --------
    >>> game = Payoffs.of(["mine", "smelter"], lambda them, one: 5.0 * len(them) - 8)
    >>> [(w.project, w.waits_for, w.without_musd, w.with_musd, w.kind.value) for w in waits(game)]
    [('mine', 'smelter', -3.0, 2.0, 'needs'), ('smelter', 'mine', -3.0, 2.0, 'needs')]
    """
    found = []
    for one, project in enumerate(payoffs.names):
        for other, neighbour in enumerate(payoffs.names):
            if one == other:
                continue
            beside = {
                WaitKind.NEEDS: payoffs.everyone & ~(1 << other),
                WaitKind.ENOUGH: 0,
                WaitKind.TIPS: standing & ~(1 << other),
            }
            for kind, mask in beside.items():
                without = float(payoffs.values[mask, one])
                having = float(payoffs.values[mask | 1 << other, one])
                if without < -payoffs.rounding and having >= -payoffs.rounding:
                    found.append(Wait(project, neighbour, without, having, kind))
                    break
    return tuple(found)
