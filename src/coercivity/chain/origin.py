"""Origin classes: what a process may make, and what a supply is worth, in which year."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

ANY = "any"


@dataclass(frozen=True, slots=True)
class OriginRule:
    """Country groups in which a stage must run for its product to be of a class."""

    origin_class: str
    stage: str
    groups: frozenset[str]
    from_date: datetime.date | None

    def began(self, year: int) -> bool:
        """Tell whether the rule has begun by the end of a year."""
        return self.from_date is None or self.from_date.year <= year


@dataclass(frozen=True, slots=True)
class OriginException:
    """A material for which a rule does not hold between two dates."""

    origin_class: str
    stage: str | None
    material: str | None
    condition: str | None
    from_date: datetime.date | None
    to_date: datetime.date | None

    def lifts(self, origin_class: str, stage: str, material: str | None, year: int) -> bool:
        """Tell whether it lifts the rule of a class and stage throughout a year."""
        begun = self.from_date is None or self.from_date <= datetime.date(year, 1, 1)
        lasts = self.to_date is None or self.to_date >= datetime.date(year, 12, 31)
        return (
            self.condition is None
            and self.origin_class == origin_class
            and self.stage in {None, stage}
            and self.material in {None, material}
            and begun
            and lasts
        )


@dataclass(frozen=True)
class OriginRules:
    """All classes of a case, the best first and ``any`` last, with their rules."""

    classes: tuple[str, ...]
    rules: tuple[OriginRule, ...]
    exceptions: tuple[OriginException, ...]
    stage_order: Mapping[str, int]

    @cached_property
    def _by_class_stage(self) -> dict[tuple[str, str], list[OriginRule]]:
        found: dict[tuple[str, str], list[OriginRule]] = {}
        start = datetime.date.min
        for rule in sorted(self.rules, key=lambda r: r.from_date or start):
            found.setdefault((rule.origin_class, rule.stage), []).append(rule)
        return found

    def rank(self, origin_class: str) -> int:
        """Give the place of a class; a lower one is better."""
        return self.classes.index(origin_class)

    def groups_in_force(self, origin_class: str, stage: str, year: int) -> frozenset[str] | None:
        """Find the groups a class accepts at a stage in a year; None where no rule holds.

        A rule holds in every year in which it holds for at least one day; a later rule of the
        same class and stage replaces an earlier one.
        """
        begun = [r for r in self._by_class_stage.get((origin_class, stage), ()) if r.began(year)]
        return begun[-1].groups if begun else None

    def accepts(
        self,
        origin_class: str,
        stage: str | None,
        group: str,
        years: Iterable[int],
        material: str | None = None,
    ) -> bool:
        """Tell whether a class accepts a stage run in a country group, in all of the years."""
        if stage is None or origin_class == ANY:
            return True
        for year in years:
            groups = self.groups_in_force(origin_class, stage, year)
            if groups is None or group in groups:
                continue
            if not any(e.lifts(origin_class, stage, material, year) for e in self.exceptions):
                return False
        return True

    def accepts_every_stage(
        self,
        origin_class: str,
        groups: Mapping[str, str],
        default: str | None,
        *,
        up_to: str | None,
        years: Sequence[int],
        material: str | None = None,
    ) -> bool:
        """Tell whether a class accepts the groups in which every stage up to one was run.

        Parameters
        ----------
        origin_class
            The class.
        groups
            Country group by stage.
        default
            Group of the stages that are not named; None where it is not known.
        up_to
            The last stage that has been run; None counts every stage.
        years
            Years in which it must hold. [calendar year]
        material
            What came out, for exceptions.
        """
        if origin_class == ANY:
            return True
        last = self.stage_order.get(up_to, None) if up_to is not None else None
        for stage, order in self.stage_order.items():
            if last is not None and order > last:
                continue
            if all(self.groups_in_force(origin_class, stage, year) is None for year in years):
                continue
            group = groups.get(stage, default)
            if group is None or not self.accepts(origin_class, stage, group, years, material):
                return False
        return True

    def grows_stricter(
        self,
        origin_class: str,
        before: Sequence[int],
        after: Sequence[int],
        *,
        up_to: str | None = None,
    ) -> bool:
        """Tell whether a class refuses in ``after`` something that it accepted in ``before``.

        A lapsed exception counts for every material, since others may contain the excepted one.

        Parameters
        ----------
        origin_class
            The class.
        before, after
            Years of two periods. [calendar year]
        up_to
            The last stage that counts; None counts every stage.
        """
        last = self.stage_order.get(up_to) if up_to is not None else None
        for stage, order in self.stage_order.items():
            asked = self.groups_in_force(origin_class, stage, after[-1])
            if asked is None or (last is not None and order > last):
                continue
            held = self.groups_in_force(origin_class, stage, before[-1])
            if held is None or not held <= asked:
                return True
            lifted = self._lifted(origin_class, stage, before[-1])
            if any(lifted - self._lifted(origin_class, stage, year) for year in after):
                return True
        return False

    def _lifted(self, origin_class: str, stage: str, year: int) -> set[str | None]:
        """Find the materials for which exceptions lift a rule in a year; None is all of them."""
        return {
            e.material for e in self.exceptions if e.lifts(origin_class, stage, e.material, year)
        }
