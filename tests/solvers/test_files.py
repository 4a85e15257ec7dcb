"""Model files read back as they were written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import highspy
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.foundation.errors import DiskError, UsageError
from coercivity.solvers import HighsModel, Matrices
from coercivity.solvers.files import lp_names

sparse = pytest.importorskip("scipy.sparse")
NAMES = ("build[north-mine,2025]", "3rd")


def named() -> HighsModel:
    return HighsModel(
        Matrices.of(
            sparse.csc_array([[1.0, 2.0]]),
            cost=[5, 7],
            upper=[1, 9],
            integrality=[1, 0],
            row_lower=[3],
            column_names=NAMES,
            row_names=["demand[a/b]"],
            offset=2.0,
        )
    )


def read(path: Path) -> Any:
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    assert solver.readModel(str(path)) == highspy.HighsStatus.kOk
    solver.run()
    return solver


@pytest.mark.parametrize(
    ("ending", "names"), [("mps", list(NAMES)), ("lp", ["build(north_mine,2025)", "_3rd"])]
)
def test_a_written_model_reads_back_with_its_names_and_cost(
    tmp_path: Path, ending: str, names: list[str]
) -> None:
    model = named()
    model.set_row_bounds([0], [4], [np.inf])
    for _ in range(2):
        model.write(tmp_path / f"model.{ending}")
    back = read(tmp_path / f"model.{ending}")
    assert sorted(back.getLp().col_names_) == sorted(names)
    assert back.getObjectiveValue() == pytest.approx(model.solve().objective)


def test_a_model_without_names_is_written_by_position(tmp_path: Path) -> None:
    HighsModel(Matrices.of(sparse.csc_array([[1.0]]), cost=[1], row_lower=[2])).write(
        tmp_path / "plain.lp"
    )
    assert "c0" in (tmp_path / "plain.lp").read_text()


def test_a_folder_that_is_missing_is_an_error_not_a_crash(tmp_path: Path) -> None:
    with pytest.raises(DiskError, match=r"cannot be written: .*Choose a folder .*\[R003\]"):
        named().write(tmp_path / "nowhere" / "model.lp")


def test_an_unknown_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"'\.txt' is not known.* use \.lp or \.mps"):
        named().write(tmp_path / "model.txt")


@given(st.lists(st.text(min_size=1, max_size=6), max_size=8))
def test_lp_names_are_as_many_and_all_different(names: list[str]) -> None:
    spelt = lp_names(names)
    assert len(set(spelt)) == len(names)
    assert all(name.isascii() and not name[0].isdigit() for name in spelt)
