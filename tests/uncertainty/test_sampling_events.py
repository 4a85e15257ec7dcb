"""Events: how often they happen, how long they last, and which happen together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.uncertainty.sampling_events import (
    EventRule,
    all_losses,
    drawn_losses,
    event_groups,
    lost_by_year,
)
from coercivity.uncertainty.scenarios import stream


def rule(name: str = "stop", **changes: object) -> EventRule:
    values: dict[str, object] = {
        "target": ("country", name),
        "rate": 0.5,
        "law": "exponential",
        "mean": 1.0,
        "deviation": 0.0,
        "depth": 1.0,
        "group": "",
    }
    return EventRule(id=name, **(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("law", "deviation"), [("fixed", 0.0), ("exponential", 2.0), ("lognormal", 1.0)]
)
def test_lengths_have_the_stated_mean_and_deviation(law: str, deviation: float) -> None:
    event = rule(law=law, mean=2.0, deviation=deviation)
    grid = (np.arange(200_000) + 0.5) / 200_000
    lengths = np.array([event.lasts(float(share)) for share in grid[::20]])
    assert lengths.mean() == pytest.approx(2.0, rel=0.01)
    assert lengths.std() == pytest.approx(deviation, rel=0.05, abs=1e-12)


def test_short_events_take_their_share_of_the_years_on_average() -> None:
    # 0.5 a year, 0.1 years each, at depth 0.4: 0.02 of each year, overlaps aside.
    event = rule(rate=0.5, law="fixed", mean=0.1, depth=0.4)
    lost = [
        drawn_losses([event], 20, stream(3, number)).get(("country", "stop"), [np.zeros(20)])[0]
        for number in range(2000)
    ]
    assert np.mean(lost) == pytest.approx(0.5 * 0.1 * 0.4, rel=0.06)


def test_the_rarer_event_of_a_group_never_comes_without_the_more_frequent() -> None:
    rare, often = rule("rare", rate=0.1), rule("often", rate=0.4)
    seen = [drawn_losses([rare, often], 10, stream(5, number)) for number in range(300)]
    assert all(("country", "often") in one for one in seen if ("country", "rare") in one)
    shares = [sum(("country", name) in one for one in seen) / 300 for name in ("rare", "often")]
    assert shares == pytest.approx([1 - np.exp(-1), 1 - np.exp(-4)], abs=0.08)


def test_events_of_one_group_on_one_target_do_not_add_up() -> None:
    pair = [rule("x", depth=0.5), rule("x", depth=0.7)]
    for number in range(50):
        for losses in drawn_losses(pair, 5, stream(9, number)).values():
            assert losses[0].max() <= 0.7 + 1e-12


def test_groups_that_happen_on_their_own_compound() -> None:
    half = {("asset", "a"): [np.array([0.5])]}
    assert all_losses([half, half])[("asset", "a")].tolist() == [0.75]


def test_events_without_a_group_stay_alone() -> None:
    groups = event_groups([rule("a"), rule("b", group="g"), rule("c", group="g")])
    assert {name: [one.id for one in rules] for name, rules in groups.items()} == {
        "event/a": ["a"],
        "group/g": ["b", "c"],
    }


spans = st.lists(
    st.tuples(st.floats(0, 10), st.floats(0, 10), st.floats(0, 1)), min_size=1, max_size=5
)


@given(st.floats(0, 10), st.floats(0, 10), st.floats(0, 1))
def test_what_a_single_event_takes_is_its_depth_times_its_length(
    begin: float, length: float, depth: float
) -> None:
    end = min(begin + length, 10.0)
    assert lost_by_year([(begin, end, depth)], 10).sum() == pytest.approx(
        depth * (end - begin), abs=1e-9
    )


def test_an_event_that_ends_a_rounding_before_the_last_year_adds_no_year() -> None:
    lost = lost_by_year([(0.0, 9.999999999999998, 1.0)], 10)
    assert lost == pytest.approx(np.ones(10))


@given(spans)
def test_the_largest_loss_holds_at_each_moment(found: list[tuple[float, float, float]]) -> None:
    events = [(begin, min(begin + length, 10.0), depth) for begin, length, depth in found]
    lost = lost_by_year(events, 10)
    grid = (np.arange(20_000) + 0.5) / 2000
    seen = np.max([depth * ((grid > b) & (grid < e)) for b, e, depth in events], axis=0)
    assert lost == pytest.approx(seen.reshape(10, -1).mean(axis=1), abs=5 * 2e-3)
