from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from coercivity.results import Request, Run, RunWriter


def write_case(folder: Path) -> None:
    (folder / "case.yaml").write_text("name: mini\n", encoding="utf-8")
    (folder / "assets.csv").write_text("id,size\na,5\n", encoding="utf-8")


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return tmp_path / "runs"


@pytest.fixture
def builds() -> pd.DataFrame:
    return pd.DataFrame({"asset": ["NA", "mp-2"], "size": [5.0, 7.5], "year": [2028, 2030]})


Start = Callable[..., RunWriter]


@pytest.fixture
def start(runs: Path) -> Start:
    def begin(name: str | None = "first", **request: Any) -> RunWriter:
        wanted = {"verb": "plan", "case": "mini", "options": {"gap": 0.01}} | request
        return RunWriter(runs, Request(name=name, **wanted), write_inputs=write_case)

    return begin


@pytest.fixture
def finished(start: Start, builds: pd.DataFrame) -> Run:
    with start(seed=7) as writer:
        writer.progress("build", 0.1)
        writer.table("builds", builds, units={"size": "t/year"})
        return writer.finish(
            "optimal",
            result={"objective": 1.5, "builds": [{"asset": "NA"}]},
            kpis={"cost_musd": 1.5},
            seconds={"solve": 0.25},
            solver="highs",
            gap=0.004,
            headline="1.5 M USD",
        )
