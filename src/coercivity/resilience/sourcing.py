"""From whom a segment may buy, what of a supply list passes, and who could replace the rest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coercivity.chain import Case
from coercivity.chain.origin import ANY
from coercivity.resilience.qualified import (
    Lost,
    Reach,
    Seller,
    Ways,
    materials_of_segment,
    year_in_horizon,
)
from coercivity.resilience.rules import Check, RulesOfDay
from coercivity.tables.supply_list import SupplyLine


@dataclass(frozen=True, slots=True)
class LineCheck:
    """One line of a supply list with its verdict."""

    line: SupplyLine
    day: dt.date
    """The day whose rules were applied."""
    origin_class: str
    serves: bool
    """Whether the material serves the segment; else the segment's strictest class was asked."""
    check: Check


@dataclass(frozen=True, slots=True)
class Alternative:
    """A qualified seller who could deliver in place of lines that fail."""

    replaces: str
    """Material of the failing lines."""
    seller: Seller
    left: float
    """Capacity that the supply list does not take already; may be infinite. [t/year]"""
    rows: tuple[int, ...]
    """Rows of the failing lines in their file."""


class Sourcing:
    """Answers for one segment on one day; what can come where is worked out once a class and day.

    Parameters
    ----------
    case
        The case.
    segment
        The segment that buys.
    day
        The day asked about, unless a line has its own.
    """

    def __init__(self, case: Case, segment: str, day: dt.date) -> None:
        self.case, self.segment, self.day = case, segment, day
        self.ways = Ways(case)
        self._known: dict[tuple[str, dt.date, Lost], Reach] = {}

    @property
    def year(self) -> int:
        """Year whose plants, offers and demand count. [calendar year]"""
        return year_in_horizon(self.case, self.day.year)

    @property
    def materials(self) -> Mapping[str, str]:
        """Materials that may serve the segment, each with the class asked of it."""
        return materials_of_segment(self.case, self.segment, self.year)

    @property
    def strictest(self) -> str:
        """The best class that the segment asks for; ``any`` where it asks for none."""
        return min(self.materials.values(), key=self.case.origin.rank, default=ANY)

    def rules(self, origin_class: str, day: dt.date | None = None) -> RulesOfDay:
        """Give the rules of a class on a day."""
        case = self.case
        return RulesOfDay(case.origin, case.countries, origin_class, day or self.day)

    def reach(
        self, origin_class: str, day: dt.date | None = None, *, lost: Lost | None = None
    ) -> Reach:
        """Work out what is of a class where, with something taken away."""
        key = (origin_class, day or self.day, lost or Lost())
        if key not in self._known:
            year = year_in_horizon(self.case, key[1].year)
            self._known[key] = Reach(self.case, self.rules(*key[:2]), year, key[2])
        return self._known[key]

    def sellers(self) -> list[Seller]:
        """List who can deliver what serves the segment, the qualified ones first."""
        found = [
            seller
            for material, origin_class in self.materials.items()
            for seller in self.reach(origin_class).sellers([material])
        ]
        order = list(self.materials)
        return sorted(
            found, key=lambda s: (order.index(s.material), s.check.size, -s.capacity, s.id)
        )

    def check_line(self, line: SupplyLine) -> LineCheck:
        """Check a line: where each stage ran, as declared or else as the case knows it.

        A stage of which nothing is said fails where a rule is in force for it, if the material
        passes through that stage.
        """
        day = line.day or self.day
        serves = line.material in self.materials
        origin_class = self.materials.get(line.material, self.strictest)
        origin = self.origin_of(line)
        order = self.case.stage_order
        last = order.get(self.case.materials[line.material].stage or "")
        stages = [
            stage
            for stage in sorted(order, key=order.__getitem__)
            if (stage in origin and (last is None or order[stage] <= last))
            or stage in self.ways.stages(line.material)
        ]
        check = self.rules(origin_class, day).check_stages(origin, stages, line.material)
        return LineCheck(line, day, origin_class, serves, check)

    def origin_of(self, line: SupplyLine) -> dict[str, str | None]:
        """Say where each stage of a line ran.

        What the line declares comes first, then its country; where it has none, what the case
        says of a supplier of that name, and the country of a plant for its own stage.
        """
        stages = dict.fromkeys(self.case.stage_order, line.country)
        known: dict[str, str | None] = {} if line.country is not None else self._known_of(line)
        found = {**stages, **known, **dict(line.origin)}
        return {stage: country for stage, country in found.items() if country is not None}

    def _known_of(self, line: SupplyLine) -> dict[str, str | None]:
        for offer in self.case.offers:
            if (offer.supplier, offer.material) == (line.supplier, line.material):
                return {**dict.fromkeys(self.case.stage_order, offer.country), **offer.origin}
        asset = self.case.assets.get(line.supplier)
        if asset is None:
            return {}
        stage = self.case.processes[asset.process].stage
        return {} if stage is None else {stage: self.case.sites[asset.site].country}

    def alternatives(self, checks: Sequence[LineCheck]) -> list[Alternative]:
        """List who could deliver in place of lines that fail, by capacity left.

        Parameters
        ----------
        checks
            Every line of the list; what it buys from a seller already is taken off.
        """
        failing: dict[tuple[str, str, dt.date], list[LineCheck]] = {}
        taken: dict[tuple[str, str], float] = {}
        for one in checks:
            key = (one.line.supplier, one.line.material)
            taken[key] = taken.get(key, 0.0) + one.line.amount
            if not one.check.passes:
                group = (one.line.material, one.origin_class, one.day)
                failing.setdefault(group, []).append(one)
        found = []
        for (material, origin_class, day), lines in failing.items():
            rows = tuple(one.line.place.row or 0 for one in lines)
            for seller in self.reach(origin_class, day).sellers(self._substitutes(material)):
                left = seller.capacity - taken.get((seller.id, seller.material), 0.0)
                if seller.check.passes and left > 0:
                    found.append(Alternative(material, seller, left, rows))
        return sorted(
            found, key=lambda a: (a.rows, a.seller.material != a.replaces, -a.left, a.seller.id)
        )

    def _substitutes(self, material: str) -> list[str]:
        """List a material and the others that serve one of the segment's demands like it."""
        found = {material: None}
        for demand in self.case.demands.values():
            choices = [choice.material for choice in demand.alternatives]
            if demand.segment == self.segment and material in choices:
                found |= dict.fromkeys(choices)
        return [name for name in found if name == material or name in self.materials]
