"""What stands beside packages made to measure: one set of terms for all, a plan that knows them."""

from __future__ import annotations

from typing import Any

from coercivity.results import Run
from coercivity.views.labels import counted, short
from coercivity.views.plan_words import TextTable, share


def same_terms(run: Run) -> list[str]:
    """Compare one set of terms for all with packages made to measure."""
    found = run.result.get("same_terms")
    if found is None:
        return []
    if found["reason"] is not None:
        return [f"One set of terms for all: {found['reason']}."]
    terms = " and ".join(
        f"{row['kind']} {share(row['level'])} {row['level_unit']}" for row in found["terms"]
    )
    anyway = ""
    if found["windfall_musd"] > 0:
        anyway = (
            f"; were they open to those who say yes anyway, {short(found['windfall_musd'])} "
            "million more"
        )
    state = "" if found["accepts"] else " and some still say no on fresh paths"
    return [
        f"One set of terms for all ({terms}) costs {short(found['public_cost_musd'])} million in "
        f"place of {short(found['own_musd'])} made to measure{state}{anyway}."
    ]


def fixed_point(run: Run) -> list[str]:
    """Say whether plan and packages agree, and which plan is cheapest for whom."""
    found = run.result.get("fixed_point")
    if found is None:
        return []
    plans = counted(len(found["visited"]), "plan")
    if found["stable"]:
        how = f"Plan and packages settle after {plans} looked at, on {found['cycle'][0]['run']}"
    elif found["cycle"]:
        names = ", ".join(one["run"] for one in found["cycle"])
        how = f"Plan and packages go round and do not settle: {names}"
    else:
        how = f"Plan and packages have not settled after {plans}; more rounds may"
    society, taxpayer = found["cheapest_for_society"], found["cheapest_for_taxpayer"]
    if society is None:
        return [f"{how}. In none of them does every owner say yes."]
    if society["run"] == taxpayer["run"]:
        return [f"{how}. {society['run']} is cheapest for society and for the taxpayer alike."]
    return [
        f"{how}. Cheapest for society is {society['run']} ({_plan_cost(society)}), for the "
        f"taxpayer {taxpayer['run']} ({_plan_cost(taxpayer)})."
    ]


def _plan_cost(one: dict[str, Any]) -> str:
    return (
        f"{short(one['objective_musd'])} million in all, {short(one['public_cost_musd'])} of it "
        "public money moved"
    )


def same_terms_table(run: Run) -> list[TextTable]:
    """Show what each project costs on the same terms as all, and made to measure."""
    found = run.result.get("same_terms")
    if not found or not found["projects"]:
        return []
    return [
        TextTable(
            "One set of terms for all, million",
            (("project", False), ("made to measure", True), ("same terms", True), ("yes", False)),
            tuple(
                (
                    row["project"],
                    short(row["own_musd"]),
                    short(row["same_musd"]),
                    "yes" if row["accepts"] else "no",
                )
                for row in found["projects"]
            ),
        )
    ]
