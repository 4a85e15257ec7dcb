"""What a project makes, buys, spends and builds, against sums by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coercivity.finance.projects.from_activity import operation_of_activity
from coercivity.finance.projects.from_case import operation_of_case, own_decisions
from coercivity.finance.refusals import FinanceError
from tests.finance.projects.works import close, load_works, works


def test_the_project_takes_its_options_once_and_at_their_earliest(tmp_path: Path) -> None:
    case, _ = load_works(tmp_path)
    assert [(d.option.id, d.year, d.modules) for d in own_decisions(case, "works")] == [
        ("open-pit", 2026, 1),
        ("build-plant", 2026, 1),
    ]


def test_output_cost_and_capital_are_those_of_a_sum_by_hand(tmp_path: Path) -> None:
    case, _ = load_works(tmp_path)
    found = operation_of_case(case, "works")
    assert (found.first_year, found.years, found.first_output) == (2026, 17, 2)
    running = np.arange(17) >= 2
    assert close(found.made("good"), 1.0 * running)
    assert close(found.made("side"), 2.0 * running)
    # The mill takes 10 000 t of ore, so the pit digs 10 000 of its 12 000 t.
    assert close(found.after.cost, (10_000 * 400 + 10_000 * 800) / 1e6 * running)
    assert close(found.budget, [50.0, 50.0] + [0.0] * 15)
    assert found.later.sum() == 0
    assert "ore" not in found.after.net
    assert found.stage == "refine"


def test_ore_that_others_take_is_dug_and_sold(tmp_path: Path) -> None:
    other = {"id": "other", "site": "home", "process": "mill", "nameplate_capacity": 9000}
    case, _ = load_works(tmp_path, assets=[*works()["assets"], other])
    assert operation_of_case(case, "works").made("ore").max() == pytest.approx(2.0)


def test_a_reserve_ends_digging(tmp_path: Path) -> None:
    assets = [dict(row) for row in works()["assets"]]
    assets[0]["reserve"] = 25_000
    case, _ = load_works(tmp_path, assets=assets)
    good = operation_of_case(case, "works").made("good")
    assert good.sum() == pytest.approx(2.5)
    assert good[2:6].tolist() == pytest.approx([1.0, 1.0, 0.5, 0.0])


def test_plants_that_exist_run_before_and_after(tmp_path: Path) -> None:
    assets = [dict(row) for row in works()["assets"]]
    assets[0]["nameplate_capacity"] = assets[1]["nameplate_capacity"] = 4000
    case, _ = load_works(tmp_path, assets=assets)
    found = operation_of_case(case, "works")
    assert close(found.before.net["good"], 0.4)
    assert found.made("good")[0] == pytest.approx(0.4)
    assert found.made("good")[-1] == pytest.approx(1.4)
    assert any("not counted" in note for note in found.notes)


def test_an_option_that_excludes_another_comes_alone(tmp_path: Path) -> None:
    options = [dict(row) for row in works()["options"]]
    options.append({**options[0], "id": "big-pit", "excludes": "open-pit"})
    case, _ = load_works(tmp_path, options=options)
    assert [d.option.id for d in own_decisions(case, "works")] == ["open-pit", "build-plant"]


def test_a_project_without_plants_is_refused(tmp_path: Path) -> None:
    projects = [*works()["projects"], {"id": "idea", "hurdle": 0.1}]
    case, _ = load_works(tmp_path, projects=projects)
    with pytest.raises(FinanceError, match=r"'idea' has neither a plant .* \[F109\]"):
        operation_of_case(case, "idea")


def test_activity_of_a_plan_gives_the_same_as_running_at_capacity(tmp_path: Path) -> None:
    case, _ = load_works(tmp_path)
    years = np.asarray(case.horizon.years)
    runs = np.where(years >= 2028, 10_000.0, 0.0)
    decided = own_decisions(case, "works")
    found = operation_of_activity(
        case,
        "works",
        decisions=decided,
        activity={("pit", "main"): runs, ("plant", "main"): runs},
        built_share={"pit": np.ones(len(years)), "plant": np.ones(len(years))},
    )
    alone = operation_of_case(case, "works")
    assert found.before.net == {}
    for material in ("good", "side"):
        assert close(found.after.net[material], alone.after.net[material])
    assert close(found.after.cost, alone.after.cost)
    assert close(found.budget, alone.budget)


def test_later_modules_are_no_part_of_what_lenders_lend_on(tmp_path: Path) -> None:
    options = [dict(row) for row in works()["options"]]
    options.append({**options[1], "id": "second", "earliest": 2030, "capital": 45})
    case, _ = load_works(tmp_path, options=options)
    found = operation_of_case(case, "works")
    assert found.budget.sum() == pytest.approx(100.0)
    assert found.later.sum() == pytest.approx(45.0)
