"""Where things stand, and what ways there are between them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tests.evaluator.inputs import Inputs, Numbers, Row, cell, listed, number, whole

EARTH_RADIUS_KM = 6371.0088


@dataclass(frozen=True)
class Places:
    """Sites and ways of a case."""

    inputs: Inputs

    @cached_property
    def sites(self) -> dict[str, Row]:
        return self.inputs.by_id("sites")

    @cached_property
    def materials(self) -> dict[str, Row]:
        return self.inputs.by_id("materials")

    @cached_property
    def groups(self) -> dict[str, str]:
        return {row["id"]: row["group"] for row in self.inputs.rows("countries")}

    def country(self, site: str) -> str:
        return self.sites[site]["country"]

    def group(self, site: str) -> str:
        return self.groups[self.country(site)]

    def kind(self, site: str) -> str:
        return cell(self.sites[site], "kind", "plant")

    def of_row(self, row: Row) -> set[str]:
        """Sites at which a supplier, buyer or demand stands."""
        site, country = cell(row, "site"), cell(row, "country")
        if site:
            return {site}
        if not country:
            return set(self.sites)
        inside = {name for name in self.sites if self.country(name) == country}
        return {name for name in inside if self.kind(name) == "pool"} or inside

    def country_of_row(self, row: Row) -> str | None:
        site = cell(row, "site")
        return self.country(site) if site else cell(row, "country") or None

    def _selected(self, selector: str, site: str) -> bool:
        names = {site, self.country(site), self.group(site), f"kind:{self.kind(site)}"}
        alternatives = [part.split("&") for part in selector.split(";")]
        return any(all(p.strip() in names for p in parts) for parts in alternatives)

    def _distance(self, start: str, end: str) -> float:
        here, there = self.sites[start], self.sites[end]
        lat1, lat2 = math.radians(number(here, "lat")), math.radians(number(there, "lat"))
        turn = math.radians(number(there, "lon") - number(here, "lon"))
        cosine = math.sin(lat1) * math.sin(lat2) + math.cos(lat1) * math.cos(lat2) * math.cos(turn)
        across = math.hypot(
            math.cos(lat2) * math.sin(turn),
            math.cos(lat1) * math.sin(lat2) - math.sin(lat1) * math.cos(lat2) * math.cos(turn),
        )
        return EARTH_RADIUS_KM * math.atan2(across, cosine)

    def _rules(self, start: str, end: str, material: str) -> Iterator[Row]:
        for row in self.inputs.rows("link_rules"):
            named = listed(row, "materials")
            if (
                (not named or material in named)
                and self._selected(row["from"], start)
                and self._selected(row["to"], end)
            ):
                yield row

    def rule_costs(self, start: str, end: str, material: str) -> dict[int, float]:
        """Freight per gross tonne of the cheapest rule, in the years in which one opens a way."""
        explicit = any(
            link["from"] == start
            and link["to"] == end
            and material in (listed(link, "materials") or [material])
            for link in self.inputs.rows("links")
        )
        if explicit or cell(self.materials[material], "tradable", "yes") == "no":
            return {}
        costs: dict[int, float] = {}
        banned: set[int] = set()
        for row in self._rules(start, end, material):
            years = [
                y for y, on in zip(self.inputs.years, self.inputs.alive(row), strict=True) if on
            ]
            if cell(row, "allow", "yes") == "no":
                banned.update(years)
                continue
            by_year = self.inputs.yearly("link_rules", row, "fixed_cost")
            if number(row, "cost_per_km", 0.0):
                factor = number(row, "distance_factor", 1.0)
                by_year = by_year + number(row, "cost_per_km") * factor * self._distance(start, end)
            for year in years:
                cost = float(by_year[year - self.inputs.bounds[0]])
                costs[year] = min(cost, costs.get(year, math.inf))
        return {year: cost for year, cost in costs.items() if year not in banned}

    def duty(self, start: str, end: str, material: str) -> Numbers:
        """Duty per tonne counted on what goes from one site to another."""
        inputs, exporter, importer = self.inputs, self.country(start), self.country(end)
        if exporter == importer:
            return inputs.constant(0.0)
        known = inputs.grouped("tariffs", "from", "to", "material")
        duty = inputs.constant(0.0)
        for sender in (self.groups[exporter], exporter):
            for receiver in (self.groups[importer], importer):
                for year, row in self._latest(known.get((sender, receiver, material), [])).items():
                    duty[year - inputs.bounds[0]] = self._charged(row, year, exporter)
        return duty

    def _latest(self, rows: list[Row]) -> dict[int, Row]:
        """Find the row that holds in each year, whether a rate or an amount."""
        found: dict[int, Row] = {}
        for row in sorted(rows, key=lambda row: whole(row, "year") or 0):
            for year in self.inputs.years:
                if year >= (whole(row, "year") or 0):
                    found[year] = row
        return found

    def _charged(self, row: Row, year: int, exporter: str) -> float:
        column = "rate" if cell(row, "rate") else "amount"
        place = year - self.inputs.bounds[0]
        base = self.inputs.constant(number(row, column))
        name = "/".join((row["from"], row["to"], row["material"]))
        share = float(self.inputs.held(self.inputs.series("tariffs", column, name), base)[place])
        if column == "amount" or not share:
            return share
        return share * float(self._value(exporter, row["material"])[place])

    @property
    def _units(self) -> tuple[str, str]:
        currency = self.inputs.settings["currency"]
        return f"{currency}/t", f"{currency}/kg"

    def _per_t(self, row: Row) -> float:
        return number(row, "price") * (1000 if cell(row, "unit") == self._units[1] else 1)

    def _value(self, exporter: str, material: str) -> Numbers:
        inputs = self.inputs
        basis = cell(self.materials[material], "basis", "gross")
        rows = [
            row
            for row in inputs.rows("prices")
            if row["material"] == material
            and cell(row, "basis", basis) == basis
            and cell(row, "unit", self._units[0]) in self._units
        ]
        here = [row for row in rows if cell(row, "place") == exporter]
        chosen = here or (rows if len({cell(row, "place") for row in rows}) == 1 else [])
        if chosen:
            points = {
                int(day[:4]): self._per_t(row) for row in chosen if (day := cell(row, "date"))
            }
            if not points:
                return inputs.constant(self._per_t(chosen[0]))
            known = sorted(points)
            return np.interp(inputs.years, known, [points[year] for year in known])
        cheapest = inputs.constant(math.inf)
        for steps in inputs.grouped("suppliers", "id", "step").values():
            if self.country_of_row(steps[0]) == exporter and steps[0]["material"] == material:
                offered = inputs.dated("suppliers", steps, "offered", empty=math.inf)
                price = inputs.dated("suppliers", steps, "price")
                cheapest = np.minimum(cheapest, np.where(offered > 0, price, math.inf))
        return np.where(np.isfinite(cheapest), cheapest, 0.0)
