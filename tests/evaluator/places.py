"""Where things stand, and what ways there are between them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tests.evaluator.inputs import Inputs, Numbers, Row, cell, listed, number

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
            cost = number(row, "fixed_cost", 0.0)
            if number(row, "cost_per_km", 0.0):
                factor = number(row, "distance_factor", 1.0)
                cost += number(row, "cost_per_km") * factor * self._distance(start, end)
            for year in years:
                costs[year] = min(cost, costs.get(year, math.inf))
        return {year: cost for year, cost in costs.items() if year not in banned}

    def duty(self, start: str, end: str, material: str) -> Numbers:
        """Duty per tonne counted on what goes from one site to another."""
        inputs, exporter, importer = self.inputs, self.country(start), self.country(end)
        if exporter == importer:
            return inputs.constant(0.0)
        known = inputs.grouped("tariffs", "from", "to", "material")
        for sender in (exporter, self.groups[exporter]):
            for receiver in (importer, self.groups[importer]):
                rows = known.get((sender, receiver, material))
                if rows:
                    return self._charged(rows, exporter, material)
        return inputs.constant(0.0)

    def _charged(self, rows: list[Row], exporter: str, material: str) -> Numbers:
        duty = self.inputs.constant(0.0)
        amounts = [row for row in rows if cell(row, "amount")]
        rates = [row for row in rows if cell(row, "rate")]
        if amounts:
            duty += self.inputs.dated("tariffs", amounts, "amount")
        if rates:
            duty += self.inputs.dated("tariffs", rates, "rate") * self._value(exporter, material)
        return duty

    def _value(self, exporter: str, material: str) -> Numbers:
        inputs = self.inputs
        rows = [row for row in inputs.rows("prices") if row["material"] == material]
        here = [row for row in rows if cell(row, "place") == exporter]
        chosen = here or (rows if len({cell(row, "place") for row in rows}) == 1 else [])
        if chosen:
            points = {int(row["date"][:4]): number(row, "price") for row in chosen if row["date"]}
            if not points:
                return inputs.constant(number(chosen[0], "price"))
            known = sorted(points)
            return np.interp(inputs.years, known, [points[year] for year in known])
        cheapest = inputs.constant(math.inf)
        for steps in inputs.grouped("suppliers", "id", "step").values():
            if self.country_of_row(steps[0]) == exporter and steps[0]["material"] == material:
                offered = inputs.dated("suppliers", steps, "offered", empty=math.inf)
                price = inputs.dated("suppliers", steps, "price")
                cheapest = np.minimum(cheapest, np.where(offered > 0, price, math.inf))
        return np.where(np.isfinite(cheapest), cheapest, 0.0)
