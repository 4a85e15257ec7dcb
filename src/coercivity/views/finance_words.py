"""Appraisals in words and small tables, from their run alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coercivity.results import Run
from coercivity.views.labels import counted, short
from coercivity.views.plan_words import TextTable

MOST_NAMED = 4
"""Projects named in a sentence."""
HALF = 0.5
FINE = 10
"""Below this a price is told with one digit more. [USD/kg]"""


def answer(run: Run) -> list[str]:
    """Say who would say yes, what is missing for the others, and what the public pays."""
    rows = appraised_rows(run)
    yes = [row for row in rows if accepts(row)]
    sentences = [_who(rows, yes)]
    if lacking := [row for row in rows if row["missing_usd_per_kg"]]:
        sentences.append(_missing(lacking))
    if never := [row for row in rows if row["missing_usd_per_kg"] is None]:
        names = ", ".join(row["project"] for row in never[:MOST_NAMED])
        sentences.append(f"No addition to the price is enough for {names}.")
    paid = [row for row in rows if row["public_outlay_musd"]]
    if paid:
        most = max(paid, key=lambda row: float(row["public_outlay_musd"]))
        sentences.append(
            "Under the contracts in force the public pays "
            f"{'most ' if len(paid) > 1 else ''}for {most['project']}: "
            f"{short(most['public_outlay_musd'])} million in present value"
            f"{_net(most)}, and "
            f"{short(most['public_outlay_p95_musd'])} on one path in twenty."
        )
    return sentences


def accepts(row: dict[str, Any]) -> bool:
    """Tell whether owners, and lenders if any are asked, say yes."""
    return bool(row["investor_accepts"]) and row["lender_accepts"] is not False


def appraised_rows(run: Run) -> list[dict[str, Any]]:
    """Give the projects that could be appraised."""
    return [row for row in run.result["projects"] if row["npv_musd"] is not None]


def _who(rows: list[dict[str, Any]], yes: list[dict[str, Any]]) -> str:
    if len(rows) == 1:
        row = rows[0]
        worth = f"{short(row['npv_musd']['mean'])} million at the hurdle"
        if _builds_nothing(row):
            return _going_on(row, worth)
        added = "what it adds" if row["npv_without_building_musd"] is not None else "equity"
        if row["npv_without_building_musd"] is not None:
            worth += (
                f", beside {short(row['npv_without_building_musd'])} million if nothing is built"
            )
        if accepts(row):
            return f"{row['project']} would be funded: {added} is worth {worth}."
        return f"{row['project']} would not be funded: {row['reason']} ({added} is worth {worth})."
    named = ", ".join(row["project"] for row in yes[:MOST_NAMED])
    more = f" and {len(yes) - MOST_NAMED} more" if len(yes) > MOST_NAMED else ""
    who = f": {named}{more}" if yes else ""
    going_on = " (where nothing is built, to going on)" if any(map(_builds_nothing, rows)) else ""
    return (
        f"Owners and lenders of {len(yes)} of {counted(len(rows), 'project')} would say "
        f"yes{going_on}{who}."
    )


def _going_on(row: dict[str, Any], worth: str) -> str:
    """Say whether the owners of a plant in which nothing is built go on."""
    closes = f"{row['p_closes_in_10_years']:.0%}".replace("%", " %")
    ends = f"{closes} of paths it is closed within ten years"
    if accepts(row):
        return (
            f"{row['project']} builds nothing; its owners go on, which is worth {worth}; on {ends}."
        )
    return f"{row['project']} builds nothing, and going on is worth {worth}; on {ends}."


def _missing(lacking: list[dict[str, Any]]) -> str:
    """Tell what is missing by product, the widest products first."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in lacking:
        groups.setdefault(row["product"], []).append(row)
    largest = sorted(groups, key=lambda product: -len(groups[product]))[:2]
    parts = []
    for product in largest:
        prices = sorted(float(row["missing_usd_per_kg"]) for row in groups[product])
        span = (
            price(prices[0]) if len(prices) == 1 else f"{price(prices[0])} to {price(prices[-1])}"
        )
        parts.append(f"{span} USD/kg of {product} ({counted(len(prices), 'project')})")
    return f"Missing until they do: {'; '.join(parts)}."


def price(value: float) -> str:
    """Write a price per kg.

    Examples
    --------
    >>> price(3.26), price(33.2)
    ('3.3', '33')
    """
    return f"{value:.1f}" if value < FINE else short(round(value))


def notes(run: Run) -> list[str]:
    """Say what could not be appraised, and what was left out or assumed where it matters most."""
    refused = [row for row in run.result["projects"] if row["npv_musd"] is None]
    found = [f"{row['project']} could not be appraised: {row['reason']}" for row in refused]
    rows = appraised_rows(run)
    if len(rows) == 1:
        found += [str(text) for text in rows[0]["notes"]]
    joint = [row for row in rows if row["missing_usd_per_kg"] and _is_minor(row)]
    if joint:
        names = ", ".join(row["project"] for row in joint)
        found.append(
            f"The main product of {names} is less than half of what is added to sales, so what is "
            "missing per kg of it stands for all products."
        )
    rules = run.result["rules"]
    limit = f" and may be {rules['loss_limit']:.0%}" if rules["loss_limit"] < 1 else ""
    found.append(
        f"P(loss) is at the Treasury rate of {rules['treasury_rate']:.1%} real{limit}; "
        "values are at each project's own hurdle and first year; "
        f"{run.result['paths']} paths, seed {run.result['seed']}.".replace("%", " %")
    )
    return found


def _title(rows: Sequence[dict[str, Any]]) -> str:
    """Name the table, and say what stands in it where plants exist."""
    title = "Projects: million, real, present value of equity at the hurdle"
    adding = any(row["npv_without_building_musd"] is not None for row in rows)
    return f"{title}; where plants exist, of what building adds" if adding else title


def project_table(run: Run) -> TextTable:
    """Show every project with its worth, its risks and what is missing."""
    shown = appraised_rows(run)
    rows = [
        (
            row["project"],
            short(row["capital_musd"]),
            f"{short(row['npv_musd']['mean'])} ± {short(row['npv_musd']['standard_error'])}",
            f"{short(row['npv_musd']['p10'])} to {short(row['npv_musd']['p90'])}",
            _percent(row["irr"]["p50"]),
            _percent(row["p_loss"]),
            short(row["debt_real_musd"]),
            _owners(row),
            _word(row["lender_accepts"]),
            _missing_cell(row),
            row["product"],
        )
        for row in shown
    ]
    return TextTable(
        _title(shown),
        (
            ("project", False),
            ("capital", True),
            ("value", True),
            ("p10 to p90", True),
            ("return", True),
            ("P(loss)", True),
            ("debt", True),
            ("owners", False),
            ("lenders", False),
            ("missing USD/kg (of price)", True),
            ("of", False),
        ),
        tuple(rows),
    )


def _missing_cell(row: dict[str, Any]) -> str:
    value, error = row["missing_usd_per_kg"], row["missing_standard_error"]
    if value is None:
        return "none is enough"
    if value == 0:
        return "nothing"
    share = row["missing_share_of_price"]
    told = f"{price(value)} ± {price(error)}" if error is not None else price(value)
    return told if share is None else f"{told} ({_percent(share)})"


def _is_minor(row: dict[str, Any]) -> bool:
    return float(row["product_share_of_added_sales"]) < HALF


def _net(row: dict[str, Any]) -> str:
    net = row["public_outlay_net_of_tax_musd"]
    if abs(net - row["public_outlay_musd"]) < HALF:
        return ""
    return f" ({short(net)} after the tax that comes back)"


def _builds_nothing(row: dict[str, Any]) -> bool:
    return not row["capital_musd"]


def _owners(row: dict[str, Any]) -> str:
    """Say what owners do: build, or, where nothing is built, go on."""
    if _builds_nothing(row):
        return "go on" if row["investor_accepts"] else "close"
    return _word(row["investor_accepts"])


def _percent(value: float | None) -> str:
    return "none" if value is None else f"{round(100 * value) + 0:d} %"


def _word(value: bool | None) -> str:
    return "not asked" if value is None else ("yes" if value else "no")


def term_table(run: Run) -> TextTable:
    """Show what was agreed: the debt that was sized, and the contracts that count."""
    frame = run.table("term_sheet")
    rows = tuple(
        (
            str(row.project),
            str(row.item),
            str(row.kind),
            str(row.terms),
            short(float(str(row.public_outlay))),
        )
        for row in frame.itertuples()
    )
    return TextTable(
        "Terms",
        (
            ("project", False),
            ("item", False),
            ("kind", False),
            ("terms", False),
            ("public pays, million", True),
        ),
        rows,
    )


def tables(run: Run) -> list[TextTable]:
    """Give every table in the order in which it is shown."""
    shown = [project_table(run)]
    if len(appraised_rows(run)) <= MOST_NAMED:
        shown.append(term_table(run))
    return shown
