"""The waterfall written a second time, plainly, for one path: what the compiled one must equal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coercivity.finance.waterfall.terms import Loan, PathCash, Rules


@dataclass
class Lender:
    """What one lender has outstanding."""

    terms: Loan
    balance: float = 0.0
    lent: float = 0.0
    arrears: float = 0.0

    def agreed(self, year: int, balance: float) -> float:
        """Give what falls due on a balance that accrued interest over the year."""
        owed = balance * (1 + self.terms.rate)
        payments = [y for y, due in enumerate(self.terms.due) if due > 0]
        if year < self.terms.interest_from:
            return 0.0
        if year < self.terms.repay_from:
            return balance * self.terms.rate
        if not payments or year >= payments[-1]:
            final = payments[-1] if payments else len(self.terms.due) - 1
            return owed if year >= final else 0.0
        return min(owed, float(self.terms.due[year]))

    def receive(self, amount: float) -> float:
        """Take at most what is owed; give what was taken."""
        taken = min(amount, self.balance)
        self.balance -= taken
        return taken


Line = dict[str, float]


def plain_path(  # noqa: PLR0912
    cash: PathCash, rules: Rules, loans: list[Loan], path: int
) -> tuple[list[Line], list[float], int]:
    """Run one path; give a line a year, what each lender lost, and the year of closing."""

    def of(name: str, year: int) -> float:
        table = getattr(cash, name)
        return float(table[path if len(table) > 1 else 0][year])

    years, start = cash.years, int(cash.first_output[path])
    lenders = [Lender(terms) for terms in loans]
    schedule = list(rules.schedule())
    vintages: list[tuple[int, float]] = []
    losses = basis = spent = reserve = 0.0
    bad, closed = 0, years
    lines: list[Line] = []
    prefund = min((terms.interest_from for terms in loans), default=0) - 1
    for year in range(years):
        line: Line = dict.fromkeys(("due", "unpaid", "drawn", "paid", "salvage"), 0.0)
        opening = [lender.balance for lender in lenders]
        interest = [b * lender.terms.rate for b, lender in zip(opening, lenders, strict=True)]
        line["fees"] = sum(b * lender.terms.fee for b, lender in zip(opening, lenders, strict=True))
        room = max(of("capex", year) - of("grants", year), 0.0)
        paid_interest = capitalised = 0.0
        for lender, accrued in zip(lenders, interest, strict=True):
            lender.arrears *= 1 + lender.terms.rate
            if year < lender.terms.interest_from:
                capitalised += accrued
            else:
                paid_interest += accrued
            draw = min(
                lender.terms.share * of("capex", year), lender.terms.principal - lender.lent, room
            )
            draw = max(draw, 0.0)
            room -= draw
            lender.lent += draw
            lender.balance += accrued + draw
            line["drawn"] += draw
        spent += of("capex", year)
        basis += of("capex", year) + of("sustaining", year) + capitalised
        basis -= 0.0 if rules.grants_taxed else of("grants", year)
        if year >= start and basis > 0:
            vintages.append((year, basis))
            basis = 0.0
        written = sum(
            amount * schedule[year - begun]
            for begun, amount in vintages
            if year - begun < len(schedule)
        )
        earned = (1 - rules.royalty) * of("revenue", year)
        earned += of("taxed_support", year) - of("operating_cost", year)
        income = earned - written - paid_interest - line["fees"]
        income += of("grants", year) if rules.grants_taxed else 0.0
        income -= min(
            rules.depletion_rate * max(of("revenue", year), 0.0),
            rules.depletion_limit * max(income, 0.0),
        )
        used = min(losses, rules.loss_limit * max(income, 0.0))
        line["tax"] = rules.tax_rate * (max(income, 0.0) - used)
        losses += max(-income, 0.0) - used
        cfads = earned + of("untaxed_support", year) - line["tax"]
        upkeep = of("sustaining", year) + of("working_capital", year)
        capital = of("capex", year) - of("grants", year) - line["drawn"]
        if year >= start:
            cfads -= upkeep
        else:
            capital += upkeep
        line["cfads"] = cfads
        over = cfads - line["fees"] + max(-capital, 0.0)
        line["contributed"] = max(capital, 0.0) + max(-over, 0.0)
        free = max(over, 0.0)
        for lender, before in zip(lenders, opening, strict=True):
            agreed = lender.agreed(year, before)
            want = min(lender.balance, agreed + lender.arrears)
            from_cash = min(want, free)
            from_reserve = min(want - from_cash, reserve)
            free -= from_cash
            reserve -= from_reserve
            line["paid"] += lender.receive(from_cash + from_reserve)
            lender.arrears = want - from_cash - from_reserve
            line["due"] += agreed
            line["unpaid"] += lender.arrears
        failed = cfads < 0 and line["unpaid"] > 1e-9
        bad = bad + 1 if year >= start and failed else 0
        target = 0.0
        if year + 1 < years:
            for lender in lenders:
                last = max((y for y, d in enumerate(lender.terms.due) if d > 0), default=years - 1)
                if lender.balance > 0:
                    late = year >= last
                    target += lender.balance if late else lender.agreed(year + 1, lender.balance)
        target *= rules.reserve_years
        filled = min(max(target - reserve, 0.0), free)
        owners = target - reserve - filled if year == prefund and target > reserve else 0.0
        freed = max(reserve - target, 0.0)
        reserve += filled + owners - freed
        free += freed - filled
        line["contributed"] += owners
        sweep = rules.sweep * free
        for lender in lenders:
            taken = lender.receive(sweep)
            sweep -= taken
            free -= taken
            line["paid"] += taken
            lender.arrears = min(lender.arrears, lender.balance)
        line["balance"] = sum(lender.balance for lender in lenders)
        if bad >= rules.patience or (cash.closes is not None and cash.closes[path] == year):
            closed = year
            line["salvage"] = rules.salvage * spent
        if closed == year or year == years - 1:
            left = reserve + line["salvage"]
            reserve = 0.0
            for lender in lenders:
                taken = lender.receive(left)
                left -= taken
                line["paid"] += taken
            free += left
        line["reserve"] = reserve
        line["distributed"] = free
        lines.append(line)
        if closed == year:
            break
    return lines, [lender.balance for lender in lenders], closed


def compared(line: Line) -> list[str]:
    """List the lines that both implementations have."""
    return sorted(set(line) - {"drawn", "paid"})


def close(one: float, other: float) -> bool:
    """Tell whether two amounts agree to 1e-9, relative above 1."""
    return bool(np.isclose(one, other, rtol=1e-9, atol=1e-8))
