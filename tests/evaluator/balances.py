"""Tonnes: nothing comes from nothing, nothing is claimed of a class that it is not."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from tests.evaluator.inputs import cell, number
from tests.evaluator.origin import ANY
from tests.evaluator.plan import Findings, PlanRead

Node = tuple[str, str, int]
"""A site, a material and the first year of a period."""


@dataclass
class Tonnes:
    """What comes to each node and leaves it, by class."""

    coming: dict[Node, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    leaving: dict[Node, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))

    def comes(self, node: Node, name: str, tonnes: float) -> None:
        self.coming[node][name] = self.coming[node].get(name, 0.0) + tonnes

    def leaves(self, node: Node, name: str, tonnes: float) -> None:
        self.leaving[node][name] = self.leaving[node].get(name, 0.0) + tonnes


def weigh(plan: PlanRead) -> Tonnes:
    """Gather every tonne that the tables of a run tell of."""
    tonnes, carriers = Tonnes(), plan.origin.carriers
    for record in plan.tables["activity"]:
        asset, year, name = plan.assets[record["asset"]], int(record["year"]), record["class"]
        process = plan.processes[asset["process"]]
        recipe = plan.recipes[process["id"], record["mode"]]
        for material, amount in recipe["out"].items():
            node = (asset["site"], material, year)
            tonnes.comes(node, name, amount * record["activity_t"])
        at_site = cell(process, "origin", "inherit") == "site"
        for material, amount in recipe["in"].items():
            taken = name if material in carriers and not at_site else ANY
            tonnes.leaves((asset["site"], material, year), taken, amount * record["activity_t"])
    for record in plan.tables["flows"]:
        year, moved = int(record["year"]), record["flow_t"]
        tonnes.leaves((record["from"], record["material"], year), record["class"], moved)
        tonnes.comes((record["to"], record["material"], year), record["class"], moved)
    for record in plan.tables["purchases"]:
        node = (record["site"], record["material"], int(record["year"]))
        tonnes.comes(node, record["class"], record["bought_t"])
    for table, column in (("sales", "sold_t"), ("unsold", "unsold_t")):
        for record in plan.tables[table]:
            node = (record["site"], record["material"], int(record["year"]))
            tonnes.leaves(node, record["class"], record[column])
    for record in plan.tables["served"]:
        row = plan.served_by[record["demand"], record["material"]]
        node = (record["site"], record["material"], int(record["year"]))
        tonnes.leaves(node, record["class"], number(row, "amount", 1.0) * record["served_t"])
    stocks = plan.inputs.by_id("stocks")
    for record in plan.tables["stocks"]:
        row = stocks[record["stock"]]
        node = (row["site"], row["material"], int(record["year"]))
        tonnes.comes(node, record["class"], record["drawn_t"])
        tonnes.leaves(node, record["class"], record["filled_t"])
    return tonnes


def check_balances(plan: PlanRead, findings: Findings) -> None:
    """Balance each material at each site and year, in all classes and from the best class down.

    What leaves as class *k* or better cannot exceed what comes as class *k* or better.
    """
    tonnes = weigh(plan)
    for node in sorted({*tonnes.coming, *tonnes.leaving}):
        coming, leaving = tonnes.coming[node], tonnes.leaving[node]
        through = sum(coming.values())
        findings.equal(through, sum(leaving.values()), "balance of", node)
        if node[1] not in plan.origin.carriers:
            continue
        better_in = better_out = 0.0
        for name in plan.origin.classes[:-1]:
            better_in += coming.get(name, 0.0)
            better_out += leaving.get(name, 0.0)
            findings.at_most(better_out, better_in, "class", name, "of", node)
    disposal = {row["material"] for row in plan.inputs.rows("buyers") if number(row, "price") < 0}
    makers = {
        (asset["site"], material)
        for asset in plan.assets.values()
        for (process, _), recipe in plan.recipes.items()
        if process == asset["process"]
        for material in recipe["out"]
    }
    for record in plan.tables["unsold"]:
        node = (record["site"], record["material"], int(record["year"]))
        findings.expect((node[0], node[1]) in makers, "unsold where nothing makes it:", node)
        priced = record["material"] in disposal and record["unsold_t"] > 0
        findings.expect(not priced, "unsold although disposal has a price:", node)


def check_elements(plan: PlanRead, findings: Findings) -> None:
    """Make no contained element: per process and mode, and so for the whole run."""
    factors = {r["id"]: number(r, "oxide_factor", 1.0) for r in plan.inputs.rows("elements")}
    contents: dict[str, dict[str, float]] = defaultdict(dict)
    for row in plan.inputs.rows("compositions"):
        oxide = cell(row, "counted_as", "element") == "oxide"
        share = number(row, "mass_fraction") * (factors[row["element"]] if oxide else 1.0)
        contents[row["material"]][row["element"]] = share
    for record in plan.tables["activity"]:
        recipe = plan.recipes[record["process"], record["mode"]]
        if not any(contents.get(material) for material in recipe["in"]):
            continue
        for element in factors:
            taken, given = (
                sum(a * contents[m].get(element, 0.0) for m, a in recipe[side].items())
                for side in ("in", "out")
            )
            words = (element, "in", record["asset"], record["year"])
            activity = record["activity_t"]
            excess = (given - taken) * activity
            findings.expect(excess <= 1e-6 * taken * activity, *words, f"made {excess:.6g} t")


def check_classes(plan: PlanRead, findings: Findings) -> None:
    """Claim no class that the inputs, the countries and the dates do not justify."""
    origin, suppliers = plan.origin, plan.inputs.grouped("suppliers", "id", "step")
    for record in plan.tables["purchases"]:
        row, start = suppliers[record["supplier"], str(record["step"])][0], int(record["year"])
        justified = origin.supply_is(record["class"], row, start)
        findings.expect(justified, "supply claims a class:", record)
    for record in plan.tables["activity"]:
        asset, start = plan.assets[record["asset"]], int(record["year"])
        process, group = plan.processes[asset["process"]], plan.places.group(asset["site"])
        at_site = cell(process, "origin", "inherit") == "site"
        made = plan.recipes[process["id"], record["mode"]]["out"] or {"": 0.0}
        justified = any(
            origin.accepts_everywhere(record["class"], group, start, material)
            if at_site
            else origin.accepts(record["class"], cell(process, "stage"), group, start, material)
            for material in made
        )
        findings.expect(justified, "process claims a class:", record)
    demands = plan.inputs.grouped("demands", "id")
    for record in plan.tables["served"]:
        wanted = cell(demands[record["demand"],][0], "class", ANY)
        enough = origin.rank(record["class"]) <= origin.rank(wanted)
        findings.expect(enough, "demand served with a worse class:", record)


def check_stocks(plan: PlanRead, findings: Findings) -> None:
    """Carry each stock from period to period, a class only while its rules stay as they were."""
    levels: dict[tuple[str, str, int], dict[str, float]] = {
        (record["stock"], record["class"], int(record["year"])): record
        for record in plan.tables["stocks"]
    }
    for row in plan.inputs.rows("stocks"):
        most = plan.inputs.yearly("stocks", row, "most")
        before: dict[str, float] = {ANY: number(row, "opening", 0.0)}
        last: int | None = None
        for start in plan.inputs.starts:
            years = len(plan.inputs.members(start))
            here = {c: levels.get((row["id"], c, start), {}) for c in plan.origin.classes}
            now = {c: record.get("level_t", 0.0) for c, record in here.items()}
            moved = {
                c: years * (record.get("filled_t", 0.0) - record.get("drawn_t", 0.0))
                for c, record in here.items()
            }
            words = ("stock", row["id"], start)
            findings.equal(
                sum(now.values()), sum(before.values()) + sum(moved.values()), *words, "carried"
            )
            _check_stock_classes(plan, findings, (row, last, start), before, moved, now)
            room = max(plan.inputs.mean(most, start), number(row, "opening", 0.0))
            findings.at_most(sum(now.values()), room, *words, "room")
            for name, tonnes in now.items():
                findings.at_most(-tonnes, 0.0, *words, name, "below zero")
            if not plan.inputs.mean(most, start):
                filled = sum(record.get("filled_t", 0.0) for record in here.values())
                findings.at_most(filled, 0.0, *words, "filled without room")
            before, last = now, start


def _check_stock_classes(
    plan: PlanRead,
    findings: Findings,
    place: tuple[dict[str, str], int | None, int],
    before: dict[str, float],
    moved: dict[str, float],
    now: dict[str, float],
) -> None:
    row, last, start = place
    held = lying = 0.0
    for name in plan.origin.classes[:-1]:
        keeps = last is not None and plan.origin.lasts(name, row["material"], last, start)
        held += (before.get(name, 0.0) if keeps else 0.0) + moved.get(name, 0.0)
        lying += now.get(name, 0.0)
        findings.at_most(lying, held, "stock", row["id"], start, "keeps class", name)
