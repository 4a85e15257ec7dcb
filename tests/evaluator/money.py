"""Every cost term from the tables, and their sum against what was minimised."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from tests.evaluator.inputs import Numbers, cell, number
from tests.evaluator.limits import arrives, begins, capital, spending
from tests.evaluator.plan import MILLION, Findings, Module, PlanRead, first_output


def _level(rate: float, years: int) -> float:
    """Yearly payment that repays 1 over some years."""
    return 1 / years if rate == 0 else rate / (1 - (1 + rate) ** -years)


def payments(module: Module) -> dict[int, float]:
    """Share of capital paid in each year: as spent, or level after financing."""
    row, spent = module.row, spending(module.row, module.decision)
    if not cell(row, "financing_years"):
        return spent
    rate, years = number(row, "financing_rate"), round(number(row, "financing_years"))
    first = first_output(row, module.decision)
    owed = sum(share * (1 + rate) ** max(0, first - 1 - year) for year, share in spent.items())
    return {first + place: owed * _level(rate, years) for place in range(years)}


def salvage_share(module: Module, end: int) -> float:
    """Share of capital left at the end of the horizon, less what is owed."""
    row = module.row
    if not cell(row, "life"):
        return 0.0
    life, rate = number(row, "life"), number(row, "financing_rate", 0.0)
    left = min(1.0, max(0.0, 1 - (end - module.first_output) / life))
    paid = payments(module)
    due = [year for year in paid if year >= end] if cell(row, "financing_years") else []
    still = sum(paid[year] * (1 + rate) ** -(year - end + 1) for year in due)
    return max(0.0, left - still)


def _while_there(price: Numbers, bound: Numbers, plan: PlanRead, start: int) -> float:
    """Average a price over the years of a period in which the step exists."""
    first = plan.inputs.bounds[0]
    years = [year for year in plan.inputs.members(start) if bound[year - first] > 0]
    return plan.inputs.mean(price, start, over=years)


class Ledger:
    """Sums discounted cost by term. [million]"""

    def __init__(self, plan: PlanRead) -> None:
        self.plan, self.inputs = plan, plan.inputs
        self.terms: dict[str, float] = defaultdict(float)

    def add(self, term: str, start: int, tonnes: float, per_tonne: float) -> None:
        self.terms[term] += self.inputs.weight(start) * tonnes * per_tonne / 1e6

    def building(self) -> None:
        inputs = self.inputs
        for module in self.plan.modules:
            amount = module.count * capital(self.plan, module)
            paid = sum(
                share * inputs.factor(year)
                for year, share in payments(module).items()
                if year < inputs.bounds[-1]
            )
            left = salvage_share(module, inputs.bounds[-1]) * inputs.end_factor
            self.terms["capital"] += amount * paid
            self.terms["salvage"] -= amount * min(left, paid)

    def running(self) -> None:
        inputs, plan = self.inputs, self.plan
        for record in plan.tables["activity"]:
            start, asset = int(record["year"]), plan.assets[record["asset"]]
            cost = inputs.yearly("assets", asset, "variable_cost")
            mode = plan.modes.get((asset["process"], record["mode"]))
            extra = inputs.constant(0.0 if mode is None else number(mode, "variable_cost", 0.0))
            if mode is not None:
                name = f"{asset['process']}/{record['mode']}"
                extra = inputs.held(inputs.series("modes", "variable_cost", name), extra)
            self.add("variable", start, record["activity_t"], inputs.mean(cost + extra, start))

    def moving(self) -> None:
        inputs, places = self.inputs, self.plan.places
        links = inputs.by_id("links")
        for record in self.plan.tables["flows"]:
            start, tonnes, material = int(record["year"]), record["flow_t"], record["material"]
            ends = (record["from"], record["to"], material)
            if record["link"] is None:
                by_year = places.rule_costs(*ends)
                open_in = [by_year[y] for y in inputs.members(start) if y in by_year]
                cost = float(np.mean(open_in)) if open_in else 0.0
            else:
                cost = inputs.mean(inputs.yearly("links", links[record["link"]], "cost"), start)
            gross = number(places.materials[material], "gross_per_t", 1.0)
            self.add("freight", start, tonnes, cost * gross)
            self.add("tariff", start, tonnes, inputs.mean(places.duty(*ends), start))

    def trading(self) -> None:
        for table, key, bound, term, amount in (
            ("purchases", "supplier", "offered", "purchase", "bought_t"),
            ("sales", "buyer", "most", "sales", "sold_t"),
        ):
            rows = "suppliers" if table == "purchases" else "buyers"
            steps = self.inputs.grouped(rows, "id", "step")
            for record in self.plan.tables[table]:
                dated = steps[record[key], str(record["step"])]
                price = self.inputs.dated(rows, dated, "price")
                there = self.inputs.dated(rows, dated, bound, empty=np.inf)
                start = int(record["year"])
                mean = _while_there(price, there, self.plan, start)
                self.add(term, start, record[amount], mean if term == "purchase" else -mean)

    def serving(self) -> None:
        inputs = self.inputs
        for record in self.plan.tables["served"]:
            row = self.plan.served_by[record["demand"], record["material"]]
            name = f"{record['demand']}/{record['material']}"
            extra = inputs.held(
                inputs.series("demand_materials", "extra_cost", name),
                inputs.constant(number(row, "extra_cost", 0.0)),
            )
            start = int(record["year"])
            self.add("substitution", start, record["served_t"], inputs.mean(extra, start))
        demands = inputs.grouped("demands", "id")
        for record in self.plan.tables["coverage"]:
            if not record["shortfall_t"]:
                continue
            rows = demands[record["demand"],]
            first = next(number(row, "penalty") for row in rows if cell(row, "penalty"))
            penalty = inputs.dated("demands", rows, "penalty", absent=first)
            start = int(record["year"])
            self.add("shortfall", start, record["shortfall_t"], inputs.mean(penalty, start))

    def keeping(self) -> None:
        inputs, plan = self.inputs, self.plan
        states = {(r["asset"], int(r["year"])): r["state"] for r in plan.tables["states"]}
        for (name, start), state in states.items():
            row, there = plan.assets[name], np.asarray(plan.may_stand(name), dtype=float)
            if state == "kept":
                cost = inputs.yearly("assets", row, "fixed_cost") * there
                self.terms["fixed"] += inputs.weight(start) * inputs.mean(cost, start)
                if self._restarts(states, name, start):
                    restart = number(row, "restart_cost", 0.0)
                    self.terms["restart"] += restart * inputs.factor(start)
            elif state == "mothballed":
                cost = inputs.yearly("assets", row, "care_cost") * there
                self.terms["care"] += inputs.weight(start) * inputs.mean(cost, start)

    def _restarts(self, states: dict[tuple[str, int], str], name: str, start: int) -> bool:
        plan, place = self.plan, self.inputs.starts.index(start)
        before = states.get((name, self.inputs.starts[place - 1])) if place else None
        if before == "kept" or arrives(plan, name, start):
            return False
        asleep = plan.assets[name].get("status") == "mothballed"
        return asleep or not begins(plan, name, start)

    def storing(self) -> None:
        inputs = self.inputs
        levels: dict[tuple[str, int], float] = defaultdict(float)
        filled: dict[tuple[str, int], float] = defaultdict(float)
        for record in self.plan.tables["stocks"]:
            levels[record["stock"], int(record["year"])] += record["level_t"]
            filled[record["stock"], int(record["year"])] += record["filled_t"]
        for row in inputs.rows("stocks"):
            before = number(row, "opening", 0.0)
            for start in inputs.starts:
                now, years = levels[row["id"], start], len(inputs.members(start))
                ends = [before + (now - before) * n / years for n in range(1, years + 1)]
                keeping = inputs.mean(inputs.yearly("stocks", row, "holding_cost"), start)
                self.add("holding", start, float(np.mean(ends)), keeping)
                filling = inputs.mean(inputs.yearly("stocks", row, "fill_cost"), start)
                self.add("filling", start, filled[row["id"], start], filling)
                before = now


def cost_terms(plan: PlanRead) -> dict[str, float]:
    """Give every cost term of a run, from its tables. [million, present value]"""
    ledger = Ledger(plan)
    for part in (
        ledger.building, ledger.running, ledger.moving, ledger.trading, ledger.serving,
        ledger.keeping, ledger.storing,
    ):  # fmt: skip
        part()
    return dict(ledger.terms)


def check_costs(plan: PlanRead, findings: Findings) -> None:
    """Find each term as the run tells it, and their sum as its objective."""
    own = cost_terms(plan)
    told = {str(r["term"]): float(r["value_musd"]) for r in plan.tables["cost_terms"]}
    scale = sum(abs(value) for value in told.values())
    slack = MILLION * max(scale, 1e-3)
    for term in sorted({*own, *told}):
        mine, theirs = own.get(term, 0.0), told.get(term, 0.0)
        words = ("cost term", term, f"{mine:.9g} is told as {theirs:.9g}")
        findings.expect(abs(mine - theirs) <= slack, *words)
    for name, total in (("told", sum(told.values())), ("recomputed", sum(own.values()))):
        words = ("sum of the terms", name, f"{total:.9g}, objective {plan.objective:.9g}")
        findings.expect(abs(total - plan.objective) <= slack, *words)
    for record, module in zip(plan.tables["builds"], plan.modules, strict=True):
        amount = module.count * capital(plan, module)
        words = ("capital of", record["option"], record["capital_musd"])
        findings.expect(abs(record["capital_musd"] - amount) <= slack, *words)
        kept = salvage_share(module, plan.inputs.bounds[-1])
        findings.expect(kept <= 1.0, "salvage above capital:", record["option"])


__all__ = ["Ledger", "check_costs", "cost_terms"]
