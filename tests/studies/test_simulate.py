"""The study of simulations: runs, refusals, and going on where it was broken off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from coercivity.foundation.errors import Stopped, UsageError
from coercivity.resilience.simulation import replications
from coercivity.results import Run
from coercivity.studies import simulate as study
from coercivity.studies.simulate import SimulateOptions, simulate
from tests.stripped_cases import without_tables

BAN = SimulateOptions(
    months=24, replications=20, lose=("country:CHN@7+12",), events=False, name="ban"
)


def test_a_year_without_the_only_origin_is_lost(tmp_path: Path) -> None:
    """400 t of defence and 1900 of 2000 t of civil demand a year come from there (mini, 2025)."""
    found = simulate("mini", tmp_path, BAN).result
    assert found["lost_t"]["defence"]["mean"] == pytest.approx(400)
    assert found["recovery_months"]["defence"]["p95"] == pytest.approx(12)
    assert found["shortfall_t"]["industry"]["mean"] == pytest.approx(
        found["planned_shortfall_t"]["industry"] + found["lost_t"]["industry"]["mean"]
    )
    assert found["shortfall_t"]["defence"]["standard_error"] == pytest.approx(0, abs=1e-9)


def test_two_policies_meet_the_same_events(tmp_path: Path) -> None:
    options = replace(BAN, lose=("country:CHN@7+12x0.5",), against_policy="ration")
    found = simulate("mini", tmp_path, options).result
    gap = found["difference_t"]["defence"]
    assert gap["mean"] < 0
    assert gap["low"] <= gap["mean"] <= gap["high"]


def test_a_policy_beside_itself_makes_no_difference(tmp_path: Path) -> None:
    found = simulate("mini", tmp_path, replace(BAN, against_policy="defence-first")).result
    assert all(gap["mean"] == 0 for gap in found["difference_t"].values())


def _tables(run: Run) -> dict[str, str]:
    return {name: run.table(name).to_json(double_precision=15) for name in run.tables}


def test_a_run_that_was_broken_off_ends_with_the_same_bits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replications, "BATCH", 8)
    options = replace(BAN, replications=24)
    whole = simulate("mini", tmp_path / "whole", options)
    done: list[int] = []
    real = replications.run_batch

    def breaks(*args: object, **more: object) -> object:
        if len(done) == 2:
            why = "enough"
            raise Stopped(why)
        done.append(1)
        return real(*args, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(study, "run_batch", breaks)
        with pytest.raises(Stopped):
            simulate("mini", tmp_path / "parts", options)
    kept = sorted((tmp_path / "parts" / "ban" / "parts").glob("own-*.npz"))
    assert [file.name for file in kept] == ["own-0.npz", "own-8.npz"]
    again: list[int] = []

    def counts(*args: object, **more: object) -> object:
        again.append(1)
        return real(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(study, "run_batch", counts)
    resumed = simulate("mini", tmp_path / "parts", options)
    assert len(again) == 1
    assert _tables(resumed) == _tables(whole)
    assert resumed.result == whole.result


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"months": 0}, r"--months 0: a replication lasts from 1 .*\[S206\]"),
        ({"replications": 3}, r"--replications 3: .*needs at least 20.*\[S206\]"),
        ({"lose": ("country:CHM@1+2",)}, r"'CHM' is no country.*Did you mean 'CHN'.*\[S201\]"),
        ({"lose": ("country:CHN@1+0",)}, r"lasts longer than no time.*\[S201\]"),
        ({"lose": ("country:CHN@25+1",)}, r"begins in month 25 of 24.*\[S201\]"),
        ({"lose": ("planet:CHN@1+1",)}, r"cannot be read.*scopes are asset.*\[S201\]"),
        ({"surge": ("defence=-2@1+1",)}, r"a factor above 0.*\[S201\]"),
        ({"surge": ("defense=2@1+1",)}, r"Did you mean 'defence'.*\[S201\]"),
        ({"price_shock": ("magnet=2@1+1",)}, r"is no material with an elasticity.*\[S201\]"),
        ({"policy": "rations"}, r"Did you mean 'ration'.*\[S203\]"),
        ({"year": 1999}, r"--year 1999 is not reported.*\[S102\]"),
    ],
)
def test_what_cannot_be_simulated_is_refused(
    tmp_path: Path, change: dict[str, object], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        simulate("mini", tmp_path, replace(BAN, **change))  # type: ignore[arg-type]


def test_a_case_without_events_says_that_nothing_can_happen(tmp_path: Path) -> None:
    case = without_tables(tmp_path / "calm", "events")
    with pytest.raises(UsageError, match=r"Nothing can happen to 'mini'.*\[S207\]"):
        simulate(str(case), tmp_path, replace(BAN, lose=(), events=True))


def test_chains_of_other_segments_are_not_compared(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\[S205\]"):
        simulate("mini", tmp_path, replace(BAN, lose=("country:CHN@7+12",), against="us-tungsten"))
