"""Disruptions by the month: their laws, and the share of each month they take."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import expon, lognorm

from coercivity.foundation.errors import CaseError, UsageError
from coercivity.tables import read_case
from coercivity.uncertainty.disruptions import (
    Scheduled,
    drawn_by_month,
    lost_by_month,
    occupied,
    simulated_rules,
    uniforms,
    with_scheduled,
)
from coercivity.uncertainty.sampling_events import EventRule, lost_by_year
from tests.resilience.simulation.chains import ONE_SITE
from tests.written_cases import write_case_folder

SITE = ("asset", "plant")


def rule(law: str = "exponential", **more: object) -> EventRule:
    fields: dict[str, object] = {
        "id": "stop", "target": SITE, "rate": 0.5, "law": law, "mean": 0.4, "deviation": 0.3,
        "depth": 1.0, "group": "",
    }  # fmt: skip
    return EventRule(**{**fields, **more})  # type: ignore[arg-type]


def test_lengths_are_the_quantiles_of_their_laws() -> None:
    shares, spread = np.array([0.01, 0.3, 0.5, 0.99]), np.sqrt(np.log(1 + (0.3 / 0.4) ** 2))
    peers = {
        "fixed": np.full(4, 0.4),
        "exponential": expon(scale=0.4).ppf(shares),
        "lognormal": lognorm(spread, scale=0.4 * np.exp(-(spread**2) / 2)).ppf(shares),
    }
    for law, expected in peers.items():
        assert rule(law).lengths(shares) == pytest.approx(expected, rel=1e-12)
        assert rule(law).lasts(0.3) == pytest.approx(expected[1], rel=1e-12)


edges = st.lists(st.floats(0, 30), min_size=1, max_size=6)


@settings(deadline=None)
@given(edges, st.lists(st.floats(0, 10), min_size=6, max_size=6), st.floats(0.1, 0.9))
def test_losses_by_month_are_those_of_a_sweep_over_moments(
    begin: list[float], spans: list[float], shallow: float
) -> None:
    start = np.sort(np.array(begin))
    deep = start + np.array(spans[: len(start)])
    wide = start + np.array(spans[: len(start)])[::-1]
    found = lost_by_month([(start[None], deep[None], 1.0), (start[None], wide[None], shallow)], 24)[
        0
    ]
    events = [(a, b, 1.0) for a, b in zip(start, deep, strict=True)]
    events += [(a, b, shallow) for a, b in zip(start, wide, strict=True)]
    inside = [(a, min(b, 24.0), depth) for a, b, depth in events if a < 24]
    swept = lost_by_year(inside, 24) if inside else np.zeros(24)
    assert found == pytest.approx(swept, abs=1e-9)


def test_a_replication_has_its_own_numbers_whatever_the_batch() -> None:
    whole = uniforms(3, "stop", first=0, count=7, ticks=5)
    assert (whole[4:6] == uniforms(3, "stop", first=4, count=2, ticks=5)).all()
    assert (whole != uniforms(4, "stop", first=0, count=7, ticks=5)).all()
    assert (whole != uniforms(3, "other", first=0, count=7, ticks=5)).all()


def test_another_event_changes_no_draw_of_the_first() -> None:
    alone = drawn_by_month([rule()], months=60, first=0, count=50, seed=1)
    other = rule(id="ban", target=("country", "X"), rate=2.0)
    both = drawn_by_month([rule(), other], months=60, first=0, count=50, seed=1)
    assert (alone[SITE] == both[SITE]).all()


def test_failure_and_repair_take_the_analytic_share_of_time() -> None:
    one = rule(rate=0.8, mean=0.5)
    rate, repair, years = 0.8, 2.0, 10.0
    total = rate + repair
    known = rate / total * (years - (1 - np.exp(-total * years)) / total) / years
    lost = drawn_by_month([one], months=120, first=0, count=20_000, seed=2)[SITE].mean(axis=1)
    error = lost.std(ddof=1) / np.sqrt(len(lost))
    assert abs(lost.mean() - known) < 3.5 * error
    assert error < 0.01 * known


def test_events_of_a_group_happen_together_at_their_own_rates() -> None:
    often = rule(id="often", rate=1.0, group="g", law="fixed", mean=0.05)
    seldom = rule(id="seldom", rate=0.25, group="g", target=("country", "X"), law="fixed",
                  mean=0.05)  # fmt: skip
    lost = drawn_by_month([often, seldom], months=240, first=0, count=2000, seed=4)
    first, second = lost[SITE] > 0, lost["country", "X"] > 0
    assert (first | ~second).all()
    # A fixed length takes up rate x length of the time, but for ticks that overlap.
    assert lost["country", "X"].mean() == pytest.approx(1 - np.exp(-0.25 * 0.05), rel=0.05)


def test_what_is_certain_compounds_with_what_is_drawn() -> None:
    drawn = {SITE: np.full((2, 3), 0.5)}
    found = with_scheduled(drawn, [Scheduled(SITE, 2, 1, 0.5)], months=3, count=2)
    assert found[SITE].tolist() == [[0.5, 0.75, 0.5]] * 2


def test_a_span_beyond_the_end_is_cut() -> None:
    found = occupied(np.array([[1.5, 40.0]]), np.array([[9.0, 50.0]]), 3)
    assert found.tolist() == [[0.0, 0.5, 1.0]]


@pytest.mark.parametrize("wrong", [(0, 1.0, 1.0), (1, 0.0, 1.0), (1, 1.0, 0.0), (1, 1.0, 1.5)])
def test_a_disruption_of_no_time_or_share_is_refused(wrong: tuple[int, float, float]) -> None:
    with pytest.raises(UsageError, match=r"lasts longer than no time.*\[S201\]"):
        Scheduled(SITE, wrong[0], wrong[1], wrong[2])


def test_an_event_without_a_length_is_refused_with_its_row(tmp_path: Path) -> None:
    rows = [
        {"id": "ban", "scope": "country", "target": "USA", "rate": 0.1, "duration_mean": 0},
        {"id": "fine", "scope": "country", "target": "USA", "rate": 0.1, "duration_mean": 1},
    ]
    tables = read_case(write_case_folder(tmp_path, {**ONE_SITE, "events": rows}))
    with pytest.raises(CaseError, match=r"event 'ban' has rate 0.1 a year") as told:
        simulated_rules(tables)
    assert [problem.code for problem in told.value.problems] == ["S202"]
