"""The explanations of a plan as tables, and in the form that machines read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from coercivity.planning.explanations.chosen import Chosen
from coercivity.planning.explanations.permits import PermitYears
from coercivity.planning.explanations.rejected import Rejected
from coercivity.planning.explanations.scarcity import OneMoreTonne
from coercivity.planning.model import PlanningModel
from coercivity.planning.outcome import PlanTable

WORTH = "million, present value"
WHOLE_NUMBERS = {"year", "decision_year", "capital_cut_year", "permit_years", "years_earlier"}


def _yes(holds: bool | None) -> str | None:
    return None if holds is None else ("yes" if holds else "no")


def _year(model: PlanningModel, period: int | None) -> int | None:
    return None if period is None else model.case.horizon.starts[period]


def _distinguishable(difference: float | None, gap: float) -> str | None:
    """Say whether with and without differ by more than what is not known of the best plan."""
    return None if difference is None else _yes(difference > gap)


def _table(
    rows: Sequence[Mapping[str, object]], units: Mapping[str, str], *names: str
) -> PlanTable:
    frame = pd.DataFrame(list(rows), columns=list(names))
    whole = [name for name in names if name in WHOLE_NUMBERS]
    return PlanTable(frame.astype(dict.fromkeys(whole, "Int64")), units)


def rejected_table(
    model: PlanningModel, found: Sequence[Rejected], permits: Sequence[PermitYears], *, gap: float
) -> PlanTable:
    """List the options that are not built, and what each would need.

    Parameters
    ----------
    model
        The planning model.
    found, permits
        What was found about each option.
    gap
        Distance of the plan to its bound. [million]
    """
    earlier = {permit.option: permit.years_earlier for permit in permits}
    rows = [
        {
            "option": each.option,
            "with_it": ";".join(each.with_it),
            "grant_musd": each.grant,
            "decision_year": _year(model, each.decision_period),
            "grant_share": each.grant_share,
            "capital_cut": each.capital_cut,
            "capital_cut_year": _year(model, each.capital_cut_period),
            "grant_usd_per_t": each.grant_per_tonne,
            "years_earlier": earlier.get(each.option),
            "verified": _yes(each.verified),
            "distinguishable": _distinguishable(each.extra_cost, gap),
            "reason": each.reason,
        }
        for each in found
    ]
    units = {
        "grant_musd": WORTH,
        "grant_share": "fraction",
        "capital_cut": "fraction",
        "grant_usd_per_t": "case money/t",
        "years_earlier": "year",
    }
    return _table(
        rows, units, "option", "with_it", "grant_musd", "decision_year", "grant_share",
        "capital_cut", "capital_cut_year", "grant_usd_per_t", "years_earlier", "verified",
        "distinguishable", "reason",
    )  # fmt: skip


def chosen_table(model: PlanningModel, found: Sequence[Chosen], *, gap: float) -> PlanTable:
    """List the options that are built, and what doing without each costs."""
    rows = [
        {
            "option": each.option,
            "forbid_cost_held_musd": each.forbid_cost_held,
            "forbid_cost_at_least_musd": each.forbid_cost_at_least,
            "with_it": ";".join(each.with_it),
            "distinguishable": _distinguishable(each.forbid_cost_held, gap),
            "reason": each.reason,
        }
        for each in found
    ]
    units = {"forbid_cost_held_musd": WORTH, "forbid_cost_at_least_musd": WORTH}
    return _table(
        rows, units, "option", "forbid_cost_held_musd", "forbid_cost_at_least_musd", "with_it",
        "distinguishable", "reason",
    )  # fmt: skip


def permit_table(model: PlanningModel, found: Sequence[PermitYears]) -> PlanTable:
    """List what a year less of permitting is worth, by option."""
    rows = [
        {
            "option": each.option,
            "built": _yes(each.built),
            "permit_years": model.case.options[each.option].permit_years,
            "year_saved_musd": each.year_saved,
            "years_earlier": each.years_earlier,
            "proven": _yes(each.proven),
        }
        for each in found
    ]
    units = {"permit_years": "year", "year_saved_musd": WORTH, "years_earlier": "year"}
    return _table(
        rows, units, "option", "built", "permit_years", "year_saved_musd", "years_earlier",
        "proven",
    )  # fmt: skip


def tonne_table(model: PlanningModel, found: Sequence[OneMoreTonne]) -> PlanTable:
    """List what one more tonne of the scarcest capacity is worth, by year."""
    rows = [
        {
            "year": _year(model, each.period),
            "stage": model.case.processes[model.case.assets[each.asset].process].stage,
            "asset": each.asset,
            "value_musd_per_year": each.capacity_value,
            "one_more_usd_per_t": each.worth,
            "resolved_more_usd_per_t": each.worth_of_more,
            "resolved_less_usd_per_t": each.worth_of_less,
        }
        for each in found
    ]
    money = "case money/t"
    units = {"value_musd_per_year": "million/year", "one_more_usd_per_t": money}
    units |= {"resolved_more_usd_per_t": money, "resolved_less_usd_per_t": money}
    return _table(
        rows, units, "year", "stage", "asset", "value_musd_per_year", "one_more_usd_per_t",
        "resolved_more_usd_per_t", "resolved_less_usd_per_t",
    )  # fmt: skip


def rejected_as_json(found: Rejected, years_earlier: int | None) -> dict[str, object]:
    """Write one rejected option as the contract has it; further break-evens stand in ``also``."""
    also = [
        {"unit": unit, "value": value}
        for unit, value in (
            ("share_of_capital", found.grant_share),
            ("usd_per_t_of_output", found.grant_per_tonne),
            ("years_earlier", years_earlier),
        )
        if value is not None
    ]
    told: dict[str, object] = {
        "option": found.option,
        "break_even": {"unit": "musd_grant", "value": found.grant},
        "also": also,
    }
    if found.with_it:
        told["with_it"] = list(found.with_it)
    return told | ({"reason": found.reason} if found.reason else {})
