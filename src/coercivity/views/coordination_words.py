"""Who waits for whom, in words and small tables, from the run alone."""

from __future__ import annotations

from typing import Any

from coercivity.results import Run
from coercivity.views.labels import counted, listed, short
from coercivity.views.plan_words import TextTable, share

MOST_NAMED = 4
"""Projects named in a sentence."""
KINDS = {
    "needs": "needs it even beside all others",
    "enough": "it alone is enough",
    "tips": "enough beside what is built anyway",
}
DECIDES = {
    "always": "yes, whatever the others do",
    "never": "no, whatever the others do",
    "waits": "if others do",
    "fixed": "not asked in every set",
}


def answer(run: Run) -> list[str]:
    """Say what owners build by themselves, what they could hold together, and what tips them."""
    game = run.result["equilibria"]
    if not game["worth_musd"]:
        return ["Nothing is built, so nobody waits for anybody."]
    return [*_equilibria(game), *_waits(game), *_tipping(game)]


def _equilibria(game: dict[str, Any]) -> list[str]:
    if game["complements"]:
        low, high = game["least"], game["greatest"]
        if low == high:
            return [
                f"Nobody waits for anybody: owners of {_names(low)} invest whatever the others "
                "do, and the others do not."
                if low
                else "No owner invests, whatever the others do: what lacks is worth, not trust."
            ]
        more = [name for name in high if name not in low]
        return [
            "One more investor never hurts another here. By themselves owners build "
            f"{_names(low)}; with {_names(more)} too nobody would regret it. What lies between "
            f"is waiting, not worth{_between(game)}."
        ]
    rivals = game["violating_pairs"][0]
    said = [
        f"Some owners are rivals ({rivals['hurt_by']} takes up to {short(rivals['most_musd'])} "
        f"million from {rivals['project']}), so there is no least and no greatest equilibrium."
    ]
    if game["worst"] is None or game["best"] is None:
        return [*said, "There is no set at all in which nobody regrets: owners would go round."]
    if game["worst"] == game["best"]:
        lost = ""
        if not game["from_none"]["settles"]:
            lost = ", but owners who decide one after the other from nothing go round and miss it"
        return [*said, f"There is one set in which nobody regrets: {_names(game['worst'])}{lost}."]
    return [
        *said,
        f"Of {game['count']} sets in which nobody regrets, the worst serves least with "
        f"{_names(game['worst'])}, the best most with {_names(game['best'])}{_between(game)}.",
    ]


def _between(game: dict[str, Any]) -> str:
    served = game["coverage"]
    if served is None or abs(served["best"] - served["worst"]) < 5e-4:
        return ""
    return f" ({share(served['worst'])} of demand served against {share(served['best'])})"


def _names(names: list[str]) -> str:
    return listed(names, MOST_NAMED) if names else "nothing"


def _waits(game: dict[str, Any]) -> list[str]:
    if not game["waits"]:
        return []
    told = [
        f"{one['project']} waits for {one['waits_for']} ({short(one['without_musd'])} million "
        f"without, {short(one['with_musd'])} with)"
        for one in game["waits"][:2]
    ]
    more = len(game["waits"]) - len(told)
    rest = [f"and {counted(more, 'pair')} more"] if more else []
    return [f"{'; '.join([*told, *rest])}."]


def _tipping(game: dict[str, Any]) -> list[str]:
    tipping = game["tipping"]
    if tipping is None or tipping["exposure_musd"] <= 0:
        return []
    amounts = tipping["amounts_musd"]
    told = [f"{short(amounts[name])} to {name}" for name in tipping["order"] if amounts[name] > 0]
    sum_ = short(tipping["exposure_musd"])
    if not tipping["target_is_equilibrium"]:
        return [f"Guarantees of {sum_} million ({listed(told, 3)}) would be paid year by year."]
    sure = "" if tipping["sure"] else " if rivals who come later take nothing from them"
    return [
        f"The cheapest guarantee that tips them exposes the public to {sum_} million "
        f"({listed(told, 3)}, in this order) and, since all then come, pays nothing{sure}."
    ]


def owner_table(run: Run) -> TextTable:
    """Show what each project is worth alone and with all, and whether it comes."""
    game = run.result["equilibria"]
    tipping = game["tipping"] or {"order": [], "amounts_musd": {}}
    rows = tuple(
        (
            name,
            short(worth["alone"]),
            short(worth["with_all"]),
            DECIDES[_decides(game, name)],
            short(tipping["amounts_musd"].get(name, 0.0)),
        )
        for name, worth in game["worth_musd"].items()
    )
    return TextTable(
        "Owners: worth less what is needed, million",
        (
            ("project", False),
            ("alone", True),
            ("with all", True),
            ("invests", False),
            ("guarantee", True),
        ),
        rows,
    )


def _decides(game: dict[str, Any], name: str) -> str:
    for word in ("always", "never", "fixed"):
        if name in game[word]:
            return word
    return "waits"


def wait_table(run: Run) -> TextTable:
    """Show who waits for whom."""
    return TextTable(
        "Who waits for whom",
        (
            ("project", False),
            ("waits for", False),
            ("without, million", True),
            ("with, million", True),
            ("how", False),
        ),
        tuple(
            (
                one["project"],
                one["waits_for"],
                short(one["without_musd"]),
                short(one["with_musd"]),
                KINDS[one["kind"]],
            )
            for one in run.result["equilibria"]["waits"]
        ),
    )


def tables(run: Run) -> list[TextTable]:
    """Give every table in the order in which it is shown."""
    return [owner_table(run), wait_table(run)]
