"""A plan whose pit and mill belong to two owners: neither earns anything without the other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coercivity.alignment.coordination import cheapest_guarantee, equilibria_of
from coercivity.alignment.coordination.chain_of_sets import ChainOfSets, Operated
from coercivity.alignment.coordination.plan_game import PlanGame, Valuer, game_of_plan
from coercivity.planning.built import built_case
from coercivity.results import Run
from coercivity.studies.align_coordination import (
    coordination_of,
    coordination_tables,
    game_json,
)
from coercivity.studies.plan import PlanOptions, plan
from coercivity.studies.plan_positions import PlanPositions, plan_positions
from tests.alignment.adversary.plans import ABROAD
from tests.alignment.coordination.games import alike
from tests.finance.projects.works import SETTINGS, STILL, TERMS, works
from tests.written_cases import write_case_folder

BOTH = ("digger", "miller")


def two_owners(folder: Path, **changes: Any) -> Run:
    """Give the pit to one owner and the mill to another; ore has a price but no other use."""
    tables = works(**{**ABROAD, **changes})
    assets = [dict(row) for row in tables["assets"]]
    assets[0]["project"], assets[1]["project"] = BOTH
    options = [dict(row) for row in tables["options"]]
    options[1].pop("requires")
    split = {
        **tables,
        "projects": [{"id": name, "company": "owner", **TERMS} for name in BOTH],
        "assets": assets,
        "options": options,
        "price_models": [
            *tables["price_models"],
            {"material": "ore", "place": "CHN", "level": 1800, **STILL},
        ],
    }
    case = write_case_folder(folder / "case", split, SETTINGS)
    return plan(case, folder / "runs", PlanOptions(name="base"))


def setting(run: Run) -> tuple[PlanPositions, ChainOfSets, Valuer]:
    found = plan_positions(run, paths=100, seed=1, workers=1)
    decided = found.decided
    runs = ChainOfSets(
        built_case(run), decisions=decided.decisions, built_share=decided.built_share
    )
    valuer = Valuer(
        case=found.case,
        positions=found.positions.ready,
        decisions=decided.decisions,
        built_share=decided.built_share,
        workers=1,
    )
    return found, runs, valuer


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, PlanGame]:
    run = two_owners(tmp_path_factory.mktemp("owners"))
    _, runs, valuer = setting(run)
    return run, game_of_plan(runs, valuer, BOTH)


def test_a_mill_without_a_pit_runs_dry_and_a_pit_without_a_mill_digs_nothing(
    tmp_path: Path,
) -> None:
    run = two_owners(tmp_path)
    _, runs, _ = setting(run)
    everyone = runs.without(())
    assert {asset for asset, _ in everyone.activity} >= {"pit", "plant"}
    plans = run.table("activity").groupby("asset")["activity_t"].max()
    assert everyone.activity["plant", "main"].max() == pytest.approx(plans["plant"])
    for missing in BOTH:
        alone = runs.without([missing])
        assert not {asset for asset, _ in alone.activity} & {"pit", "plant"}
        # The rival abroad serves all that is asked for, also before the works start.
        assert alone.served == pytest.approx(1.0)


def test_what_is_worth_alone_is_the_capital_lost(waiting: tuple[Run, PlanGame]) -> None:
    _, game = waiting
    # 40 million for the pit, half in 2026 and half in 2027, at 10 % in the middle of the year.
    paid = [20.0 / 1.1 ** (year + 0.5) for year in range(2)]
    assert game.alone["digger"] == pytest.approx(-sum(paid), rel=0.06)
    assert game.with_all["digger"] > 0
    assert game.with_all["miller"] > 0


def test_two_owners_of_a_chain_wait_for_each_other(waiting: tuple[Run, PlanGame]) -> None:
    _, game = waiting
    assert game.payoffs is not None
    found = equilibria_of(game.payoffs, coverage=game.coverage)
    assert found.complements.holds
    assert (found.least, found.greatest) == ((), BOTH)
    tips = cheapest_guarantee(game.payoffs)
    assert tips.exposure == pytest.approx(min(-game.alone[name] for name in BOTH))
    assert tips.order[0] == "digger"
    assert tips.expected_payment == 0


def test_the_level_of_each_worth_is_that_of_the_plan(waiting: tuple[Run, PlanGame]) -> None:
    found, runs, valuer = setting(waiting[0])
    halved = {key: 0.5 * amount for key, amount in found.decided.activity.items()}
    planned, everyone = Operated(halved, 1.0), runs.without(())
    level = valuer.levelled(planned, everyone)
    for name in BOTH:
        assert level.worth(name, everyone) == pytest.approx(valuer.worth(name, planned))
        # What sells nothing loses its capital, whatever the level.
        alone = runs.without([one for one in BOTH if one != name])
        assert level.worth(name, alone) == valuer.worth(name, alone)


def test_the_answer_of_the_study_says_the_same(waiting: tuple[Run, PlanGame]) -> None:
    run, game = waiting
    found, _, _ = setting(run)
    told = coordination_of(found.case, found.tables, run, found.positions.ready, seed=1, workers=1)
    assert told["paths"] == 100
    assert {key: told[key] for key in ("least", "greatest", "complements")} == {
        "least": [],
        "greatest": list(BOTH),
        "complements": True,
    }
    assert {(one["project"], one["waits_for"]) for one in told["waits"]} == {
        ("digger", "miller"),
        ("miller", "digger"),
    }
    assert told["worth_musd"]["digger"]["with_all"] == pytest.approx(game.with_all["digger"])


def test_feed_that_can_be_bought_outside_ends_the_waiting_of_the_mill(tmp_path: Path) -> None:
    ore: dict[str, Any] = {"id": "seller", "site": "away", "material": "ore", "price": 1500}
    offered = {**ore, "offered": 20000}
    rail = {"id": "rail", "from": "away", "to": "hill", "cost": 10}
    run = two_owners(
        tmp_path,
        suppliers=[*ABROAD["suppliers"], offered],
        links=[*ABROAD["links"], rail],
    )
    _, runs, _ = setting(run)
    bought = runs.without(["digger"])
    assert bought.activity["plant", "main"].max() > 0


class Missing(frozenset[str]):
    """Who is missing, in place of how a chain runs."""

    served = 0.5


class OnPaper:
    """Values from a table; every set runs alike."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def without(self, missing: Any) -> Any:
        self.asked.append(tuple(missing))
        return Missing(missing)


class Table:
    """Gives worth by how many are missing."""

    def __init__(self, worth: Any) -> None:
        self._worth = worth

    def worth(self, project: str, operated: Any) -> float:
        return float(self._worth(project, operated))


def test_those_whom_the_others_never_turn_are_no_players() -> None:
    def worth(project: str, missing: frozenset[str]) -> float:
        return {"rich": 5.0, "poor": -5.0}.get(project, 3.0 - 4 * len(missing - {"poor"}))

    runs: Any = OnPaper()
    valuer: Any = Table(worth)
    game = game_of_plan(runs, valuer, ["rich", "one", "two", "poor"])
    assert (game.always, game.never) == (("rich",), ("poor",))
    assert game.payoffs is not None
    assert game.payoffs.names == ("one", "two")
    assert game.payoffs.values[0].tolist() == [-1.0, -1.0]
    assert game.payoffs.values[3].tolist() == [3.0, 3.0]
    # Who never invests is missing in every set of the players.
    assert all("poor" in missing for missing in runs.asked[-4:])


def test_beyond_the_most_asked_for_the_rest_are_told_as_fixed() -> None:
    sizes = {"a": 1.0, "b": 2.0, "c": 3.0}
    runs: Any = OnPaper()
    valuer: Any = Table(lambda p, missing: sizes[p] * (1 - len(missing)))
    game = game_of_plan(runs, valuer, list(sizes), most=2)
    assert game.payoffs is not None
    assert game.payoffs.names == ("b", "c")
    assert game.fixed == ("a",)


def test_without_players_there_is_one_equilibrium_and_nobody_waits() -> None:
    runs: Any = OnPaper()

    class Still:
        served = 0.7

    runs.without = lambda _missing: Still()
    valuer: Any = Table(lambda p, _: 1.0 if p == "a" else -1.0)
    told = game_json(game_of_plan(runs, valuer, ["a", "b"]))
    assert (told["least"], told["greatest"], told["waits"]) == (["a"], ["a"], [])
    assert told["coverage"] == {"worst": 0.7, "best": 0.7}


def test_rivals_get_no_least_or_greatest_in_the_object() -> None:
    payoffs = alike(2, 2.0, -4.0)
    game = PlanGame(
        payoffs=payoffs,
        coverage=np.array([0.0, 0.5, 0.4, 0.9]),
        always=(),
        never=(),
        fixed=(),
        with_all=dict.fromkeys(payoffs.names, -2.0),
        alone=dict.fromkeys(payoffs.names, 2.0),
    )
    told = game_json(game)
    assert (told["least"], told["greatest"], told["complements"]) == (None, None, False)
    assert (told["worst"], told["best"]) == (["separation"], ["mine"])
    assert told["violating_pairs"][0]["most_musd"] == 4.0


def test_without_a_game_there_are_no_tables() -> None:
    assert coordination_tables({}) == {}
