"""How long moves take, and how long plants that stand still need until they run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MONTHS_A_YEAR = 12
AT_ONCE = 0
ONE_MONTH = 1
"""Lead of lanes, plants and suppliers unless another is stated. [month]"""
LONGEST = 120
"""Longest lead of a move: its pipeline is kept month by month. [month]"""


@dataclass(frozen=True, slots=True)
class Leads:
    """Leads that differ from one month, and starts of standing plants.

    Examples
    --------
    >>> leads = Leads(links={"sea": 3}, rules={"rail": 2})
    >>> leads.of_lane("rail:a>b", None), leads.of_lane("sea", "sea"), leads.of_asset("mill")
    (2, 3, 1)
    """

    links: Mapping[str, int] = field(default_factory=dict)
    """Of explicit links. [month]"""
    rules: Mapping[str, int] = field(default_factory=dict)
    """Of the lanes of link rules. [month]"""
    suppliers: Mapping[str, int] = field(default_factory=dict)
    """From order to delivery. [month]"""
    assets: Mapping[str, int] = field(default_factory=dict)
    """From feed to product. [month]"""
    starts: Mapping[str, int] = field(default_factory=dict)
    """Of plants that stand still, until they run; one that is not named is never started.
    [month]"""

    def of_lane(self, lane: str, link: str | None) -> int:
        """Give the lead of a lane, by its link or by the rule that its id begins with. [month]"""
        if link is not None:
            return self.links.get(link, ONE_MONTH)
        return self.rules.get(lane.partition(":")[0], ONE_MONTH)

    def of_supplier(self, supplier: str) -> int:
        """Give the lead of a supplier. [month]"""
        return self.suppliers.get(supplier, ONE_MONTH)

    def of_asset(self, asset: str) -> int:
        """Give how long a plant takes from feed to product. [month]"""
        return self.assets.get(asset, ONE_MONTH)
