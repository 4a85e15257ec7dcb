"""Rows of the tables of a finance run: fans, bars, terms and yearly cash."""

from __future__ import annotations

import math
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from coercivity.finance.compiled import Array
from coercivity.finance.contracts import Contract
from coercivity.finance.debt import DebtSizing, DebtTerms
from coercivity.finance.measures import net_present_value

if TYPE_CHECKING:
    from coercivity.studies.finance import Finance, Judged

PERCENTILES = (5, 10, 25, 50, 75, 90, 95)
BINS = 40


def histogram_rows(one: Judged) -> list[dict[str, Any]]:
    """Count equity values in bins; the outermost percent at each end goes into the end bins.

    Parameters
    ----------
    one
        An appraised project.
    """
    values = one.found.equity_npv
    low, high = (float(v) for v in np.quantile(values, [0.01, 0.99]))
    edges = np.linspace(low, max(high, low + 1e-6), BINS + 1)
    counts, _ = np.histogram(np.clip(values, edges[0], edges[-1]), bins=edges)
    return [
        {
            "project": one.position.operation.project,
            "from": float(edges[n]),
            "to": float(edges[n + 1]),
            "share": float(counts[n] / len(values)),
        }
        for n in range(BINS)
    ]


def price_fan_rows(found: Finance) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Give percentiles by year of the prices of main products, and their units.

    Parameters
    ----------
    found
        The appraisals.
    """
    rows = []
    operations = [one.position.operation for one in found.judged]
    last = max(one.first_year + one.years for one in operations)
    quotes = dict.fromkeys(
        one.position.pricing.quotes[one.position.pricing.product] for one in found.judged
    )
    for quote in quotes:
        table = found.prices.prices[quote] / 1000
        yearly = table.reshape(len(table), -1, 4).mean(axis=2)
        cuts = np.percentile(yearly, PERCENTILES, axis=0)
        for year in range(last - found.first_year):
            percentiles = {f"p{p}": float(cuts[n, year]) for n, p in enumerate(PERCENTILES)}
            rows.append(
                {
                    "material": quote.material,
                    "place": quote.place,
                    "year": found.first_year + year,
                    **percentiles,
                    "mean": float(yearly[:, year].mean()),
                }
            )
    return rows, dict.fromkeys((*(f"p{p}" for p in PERCENTILES), "mean"), "USD/kg, real")


def dscr_rows(one: Judged) -> list[dict[str, Any]]:
    """Give percentiles of debt service cover by year; nothing where nothing is owed.

    Parameters
    ----------
    one
        An appraised project.
    """
    if one.found.debt <= 0:
        return []
    low, middle, high = one.found.cover.by_year
    first = one.position.operation.first_year
    return [
        {
            "project": one.position.operation.project,
            "year": first + year,
            **{
                name: float(value) if math.isfinite(value) else None
                for name, value in (("p10", low[year]), ("p50", middle[year]), ("p90", high[year]))
            },
        }
        for year in range(len(middle))
        if not math.isnan(middle[year])
    ]


def tornado_rows(one: Judged) -> list[dict[str, Any]]:
    """Give what each input does to the mean worth.

    Parameters
    ----------
    one
        An appraised project.
    """
    return [
        {
            "project": one.position.operation.project,
            "input": swing.name,
            "unit": swing.unit,
            "base": swing.base,
            "low": swing.low,
            "high": swing.high,
            "npv": one.found.worth.value,
            "npv_at_low": swing.at_low,
            "npv_at_high": swing.at_high,
        }
        for swing in one.swings
    ]


def waterfall_rows(one: Judged) -> list[dict[str, Any]]:
    """Give the present value of each step from sales to owners at the hurdle; they add up.

    Parameters
    ----------
    one
        An appraised project.
    """
    found, terms = one.found, one.position.terms
    level, contracts = found.operations.book.level, one.position.contracts
    accounts = found.accounts

    def worth(nominal: Array) -> float:
        real = np.broadcast_to(nominal, accounts.cfads.shape) / level
        return float(net_present_value(real, rate=terms.hurdle, shift=terms.shift).mean())

    running = accounts.open_years()
    book, public = found.operations.book, found.operations
    support = public.support(contracts, taxed=True) + public.support(contracts, taxed=False)
    steps = {
        "sales": worth(np.where(running, book.revenue, 0.0)),
        "contracts": worth(np.where(running, support, 0.0)),
        "running cost": -worth(np.where(running, book.operating_cost, 0.0)),
        "capital": -worth(book.capex),
        "grants": worth(public.grants(contracts)),
        "tax": -worth(accounts.tax),
        "lent": worth(accounts.drawn.sum(axis=1)),
        "debt service": -worth(accounts.paid.sum(axis=1)),
    }
    owners = found.worth.value
    if found.going_on is not None:
        steps["going on without building"] = -worth(found.going_on * level)
    steps["royalty, reserve, preferred owners and closing"] = owners - sum(steps.values())
    return [
        {"project": one.position.operation.project, "step": name, "value": value}
        for name, value in (*steps.items(), ("owners", owners))
        if name == "owners" or abs(value) > 1e-9
    ]


def terms_rows(one: Judged) -> list[dict[str, Any]]:
    """List what was agreed: the debt that was sized, and each contract with its cost.

    Parameters
    ----------
    one
        An appraised project.
    """
    project, found = one.position.operation.project, one.found
    rows: list[dict[str, Any]] = []
    asked = one.position.terms.debt
    if asked is not None and found.sizing:
        sized = next((s for s in found.sizing if s.loan.id == asked.id), None)
        if sized is not None:
            rows.append(
                {
                    "project": project,
                    "item": sized.loan.id,
                    "kind": "debt sized on cash",
                    "terms": _loan(sized, asked),
                    "public_outlay": 0.0,
                }
            )
    rows += [
        {
            "project": project,
            "item": contract.id,
            "kind": contract.KIND,
            "terms": _numbers(contract),
            "public_outlay": found.public.by_contract.get(contract.id, 0.0),
        }
        for contract in one.position.contracts
    ]
    return rows


def _loan(sized: DebtSizing, asked: DebtTerms) -> str:
    """Write what is lent, and what kept it from being more."""
    if sized.loan.principal <= 0:
        return f"nothing is lent: {sized.bound.value}"
    return (
        f"{sized.loan.principal:.1f} million nominal at {asked.rate:.2%}, {asked.tenor} years "
        f"after {asked.grace} of grace, bound by {sized.bound.value}"
    ).replace("%", " %")


def _numbers(contract: Contract) -> str:
    """Write the numbers of a contract."""
    skipped = {"id", "window", "promise", "public", "budget", "phase_out", "milestones"}
    parts = [
        f"{name.replace('_', ' ')} {value:g}" if isinstance(value, float) else f"{name} {value}"
        for name in (one.name for one in fields(contract))
        if name not in skipped
        and not isinstance(value := getattr(contract, name), bool)
        and isinstance(value, (int, float, str))
        and value not in (0.0, math.inf)
    ]
    window = contract.window
    years = "without end" if window.years > 1e5 else f"{window.years:g} years"  # noqa: PLR2004
    return ", ".join([*parts, f"{years} from {window.starts.value}", f"as {contract.promise}"])


def cash_rows(one: Judged) -> list[dict[str, Any]]:
    """Give mean cash by year.

    Parameters
    ----------
    one
        An appraised project.
    """
    found, contracts = one.found, one.position.contracts
    book, accounts = found.operations.book, found.accounts
    running = accounts.open_years()
    support = found.operations.support(contracts, taxed=True) + found.operations.support(
        contracts, taxed=False
    )
    columns = {
        "revenue": np.where(running, book.revenue, 0.0),
        "support": np.where(running, support, 0.0),
        "operating_cost": np.where(running, book.operating_cost, 0.0),
        "capex": book.capex,
        "tax": accounts.tax,
        "debt_service": accounts.paid.sum(axis=1),
        "owners": (found.owners if found.going_on is None else found.owners + found.going_on)
        * book.level,
    }
    means = {
        name: np.broadcast_to(values, accounts.cfads.shape).mean(axis=0)
        for name, values in columns.items()
    }
    first = one.position.operation.first_year
    return [
        {
            "project": one.position.operation.project,
            "year": first + year,
            **{name: float(values[year]) for name, values in means.items()},
        }
        for year in range(one.position.operation.years)
    ]
