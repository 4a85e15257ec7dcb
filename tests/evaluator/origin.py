"""Which class a process, a supply or a stock may claim."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property

from tests.evaluator.inputs import Inputs, Row, cell, listed, number, whole
from tests.evaluator.places import Places

ANY = "any"


def _day(row: Row, column: str) -> datetime.date | None:
    text = cell(row, column)
    return datetime.date.fromisoformat(text) if text else None


@dataclass(frozen=True)
class Origin:
    """The classes of a case, the best first."""

    inputs: Inputs
    places: Places

    @cached_property
    def classes(self) -> list[str]:
        rows = sorted(self.inputs.rows("origin_classes"), key=lambda row: number(row, "order"))
        return [*(row["id"] for row in rows if row["id"] != ANY), ANY]

    def rank(self, name: str) -> int:
        return self.classes.index(name)

    @cached_property
    def stages(self) -> dict[str, int]:
        rows = self.inputs.rows("stages")
        return {
            row["id"]: place if whole(row, "order") is None else int(row["order"])
            for place, row in enumerate(rows, start=1)
        }

    def groups_in(self, name: str, stage: str, year: int, material: str | None) -> set[str] | None:
        """Groups a class accepts at a stage in a year; None where no rule is in force."""
        begun = [
            (_day(row, "from_date") or datetime.date.min, row)
            for row in self.inputs.rows("origin_rules")
            if row["class"] == name and row["stage"] == stage
        ]
        in_force = [pair for pair in begun if pair[0] <= datetime.date(year, 12, 31)]
        if not in_force or self._lifted(name, stage, year, material):
            return None
        return set(listed(max(in_force, key=lambda pair: pair[0])[1], "groups"))

    def _lifted(self, name: str, stage: str, year: int, material: str | None) -> bool:
        """Tell whether an exception lifts a rule on every day of a year."""
        return any(
            row["class"] == name
            and cell(row, "stage", stage) == stage
            and (not cell(row, "material") or cell(row, "material") == material)
            and not cell(row, "condition")
            and (_day(row, "from_date") or datetime.date.min) <= datetime.date(year, 1, 1)
            and (_day(row, "to_date") or datetime.date.max) >= datetime.date(year, 12, 31)
            for row in self.inputs.rows("origin_exceptions")
        )

    def accepts(self, name: str, stage: str, group: str, start: int, material: str) -> bool:
        if name == ANY or not stage:
            return True
        return all(
            groups is None or group in groups
            for year in self.inputs.members(start)
            for groups in [self.groups_in(name, stage, year, material)]
        )

    def accepts_everywhere(self, name: str, group: str, start: int, material: str) -> bool:
        """Tell whether every rule of a class accepts a group (``origin: site``)."""
        return all(self.accepts(name, stage, group, start, material) for stage in self.stages)

    def supply_is(self, name: str, row: Row, start: int) -> bool:
        """Tell whether what a supplier delivers is of a class."""
        material = row["material"]
        last = cell(self.places.materials[material], "stage")
        named = dict(part.split("=") for part in listed(row, "origin"))
        for stage, order in self.stages.items():
            if last and order > self.stages[last]:
                continue
            country = named.get(stage) or self.places.country_of_row(row)
            if country is None:
                if not self.accepts(name, stage, "nowhere", start, material):
                    return False
            elif not self.accepts(name, stage, self.places.groups[country], start, material):
                return False
        return True

    def lasts(self, name: str, material: str, before: int, after: int) -> bool:
        """Tell whether stock of a class keeps it from one period to the next."""
        if name == ANY:
            return True
        last, now = self.inputs.members(before)[-1], self.inputs.members(after)
        made_at = cell(self.places.materials[material], "stage")
        for stage, order in self.stages.items():
            if made_at and order > self.stages[made_at]:
                continue
            for part in self._parts(material):
                old = self.groups_in(name, stage, last, part)
                for year in now:
                    new = self.groups_in(name, stage, year, part)
                    if new is not None and (old is None or not old <= new):
                        return False
        return True

    def _parts(self, material: str) -> set[str]:
        """The material, and every one with an exception, which it may contain."""
        rows = self.inputs.rows("origin_exceptions")
        return {material} | {cell(row, "material") for row in rows if cell(row, "material")}

    @cached_property
    def carriers(self) -> set[str]:
        """Materials that pass their origin on."""
        inside = {row["material"] for row in self.inputs.rows("compositions")}
        return inside or set(self.places.materials)
