"""The mathematics is held by model files: a change of it shows as a difference in them."""

from __future__ import annotations

import difflib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from coercivity.chain import load_case
from coercivity.planning.model import PlanningModel, build_model
from tests.committed_models.cases import CASES
from tests.committed_models.renew import HERE, model_text
from tests.written_cases import planned, write_case_folder

ONLY_FOR_VINTAGES = {"modules_at_most"}


@pytest.mark.parametrize("name", CASES)
def test_the_model_is_the_one_that_was_committed(name: str) -> None:
    path = HERE / f"{name}.lp"
    lines = difflib.unified_diff(
        path.read_text(encoding="utf-8").splitlines(),
        model_text(name).splitlines(),
        "committed",
        "now",
        lineterm="",
        n=0,
    )
    difference = "\n".join(list(lines)[:60])
    assert not difference, (
        f"{path.name} differs.\n{difference}\n"
        "If this is expected, run `python tests/committed_models/renew.py` and commit the files."
    )


@pytest.mark.slow
def test_the_order_of_rows_and_columns_does_not_depend_on_hashes() -> None:
    code = "from tests.committed_models.renew import *; print(''.join(map(model_text, CASES)))"
    other = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    shown = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        cwd=HERE.parents[1],
        env={**os.environ, "PYTHONHASHSEED": other, "PYTHONPATH": str(HERE.parents[1])},
    )
    assert shown.stdout.rstrip("\n") == "".join(map(model_text, CASES)).rstrip("\n")


def _built(folder: Path, name: str) -> PlanningModel:
    tables, settings = CASES[name]
    return build_model(load_case(write_case_folder(folder / name, tables, settings))[0])


def test_every_block_and_every_family_stands_in_one_of_the_files(tmp_path: Path) -> None:
    builders = [_built(tmp_path, name).builder for name in CASES]
    blocks = {name for b in builders for name in b.blocks} - {"nothing"}
    families = {name for b in builders for name in b.families}
    assert blocks == {n for b in builders for n, block in b.blocks.items() if len(block)}
    assert families == {n for b in builders for n, f in b.families.items() if len(f.positions)}


@pytest.mark.parametrize("name", CASES)
def test_the_committed_cases_have_a_plan(name: str, tmp_path: Path) -> None:
    tables, settings = CASES[name]
    _, model, solution = planned(write_case_folder(tmp_path / name, tables, settings))
    terms = model.builder.cost_terms(solution.primal)
    assert sum(terms.values()) == pytest.approx(solution.objective, rel=1e-9)
    assert solution.bound == pytest.approx(solution.objective, rel=1e-6)
