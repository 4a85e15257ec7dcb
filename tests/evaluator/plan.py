"""The tables of a run and the frozen case beside them, ready to be checked."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from tests.evaluator.inputs import Inputs, Numbers, Row, cell, listed, number, whole
from tests.evaluator.origin import Origin
from tests.evaluator.places import Places

Record = dict[str, Any]

RELATIVE, TONNES, MILLION = 1e-6, 2e-4, 1e-6
"""Share of throughput; what the solver's tolerance is in a year. [fraction, t/year, million]"""


@dataclass
class Findings:
    """What does not hold."""

    texts: list[str] = field(default_factory=list)
    checked: int = 0

    def expect(self, holds: bool, *words: object) -> None:
        self.checked += 1
        if not holds:
            self.texts.append(" ".join(map(str, words)))

    def at_most(self, value: float, most: float, *words: object) -> None:
        slack = TONNES + RELATIVE * max(abs(value), abs(most) if most != float("inf") else 0.0)
        self.expect(value <= most + slack, *words, f"{value:.9g} > {most:.9g}")

    def equal(self, value: float, other: float, *words: object, scale: float = 0.0) -> None:
        slack = TONNES + RELATIVE * max(abs(value), abs(other), scale)
        self.expect(abs(value - other) <= slack, *words, f"{value:.9g} != {other:.9g}")


@dataclass(frozen=True)
class Module:
    """Modules of one option decided on in one year."""

    row: Row
    decision: int
    count: float
    first_output: int


@dataclass(frozen=True)
class PlanRead:
    """A run: its inputs, its tables and what it says its cost is."""

    folder: Path
    inputs: Inputs
    places: Places
    origin: Origin

    @staticmethod
    def of(folder: Path) -> PlanRead:
        inputs = Inputs.read(folder / "inputs")
        places = Places(inputs)
        return PlanRead(folder, inputs, places, Origin(inputs, places))

    @cached_property
    def objective(self) -> float:
        document = json.loads((self.folder / "run.json").read_text(encoding="utf-8"))
        return float(document["result"]["objective"])

    def table(self, name: str) -> list[Record]:
        records: list[Record] = pq.read_table(
            self.folder / "tables" / f"{name}.parquet", use_threads=False
        ).to_pylist()
        return records

    @cached_property
    def tables(self) -> dict[str, list[Record]]:
        names = (
            "activity", "builds", "coverage", "flows", "purchases", "sales", "served", "states",
            "stocks", "unsold", "cost_terms", "capacity",
        )  # fmt: skip
        return {name: self.table(name) for name in names}

    @cached_property
    def assets(self) -> dict[str, Row]:
        rows = self.inputs.by_id("assets").values()
        return {row["id"]: row for row in rows if row.get("status") not in {"closed", "observed"}}

    @cached_property
    def processes(self) -> dict[str, Row]:
        return self.inputs.by_id("processes")

    @cached_property
    def recipes(self) -> dict[tuple[str, str], dict[str, dict[str, float]]]:
        found: dict[tuple[str, str], dict[str, dict[str, float]]] = {}
        for row in self.inputs.rows("recipes"):
            key = (row["process"], cell(row, "mode", "main"))
            sides = found.setdefault(key, {"in": {}, "out": {}})
            sides[row["direction"]][row["material"]] = number(row, "amount")
        return found

    @cached_property
    def modes(self) -> dict[tuple[str, str], Row]:
        return {(row["process"], row["mode"]): row for row in self.inputs.rows("modes")}

    @cached_property
    def modules(self) -> list[Module]:
        options = self.inputs.by_id("options")
        return [
            Module(
                options[record["option"]],
                int(record["decision_year"]),
                float(record["modules"]),
                first_output(options[record["option"]], int(record["decision_year"])),
            )
            for record in self.tables["builds"]
        ]

    @cached_property
    def served_by(self) -> dict[tuple[str, str], Row]:
        rows = self.inputs.rows("demand_materials")
        return {(row["demand"], row["material"]): row for row in rows}

    def may_stand(self, name: str) -> list[bool]:
        """Tell in which years an asset is there, or could be from a module."""
        inputs, row = self.inputs, self.assets[name]
        capacity = inputs.yearly("assets", row, "nameplate_capacity")
        there = [bool(k > 0 and on) for k, on in zip(capacity, inputs.alive(row), strict=True)]
        earliest = [
            output
            for option in inputs.rows("options")
            if option["adds_to"] == name and number(option, "most", 1.0) > 0
            for start in inputs.starts
            if (whole(option, "earliest") or start) <= start <= (whole(option, "latest") or start)
            and (output := first_output(option, start)) < inputs.bounds[-1]
        ]
        if not earliest:
            return there
        earliest += [year for year, on in zip(inputs.years, there, strict=True) if on]
        return [year >= min(earliest) for year in inputs.years]

    def added(self, name: str, available: Numbers | None, start: int) -> float:
        """Capacity that the modules decided on give to an asset or link in a period."""
        inputs, total = self.inputs, 0.0
        for module in self.modules:
            if module.row["adds_to"] != name:
                continue
            ramp = [float(text) for text in listed(module.row, "ramp")] or [1.0]
            shares = inputs.constant(0.0)
            for place, year in enumerate(inputs.years):
                if year >= module.first_output:
                    shares[place] = ramp[min(year - module.first_output, len(ramp) - 1)]
            if available is not None:
                shares = shares * available
            total += module.count * number(module.row, "size") * inputs.mean(shares, start)
        return total

    def existing(self, name: str) -> Numbers:
        """Available capacity of an asset without modules, by year."""
        row, inputs = self.assets[name], self.inputs
        capacity = inputs.yearly("assets", row, "nameplate_capacity")
        share = inputs.yearly("assets", row, "availability", 1.0)
        there = inputs.alive(row)
        return np.array(
            [
                k * a if on and a > 0 else 0.0
                for k, a, on in zip(capacity, share, there, strict=True)
            ]
        )

    @cached_property
    def use(self) -> dict[tuple[str, int], float]:
        """Capacity used by each asset in each period."""
        found: dict[tuple[str, int], float] = defaultdict(float)
        for record in self.tables["activity"]:
            process = self.assets[record["asset"]]["process"]
            mode = self.modes.get((process, record["mode"]), {})
            per_tonne = number(mode, "capacity_use", 1.0)
            found[record["asset"], int(record["year"])] += per_tonne * record["activity_t"]
        return found


def first_output(row: Row, decision: int) -> int:
    return decision + (whole(row, "permit_years") or 0) + (whole(row, "build_years") or 0)
