"""Capacities, lead times, steps, demands, states and limits."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator

from tests.evaluator.inputs import Row, cell, listed, number, whole
from tests.evaluator.plan import Findings, Module, PlanRead, Record, first_output


def check_names(plan: PlanRead, findings: Findings) -> None:
    """Run, serve and build only what the case knows."""
    for record in plan.tables["activity"]:
        known = record["asset"] in plan.assets
        findings.expect(known, "runs but cannot:", record["asset"])
    for record in plan.tables["served"]:
        known = (record["demand"], record["material"]) in plan.served_by
        findings.expect(known, "cannot serve:", record)


def check_builds(plan: PlanRead, findings: Findings) -> None:
    """Decide when it is allowed, as often as it is, and with what is required."""
    inputs = plan.inputs
    decided: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for module in plan.modules:
        row, year = module.row, module.decision
        words = ("module of", row["id"], "decided on in", year)
        findings.expect(module.count > 0 and module.count == round(module.count), *words, "whole")
        findings.expect(year in inputs.starts, *words, "not the start of a period")
        findings.expect(year >= (whole(row, "earliest") or year), *words, "too early")
        findings.expect(year <= (whole(row, "latest") or year), *words, "too late")
        findings.expect(module.first_output < inputs.bounds[-1], *words, "on after the horizon")
        decided[row["id"]][year] += module.count
    for record, module in zip(plan.tables["builds"], plan.modules, strict=True):
        told = int(record["first_output_year"])
        findings.expect(told == module.first_output, "first output of", record["option"], told)
        added = module.count * number(module.row, "size")
        findings.equal(record["size_t_per_year"], added, "size of", record["option"])
    for row in inputs.rows("options"):
        count = sum(decided[row["id"]].values())
        findings.at_most(count, number(row, "most", 1.0), "modules of", row["id"])
        for needed in listed(row, "requires"):
            for start in inputs.starts:
                have, need = (
                    sum(n for year, n in decided[name].items() if year <= start)
                    for name in (needed, row["id"])
                )
                findings.expect(have > 0 or not need, row["id"], "requires", needed, start)
        for other in listed(row, "excludes"):
            both = count and sum(decided[other].values()) and other != row["id"]
            findings.expect(not both, row["id"], "excludes", other)


def check_assets(plan: PlanRead, findings: Findings) -> None:
    """Run within what is there in each year, and as much as something obliges to."""
    inputs = plan.inputs
    for record in plan.tables["activity"]:
        start = int(record["year"])
        mode = plan.modes.get((record["process"], record["mode"]))
        is_open = mode is None or inputs.is_open(mode, start)
        findings.expect(is_open, "mode not open:", record)
        findings.expect(record["activity_t"] > 0, "activity below zero:", record)
    for name, row in plan.assets.items():
        existing = plan.existing(name)
        share = inputs.yearly("assets", row, "availability", 1.0)
        least = inputs.yearly("assets", row, "least_activity") * inputs.alive(row)
        for start in inputs.starts:
            words = ("asset", name, start)
            capacity = inputs.mean(existing, start) + plan.added(name, share, start)
            used = plan.use[name, start]
            findings.at_most(used, capacity, *words, "capacity")
            findings.at_most(inputs.mean(least, start), used, *words, "least activity")
        taken = sum(plan.use[name, s] * len(inputs.members(s)) for s in inputs.starts)
        findings.at_most(taken, number(row, "reserve", math.inf), "asset", name, "reserve")


def arrives(plan: PlanRead, name: str, start: int) -> bool:
    """Tell whether a module of an asset gives its first output in a period."""
    years = plan.inputs.members(start)
    return any(m.row["adds_to"] == name and m.first_output in years for m in plan.modules)


def begins(plan: PlanRead, name: str, start: int) -> bool:
    """Tell whether existing capacity of an asset begins in a period."""
    row, starts = plan.assets[name], plan.inputs.starts
    existing = plan.inputs.yearly("assets", row, "nameplate_capacity") * plan.inputs.alive(row)
    place = starts.index(start)
    before = plan.inputs.mean(existing, starts[place - 1]) if place else 0.0
    return plan.inputs.mean(existing, start) > 0 and before <= 0


def check_states(plan: PlanRead, findings: Findings) -> None:
    """Run only what is kept, above its turndown; come back from retirement only with a module."""
    inputs = plan.inputs
    states = {(r["asset"], int(r["year"])): r["state"] for r in plan.tables["states"]}
    for (name, start), state in states.items():
        row, words = plan.assets[name], ("state of", name, start)
        place = inputs.starts.index(start)
        before = states.get((name, inputs.starts[place - 1]), "retired") if place else "retired"
        new = arrives(plan, name, start) or begins(plan, name, start)
        findings.expect(state == "retired" or before != "retired" or new, *words, "came back")
        if state == "mothballed":
            fixed = inputs.yearly("assets", row, "fixed_cost")
            allowed = cell(row, "care_cost") or row.get("status") == "mothballed" or not fixed.any()
            findings.expect(bool(allowed), *words, "cannot be mothballed")
        if state != "kept":
            findings.at_most(plan.use[name, start], 0.0, *words, "runs")
            continue
        share = inputs.yearly("assets", row, "availability", 1.0)
        capacity = inputs.mean(plan.existing(name), start) + plan.added(name, share, start)
        floor = number(row, "turndown", 0.0) * capacity
        findings.at_most(floor, plan.use[name, start], *words, "turndown")


def check_ways(plan: PlanRead, findings: Findings) -> None:
    """Move only on ways that are open, within their capacity."""
    inputs, links = plan.inputs, plan.inputs.by_id("links")
    moved: dict[tuple[str, int], float] = defaultdict(float)
    for record in plan.tables["flows"]:
        start, material = int(record["year"]), record["material"]
        findings.expect(record["flow_t"] > 0, "flow below zero:", record)
        if record["link"] is None:
            open_in = plan.places.rule_costs(record["from"], record["to"], material)
            years = inputs.members(start)
            is_open = 2 * len(set(open_in) & set(years)) >= len(years)
            findings.expect(is_open, "no rule opens", record)
            continue
        link = links[record["link"]]
        fits = (link["from"], link["to"]) == (record["from"], record["to"])
        carries = material in (listed(link, "materials") or [material])
        findings.expect(fits and carries, "link does not carry", record)
        findings.expect(inputs.is_open(link, start), "link not open", record)
        moved[link["id"], start] += record["flow_t"]
    for name, row in links.items():
        there = inputs.alive(row)
        capacity = inputs.yearly("links", row, "capacity", math.inf)
        capacity = inputs.constant(0.0) + [
            c if a else 0.0 for c, a in zip(capacity, there, strict=True)
        ]
        least = inputs.yearly("links", row, "least") * there
        for start in inputs.starts:
            most = inputs.mean(capacity, start) + plan.added(name, None, start)
            findings.at_most(moved[name, start], most, "link", name, start, "capacity")
            findings.at_most(inputs.mean(least, start), moved[name, start], "link", name, "least")


def check_steps(plan: PlanRead, findings: Findings) -> None:
    """Buy and sell where the step stands, and within what it offers or takes."""
    for table, key, amount, rows in (
        ("purchases", "supplier", "bought_t", "suppliers"),
        ("sales", "buyer", "sold_t", "buyers"),
    ):
        bound = "offered" if rows == "suppliers" else "most"
        steps = plan.inputs.grouped(rows, "id", "step")
        traded: dict[tuple[str, str, int], float] = defaultdict(float)
        for record in plan.tables[table]:
            step = (record[key], str(record["step"]))
            row = steps[step][0]
            findings.expect(record[amount] > 0, "trade below zero:", record)
            stands = record["site"] in plan.places.of_row(row)
            findings.expect(stands and record["material"] == row["material"], "trades at", record)
            traded[(*step, int(record["year"]))] += record[amount]
        for (name, place), dated in steps.items():
            most = plan.inputs.dated(rows, dated, bound, empty=math.inf)
            for start in plan.inputs.starts:
                limit = plan.inputs.mean(most, start)
                findings.at_most(traded[name, place, start], limit, rows, name, place, start)


def check_demands(plan: PlanRead, findings: Findings) -> None:
    """Serve each demand where it stands, with what can serve it, or leave it short at a price."""
    inputs = plan.inputs
    served: dict[tuple[str, int], float] = defaultdict(float)
    demands = inputs.grouped("demands", "id")
    for record in plan.tables["served"]:
        start = int(record["year"])
        choice = plan.served_by[record["demand"], record["material"]]
        first = {"first_year": cell(choice, "first_year")}
        findings.expect(inputs.is_open(first, start), "serves too early:", record)
        stands = record["site"] in plan.places.of_row(demands[record["demand"],][0])
        findings.expect(stands and record["served_t"] > 0, "served elsewhere:", record)
        served[record["demand"], start] += record["served_t"]
    told = {(r["demand"], int(r["year"])): r for r in plan.tables["coverage"]}
    for (name,), rows in demands.items():
        amount = inputs.linear("demands", rows, "amount")
        priced = any(cell(row, "penalty") for row in rows)
        for start in inputs.starts:
            wanted = inputs.mean(amount, start)
            record = told.get((name, start), {"demand_t": 0.0, "shortfall_t": 0.0})
            words = ("demand", name, start)
            short = float(record["shortfall_t"])
            findings.equal(record["demand_t"], wanted, *words, "as told")
            findings.equal(served[name, start] + short, wanted, *words, "served and short")
            findings.at_most(-short, 0.0, *words, "shortfall below zero")
            findings.expect(priced or not short, *words, "short although it must be met")


def _scoped(plan: PlanRead, limit: Row, module: Module) -> float:
    """Part of a module that a limit counts."""
    row, scope = module.row, cell(limit, "scope", "all")
    public = number(row, "public_share", 0.0)
    if scope in {"public", "private"}:
        return public if scope == "public" else 1 - public
    asset = plan.assets.get(row["adds_to"])
    if scope == "project":
        project = cell(row, "project") or (cell(asset, "project") if asset else "")
        return float(project == limit["target"])
    if scope == "country":
        link = plan.inputs.by_id("links").get(row["adds_to"], {})
        site = asset["site"] if asset else link["to"]
        return float(plan.places.country(site) == limit["target"])
    return 1.0


def spending(row: Row, decision: int) -> dict[int, float]:
    """Share of capital spent in each year."""
    years = whole(row, "build_years") or 0
    if not years:
        return {decision: 1.0}
    shares = [float(text) for text in listed(row, "capital_years")] or [1 / years] * years
    first = first_output(row, decision) - years
    return {first + place: share for place, share in enumerate(shares)}


def _crossing(plan: PlanRead, limit: Row, start: int) -> Iterator[float]:
    leaving = limit["kind"] == "exports"

    def counted(site: str, record: Record) -> bool:
        target = (
            cell(limit, "scope", "all") == "all" or plan.places.country(site) == limit["target"]
        )
        return target and record["material"] == cell(limit, "material", record["material"])

    for record in plan.tables["flows"]:
        crosses = plan.places.country(record["from"]) != plan.places.country(record["to"])
        site = record["from"] if leaving else record["to"]
        if int(record["year"]) == start and crosses and counted(site, record):
            yield record["flow_t"]
    for record in plan.tables["sales" if leaving else "purchases"]:
        if (
            int(record["year"]) == start
            and not record["country"]
            and counted(record["site"], record)
        ):
            yield record["sold_t" if leaving else "bought_t"]


def _emitted(plan: PlanRead, limit: Row, start: int) -> Iterator[float]:
    for record in plan.tables["activity"]:
        asset = plan.assets[record["asset"]]
        inside = {
            "country": plan.places.country(asset["site"]) == limit.get("target"),
            "project": cell(asset, "project") == limit.get("target"),
        }.get(cell(limit, "scope", "all"), True)
        if inside and int(record["year"]) == start:
            recipe = plan.recipes[asset["process"], record["mode"]]
            yield recipe["out"].get(limit["material"], 0.0) * record["activity_t"]


def check_limits(plan: PlanRead, findings: Findings) -> None:
    """Stay within every limit on capital, starts, trade and emissions."""
    inputs = plan.inputs
    for (name,), rows in inputs.grouped("limits", "id").items():
        limit = rows[0]
        amount = inputs.dated("limits", rows, "amount", absent=math.inf)
        if limit["kind"] == "capital":
            for year, most in zip(inputs.years, amount, strict=True):
                spent = sum(
                    _scoped(plan, limit, m)
                    * m.count
                    * capital(plan, m)
                    * spending(m.row, m.decision).get(year, 0.0)
                    for m in plan.modules
                )
                findings.at_most(spent, float(most), "limit", name, year)
            continue
        for start in inputs.starts:
            most = inputs.mean(amount, start)
            if limit["kind"] == "starts":
                most *= len(inputs.members(start))
                counted = [
                    m.count
                    for m in plan.modules
                    if m.decision == start and _scoped(plan, limit, m) > 0
                ]
            elif limit["kind"] == "emissions":
                counted = list(_emitted(plan, limit, start))
            else:
                counted = list(_crossing(plan, limit, start))
            findings.at_most(sum(counted), most, "limit", name, start)


def check_targets(plan: PlanRead, findings: Findings) -> None:
    """Serve the share of each target, by its class or better, until the end of the report."""
    inputs, origin = plan.inputs, plan.origin
    end = inputs.bounds[-1]
    until = int(inputs.settings.get("report_until") or max(inputs.bounds[0], end - 5))
    for row in inputs.rows("targets"):
        demands = {
            name: inputs.linear("demands", rows, "amount")
            for (name,), rows in inputs.grouped("demands", "id").items()
            if rows[0].get("segment") == row["segment"]
        }
        for start in inputs.starts:
            if start > until or inputs.members(start)[-1] < int(row["year"]):
                continue
            asked = sum(inputs.mean(amount, start) for amount in demands.values())
            good = sum(
                record["served_t"]
                for record in plan.tables["served"]
                if record["demand"] in demands
                and int(record["year"]) == start
                and origin.rank(record["class"]) <= origin.rank(cell(row, "class", "any"))
            )
            findings.at_most(number(row, "share") * asked, good, "target", row["id"], start)


def capital(plan: PlanRead, module: Module) -> float:
    """Overnight cost of one module. [million]"""
    by_year = plan.inputs.yearly("options", module.row, "capital")
    return float(by_year[module.decision - plan.inputs.bounds[0]])
