"""What can be served of demand without the adversary, with plants that stand in part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from coercivity.alignment.adversary.attacks import COVERED
from coercivity.chain import Case
from coercivity.finance.compiled import Array
from coercivity.resilience.attack.defender import Defender, Loss
from coercivity.resilience.attack.formulation import formulate
from coercivity.resilience.attack.measure import measure_of
from coercivity.resilience.attack.targets import Target, TargetKind


@dataclass(frozen=True, slots=True)
class Served:
    """What is served, of what is asked for."""

    share: float
    """[fraction]"""
    short: float
    """Not served over reported years, weighted as demand is. [t]"""


class Service:
    r"""Serves as much of demand as the plants that stand can; one linear model, kept loaded.

    .. math::

        \max \text{ served} \quad\text{subject to}\quad
        x_{a,t} \le \bar K_{a,t}\, \overline{s_a}_{,t}

    with the mean share of paths in which each plant runs. Unless it is said which of their
    suppliers withhold, nothing that comes out of covered countries counts, neither plants nor
    offers: what the adversary may withhold covers nobody. The mean hides that plants fall together
    on the same paths, so coverage is rather too high.

    Parameters
    ----------
    case
        The chain as it is built (`planning.built.built_case`).
    segment
        Only its demand counts; None counts all, weighted by 1 over priority.
    """

    def __init__(self, case: Case, *, segment: str | None = None) -> None:
        self._case = case
        measure = measure_of(case, segment=segment)
        self._defender = Defender(formulate(case, periods=measure.last + 1), measure)
        ones = np.ones(case.horizon.count)
        self._withheld = [
            Loss(Target(TargetKind.COUNTRY, country.id), ones)
            for country in case.countries.values()
            if country.group == COVERED
        ]
        self._assets: dict[str, list[str]] = {}
        for asset in case.assets.values():
            if asset.project is not None:
                self._assets.setdefault(asset.project, []).append(asset.id)
        wanted = case.demands
        self.asked = sum(
            weight * float(case.horizon.mean_by_period(wanted[name].amount) @ measure.years)
            for name, weight in measure.weights.items()
        )
        """Demand over reported years, weighted. [t]"""
        self._known: dict[bytes, Served] = {}

    def of(
        self, standing: Mapping[str, Array], *, withheld: Mapping[str, Array] | None = None
    ) -> Served:
        """Serve what can be served.

        Parameters
        ----------
        standing
            Share of paths in which the plants of each project run, by year of the case; those of
            other projects always run. [fraction]
        withheld
            Share that suppliers of covered countries withhold, by year of the case; the others
            deliver. None lets nothing out of covered countries count. [fraction]
        """
        losses = list(self._withheld) if withheld is None else self._bans(withheld)
        for project, share in standing.items():
            for name in self._assets.get(project, ()):
                gone = self._gone(name, share)
                if gone.any():
                    losses.append(Loss(Target(TargetKind.ASSET, name), gone))
        key = b"".join(loss.target.key.encode() + loss.share.tobytes() for loss in losses)
        if key not in self._known:
            short = max(self._defender.respond(losses).value, 0.0)
            covered = 1.0 - short / self.asked if self.asked > 0 else 1.0
            self._known[key] = Served(covered, short)
        return self._known[key]

    def _bans(self, withheld: Mapping[str, Array]) -> list[Loss]:
        mean = self._case.horizon.mean_by_period
        return [
            Loss(Target(TargetKind.SUPPLIER, name), np.asarray(mean(share)))
            for name, share in withheld.items()
        ]

    def _gone(self, asset: str, share: Array) -> Array:
        """Give the part of an asset's capacity that does not run, by period. [fraction]"""
        horizon, capacity = self._case.horizon, self._case.assets[asset].capacity
        weight = np.where(np.isfinite(capacity), capacity, 1.0)
        whole = horizon.mean_by_period(weight)
        left = horizon.mean_by_period(weight * share)
        kept = np.divide(left, whole, out=np.ones_like(whole), where=whole > 0)
        return np.asarray(np.clip(1.0 - kept, 0.0, 1.0))
