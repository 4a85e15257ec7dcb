from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path
from threading import Event

import pytest

from coercivity.foundation.errors import UsageError
from coercivity.planning.near import NearPlans, near_plans
from coercivity.planning.near.search import cost_limit
from coercivity.planning.solve import PlanProgress
from tests.planning.near.enumerated import Enumerated, random_case
from tests.small_chains import plant, years
from tests.written_cases import Rows, planned, write_case_folder

SEEDS = range(10)
EPSILONS = (0.0, 0.02, 0.1, 0.4)


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> list[Enumerated]:
    folder = tmp_path_factory.mktemp("near")
    return [random_case(folder, seed) for seed in SEEDS]


def near(case: Enumerated, epsilon: float, **more: int) -> NearPlans:
    return near_plans(case.model, case.solution, epsilon=epsilon, **more)  # type: ignore[arg-type]


def verdict_of(plans: list[dict[str, int]], option: str) -> str:
    """Say by looking at every plan what the verdict on an option is."""
    built = [modules[option] > 0 for modules in plans]
    if all(built):
        return "must"
    return "could" if any(built) else "never"


@pytest.mark.parametrize("epsilon", EPSILONS)
def test_verdicts_are_those_of_looking_at_every_plan(
    cases: list[Enumerated], epsilon: float
) -> None:
    for case in cases:
        found = near(case, epsilon, alternatives=0)
        plans = case.within(found.limit)
        wanted = {one.option: verdict_of(plans, one.option) for one in found.options}
        assert {one.option: one.verdict for one in found.options} == wanted


def test_the_cases_hold_every_verdict(cases: list[Enumerated]) -> None:
    found = [one for case in cases for one in near(case, 0.1, alternatives=0).options]
    assert {one.verdict for one in found} == {"must", "could", "never"}
    assert {one.proof for one in found} == {"relaxation", "search", "witness"}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_assets_that_are_kept_or_not_change_nothing_about_that(tmp_path: Path, seed: int) -> None:
    case = random_case(tmp_path, seed, states=True)
    assert len(case.model.states.kept) > 0
    for epsilon in (0.02, 0.3):
        found = near(case, epsilon, alternatives=0)
        plans = case.within(found.limit)
        for one in found.options:
            assert one.verdict == verdict_of(plans, one.option)


@pytest.mark.parametrize("epsilon", EPSILONS)
def test_no_plan_has_fewer_or_more_modules_than_is_said(
    cases: list[Enumerated], epsilon: float
) -> None:
    for case in cases:
        found = near(case, epsilon)
        for one in found.options:
            counts = {modules[one.option] for modules in case.within(found.limit)}
            assert one.least_modules <= min(counts)
            assert one.most_modules >= max(counts)
            assert {one.fewest_found, one.greatest_found} <= counts


@pytest.mark.parametrize("epsilon", EPSILONS)
def test_alternatives_are_plans_within_the_limit_and_all_different(
    cases: list[Enumerated], epsilon: float
) -> None:
    number = 0
    for case in cases:
        found = near(case, epsilon)
        lists = [case.modules()]
        for plan in found.alternatives:
            modules = dict.fromkeys(lists[0], 0)
            for build in plan.builds:
                modules[build["option"]] += build["modules"]
            assert plan.objective <= found.limit + 1e-6
            assert any(m == modules and abs(c - plan.objective) < 1e-6 for c, m in case.plans)
            assert modules not in lists
            lists.append(modules)
        different = {tuple(modules.items()) for modules in case.within(found.limit)}
        assert len(found.alternatives) <= 5
        assert (len(found.alternatives) > 0) == (len(different) > 1)
        number += len(found.alternatives)
    assert number or epsilon == 0


def test_alternatives_come_no_nearer_than_they_say(cases: list[Enumerated]) -> None:
    for case in cases:
        apart = [plan.apart for plan in near(case, 0.2).alternatives]
        assert all(distance > 0 for distance in apart)


def test_nearer_plans_agree_on_more(cases: list[Enumerated]) -> None:
    for case in cases:
        found = [near(case, epsilon, alternatives=0) for epsilon in EPSILONS]
        for narrow, wide in pairwise(found):
            assert set(wide.having("must")) <= set(narrow.having("must"))
            assert set(wide.having("never")) <= set(narrow.having("never"))
            assert set(wide.having("could")) >= set(narrow.having("could"))


def test_the_same_question_has_the_same_answer(cases: list[Enumerated]) -> None:
    for case in cases[:3]:
        assert near(case, 0.1).as_json() == near(case, 0.1).as_json()


@pytest.mark.parametrize("effort", [0, 3, 8, 20])
def test_too_little_effort_leaves_options_open_and_nothing_wrong(
    cases: list[Enumerated], effort: int
) -> None:
    for case in cases:
        found = near(case, 0.1, effort=effort)
        plans = case.within(found.limit)
        for one in found.options:
            assert one.verdict in {"open", verdict_of(plans, one.option)}
            assert one.proven == (one.verdict != "open")


def test_no_effort_solves_nothing(cases: list[Enumerated]) -> None:
    found = near(cases[0], 0.1, effort=0)
    assert found.programs == 0
    assert {one.verdict for one in found.options} == {"open"}


def test_a_stop_keeps_what_is_known(cases: list[Enumerated]) -> None:
    stop = Event()
    stop.set()
    case = cases[0]
    found = near_plans(case.model, case.solution, epsilon=0.1, stop=stop)
    assert found.halted
    assert {one.verdict for one in found.options} == {"open"}
    assert found.plans_found == 1
    assert found.alternatives == ()


def test_no_time_leaves_everything_open(cases: list[Enumerated]) -> None:
    case = cases[0]
    found = near_plans(case.model, case.solution, epsilon=0.1, time_limit=0.0)
    assert found.halted
    assert {one.verdict for one in found.options} == {"open"}


def test_progress_is_told(cases: list[Enumerated]) -> None:
    told: list[PlanProgress] = []
    case = cases[0]
    near_plans(case.model, case.solution, epsilon=0.1, on_progress=told.append)
    assert told
    assert all(one.objective == case.solution.objective for one in told)


@pytest.mark.parametrize("epsilon", [-0.01, math.nan, math.inf])
def test_refuses_a_share_that_is_none(cases: list[Enumerated], epsilon: float) -> None:
    with pytest.raises(UsageError, match=r"--near .* share of the gain .*\[R001\]"):
        near(cases[0], epsilon)


def test_refuses_columns_by_vintage(tmp_path: Path) -> None:
    folder = write_case_folder(tmp_path / "case", plant(options=[{"id": "new", "capital": 0.1}]))
    _, model, solution = planned(folder, vintages=True)
    with pytest.raises(UsageError, match=r"cumulative .*\[R001\]"):
        near_plans(model, solution, epsilon=0.1)


def hand_made(folder: Path, options: Rows, epsilon: float) -> NearPlans:
    path = write_case_folder(folder / "case", plant(options=options), years(2025, 2026, 2027))
    _, model, solution = planned(path)
    return near_plans(model, solution, epsilon=epsilon)


def test_without_a_gain_the_share_is_of_the_objective(tmp_path: Path) -> None:
    # Two years without the good cost 2 million; the module would cost 2.1 million.
    found = hand_made(tmp_path, [{"id": "new", "capital": 2.1}], 0.04)
    assert found.share_of == "objective"
    assert found.limit == pytest.approx(2.08)
    assert found.having("never") == ("new",)
    wider = hand_made(tmp_path / "wider", [{"id": "new", "capital": 2.1}], 0.06)
    assert wider.having("could") == ("new",)


def test_the_limit_is_a_share_of_the_gain(tmp_path: Path) -> None:
    # The plan costs 0.5 million and saves 1.5 of the 2 million of two years.
    found = hand_made(tmp_path, [{"id": "new", "capital": 0.5}], 0.1)
    assert found.share_of == "gain"
    assert found.limit == pytest.approx(0.65)
    assert found.having("must") == ("new",)


TWINS: Rows = [{"id": "one", "capital": 0.5}, {"id": "other", "capital": 0.5}]


def test_twins_cannot_be_told_apart(tmp_path: Path) -> None:
    found = hand_made(tmp_path, TWINS, 0.1)
    assert found.having("could") == ("one", "other")
    assert [one.extra_cost for one in found.options] == pytest.approx([0.0, 0.0])
    assert [one.distinguishable for one in found.options] == [False, False]


def test_one_option_that_matters_can_be_told_apart(tmp_path: Path) -> None:
    found = hand_made(tmp_path, [{"id": "new", "capital": 0.5}], 0.1)
    assert found.options[0].distinguishable is True
    assert found.options[0].least_extra_cost is None or found.options[0].least_extra_cost > 0


def test_tables_and_json_say_the_same(cases: list[Enumerated]) -> None:
    found = near(cases[1], 0.1)
    table, json = found.tables()["near"].frame, found.as_json()
    for verdict, key in (("must", "must_build"), ("never", "never_build")):
        assert json[key] == table[table["verdict"] == verdict]["option"].tolist()
    could = table[table["verdict"].isin(["could", "open"])]
    assert json["could_build"] == could["option"].tolist()
    told = {one["option"]: one["proven"] for one in json["near"]["options"]}
    assert told == dict(zip(table["option"], table["verdict"] != "open", strict=True))
    builds = found.tables()["alternatives"].frame
    assert len(builds) == sum(len(plan["builds"]) for plan in json["alternatives"])
    for number, plan in enumerate(json["alternatives"], start=1):
        own = builds[builds["alternative"] == number]
        assert own["modules"].sum() == sum(build["modules"] for build in plan["builds"])


def test_every_number_has_a_unit(cases: list[Enumerated]) -> None:
    for table in near(cases[1], 0.1).tables().values():
        numbers = table.frame.select_dtypes("number").columns
        assert set(numbers) - set(table.units) <= {"alternative", "decision_year"}


def test_the_limit_grows_with_the_share(cases: list[Enumerated]) -> None:
    solution = cases[0].solution
    limits = [cost_limit(solution, epsilon=epsilon)[0] for epsilon in EPSILONS]
    assert limits[0] == solution.objective
    assert limits == sorted(limits)
