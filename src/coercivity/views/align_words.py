"""Packages in words and small tables, from their run alone."""

from __future__ import annotations

from typing import Any

from coercivity.results import Run
from coercivity.views.align_beside_words import (
    adversary,
    adversary_table,
    fixed_point,
    one_fewer,
    same_terms,
    same_terms_table,
)
from coercivity.views.labels import counted, short
from coercivity.views.plan_words import TextTable

SLIGHT = 0.01
"""Savings below this share are not told. [fraction]"""
MOST_NAMED = 4
"""Projects named in a sentence."""
KINDS = {
    "announcement": "announced",
    "appropriation": "appropriated year by year",
    "statute": "written into law",
    "contract": "signed as contracts",
}
"""How running support is promised, in a sentence."""


def answer(run: Run) -> list[str]:
    """Say who needs what, what it costs the public, and what doubt costs."""
    said = [_who(run), *_cost(run), *_dearest(run), *_failing(run), *doubt(run)]
    said += [*one_fewer(run), *same_terms(run), *adversary(run), *fixed_point(run)]
    return [sentence for sentence in said if sentence]


def _named(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def _who(run: Run) -> str:
    rows = run.result["projects"]
    before = [row["project"] for row in rows if row["accepts_before"]]
    after = [row["project"] for row in rows if row["accepts"]]
    won = [name for name in after if name not in before]
    if len(rows) == 1:
        (row,) = rows
        if row["accepts_before"]:
            return f"Owners and lenders of {row['project']} say yes as things stand."
        if row["accepts"]:
            return f"Owners and lenders of {row['project']} say yes with the package below."
        return f"No package within the caps makes owners and lenders of {row['project']} say yes."
    first = (
        f"Owners and lenders of {len(before)} of {counted(len(rows), 'project')} say yes as "
        f"things stand"
    )
    if not won:
        return f"{first}; no package brings in another."
    return f"{first}; packages bring in {len(won)} more: {_named(won)}."


def _cost(run: Run) -> list[str]:
    cost = run.result["public_cost_musd"]
    helped = {row["project"] for row in run.result["package"]}
    if not helped:
        return []
    capital = sum(row["capital_musd"] for row in run.result["projects"] if row["project"] in helped)
    return [
        f"The public pays {short(cost['mean'])} million in present value on average for projects "
        f"of {short(capital)} million of capital, {short(cost['p95'])} million on one path in "
        f"twenty, and {short(cost['worst'])} million on the worst of {run.result['paths']}.",
        *_above_capital(run, helped),
    ]


def _above_capital(run: Run, helped: set[str]) -> list[str]:
    """Say why the public may pay more than plants cost."""
    rows = [
        row
        for row in run.result["projects"]
        if row["project"] in helped and row["public_cost_mean_musd"] > row["capital_musd"]
    ]
    if not rows:
        return []
    names = _named([row["project"] for row in rows])
    lost = min(row["p_loss_before"] for row in rows)
    why = (
        f"For {names} that is more than the capital: as things stand at least {_percent(lost)} of "
        "paths lose it, so support has to make up year after year for what sales do not bring, "
        "not only to pay for building."
    )
    loss = [row for row in rows if row["binding"] == ["loss"]]
    if not loss:
        return [why]
    above = min(row["npv_musd"] for row in loss)
    more = f", which is then {short(above)} million or more above what owners ask"
    return [
        f"{why} What asks for so much is the rule that few paths may lose capital, not the mean"
        f"{more if above > 0 else ''}."
    ]


def _dearest(run: Run) -> list[str]:
    rows = [row for row in run.result["projects"] if row["accepts"] and not row["accepts_before"]]
    if len(rows) <= 1:
        return []
    most = max(rows, key=lambda row: float(row["public_cost_mean_musd"]))
    terms = [
        f"{row['kind']} ({row['terms']})"
        for row in run.result["package"]
        if row["project"] == most["project"]
    ]
    return [
        f"Most goes to {most['project']}: {short(most['public_cost_mean_musd'])} million, as "
        f"{' and '.join(terms)}."
    ]


def _failing(run: Run) -> list[str]:
    failing = run.result["failing"]
    if not failing:
        return []
    parts = []
    for row in failing[:MOST_NAMED]:
        by = "" if row["by_musd"] is None else f" (by {short(row['by_musd'])} million)"
        parts.append(f"{row['project']}{by}: {row['smallest_change']}")
    more = len(failing) - MOST_NAMED
    rest = f"; and {more} more" if more > 0 else ""
    return [f"No package is enough for {'; '.join(parts)}{rest}."]


def doubt(run: Run) -> list[str]:
    """Say what doubt costs, and beyond which doubt nothing helps."""
    return [*_doubt(run), *_free(run), *_limits(run)]


def _rows_of_case(run: Run) -> list[dict[str, Any]]:
    """Give the doubts that the case itself holds, one for each kind of promise."""
    return [row for row in run.result["price_of_doubt"] if row["promise"] in KINDS]


def _doubt(run: Run) -> list[str]:
    """Compare a contract that is doubted as in the case with one that is believed."""
    hazards, escrow = run.result["hazard_of_case"], run.result["escrow_worth_musd"]
    kind = "contract"
    if escrow.get(kind) is None:
        return []
    slope = run.result["price_of_doubt_slope"].get(kind)
    told = "" if slope is None else f", and each further point costs {short(slope)} million"
    return [
        f"Doubt costs: were running support {KINDS[kind]} believed in full, it would cost "
        f"{short(escrow[kind])} million less than at the {_percent(hazards[kind])} a year at which "
        f"it is thought to lapse{told}. Setting the money aside is worth as much."
    ]


def _free(run: Run) -> list[str]:
    """Compare packages that hold grants and loans with those that may flee into them."""
    hazard = run.result["hazard_of_case"].get("contract")
    near = [
        row
        for row in _rows_of_case(run)
        if row["promise"] == "contract" and row["believed_hazard"] == hazard
    ]
    if not near or near[0]["free_musd"] is None:
        return []
    held, free = near[0]["public_cost_musd"], near[0]["free_musd"]
    if held is None:
        return [
            f"Were more grants, loans and guarantees given instead, {short(free)} million would do."
        ]
    if held - free < SLIGHT * abs(held):
        return ["More grants, loans and guarantees in place of doubted support would not save."]
    return [
        f"More grants, loans and guarantees in place of doubted support would bring it from "
        f"{short(held)} to {short(free)} million."
    ]


def _limits(run: Run) -> list[str]:
    """Say beyond which doubt nothing helps."""
    limits = run.result["hazard_limit"]
    hard = {kind: limit for kind, limit in limits.items() if limit is not None and kind in KINDS}
    if not hard:
        return []
    parts = [f"{_percent(limit)} a year where it is {KINDS[kind]}" for kind, limit in hard.items()]
    lost = {
        name
        for row in _rows_of_case(run)
        if row["promise"] in hard
        for name in row["no_amount_for"]
    }
    return [
        f"Beyond a believed hazard of {', '.join(parts)}, no amount of running support up to ten "
        f"times as much brings all of them in: an early lapse is a loss that no strike repairs. "
        f"The fragile {'ones are' if len(lost) > 1 else 'one is'} {_named(sorted(lost))}."
        if lost
        else f"Beyond a believed hazard of {', '.join(parts)}, no amount is enough."
    ]


def _percent(value: float) -> str:
    return f"{value:.1%}".replace("%", " %").replace(".0 %", " %")


def _face_value(run: Run) -> list[str]:
    cost = run.result["public_cost_musd"]
    if cost["promised"] <= 0:
        return []
    return [
        f"Face value, {short(cost['promised'])} million for the packages, is what would fall due "
        "if every product fetched nothing in every year of support while plants ran and spent as "
        f"planned: what is signed for, not a forecast. The worst path costs {short(cost['worst'])}."
    ]


def notes(run: Run) -> list[str]:
    """Say what was assumed, what was left out and what did not hold at once."""
    found = [f"{name} was left out: {why}" for name, why in run.result["refused"].items()]
    repaired = [row for row in run.result["verification"] if row["held_at_once"] is False]
    for row in repaired:
        state = "holds" if row["holds"] else "still does not hold"
        found.append(
            f"The package of {row['project']} did not hold on fresh paths "
            f"({'; '.join(row['violated'])}); it was raised by {_percent(row['cost_raised_by'])} "
            f"of its cost and {state} on others."
        )
    caps = ", ".join(f"{kind} {cap:g}" for kind, cap in run.result["caps"].items())
    return [
        *found,
        f"Caps: {caps}. Public money is counted at the Treasury rate, gross of tax; owners count "
        "at their hurdle, which is why loans and grants come first where caps allow.",
        *_face_value(run),
        f"Made on {run.result['paths'] // 2} paths with a margin of 1.65 standard errors, judged "
        f"on {run.result['paths']} fresh ones; seed {run.result['seed']}.",
    ]


def project_table(run: Run) -> TextTable:
    """Show every project before and after."""
    rows = [
        (
            row["project"],
            short(row["capital_musd"]),
            f"{short(row['npv_before_musd'])} to {short(row['npv_musd'])}",
            f"{_percent(row['p_loss_before'])} to {_percent(row['p_loss'])}",
            "yes" if row["accepts_before"] else "no",
            "yes" if row["accepts"] else "no",
            short(row["public_cost_mean_musd"]),
            short(row["public_cost_p95_musd"]),
        )
        for row in run.result["projects"]
    ]
    return TextTable(
        "Projects: million; value to owners above what they could do otherwise, at the hurdle",
        (
            ("project", False),
            ("capital", True),
            ("value", True),
            ("P(loss)", True),
            ("before", False),
            ("with package", False),
            ("public pays", True),
            ("one in twenty", True),
        ),
        tuple(rows),
    )


def package_table(run: Run) -> TextTable:
    """Show the term sheets of all packages."""
    rows = tuple(
        (
            row["project"],
            row["kind"],
            row["terms"],
            row["promise"],
            short(row["public_cost_musd"]),
        )
        for row in run.result["package"]
    )
    return TextTable(
        "Packages",
        (
            ("project", False),
            ("contract", False),
            ("terms", False),
            ("promise", False),
            ("public pays, million", True),
        ),
        rows,
    )


def alone_table(run: Run) -> TextTable:
    """Show what each kind alone would cost at equal acceptance."""
    rows = run.result["projects"]
    helped = [row for row in rows if any(row["alone_musd"].values())]
    kinds = list(dict.fromkeys(kind for row in helped for kind in row["alone_musd"]))
    kept = [kind for kind in kinds if any(row["alone_musd"].get(kind) for row in helped)]
    cells = tuple(
        (
            row["project"],
            short(row["public_cost_mean_musd"]),
            *(_cell(row["alone_musd"].get(kind)) for kind in kept),
        )
        for row in helped
    )
    return TextTable(
        "What one kind alone would cost at equal acceptance, million",
        (("project", False), ("package", True), *((kind, True) for kind in kept)),
        cells,
    )


def _cell(value: float | None) -> str:
    return "not enough" if value is None else short(value)


def doubt_table(run: Run) -> TextTable:
    """Show public cost at equal acceptance by believed hazard, and what is delivered."""
    diagonal = {(row["promise"], row["hazard"]): row for row in run.result["diagonal"]}
    rows = []
    for row in run.result["price_of_doubt"]:
        other = diagonal[row["promise"], row["believed_hazard"]]
        if row["public_cost_musd"] is None:
            lost = f"no amount for {len(row['no_amount_for'])}"
            free = _free_cell(row)
            rows.append((row["promise"], f"{row['believed_hazard']:g}", lost, free, *("",) * 4))
            continue
        rows.append(
            (
                row["promise"],
                f"{row['believed_hazard']:g}",
                short(row["public_cost_musd"]),
                _free_cell(row),
                short(other["expected_musd"]),
                _percent(other["p_loss_largest"]),
                f"{other['years_delivered']:.1f}",
                short(row["promised_musd"]),
            )
        )
    return TextTable(
        "Doubt: million; cost if the promise is kept, and if it lapses as believed",
        (
            ("promise", False),
            ("believed hazard", True),
            ("kept", True),
            ("kept, free to give more grants and loans", True),
            ("lapsing", True),
            ("largest P(loss)", True),
            ("years it stands", True),
            ("face value", True),
        ),
        tuple(rows),
    )


def _free_cell(row: dict[str, Any]) -> str:
    if row["free_musd"] is None:
        return f"no amount for {len(row['free_no_amount_for'])}"
    return short(row["free_musd"])


def tables(run: Run) -> list[TextTable]:
    """Give every table in the order in which it is shown."""
    return [project_table(run), package_table(run), alone_table(run), doubt_table(run)] + (
        [*same_terms_table(run), *adversary_table(run)]
    )
