"""Who waits for whom along a plan, as the object that ``align`` tells under ``equilibria``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from coercivity.alignment.coordination import (
    Equilibria,
    Guarantee,
    Wait,
    cheapest_guarantee,
    equilibria_of,
    waits,
)
from coercivity.alignment.coordination.chain_of_sets import ChainOfSets, Operated
from coercivity.alignment.coordination.plan_game import (
    MOST_MARGINAL,
    PlanGame,
    Valuer,
    game_of_plan,
)
from coercivity.chain import Case
from coercivity.finance.projects.position import Position
from coercivity.planning.built import built_case
from coercivity.results import Run
from coercivity.studies.finance_decisions import read_decisions
from coercivity.studies.finance_tables import frame_of
from coercivity.tables import CaseTables

PATHS = 200
"""Of the paths of a project, those on which sets are told apart; levels take all. [path]"""
MONEY = "million, real, present value"
Laid = tuple[pd.DataFrame, dict[str, str]]
Progress = Callable[[str, float], None]


def coordination_of(
    case: Case,
    tables: CaseTables,
    run: Run,
    positions: Mapping[str, Position],
    *,
    seed: int = 0,
    most: int = MOST_MARGINAL,
    workers: int | None = None,
    tell: Progress | None = None,
) -> dict[str, Any]:
    """Find the equilibria of the owners of a plan, who waits for whom, and what tips them.

    Parameters
    ----------
    case, tables
        The case that was planned.
    run
        The plan.
    positions
        Its projects, the contracts of their package included; those that build nothing are no
        players and always run.
    seed
        Of the draws in the positions; told with the answer.
    most
        Marginal projects whose sets are run. [count]
    workers
        Threads; the bits do not depend on them.
    tell
        Is told phase and share of the work done.
    """
    decided = read_decisions(case, run, tables["projects"].ids())
    projects = [name for name, one in positions.items() if one.operation.builds]
    paths = min([PATHS, *(len(positions[name].drawn.technical.delay) for name in projects)])
    runs = ChainOfSets(
        built_case(run), decisions=decided.decisions, built_share=decided.built_share
    )
    valuer = Valuer(
        case=case,
        positions={name: positions[name].first_paths(paths) for name in projects},
        decisions=decided.decisions,
        built_share=decided.built_share,
        workers=workers,
    )
    planned = Operated(decided.activity, 1.0)
    exact = replace(valuer, positions={name: positions[name] for name in projects})
    valuer = valuer.levelled(planned, runs.without(()), exact=exact)
    game = game_of_plan(runs, valuer, projects, most=most, tell=tell)
    return game_json(game) | {"paths": paths, "seed": seed}


def game_json(game: PlanGame) -> dict[str, Any]:
    """Write a game with its equilibria as the object of the command line.

    Parameters
    ----------
    game
        The game of a plan.
    """
    plain: dict[str, Any] = {
        "always": list(game.always),
        "never": list(game.never),
        "fixed": list(game.fixed),
        "worth_musd": {
            name: {"with_all": game.with_all[name], "alone": game.alone[name]}
            for name in game.with_all
        },
    }
    if game.payoffs is None:
        built = [n for n in game.with_all if n in game.always]
        return {
            "complements": True,
            "least": built,
            "greatest": built,
            "worst": None,
            "best": None,
            "count": 1,
            "coverage": {"worst": float(game.coverage[0]), "best": float(game.coverage[0])},
            "violating_pairs": [],
            "waits": [],
            "tipping": None,
            "players": [],
        } | plain
    found = equilibria_of(game.payoffs, coverage=game.coverage)
    standing = game.payoffs.mask_of(found.least or found.worst or ())
    target = found.greatest if found.greatest is not None else found.best
    tipping = cheapest_guarantee(game.payoffs, target) if target else None
    always = [*game.always, *(n for n in game.fixed if game.with_all[n] >= 0)]
    return (
        _equilibria_json(found, always)
        | {
            "players": list(game.payoffs.names),
            "coverage": _coverage(game, found),
            "waits": [_wait_json(one) for one in waits(game.payoffs, standing=standing)],
            "tipping": None if tipping is None else _tipping_json(tipping),
        }
        | plain
    )


def _equilibria_json(found: Equilibria, always: Iterable[str]) -> dict[str, Any]:
    def named(group: tuple[str, ...] | None) -> list[str] | None:
        return None if group is None else [*always, *group]

    plain = found.complements.holds
    return {
        "complements": plain,
        "least": named(found.least),
        "greatest": named(found.greatest),
        "worst": None if plain else named(found.worst),
        "best": None if plain else named(found.best),
        "count": len(found.sets),
        "from_none": {
            "reached": [*always, *found.from_none.reached],
            "settles": not found.from_none.cycle,
        },
        "violating_pairs": [
            {"project": p.project, "hurt_by": p.hurt_by, "most_musd": p.most_musd}
            for p in found.complements.pairs
        ],
    }


def _coverage(game: PlanGame, found: Equilibria) -> dict[str, float] | None:
    if game.payoffs is None or found.worst is None or found.best is None:
        return None
    ends = {"worst": found.least or found.worst, "best": found.greatest or found.best}
    return {name: float(game.coverage[game.payoffs.mask_of(group)]) for name, group in ends.items()}


def _wait_json(one: Wait) -> dict[str, Any]:
    return {
        "project": one.project,
        "waits_for": one.waits_for,
        "without_musd": one.without_musd,
        "with_musd": one.with_musd,
        "kind": one.kind.value,
    }


def _tipping_json(found: Guarantee) -> dict[str, Any]:
    return {
        "order": list(found.order),
        "amounts_musd": dict(found.amounts),
        "exposure_musd": found.exposure,
        "expected_payment_musd": found.expected_payment,
        "target_is_equilibrium": found.target_is_equilibrium,
        "sure": found.sure,
    }


def coordination_tables(equilibria: Mapping[str, Any]) -> dict[str, Laid]:
    """Lay out the owners' game as tables of a run.

    Parameters
    ----------
    equilibria
        As `coordination_of` gives it, or empty.

    Returns
    -------
    dict
        ``owners``: a row a project that builds; ``waits``: a row a pair of which one waits. Without
        a game there are no tables.
    """
    if not equilibria.get("worth_musd"):
        return {}
    tipping = equilibria["tipping"] or {"order": [], "amounts_musd": {}}
    low = equilibria["least"] if equilibria["complements"] else equilibria["worst"]
    high = equilibria["greatest"] if equilibria["complements"] else equilibria["best"]
    owners = [
        {
            "project": name,
            "decides": _decides(equilibria, name),
            "alone": worth["alone"],
            "with_all": worth["with_all"],
            "in_low": name in (low or ()),
            "in_high": name in (high or ()),
            "order": tipping["order"].index(name) + 1 if name in tipping["order"] else 0,
            "guarantee": tipping["amounts_musd"].get(name, 0.0),
        }
        for name, worth in equilibria["worth_musd"].items()
    ]
    pairs = pd.DataFrame(
        [dict(one) for one in equilibria["waits"]],
        columns=["project", "waits_for", "without_musd", "with_musd", "kind"],
    ).astype({"without_musd": float, "with_musd": float})
    return {
        "owners": frame_of(
            owners,
            dict.fromkeys(("alone", "with_all", "guarantee"), MONEY) | {"order": "place, 0 = none"},
        ),
        "waits": (pairs, dict.fromkeys(("without_musd", "with_musd"), MONEY)),
    }


def _decides(equilibria: Mapping[str, Any], name: str) -> str:
    for word in ("always", "never"):
        if name in equilibria[word]:
            return word
    return "waits" if name in equilibria["players"] else "fixed"
