"""What an align run keeps: its JSON object, its tables and its key figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from coercivity.alignment.doubt import HAZARDS, Curve, Doubted, Total, totals
from coercivity.alignment.package import CAPS, Aligned, Measure
from coercivity.alignment.package.bench import LEAST
from coercivity.alignment.package.exchange import PUBLIC_RATES
from coercivity.alignment.package.instruments import UNITS
from coercivity.studies.align_shared import one_fewer_json, same_terms_json
from coercivity.studies.finance_tables import Laid, frame_of

if TYPE_CHECKING:
    from coercivity.studies.align import Align

MONEY = "million, real, present value"
NO_GAME = "the owners' game along the chain was not played"


def align_result(run: str, found: Align) -> dict[str, Any]:
    """Write packages as the JSON object of the command line.

    Parameters
    ----------
    run
        Id of the run.
    found
        The packages.
    """
    sums, measure = _totals(found), Measure(found.options.cost)
    failing = _all_failing(found)
    return {
        "run": run,
        "based_on": found.based_on,
        "status": "infeasible" if failing else "ok",
        "paths": found.options.paths,
        "seed": found.options.seed,
        "cost": measure.value,
        "package": [row for one in found.aligned for row in _package_rows(one)],
        "public_cost_musd": _public_cost(found),
        "accepts": {one.project: one.accepts for one in found.aligned},
        "accepted_before": {one.project: one.before.accepted for one in found.aligned},
        "failing": failing,
        "refused": dict(found.refused),
        "projects": [_project(one, found.doubted.get(one.project)) for one in found.aligned],
        "price_of_doubt": [_doubt_row(one) for one in sums],
        "diagonal": [_diagonal_row(one) for one in sums],
        "hazard_limit": _limits(found),
        "hazard_of_case": dict(found.case_hazards),
        "price_of_doubt_slope": _slopes(found),
        "escrow_worth_musd": _escrow(found, sums),
        "cheapest_kind": _cheapest(sums),
        "one_fewer": one_fewer_json(found.aligned),
        "exchange_rates": [row for one in found.aligned for row in _exchange_rows(one)],
        "verification": [_verification(one) for one in found.aligned],
        "yearly_outlay_musd": _yearly(found),
        "budget_musd": found.options.budget,
        "caps": {**CAPS, **found.options.caps},
        "same_terms": same_terms_json(
            found.together, found.aligned, asked=found.options.same_terms
        ),
        "months_served": None
        if found.months is None
        else {"year": found.months.year, "points": list(found.months.points)},
        "equilibria": found.equilibria
        or {"least": None, "greatest": None, "complements": None, "reason": NO_GAME},
    }


def _totals(found: Align) -> tuple[Total, ...]:
    curves = {name: one.curves for name, one in found.doubted.items()}
    free = {name: one.free for name, one in found.doubted.items()}
    return totals(curves, HAZARDS, Measure(found.options.cost), free=free)


def _package_rows(one: Aligned) -> list[dict[str, Any]]:
    base = one.fresh.appraise(one.levels)
    rows = []
    for place, (column, level) in enumerate(zip(one.menu.columns, one.levels, strict=True)):
        if level <= LEAST:
            continue
        without = tuple(0.0 if k == place else held for k, held in enumerate(one.levels))
        saved = base.public - one.fresh.appraise(without).public
        rows.append(
            {
                "contract": column.id,
                "project": one.project,
                "kind": column.kind,
                "promise": column.promise,
                "terms": column.words(level),
                "level": level,
                "level_unit": UNITS[column.kind],
                "public_cost_musd": float(saved.mean()),
            }
        )
    return rows


def _public_cost(found: Align) -> dict[str, float]:
    cost = sum((one.cost for one in found.aligned), np.zeros(1))
    tail = np.sort(cost)[-max(1, round(0.05 * len(cost))) :]
    return {
        "mean": float(cost.mean()),
        "standard_error": float(cost.std(ddof=1) / len(cost) ** 0.5) if len(cost) > 1 else 0.0,
        "p95": float(np.quantile(cost, 0.95)),
        "cvar": float(tail.mean()),
        "worst": float(cost.max()),
        "credit_subsidy": sum(_credit(one) for one in found.aligned),
        "promised": sum(_promised(one) for one in found.aligned),
    }


def _credit(one: Aligned) -> float:
    return one.fresh.appraise(one.levels).credit_subsidy - one.before.credit_subsidy


def _promised(one: Aligned) -> float:
    return one.fresh.appraise(one.levels).promised - one.before.promised


def _all_failing(found: Align) -> list[dict[str, Any]]:
    failing = [_failing(one) for one in found.aligned if one.failing is not None]
    failing += [
        {"project": name, "by_musd": None, "smallest_change": change, "reasons": ["budget"]}
        for name, change in found.left_out.items()
    ]
    return failing


def _failing(one: Aligned) -> dict[str, Any]:
    why = one.failing
    if why is None:
        raise ValueError(one.project)
    return {
        "project": one.project,
        "by_musd": why.by,
        "smallest_change": why.smallest_change,
        "reasons": list(why.reasons),
    }


def _project(one: Aligned, doubted: Doubted | None) -> dict[str, Any]:
    now, cost = one.fresh.appraise(one.levels), one.cost
    kinds: Mapping[str, float | None] = {} if one.package is None else one.package.alone
    return {
        "project": one.project,
        "product": one.menu.product,
        "capital_musd": one.fresh.capital + one.fresh.later,
        "price_usd_per_kg": one.menu.price,
        "break_even_usd_per_kg": one.menu.break_even,
        "accepts_before": one.before.accepted,
        "accepts": one.accepts,
        "npv_before_musd": float(one.before.hurdle.mean()),
        "npv_musd": float(now.hurdle.mean()),
        "p_loss_before": one.before.acceptance.loss.value,
        "p_loss": now.acceptance.loss.value,
        "p_debt_short": now.acceptance.shortfall.value if now.debt > 0 else None,
        "debt_musd": now.debt,
        "public_cost_mean_musd": float(cost.mean()),
        "public_cost_p95_musd": float(np.quantile(cost, 0.95)),
        "promised_musd": _promised(one),
        "alone_musd": dict(kinds),
        "binding": list(one.binding),
        "fully_believed_musd": None if doubted is None else doubted.cost,
        "reason": "; ".join(now.acceptance.reasons) or None,
    }


def _doubt_row(one: Total) -> dict[str, Any]:
    return {
        "promise": one.kind,
        "believed_hazard": one.hazard,
        "public_cost_musd": one.cost,
        "expected_musd": one.expected,
        "p95_musd": one.p95,
        "promised_musd": one.promised,
        "no_amount_for": list(one.lost),
        "possible_projects": one.possible,
        "free_musd": one.free,
        "free_no_amount_for": list(one.free_lost),
    }


def _flat_doubt(one: Total) -> dict[str, Any]:
    lost = {"no_amount_for": one.lost, "free_no_amount_for": one.free_lost}
    return _doubt_row(one) | {key: ", ".join(names) for key, names in lost.items()}


def _diagonal_row(one: Total) -> dict[str, Any]:
    return {
        "promise": one.kind,
        "hazard": one.hazard,
        "expected_musd": one.lapsing,
        "p95_musd": one.lapsing_p95,
        "promised_musd": one.promised,
        "p_loss_largest": one.loss,
        "years_delivered": one.years,
        "tonnes_delivered": one.tonnes,
        "cost_usd_per_kg": one.cost_per_tonne,
    }


def _kinds(found: Align) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kind for one in found.doubted.values() for kind in one.curves))


def _curves(found: Align, kind: str) -> dict[str, Curve]:
    """Give the curves of projects that carry running support."""
    return {name: one.curves[kind] for name, one in found.doubted.items() if one.carried.running}


def _limits(found: Align) -> dict[str, float | None]:
    """Give the hazard beyond which some project has no package; None where there is none."""
    limits = {}
    for kind in _kinds(found):
        known = [c.limit for c in _curves(found, kind).values() if c.limit is not None]
        limits[kind] = min(known, default=None)
    return limits


def _slopes(found: Align) -> dict[str, float | None]:
    """Sum the price of doubt at the case's hazard; None where some project has none."""
    slopes: dict[str, float | None] = {}
    for kind in _kinds(found):
        known = [curve.slope for curve in _curves(found, kind).values()]
        told = [slope for slope in known if slope is not None]
        slopes[kind] = sum(told) if len(told) == len(known) else None
    return slopes


def _escrow(found: Align, sums: tuple[Total, ...]) -> dict[str, float | None]:
    """Say what setting all running support aside would save at the hazard of the case.

    Money set aside is believed in full, so what is saved is the cost under doubt less the cost at
    no doubt; between two hazards that were looked at a straight line is taken.
    """
    worth: dict[str, float | None] = {}
    for kind in _kinds(found):
        mine = [one for one in sums if one.kind == kind]
        known = [(one.hazard, one.cost) for one in mine if one.cost is not None]
        at, base = found.case_hazards[kind], sum(one.cost for one in found.doubted.values())
        if not known or at > known[-1][0] or known[0][0] > at:
            worth[kind] = None
            continue
        hazards, costs = zip(*known, strict=True)
        worth[kind] = float(np.interp(at, hazards, costs)) - base
    return worth


def _cheapest(sums: tuple[Total, ...]) -> list[dict[str, Any]]:
    """Name the kind of promise of least cost at each believed hazard."""
    rows = []
    for hazard in dict.fromkeys(one.hazard for one in sums):
        known = [(one.cost, one.kind) for one in sums if one.hazard == hazard and one.cost]
        cost, kind = min(known, default=(None, None))
        rows.append({"believed_hazard": hazard, "promise": kind, "public_cost_musd": cost})
    return rows


def _exchange_rows(one: Aligned) -> list[dict[str, Any]]:
    return [
        {
            "project": one.project,
            "contract": rate.column,
            "kind": rate.kind,
            **{
                f"at_{100 * public:g}_percent": value
                for public, value in zip(PUBLIC_RATES, rate.rates, strict=True)
            },
        }
        for rate in one.exchange
    ]


def _verification(one: Aligned) -> dict[str, Any]:
    checked = one.verified
    return {
        "project": one.project,
        "held_at_once": None if checked is None else checked.held_at_once,
        "violated": [] if checked is None else list(checked.violated),
        "cost_raised_by": 0.0 if checked is None else checked.raised - 1.0,
        "holds": one.accepts,
        "rounds": 0 if one.package is None else one.package.rounds,
        "line_slack_musd": 0.0 if one.package is None else one.package.slack,
    }


def _yearly(found: Align) -> list[dict[str, Any]]:
    sums: dict[int, float] = {}
    for name, outlays in found.yearly.items():
        first = found.first_years[name]
        for year, outlay in enumerate(outlays):
            sums[first + year] = sums.get(first + year, 0.0) + float(outlay)
    return [{"year": year, "mean_musd": sums[year]} for year in sorted(sums)]


def align_tables(found: Align) -> dict[str, Laid]:  # over budget: one table after another
    """Lay out packages as the tables of their run.

    Parameters
    ----------
    found
        The packages.
    """
    packages = [row for one in found.aligned for row in _package_rows(one)]
    projects = [_project(one, found.doubted.get(one.project)) for one in found.aligned]
    alone = [
        {"project": row["project"], "kind": kind, "public_cost_musd": cost}
        for row in projects
        for kind, cost in row.pop("alone_musd").items()
    ]
    projects = [row | {"binding": ", ".join(row["binding"])} for row in projects]
    sums = _totals(found)
    musd = {"public_cost_musd": MONEY}
    doubts = dict.fromkeys(
        ("public_cost_musd", "expected_musd", "p95_musd", "promised_musd"), MONEY
    )
    return {
        "packages": frame_of(packages, musd | {"level": "fraction"}),
        "package_projects": frame_of(
            projects,
            dict.fromkeys(
                ("npv_before_musd", "npv_musd", "public_cost_mean_musd", "public_cost_p95_musd",
                 "promised_musd", "fully_believed_musd"), MONEY,
            ) | {"capital_musd": "million, nominal", "debt_musd": "million, nominal",
                 "p_loss": "fraction", "p_loss_before": "fraction", "p_debt_short": "fraction",
                 "price_usd_per_kg": "USD/kg, real", "break_even_usd_per_kg": "USD/kg, real"},
        ),
        "packages_alone": frame_of(alone, musd),
        "price_of_doubt": frame_of(
            [_flat_doubt(one) for one in sums],
            doubts | {"free_musd": MONEY} | {"believed_hazard": "1/year"},
        ),
        "doubt_diagonal": frame_of(
            [_diagonal_row(one) for one in sums],
            dict.fromkeys(("expected_musd", "p95_musd", "promised_musd"), MONEY)
            | {"hazard": "1/year", "p_loss_largest": "fraction", "years_delivered": "year",
               "tonnes_delivered": "t", "cost_usd_per_kg": "USD/kg"},
        ),
        "doubt_by_project": frame_of(
            _doubt_by_project(found), doubts | {"believed_hazard": "1/year"}
        ),
        "exchange_rates": frame_of(
            [row for one in found.aligned for row in _exchange_rows(one)],
            {f"at_{100 * rate:g}_percent": "ratio" for rate in PUBLIC_RATES},
        ),
        "yearly_outlay": frame_of(_yearly(found), {"mean_musd": "million/year, nominal"}),
    }  # fmt: skip


def _doubt_by_project(found: Align) -> list[dict[str, Any]]:
    measure = Measure(found.options.cost)
    return [
        {
            "project": name,
            "promise": kind,
            "believed_hazard": hazard,
            "public_cost_musd": None if point is None else measure.of(point.meant),
            "promised_musd": None if point is None else point.promised,
        }
        for name, one in found.doubted.items()
        for kind, curve in one.curves.items()
        for hazard, point in zip(HAZARDS, curve.points, strict=True)
    ]


def key_figures(found: Align) -> dict[str, float]:
    """Give the figures by which align runs are compared.

    Parameters
    ----------
    found
        The packages.
    """
    cost = _public_cost(found)
    return {
        "projects": float(len(found.aligned)),
        "accepted": float(sum(one.accepts for one in found.aligned)),
        "public_cost_musd": cost["mean"],
        "public_cost_p95_musd": cost["p95"],
        "promised_musd": cost["promised"],
    }


def headline(found: Align) -> str:
    """Say it in a line for the list of runs.

    Parameters
    ----------
    found
        The packages.
    """
    yes, cost = sum(one.accepts for one in found.aligned), _public_cost(found)["mean"]
    return f"{yes} of {len(found.aligned)} projects say yes for {cost:,.0f} million of public money"
