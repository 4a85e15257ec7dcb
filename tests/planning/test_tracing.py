from __future__ import annotations

import pytest

from coercivity.planning.tracing import LAST_STEP, Kind, Origin, Web, trace

USA = Origin("USA", Kind.MADE)
JPN = Origin("JPN", Kind.BOUGHT)
STAGES = {"ore": {"mining"}, "good": {"mining", "making"}, "iron": set[str]()}


def test_a_tonne_that_nobody_mixed_has_one_origin() -> None:
    web = Web(STAGES)
    mine = web.point("mine", {"mining": USA})
    assert trace(web, "mining", [mine]) == {mine: {USA: 1.0}}


def test_a_plant_takes_its_mines_in_the_shares_in_which_they_supply_it() -> None:
    web = Web(STAGES)
    own, other = web.point("own", {"mining": USA}), web.point("other", {"mining": JPN})
    plant, pool = web.point("plant", {"making": USA}), web.point("pool")
    web.move(own, plant, "ore", 3.0)
    web.move(other, plant, "ore", 1.0)
    web.move(plant, pool, "good", 2.0)
    assert trace(web, "mining", [pool])[pool] == pytest.approx({USA: 0.75, JPN: 0.25})
    assert trace(web, "making", [pool])[pool] == {USA: 1.0}


def test_what_a_stage_cannot_lie_behind_does_not_count() -> None:
    web = Web(STAGES)
    own, rust = web.point("own", {"mining": USA}), web.point("rust")
    plant = web.point("plant")
    web.move(own, plant, "ore", 1.0)
    web.move(rust, plant, "iron", 9.0)
    assert trace(web, "mining", [plant])[plant] == {USA: 1.0}


def test_a_way_that_passes_no_such_stage_leaves_its_part_untold() -> None:
    web = Web(STAGES)
    own, found = web.point("own", {"mining": USA}), web.point("found")
    pool = web.point("pool")
    web.move(own, pool, "ore", 1.0)
    web.move(found, pool, "ore", 3.0)
    assert trace(web, "mining", [pool])[pool] == pytest.approx({USA: 0.25})


def test_the_later_passing_of_a_stage_counts() -> None:
    web = Web(STAGES)
    first, second = web.point("first", {"making": JPN}), web.point("second", {"making": USA})
    pool = web.point("pool")
    web.move(first, second, "good", 1.0)
    web.move(second, pool, "good", 1.0)
    assert trace(web, "making", [pool])[pool] == {USA: 1.0}


def test_tonnes_that_go_round_have_the_origin_of_those_that_enter() -> None:
    """Half of what leaves the plant comes back to it: x = 1/2 own + 1/2 x."""
    web = Web(STAGES)
    own, plant, pool = web.point("own", {"mining": USA}), web.point("plant"), web.point("pool")
    web.move(own, plant, "ore", 1.0)
    web.move(plant, pool, "good", 2.0)
    web.move(pool, plant, "good", 1.0)
    assert trace(web, "mining", [pool])[pool] == pytest.approx({USA: 1.0})


def test_a_circle_that_nothing_enters_tells_nothing() -> None:
    web = Web(STAGES)
    here, there = web.point("here"), web.point("there")
    web.move(here, there, "ore", 1.0)
    web.move(there, here, "ore", 1.0)
    assert trace(web, "mining", [here]) == {here: {}}


def test_the_last_step_lies_on_every_way() -> None:
    web = Web({"good": ()})
    shop, pool = web.point("shop", {LAST_STEP: JPN}), web.point("pool")
    web.move(shop, pool, "good", 1.0)
    assert trace(web, LAST_STEP, [pool])[pool] == {JPN: 1.0}
