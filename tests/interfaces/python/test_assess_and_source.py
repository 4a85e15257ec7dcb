from __future__ import annotations

from pathlib import Path

from coercivity.interfaces.python.assessing import assess
from coercivity.interfaces.python.sourcing import source
from tests.observed_chains import observed, write_chain


def test_four_lines_of_python_assess(tmp_path: Path) -> None:
    rows = observed(
        {"country": "CHN", "stage": "dig", "amount": 60},
        {"country": "USA", "stage": "dig", "amount": 40},
        {"country": "USA", "stage": "forge", "amount": 5, "year": 2023},
        {"country": "CHN", "stage": "forge", "amount": 95, "year": 2023},
    )
    run = assess(write_chain(tmp_path, observations=rows), runs=tmp_path / "runs", name="now")
    assert (run.id, run.year) == ("now", 2024)
    assert "output_t [t/year]" in run.stages.columns
    assert "Digging: CHN 60.0 %" in run.answer
    assert run.notes == ["Forging: not counted as a whole in 2024; the last year is 2023"]
    assert repr(run).startswith("AssessRun('now'): The largest maker")


def test_four_lines_of_python_source(tmp_path: Path) -> None:
    case = write_chain(tmp_path)
    run = source(case, segment="defence", date="2027-01-01", runs=tmp_path / "runs", name="buy")
    assert run.id == "buy"
    assert list(run.suppliers["qualified"]) == [True, False]
    assert "capacity_t [t/year]" in run.suppliers.columns
    assert run.lines.empty
    assert run.cover_months["VNM"] == 0.0
    assert "part 1 of 2" in run.answer
