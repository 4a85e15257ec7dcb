from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from coercivity.results import Run
from coercivity.studies.plan import PlanOptions, plan
from coercivity.tables import find_case

IMAGE = "<img src=x onerror=alert(1)>"
FORMULA = "=cmd|' /C calc'!A0"
LONG = "long " * 1000
RIGHT_TO_LEFT = "\u202eمغناطيس {b|x} </script>]]>\"'"


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="session")
def mini(runs: Path) -> Run:
    return plan(find_case("mini"), runs, PlanOptions(name="mini"))


@pytest.fixture(scope="session")
def hostile(runs: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Plan the small case with names that try to be more than names."""
    case = tmp_path_factory.mktemp("hostile") / "mini"
    shutil.copytree(find_case("mini"), case)
    rename(case / "sites.csv", {"mountain": IMAGE, "works": LONG, "usa": RIGHT_TO_LEFT})
    rename(case / "countries.csv", {"USA": IMAGE, "JPN": RIGHT_TO_LEFT, "CHN": LONG})
    rename(case / "stages.csv", {"mining": FORMULA, "magnet": LONG, "separation-light": IMAGE})
    rename(case / "assets.csv", {"magnet-plant": IMAGE, "mine": FORMULA})
    rename(case / "segments.csv", {"defence": FORMULA, "industry": RIGHT_TO_LEFT})
    rename(case / "elements.csv", {"NdPr": LONG})
    rename(case / "origin_classes.csv", {"dfars": IMAGE})
    return plan(case, runs, PlanOptions(name="hostile"))


def rename(file: Path, names: Mapping[str, str]) -> None:
    """Give rows of a table other names."""
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    columns = list(rows[0])
    for row in rows:
        row["name"] = names.get(row["id"], row["name"])
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns)
        writer.writeheader()
        writer.writerows(rows)
