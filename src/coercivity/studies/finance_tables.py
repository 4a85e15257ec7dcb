"""What a finance run keeps: its JSON object, its tables and its key figures."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coercivity.finance.appraisal import Appraisal
from coercivity.finance.compiled import Array
from coercivity.finance.measures import net_present_value
from coercivity.studies.finance_rows import (
    cash_rows,
    dscr_rows,
    histogram_rows,
    price_fan_rows,
    terms_rows,
    tornado_rows,
    waterfall_rows,
)

if TYPE_CHECKING:
    from coercivity.studies.finance import Finance, Judged

MONEY = "million, real, present value"
EARLY = 10
"""Years of output in which closing counts as early. [year]"""
NO_RATES: Mapping[str, Any] = {
    **dict.fromkeys(("p10", "p50", "p90", "share_with_several")),
    "reason": "nothing is built, so nothing is put in first",
}
"""What stands for returns where plants only go on."""
Laid = tuple[pd.DataFrame, dict[str, str]]


def finance_result(run: str, found: Finance) -> dict[str, Any]:
    """Write appraisals as the JSON object of the command line.

    Parameters
    ----------
    run
        Id of the run.
    found
        The appraisals.
    """
    rows = [_project(one) for one in found.judged]
    rows += [_refused(name, why) for name, why in found.refused.items()]
    return {
        "run": run,
        "based_on": found.based_on,
        "paths": found.options.paths,
        "seed": found.options.seed,
        "projects": rows,
        "rules": _rules(found.judged),
    }


def _rules(judged: Sequence[Judged]) -> dict[str, float]:
    terms = judged[0].position.terms
    return {
        "treasury_rate": terms.treasury_rate,
        "inflation": terms.inflation,
        "loss_limit": min(one.position.terms.acceptance.loss_limit for one in judged),
        "shortfall_limit": terms.acceptance.shortfall_limit,
    }


def _project(one: Judged) -> dict[str, Any]:
    found, position, accept = one.found, one.position, one.found.acceptance
    lent = found.debt > 0
    return {
        "project": position.operation.project,
        "npv_musd": _spread(found.equity_npv),
        "irr": _rates(found) if position.operation.builds else dict(NO_RATES),
        "p_closes_in_10_years": _closes_early(one),
        "p_loss": accept.loss.value,
        "p_loss_standard_error": accept.loss.standard_error,
        "p_npv_negative": accept.behind_hurdle.value,
        "p_npv_negative_standard_error": accept.behind_hurdle.standard_error,
        "dscr": _cover(found) if lent else None,
        "debt_musd": found.debt,
        "debt_real_musd": _real_debt(one),
        "debt_bound": found.sizing[-1].bound.value if found.sizing else None,
        "p_debt_short": accept.shortfall.value if lent else None,
        "investor_accepts": accept.investor_accepts,
        "lender_accepts": accept.lender_accepts if position.operation.builds else None,
        "missing_usd_per_kg": one.missing.value,
        "missing_standard_error": one.missing.standard_error,
        "missing_share_of_price": _share_of_price(one),
        "product_share_of_added_sales": _main_share(one),
        "missing_reason": one.missing.reason or None,
        "product": position.pricing.product,
        **_public(found),
        "capital_musd": float(position.operation.budget.sum() + position.operation.later.sum()),
        "first_year": position.operation.first_year,
        "first_output_year": position.operation.first_year + position.operation.first_output,
        "npv_without_building_musd": _going_on(one),
        "value_of_waiting_musd": one.waiting.value,
        "value_of_waiting_standard_error": one.waiting.standard_error,
        "reason": "; ".join(accept.reasons) or None,
        "notes": list(position.notes),
    }


def _public(found: Appraisal) -> dict[str, float]:
    """Give what the public pays under the contracts in force, present value. [million, real]"""
    return {
        "public_outlay_musd": found.public.outlay.value,
        "public_outlay_standard_error": found.public.outlay.standard_error,
        "public_outlay_net_of_tax_musd": found.public.net.value,
        "public_outlay_p95_musd": found.public.p95,
        "public_promised_musd": found.public.promised,
        "credit_subsidy_musd": found.public.credit_subsidy.value,
    }


def _going_on(one: Judged) -> float | None:
    """Give the mean worth of going on with nothing built, where plants exist. [million, real]"""
    if one.found.going_on is None:
        return None
    terms = one.position.terms
    worth = net_present_value(one.found.going_on, rate=terms.hurdle, shift=terms.shift)
    return float(worth.mean())


def _real_debt(one: Judged) -> float:
    """Give the principal of all loans in the money of capital. [million, real]"""
    gearing = sum(sizing.gearing for sizing in one.found.sizing)
    return gearing * float(one.position.operation.budget.sum())


def _closes_early(one: Judged) -> float:
    """Give the share of paths on which the plant is closed within ten years of planned output."""
    last = one.position.operation.first_output + EARLY
    return float((one.found.accounts.closed < last).mean())


def _share_of_price(one: Judged) -> float | None:
    """Give the missing price over the mean price of the main product. [fraction]"""
    if one.missing.value is None:
        return None
    prices = one.found.operations.book.prices[one.position.pricing.product]
    return one.missing.value / float(prices.mean())


def _main_share(one: Judged) -> float:
    """Give the main product's share of what building adds to sales, at long-run prices."""
    operation, pricing = one.position.operation, one.position.pricing
    none = np.zeros(operation.years)
    added = {
        material: float(
            np.maximum(
                operation.made(material)
                - np.maximum(operation.before.net.get(material, none), 0.0) * operation.builds,
                0.0,
            ).sum()
        )
        * price
        for material, price in pricing.long_run.items()
        if material in pricing.sold
    }
    total = sum(added.values())
    return added[pricing.product] / total if total > 0 else 1.0


def _refused(project: str, why: str) -> dict[str, Any]:
    nothing = dict.fromkeys(
        (
            "npv_musd",
            "irr",
            "p_loss",
            "p_npv_negative",
            "dscr",
            "debt_musd",
            "investor_accepts",
            "lender_accepts",
            "missing_usd_per_kg",
            "public_outlay_musd",
        )  # fmt: skip
    )
    return {"project": project, **nothing, "reason": why, "notes": []}


def _spread(values: Array) -> dict[str, float]:
    low, middle, high = (float(v) for v in np.quantile(values, [0.1, 0.5, 0.9]))
    return {
        "mean": float(values.mean()),
        "p10": low,
        "p50": middle,
        "p90": high,
        "standard_error": float(values.std(ddof=1) / math.sqrt(len(values))),
    }


def _rates(found: Appraisal) -> dict[str, Any]:
    """Give percentiles of the return; one that falls on a path without a rate says so."""
    rates = {f"p{p}": found.equity_irr.quantile(p / 100) for p in (10, 50, 90)}
    plain = {name: rate if math.isfinite(rate) else None for name, rate in rates.items()}
    why = {
        name: "all is lost" if rate < 0 else "nothing is put in"
        for name, rate in rates.items()
        if not math.isfinite(rate)
    }
    several = float(np.mean(found.equity_irr.counts > 1))
    return {**plain, "reason": why or None, "share_with_several": several}


def _cover(found: Appraisal) -> dict[str, float | None]:
    cover = found.cover
    plain = {
        "share_of_years_below_1": cover.share_of_years_below[1.0],
        "path_minimum_p10": cover.path_minimum_p10,
        "average_p50": cover.average_p50,
    }
    return {name: value if math.isfinite(value) else None for name, value in plain.items()}


def finance_tables(found: Finance) -> dict[str, Laid]:
    """Lay out appraisals as the tables of their run.

    Parameters
    ----------
    found
        The appraisals.
    """
    return {
        "finance": frame_of(_rows(found), {"npv_mean": MONEY, "npv_p10": MONEY, "npv_p50": MONEY,
            "npv_p90": MONEY, "npv_without_building": MONEY, "npv_standard_error": MONEY,
            "debt": "million, nominal",
            "capital": "million, real", "missing": "USD/kg", "missing_standard_error": "USD/kg",
            "public_outlay": MONEY, "p_loss": "fraction", "p_npv_negative": "fraction",
            "irr_p50": "1/year"}),
        "npv_histogram": frame_of(
            [row for one in found.judged for row in histogram_rows(one)],
            {"from": MONEY, "to": MONEY, "share": "fraction"},
        ),
        "price_fan": frame_of(*price_fan_rows(found)),
        "dscr_fan": frame_of(
            [row for one in found.judged for row in dscr_rows(one)],
            {"p10": "ratio", "p50": "ratio", "p90": "ratio"},
        ),
        "tornado": frame_of(
            [row for one in found.judged for row in tornado_rows(one)],
            {"npv_at_low": MONEY, "npv_at_high": MONEY, "npv": MONEY},
        ),
        "cash_waterfall": frame_of(
            [row for one in found.judged for row in waterfall_rows(one)], {"value": MONEY}
        ),
        "term_sheet": frame_of(
            [row for one in found.judged for row in terms_rows(one)], {"public_outlay": MONEY}
        ),
        "cash": frame_of(
            [row for one in found.judged for row in cash_rows(one)],
            dict.fromkeys(("revenue", "support", "operating_cost", "capex", "tax", "debt_service",
                "owners"), "million/year, nominal, mean of paths"),
        ),
    }  # fmt: skip


def frame_of(rows: Iterable[Mapping[str, Any]], units: Mapping[str, str]) -> Laid:
    """Lay out rows as a table, with numbers in the columns that have a unit.

    Parameters
    ----------
    rows
        Of one table.
    units
        By column; those that no row has are left out.
    """
    frame = pd.DataFrame(list(rows))
    known = {name: unit for name, unit in units.items() if name in frame.columns}
    return frame.astype(dict.fromkeys(known, float)), known


def _rows(found: Finance) -> list[dict[str, Any]]:
    rows = []
    for one in (_project(judged) for judged in found.judged):
        rows.append(
            {
                "project": one["project"],
                **{f"npv_{name}": value for name, value in one["npv_musd"].items()},
                "irr_p50": one["irr"]["p50"],
                "p_loss": one["p_loss"],
                "p_npv_negative": one["p_npv_negative"],
                "capital": one["capital_musd"],
                "debt": one["debt_musd"],
                "investor_accepts": one["investor_accepts"],
                "lender_accepts": one["lender_accepts"],
                "product": one["product"],
                "missing": one["missing_usd_per_kg"],
                "missing_standard_error": one["missing_standard_error"],
                "public_outlay": one["public_outlay_musd"],
                "npv_without_building": one["npv_without_building_musd"],
                "reason": one["reason"] or "",
            }
        )
    return rows


def key_figures(found: Finance) -> dict[str, float]:
    """Give the figures by which finance runs are compared.

    Parameters
    ----------
    found
        The appraisals.
    """
    both = [_accepted(one) for one in found.judged]
    return {
        "projects": float(len(found.judged)),
        "accepted": float(sum(both)),
        "npv_musd": sum(one.found.worth.value for one in found.judged),
        "public_outlay_musd": sum(one.found.public.outlay.value for one in found.judged),
    }


def _accepted(one: Judged) -> bool:
    return one.found.acceptance.investor_accepts and one.found.acceptance.lender_accepts


def headline(found: Finance) -> str:
    """Say it in a line for the list of runs.

    Parameters
    ----------
    found
        The appraisals.
    """
    yes = sum(_accepted(one) for one in found.judged)
    return f"owners and lenders of {yes} of {len(found.judged)} projects would say yes"
