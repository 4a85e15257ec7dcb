from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from coercivity.results import Run
from coercivity.studies.plan import PlanOptions, plan
from coercivity.tables import find_case
from coercivity.views.briefing import Briefing, make_briefing
from tests.views.conftest import FORMULA, IMAGE, LONG, RIGHT_TO_LEFT

NO_FONT = "名前 \U00013000"
"""Signs that the machine may have no letters for."""
TITLE = f"{IMAGE} {RIGHT_TO_LEFT} {NO_FONT}"
BANNER = f"12&B{FORMULA}{IMAGE}{NO_FONT}"


@pytest.fixture(scope="session")
def other(runs: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Plan the small case with a dearer build and without the last, dear offer."""
    return plan(altered(tmp_path_factory.mktemp("other")), runs, PlanOptions(name="other"))


@pytest.fixture(scope="session")
def steered(runs: Path, hostile: Run, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Plan a case whose title, sources and names all try to be more than text."""
    case = tmp_path_factory.mktemp("steered") / "mini"
    shutil.copytree(hostile.inputs, case)
    with (case / "sources.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "title", "publisher", "year", "address"])
        writer.writerow(["evil", FORMULA, IMAGE, LONG, f"javascript:alert(1) {RIGHT_TO_LEFT}"])
    change(case / "demands.csv", "source", "evil")
    settings = case / "case.yaml"
    text = settings.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith(("title", " "))]
    lines = [*kept, f"title: '{TITLE.replace(chr(39), chr(39) * 2)}'"]
    settings.write_text("\n".join(lines).replace("\u202e", ""), encoding="utf-8")
    return plan(case, runs, PlanOptions(name="steered"))


@pytest.fixture(scope="session")
def brief(mini: Run) -> Briefing:
    return make_briefing([mini])


@pytest.fixture(scope="session")
def evil(steered: Run) -> Briefing:
    return make_briefing([steered], banner=BANNER)


def altered(folder: Path) -> Path:
    """Write the small case with a dearer build and without the last, dear offer."""
    case = folder / "mini"
    shutil.copytree(find_case("mini"), case)
    change(case / "options.csv", "capital", "95")
    drop(case / "suppliers.csv", {"id": "chn-magnet", "step": "2", "year": "2030"})
    return case


def change(file: Path, column: str, value: str) -> None:
    """Give every row of a table the same value in a column."""
    rows = rows_of(file)
    write_rows(file, [row | {column: value} for row in rows])


def drop(file: Path, key: dict[str, str]) -> None:
    """Leave the rows with a key out of a table."""
    rows = rows_of(file)
    write_rows(file, [row for row in rows if any(row[name] != key[name] for name in key)])


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def write_rows(file: Path, rows: list[dict[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
