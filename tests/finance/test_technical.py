"""Overrun, delay, ramp-up and availability."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.finance.refusals import FinanceError
from coercivity.finance.technical import (
    RAMP_CURVES,
    Availability,
    Delay,
    RampCurve,
    TechnicalDraws,
    TechnicalRisk,
    draw_technical,
    spent_capital,
    technical_risk,
)
from coercivity.tables import read_case
from tests.written_cases import Tables, write_case_folder

PATHS = 20_000


def draws(risk: TechnicalRisk, **more: object) -> TechnicalDraws:
    call: dict[str, object] = {
        "project": "mine",
        "planned_first_output": 2.0,
        "years": 12,
        "paths": PATHS,
        "seed": 1,
        **more,
    }
    return draw_technical(risk, **call)  # type: ignore[arg-type]


def test_the_overrun_is_the_fit_to_bertisen_and_davis() -> None:
    """Notes on investors: mean 1.14, median 0.99, twice or more on 6.1 % of paths."""
    found = draws(TechnicalRisk()).overrun
    error = found.std() / PATHS**0.5
    assert abs(found.mean() - (0.5 + math.exp(-0.705 + 0.72**2 / 2))) < 3 * error
    assert found.mean() == pytest.approx(1.14, abs=0.015)
    assert float(np.median(found)) == pytest.approx(0.994, abs=0.015)
    assert float((found >= 2).mean()) == pytest.approx(0.061, abs=0.006)
    assert found.min() > 0.5


@pytest.mark.parametrize(("mean", "deviation"), [(1.5, 1.2), (0.5, 0.4), (2.0, 2.5)])
def test_delays_have_their_mean_and_spread_and_are_never_negative(
    mean: float, deviation: float
) -> None:
    found = draws(TechnicalRisk(delay=Delay(mean, deviation)), years=3).delay
    assert found.min() >= 0
    assert abs(found.mean() - mean) < 3 * deviation / PATHS**0.5
    assert float(found.std()) == pytest.approx(deviation, rel=0.05)


def test_draws_belong_to_the_project_and_the_path() -> None:
    risk = TechnicalRisk(delay=Delay(1.0, 0.8), availability=Availability(0.9, 0.05))
    few, many = draws(risk, paths=50, years=5), draws(risk, paths=3000, years=9)
    assert (few.overrun == many.overrun[:50]).all()
    assert (few.output_share == many.output_share[:50, :5]).all()
    other = draws(risk, project="mill", paths=3000)
    assert abs(np.corrcoef(other.overrun, many.overrun)[0, 1]) < 0.06


def test_classes_of_ramp_up_hold_what_is_published() -> None:
    reached = {name: float(curve.reached(3.0)) for name, curve in RAMP_CURVES.items()}
    assert 0.95 <= reached["mcnulty-1"] <= 1.0
    assert 0.50 <= reached["mcnulty-4"] <= 0.55
    ordered = [reached[f"mcnulty-{number}"] for number in (4, 3, 2, 1)]
    assert ordered == sorted(ordered)
    for years in (0.5, 1.0, 10.0):
        at = [float(RAMP_CURVES[f"mcnulty-{number}"].reached(years)) for number in (4, 3, 2, 1)]
        assert at == sorted(at)


@given(st.floats(0.1, 1.0), st.just(0.0) | st.floats(0.05, 5.0), st.floats(0.0, 20.0))
def test_output_made_is_the_sum_of_what_is_reached(
    plateau: float, time: float, years: float
) -> None:
    curve = RampCurve(plateau, time)
    middles = (np.arange(4000) + 0.5) * years / 4000
    assert float(curve.made(years)) == pytest.approx(
        float(curve.reached(middles).sum()) * years / 4000, rel=1e-4, abs=1e-4
    )


def test_output_waits_for_the_delay() -> None:
    risk = TechnicalRisk(delay=Delay(1.25, 0.0))
    assert draws(risk, paths=1, years=5).output_share.tolist() == [[0, 0, 0, 0.75, 1.0]]


def test_later_output_is_never_more() -> None:
    curve = RAMP_CURVES["mcnulty-3"]
    late, later = (draws(TechnicalRisk(delay=Delay(d, 0.0), ramp=curve)) for d in (0.5, 1.7))
    assert (late.output_share >= later.output_share).all()


def test_availability_has_its_mean_and_spread() -> None:
    risk = TechnicalRisk(availability=Availability(0.85, 0.08))
    share = draws(risk).output_share[:, 2:]
    assert abs(share.mean() - 0.85) < 3 * 0.08 / share.size**0.5
    assert float(share.std()) == pytest.approx(0.08, rel=0.02)
    assert share.max() <= 1


def test_capital_is_spent_in_full_over_the_longer_time() -> None:
    risk = TechnicalRisk(delay=Delay(1.0, 0.9))
    found = draws(risk, years=20, paths=2000)
    plan = [30.0, 70.0, *([0.0] * 6), 8.0, *([0.0] * 11)]
    spent = spent_capital(plan, planned_first_output=2.0, draws=found)
    np.testing.assert_allclose(spent.sum(axis=1), found.overrun * 108.0)
    done = np.arange(20)[None, :] >= (2.0 + found.delay)[:, None]
    later = np.zeros(20)
    later[8] = 8.0
    np.testing.assert_allclose(
        np.where(done, spent, 0.0),
        np.where(done, found.overrun[:, None] * later, 0.0),
        atol=1e-9,
    )
    certain = TechnicalDraws(np.ones(1), np.zeros(1), np.zeros((1, 20)))
    np.testing.assert_allclose(spent_capital(plan, planned_first_output=2.0, draws=certain), [plan])


def test_a_delay_stretches_spending_evenly() -> None:
    late = TechnicalDraws(np.array([1.0, 2.0]), np.array([2.0, 1.0]), np.zeros((2, 5)))
    spent = spent_capital([10.0, 30.0, 0.0, 0.0, 4.0], planned_first_output=2.0, draws=late)
    half = [5.0, 5.0, 15.0, 15.0, 4.0]
    third = [10 * 2 / 3, 10 / 3 + 10.0, 20.0, 0.0, 4.0]
    np.testing.assert_allclose(spent, [half, [2 * part for part in third]])


def test_a_delay_beyond_the_project_is_refused_not_dropped() -> None:
    late = TechnicalDraws(np.ones(1), np.array([5.0]), np.zeros((1, 4)))
    with pytest.raises(FinanceError, match=r"year 7.00 on path 0.*more years.*F206"):
        spent_capital([10.0, 10, 0, 0], planned_first_output=2, draws=late)


def test_laws_that_cannot_be_are_refused() -> None:
    with pytest.raises(FinanceError, match="mean -1.*F206"):
        Delay(-1.0, 0.0)
    with pytest.raises(FinanceError, match="mean 0.5 and deviation 0.5.*below 0.5"):
        Availability(0.5, 0.5)


ROWS = [
    {"id": "all", "scope": "stage", "target": "making", "capital_shift": 0.5,
     "capital_mu": -0.705, "capital_sigma": 0.72, "delay_mean": 1.0, "delay_sd": 0.8,
     "ramp_class": "mcnulty-3"},
    {"id": "one", "scope": "project", "target": "works", "delay_mean": 2.0},
]  # fmt: skip


def tables_with(rows: list[dict[str, object]]) -> Tables:
    return {
        "materials": [{"id": "ore"}],
        "sites": [{"id": "town", "country": "USA"}],
        "stages": [{"id": "making", "order": 1}],
        "companies": [{"id": "owner"}],
        "projects": [{"id": "works", "company": "owner"}],
        "overruns": rows,
    }


def test_a_project_has_its_own_row_before_that_of_its_stage(tmp_path: Path) -> None:
    tables = read_case(write_case_folder(tmp_path, tables_with(ROWS)))
    of_stage = technical_risk(tables, stage="making", project="another")
    assert of_stage.delay == Delay(1.0, 0.8)
    assert of_stage.overrun.log_deviation == 0.72
    assert of_stage.ramp == RAMP_CURVES["mcnulty-3"]
    own = technical_risk(tables, stage="making", project="works")
    assert own.delay == Delay(2.0, 0.0)
    assert own.overrun.at(np.array([0.1, 0.9])).tolist() == [1.0, 1.0]
    none = technical_risk(tables, stage="elsewhere")
    assert none.delay == Delay(0.0, 0.0)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"ramp_class": "fast"}, r"overruns.*'ramp_class'.*'fast' is not known.*mcnulty-1.*F206"),
        ({"capital_mu": ""}, r"overruns.*no capital_mu.*all three.*F206"),
    ],
)
def test_rows_that_cannot_be_read_are_refused(
    tmp_path: Path, change: dict[str, object], match: str
) -> None:
    tables = read_case(write_case_folder(tmp_path, tables_with([{**ROWS[0], **change}])))
    with pytest.raises(FinanceError, match=match):
        technical_risk(tables, stage="making")
