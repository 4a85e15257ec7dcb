"""What an adversary can do, in words and small tables, from the run alone."""

from __future__ import annotations

from typing import Any

from coercivity.results import Run
from coercivity.views.finance_words import price
from coercivity.views.labels import counted, listed, short
from coercivity.views.plan_words import TextTable, share

MOST_NAMED = 4
"""Projects named in a sentence."""
MOST_ROWS = 15
"""Projects shown."""
TELLING = 0.005
"""Changes of a share below this are not told. [fraction]"""


def answer(run: Run) -> list[str]:
    """Say what the best attack takes, whom it stops, and what the costliest one costs the public.

    Examples
    --------
    >>> in_years(2030, 1), in_years(2030, 3)
    ('in 2030', 'from 2030 to 2032')
    """
    result = run.result
    return [_fall(result), *_victims(result), *_threat(result), *_ban(result), _drain(result)]


def _whose(result: dict[str, Any]) -> str:
    segment = result["segment"]
    return f"{segment} demand" if segment is not None else "demand"


def _fall(result: dict[str, Any]) -> str:
    budget, best = short(result["budget_musd"]), result["best"]
    before, after = result["coverage"]["base"], result["coverage"]["attacked"]
    if best is None:
        return (
            f"No dumping within {budget} million of lost margin makes plants fall that "
            f"{_whose(result)} needs: {share(before)} stays served without covered countries."
        )
    return (
        f"Within {budget} million of lost margin, the most harm is {attack_words(best)}: of "
        f"{_whose(result)} {share(after)} is then served without covered countries, where "
        f"{share(before)} would be."
    )


def attack_words(attack: dict[str, Any]) -> str:
    """Tell an attack: what, how deep, when and at which cost.

    Examples
    --------
    >>> attack_words({"material": "ore", "depth_usd_per_kg": 20.0, "from_year": 2030, "years": 2,
    ...     "cost_musd": 80.0})
    'dumping ore by 20 USD/kg from 2030 to 2031 (80 million)'
    """
    return (
        f"dumping {attack['material']} by {price(attack['depth_usd_per_kg'])} USD/kg "
        f"{in_years(attack['from_year'], attack['years'])} ({short(attack['cost_musd'])} million)"
    )


def in_years(first: int, years: int) -> str:
    """Tell from when to when."""
    return f"in {first}" if years == 1 else f"from {first} to {first + years - 1}"


def _victims(result: dict[str, Any]) -> list[str]:
    hit = hurt(result)
    if result["best"] is None or not hit:
        return []
    named = ", ".join(
        f"{row['project']} ({share(row['standing_share']['attacked'])} of its years, not "
        f"{share(row['standing_share']['base'])})"
        for row in hit[:MOST_NAMED]
    )
    more = f" and {len(hit) - MOST_NAMED} more" if len(hit) > MOST_NAMED else ""
    return [f"{counted(len(hit), 'project')} would stand idle or close more: {named}{more}."]


def hurt(result: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the projects that run in fewer years, the hardest hit first."""

    def lost(row: dict[str, Any]) -> float:
        return float(row["standing_share"]["base"] - row["standing_share"]["attacked"])

    return sorted((row for row in result["projects"] if lost(row) > TELLING), key=lost)[::-1]


def _threat(result: dict[str, Any]) -> list[str]:
    threat = result["threat"]
    if threat is None:
        if any(row["accepts"]["base"] for row in result["projects"]):
            return ["No owner who would build is stopped by expecting any of these attacks."]
        return ["No owner who is to build says yes even without an attack, so a threat stops none."]
    return [
        f"Expecting it is enough: if owners count on {attack_words(threat)}, projects that "
        f"{share(threat['coverage_lost'])} of {_whose(result)} rests on are not built."
    ]


def _ban(result: dict[str, Any]) -> list[str]:
    ban, best = result["ban"], result["ban"]["best"]
    if best is None:
        return []
    lost = share(ban["coverage_lost"])
    return [
        f"Selling nothing would hurt otherwise: a ban on {listed(best['materials'])} "
        f"{in_years(best['from_year'], best['years'])} ({short(best['cost_musd'])} million) takes "
        f"{lost} of what is served while he sells ({share(ban['coverage']['base'])})."
    ]


def _drain(result: dict[str, Any]) -> str:
    outlay = result["public_outlay_musd"]
    if not result["drain"]:
        return "No attack makes the contracts in force cost the public more."
    worst = result["drain"][0]
    return (
        f"The public pays most under {attack_words(worst)}: {short(outlay['drained'])} million in "
        f"present value instead of {short(outlay['base'])}."
    )


def notes(run: Run) -> list[str]:
    """Say what the answer rests on."""
    result = run.result
    found = [f"{name} could not be appraised: {why}" for name, why in result["refused"].items()]
    found.append(
        f"{result['tried']} attacks tried on {result['paths']} paths, seed {result['seed']}; he "
        f"sells down to {share(result['own_cost'])} of a long-run price, and gives up margin on "
        "his exports or, where it is more, on what the plants he undercuts sell. Owners and "
        "lenders know the attack; debt is sized on it."
    )
    return found


def project_table(run: Run) -> TextTable:
    """Show what the best attack does to each project it touches, the hardest hit first."""
    rows = [
        row
        for row in run.result["projects"]
        if abs(row["npv_musd"]["attacked"] - row["npv_musd"]["base"]) > 0.5
        or abs(row["standing_share"]["attacked"] - row["standing_share"]["base"]) > TELLING
    ]
    rows.sort(key=lambda row: row["npv_musd"]["attacked"] - row["npv_musd"]["base"])
    return TextTable(
        "Projects without and under the attack that takes most: million, present value",
        (
            ("project", False),
            ("worth", True),
            ("attacked", True),
            ("P(loss)", True),
            ("attacked", True),
            ("runs", True),
            ("attacked", True),
            ("accepts", False),
            ("attacked", False),
        ),
        tuple(_cells(row) for row in rows[:MOST_ROWS]),
    )


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    cells = [row["project"]]
    for when in ("base", "attacked"):
        cells.append(short(row["npv_musd"][when]))
    for key in ("p_loss", "standing_share"):
        cells += [share(row[key]["base"]), share(row[key]["attacked"])]
    return (*cells, *(_word(row["accepts"][when]) for when in ("base", "attacked")))


def _word(value: bool | None) -> str:
    return "not asked" if value is None else ("yes" if value else "no")


def drain_table(run: Run) -> TextTable:
    """Show the attacks that cost the public most."""
    return TextTable(
        "What attacks make the public pay",
        (
            ("dumped", False),
            ("USD/kg", True),
            ("years", False),
            ("costs him, million", True),
            ("public pays more, million", True),
        ),
        tuple(
            (
                row["material"],
                price(row["depth_usd_per_kg"]),
                in_years(row["from_year"], row["years"]),
                short(row["cost_musd"]),
                short(row["more_outlay_musd"]),
            )
            for row in run.result["drain"]
        ),
    )


def tables(run: Run) -> list[TextTable]:
    """Give every table in the order in which it is shown."""
    return [project_table(run), drain_table(run)]
