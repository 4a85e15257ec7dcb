"""Plans on paper: each set of projects has a cost, and a package whose cost may depend on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.alignment.fixed_point import Aligned, Ending, Planned, settle
from coercivity.foundation.errors import UsageError

Sets = tuple[str, ...]


class Paper:
    """Plans the cheapest of some sets; counts how often it is asked."""

    def __init__(
        self,
        costs: Mapping[str, float],
        package: Callable[[str], Mapping[str, float]],
        *,
        refused: Sets = (),
    ) -> None:
        self.costs, self.package, self.refused = costs, package, refused
        self.aligned: list[str] = []

    def plan(self, adders: Mapping[str, float]) -> Planned:
        best = min(
            self.costs,
            key=lambda one: (self.costs[one] + sum(adders.get(p, 0.0) for p in one), one),
        )
        return Planned(best, self.costs[best])

    def align(self, planned: Planned) -> Aligned:
        key = str(planned.key)
        self.aligned.append(key)
        found = self.package(key)
        return Aligned(found, sum(found.values()), key not in self.refused)


def test_a_plan_that_needs_nothing_is_stable_at_once() -> None:
    paper = Paper({"a": 5.0, "b": 7.0}, lambda key: dict.fromkeys(key, 0.0))
    found = settle(paper.plan, paper.align)
    assert found.stable
    assert [one.planned.key for one in found.rounds] == ["a"]
    assert found.society is found.taxpayer is found.rounds[0]


def test_a_dear_package_turns_the_plan_and_both_winners_are_told() -> None:
    paper = Paper({"a": 10.0, "b": 13.0}, lambda key: {"a": {"a": 5.0}, "b": {"b": 0.0}}[key])
    found = settle(paper.plan, paper.align)
    assert found.stable
    assert [one.planned.key for one in found.cycle] == ["b"]
    assert found.society is not None
    assert found.taxpayer is not None
    assert (found.society.planned.key, found.taxpayer.planned.key) == ("a", "b")


def test_a_package_that_is_dear_only_where_it_is_used_goes_round_and_the_cycle_is_told() -> None:
    # Each plan makes itself dear and the other one cheap.
    packages = {"a": {"a": 5.0, "b": 0.0}, "b": {"a": 0.0, "b": 5.0}}
    paper = Paper({"a": 10.0, "b": 10.5}, lambda key: packages[key])
    found = settle(paper.plan, paper.align, damping=1.0)
    assert not found.stable
    assert {one.planned.key for one in found.cycle} == {"a", "b"}
    assert sorted(paper.aligned) == ["a", "b"], "a plan was aligned twice"


def test_without_rounds_to_settle_nothing_is_called_a_cycle() -> None:
    paper = Paper({"a": 10.0, "b": 13.0}, lambda key: {"a": {"a": 5.0}, "b": {"b": 0.0}}[key])
    found = settle(paper.plan, paper.align, rounds=1)
    assert not found.stable
    assert found.cycle == ()
    assert len(found.rounds) == 1


def test_a_plan_that_nobody_accepts_wins_nothing() -> None:
    paper = Paper({"a": 10.0}, lambda _: {"a": 5.0}, refused=("a",))
    found = settle(paper.plan, paper.align)
    assert found.stable
    assert found.society is None
    assert found.taxpayer is None


@given(
    st.dictionaries(
        st.sampled_from(["a", "b", "c", "ab", "bc", "abc"]),
        st.integers(0, 30).map(float),
        min_size=1,
    ),
    st.dictionaries(st.sampled_from("abc"), st.integers(0, 20).map(float)),
    st.sampled_from([0.3, 0.5, 1.0]),
)
def test_costs_that_do_not_depend_on_the_plan_always_settle_where_enumeration_says(
    costs: dict[str, float], package: dict[str, float], damping: float
) -> None:
    paper = Paper(costs, lambda key: {p: package.get(p, 0.0) for p in key})
    found = settle(paper.plan, paper.align, rounds=60, damping=damping)
    whole = {key: costs[key] + sum(package.get(p, 0.0) for p in key) for key in costs}
    assert found.stable
    (last,) = found.cycle
    assert whole[str(last.planned.key)] == pytest.approx(min(whole.values()))
    visited = [str(one.planned.key) for one in found.rounds]
    assert len(visited) == len(set(visited)) == len(paper.aligned)
    assert found.society is not None
    assert found.society.planned.cost == min(costs[key] for key in visited)
    least = min(sum(package.get(p, 0.0) for p in key) for key in visited)
    assert found.taxpayer is not None
    assert found.taxpayer.aligned.public_cost == least


@given(st.lists(st.integers(0, 9), min_size=3, max_size=3), st.integers(1, 12))
def test_a_cycle_is_made_of_plans_that_were_visited(bases: list[int], rounds: int) -> None:
    names = "abc"
    costs = {n: 10.0 + b / 10 for n, b in zip(names, bases, strict=True)}
    packages = {n: {m: 8.0 if m == n else 0.0 for m in names} for n in names}
    paper = Paper(costs, lambda key: packages[key])
    found = settle(paper.plan, paper.align, rounds=rounds, damping=1.0)
    assert not found.stable, "each plan makes itself the dearest"
    visited = [one.planned.key for one in found.rounds]
    assert {one.planned.key for one in found.cycle} <= set(visited)
    if rounds >= 4:
        assert len(found.cycle) == 2
        assert paper.plan(found.cycle[-1].aligned.adders).key == found.cycle[0].planned.key


@pytest.mark.parametrize(("rounds", "damping"), [(0, 0.5), (3, 0.0), (3, 1.5)])
def test_numbers_that_make_no_sense_are_refused(rounds: int, damping: float) -> None:
    paper = Paper({"a": 1.0}, lambda _: {})
    with pytest.raises(UsageError, match="at least one round"):
        settle(paper.plan, paper.align, rounds=rounds, damping=damping)


def test_it_says_why_it_ended() -> None:
    still = Paper({"a": 5.0}, lambda key: dict.fromkeys(key, 0.0))
    assert settle(still.plan, still.align).ending is Ending.STABLE
    moved = Paper({"a": 10.0, "b": 13.0}, lambda key: {"a": {"a": 5.0}, "b": {"b": 0.0}}[key])
    assert settle(moved.plan, moved.align, rounds=1).ending is Ending.ROUNDS


def test_where_the_time_is_over_what_was_visited_is_told() -> None:
    paper = Paper({"a": 10.0, "b": 13.0}, lambda key: {"a": {"a": 5.0}, "b": {"b": 0.0}}[key])
    found = settle(lambda adders: None if adders else paper.plan(adders), paper.align)
    assert found.ending is Ending.TIME
    assert [one.planned.key for one in found.rounds] == ["a"]
    assert found.cycle == ()
    assert found.society is found.rounds[0]
