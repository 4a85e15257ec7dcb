"""What stands beside packages made to measure: one set of terms for all, a plan that knows them."""

from __future__ import annotations

from typing import Any

from coercivity.results import Run
from coercivity.views.adversary_words import attack_words
from coercivity.views.labels import counted, short
from coercivity.views.plan_words import TextTable, share

MOST_NAMED = 4
"""Projects named in a sentence."""


def same_terms(run: Run) -> list[str]:
    """Compare one set of terms for all with packages made to measure."""
    found = run.result.get("same_terms")
    if found is None:
        return []
    if found["reason"] is not None:
        return [f"One set of terms for all: {found['reason']}.", *_refused(found)]
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


def _refused(found: dict[str, Any]) -> list[str]:
    """Say who refuses the closest terms, by how much, and what would do."""
    rows = found.get("failing") or []
    if not rows:
        return []
    parts = []
    for row in rows[:MOST_NAMED]:
        by = "" if row["by_musd"] is None else f", {short(row['by_musd'])} million short"
        parts.append(f"{row['project']} ({'; '.join(row['reasons'])}{by})")
    return [f"They are refused by {', '.join(parts)}. What would do: {rows[0]['smallest_change']}."]


def one_fewer(run: Run) -> list[str]:
    """Say what the slightest contract is worth: the package that could do without it at least cost.

    Packages are the cheapest that were found; who prefers fewer contracts is told the price.
    """
    rows = run.result.get("one_fewer") or []
    known = [row for row in rows if row["public_cost_musd"] > 0]
    if not known:
        return []
    least = min(known, key=lambda row: float(row["more_musd"] / row["public_cost_musd"]))
    part = max(least["more_musd"], 0.0) / least["public_cost_musd"]
    return [
        f"Packages are the cheapest that were found, however many contracts that takes. With one "
        f"contract fewer, {least['project']} would cost {short(max(least['more_musd'], 0.0))} "
        f"million more ({share(part)}, without {least['without']})."
    ]


def adversary(run: Run) -> list[str]:
    """Say what an adversary does to acceptance and to packages."""
    found = run.result.get("adversary")
    if found is None:
        return []
    first, last = found["rounds"][0], found["rounds"][-1]
    budget = short(found["budget_musd"])
    if first["answer"] is None:
        return [
            f"An adversary who may give up {budget} million of margin has no dumping that takes "
            "anything from these packages: they stay as they are."
        ]
    refuse = first["refuse_if_expected"]
    said = [
        f"An adversary who may give up {budget} million of margin answers these packages by "
        f"{attack_words(first['answer'])}"
        + (f"; expecting it, {_no(refuse)}." if refuse is not None else ".")
    ]
    calm = [last["public_cost_musd"]["calm"], first["public_cost_musd"]["calm"]]
    came = sum(row["public_cost_musd"]["attacked"] for row in found["projects"])
    costs = (
        f"cost {short(calm[0])} million if he does not come, in place of {short(calm[1])}, and "
        f"{short(came)} if he does"
    )
    if len(found["rounds"]) == 1:
        return [*said, "So they hold against him as they are."]
    if found["ending"] == "stable":
        return [*said, f"Packages that hold whether he comes or not {costs}."]
    return [*said, f"Packages made for that {costs}; {_unsettled(found)}"]


def _no(refuse: list[str]) -> str:
    if not refuse:
        return "all still say yes"
    more = f" and {len(refuse) - MOST_NAMED} more" if len(refuse) > MOST_NAMED else ""
    return f"{', '.join(refuse[:MOST_NAMED])}{more} say no"


def _unsettled(found: dict[str, Any]) -> str:
    """Say that he goes round, or has not been followed to the end."""
    if found["ending"] == "cycle":
        costs = [
            short(found["rounds"][number]["public_cost_musd"]["calm"]) for number in found["cycle"]
        ]
        return (
            "he then does something else, and packages and answers go round: they cost "
            f"{' and '.join(costs)} million if he does not come."
        )
    return (
        f"after {counted(len(found['rounds']), 'round')} he still has another answer, so it has "
        "not settled."
    )


def adversary_table(run: Run) -> list[TextTable]:
    """Show what each project costs without him, and expecting him."""
    found = run.result.get("adversary")
    if not found or len(found["rounds"]) == 1:
        return []
    rows = tuple(
        (
            row["project"],
            {None: "", True: "yes", False: "no"}[row["base_holds_under_answer"]],
            short(row["public_cost_musd"]["base"]),
            short(row["public_cost_musd"]["calm"]),
            short(row["public_cost_musd"]["attacked"]),
            "yes" if row["accepts"]["expecting"] else "no",
        )
        for row in found["projects"]
    )
    return [
        TextTable(
            "Packages and an adversary, million",
            (
                ("project", False),
                ("package holds against him", False),
                ("package without him", True),
                ("expecting him, he stays away", True),
                ("expecting him, he comes", True),
                ("says yes then", False),
            ),
            rows,
        )
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
        why = "when the time was over" if found.get("ending") == "time" else f"after {plans}"
        how = f"Plan and packages have not settled {why}, {plans} looked at"
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
