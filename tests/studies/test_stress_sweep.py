"""The study of sweeps: going on where it was broken off, sharing the work, running out of time."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from coercivity.foundation.errors import RunError, Stopped, UsageError
from coercivity.resilience.attack import pieces
from coercivity.resilience.attack.striking import Answer, Strike, Striker
from coercivity.results import Run
from coercivity.studies.stress_sweep import SweepOptions, sweep
from coercivity.tables import find_case
from coercivity.views.stress_words import sweep_answer

PAIRS = SweepOptions(pairs=True, name="all")


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "PIECE", 4)


def told(run: Run) -> tuple[dict[str, str], dict[str, object]]:
    """Give tables and result of a run, but for the time it took."""
    tables = {name: run.table(name).to_json(double_precision=15) for name in run.tables}
    return tables, {key: value for key, value in run.result.items() if key != "seconds"}


def breaking(after: int, asked: list[Strike]) -> Callable[[Striker, Strike], Answer]:
    """Answer shocks until some were answered, then stop as a user does."""
    real = Striker.answer

    def answer(striker: Striker, strike: Strike) -> Answer:
        if len(asked) == after:
            why = "enough"
            raise Stopped(why)
        asked.append(strike)
        return real(striker, strike)

    return answer


def broken_off(runs: Path, options: SweepOptions, *, after: int) -> Path:
    """Sweep until some shocks were answered; the first of all is the undisturbed chain."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Striker, "answer", breaking(after, []))
        with pytest.raises(Stopped):
            sweep("mini", runs, options)
    return runs / "all" / "parts"


@pytest.mark.parametrize("after", [3, 8, 12])
def test_a_sweep_that_was_broken_off_ends_with_the_same_bits(tmp_path: Path, after: int) -> None:
    whole = sweep("mini", tmp_path / "whole", PAIRS)
    kept = broken_off(tmp_path / "parts", PAIRS, after=after)
    answered = sum(len(np.load(file)["value"]) for file in kept.glob("*.npz"))
    # All that was answered is kept, but for the piece that was begun.
    assert after - 1 - 4 < answered <= after - 1
    asked: list[Strike] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Striker, "answer", breaking(-1, asked))
        resumed = sweep("mini", tmp_path / "parts", PAIRS)
    assert len(asked) == 1 + whole.result["solved"] - answered
    assert told(resumed) == told(whole)
    assert not kept.exists()


def test_it_goes_on_with_any_number_of_processes(tmp_path: Path) -> None:
    whole = sweep("mini", tmp_path / "whole", PAIRS)
    broken_off(tmp_path / "parts", PAIRS, after=8)
    assert told(sweep("mini", tmp_path / "parts", replace(PAIRS, workers=2))) == told(whole)


def test_a_damaged_piece_is_answered_anew(tmp_path: Path) -> None:
    whole = sweep("mini", tmp_path / "whole", PAIRS)
    kept = broken_off(tmp_path / "parts", PAIRS, after=10)
    first, second, *_ = sorted(kept.glob("*.npz"))
    first.write_bytes(first.read_bytes()[:100])
    second.write_bytes(b"")
    assert told(sweep("mini", tmp_path / "parts", PAIRS)) == told(whole)


def test_pieces_of_another_question_are_refused(tmp_path: Path) -> None:
    broken_off(tmp_path, PAIRS, after=8)
    with pytest.raises(RunError, match="only when it is asked exactly the same"):
        sweep("mini", tmp_path, replace(PAIRS, segment="defence"))


def test_pieces_of_other_inputs_are_refused(tmp_path: Path) -> None:
    broken_off(tmp_path, PAIRS, after=8)
    case = find_case("mini")
    other = tmp_path / "mini"
    other.mkdir()
    for file in case.iterdir():
        if file.is_file():
            (other / file.name).write_bytes(file.read_bytes())
    settings = (other / "case.yaml").read_text(encoding="utf-8")
    dearer = re.sub(r"^discount_rate:.*$", "discount_rate: 0.01", settings, flags=re.MULTILINE)
    assert dearer != settings
    (other / "case.yaml").write_text(dearer, encoding="utf-8")
    with pytest.raises(RunError, match="unfinished work on other inputs|exists already"):
        sweep(other, tmp_path, PAIRS)


def test_out_of_time_says_what_was_not_tried(tmp_path: Path) -> None:
    whole = sweep("mini", tmp_path, PAIRS)
    cut = sweep("mini", tmp_path, replace(PAIRS, name="cut", time_limit=1e-9))
    left = cut.table("shocks_not_tried")
    assert (whole.manifest.status, cut.manifest.status) == ("ok", "feasible")
    assert whole.result["not_tried"] == []
    assert len(whole.table("shocks_not_tried")) == 0
    assert len(left) == len(cut.result["not_tried"]) > 0
    assert len(cut.result["shocks"]) + len(left) == len(whole.result["shocks"])
    known = {row["target"]: row["measured_more"] for row in whole.result["shocks"]}
    for row in cut.result["not_tried"]:
        assert known[row["target"]] >= row["measured_more_at_least"] - 1e-3
    assert "Time ran out before" in " ".join(sweep_answer(cut))
    assert "Time ran out" not in " ".join(sweep_answer(whole))
    # Every shock alone is looked at all the same.
    alone = [row for row in whole.result["shocks"] if " + " not in row["target"]]
    assert [row for row in cut.result["shocks"] if " + " not in row["target"]] == alone


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"workers": 0}, r"--workers 0 cannot do any work.*\[R001\]"),
        ({"time_limit": 0.0}, r"--time-limit 0 leaves no time.*\[S103\]"),
        ({"time_limit": float("nan")}, r"--time-limit nan leaves no time.*\[S103\]"),
    ],
)
def test_a_wrong_option_is_told(tmp_path: Path, change: dict[str, float], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        sweep("mini", tmp_path, replace(PAIRS, **change))  # type: ignore[arg-type]
    assert not tmp_path.joinpath("all").exists()
