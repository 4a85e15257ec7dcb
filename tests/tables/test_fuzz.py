"""Whatever stands in a file, reading it ends in problems or in an error of this program."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coercivity.foundation.errors import CaseError
from coercivity.foundation.problems import Severity
from coercivity.tables import read_case, read_tables
from coercivity.tables.codes import CODES
from coercivity.tables.schemas import SCHEMAS

ROOM = Path(__file__).resolve().parents[2] / "src" / "coercivity" / "tables"
FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
YAML = "format: 1\ncurrency: USD\nprice_year: 2025\nperiods: [2025, 2026]\ndiscount_rate: 0.07\n"
BASE = {
    "case.yaml": YAML,
    "countries.csv": "id,group\nUSA,domestic\n",
    "sites.csv": "id,country\na,USA\n",
    "materials.csv": "id\nm\n",
}
FILES = st.sampled_from(
    [*(f"{name}.csv" for name in SCHEMAS), "case.yaml", "assets-availability.csv"]
)
CELLS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["a", "m", "USA", "1", "-1", "2030", "yes", "unlimited", "x=USA", "a;m", "1;2",
                     "s", "materials", "0.5", "2026-01-01", "kind:pool&USA", ""]),
)  # fmt: skip


def never_raises(files: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as place:
        for name, content in files.items():
            (Path(place) / name).write_bytes(content)
        case, problems = read_tables(place)
        errors = [p for p in problems if p.severity is Severity.ERROR]
        assert (case is None) == bool(errors)
        assert all(p.code in CODES and p.place.file and p.what for p in problems)
        if errors:
            with pytest.raises(CaseError, match="Nothing was solved"):
                read_case(place)


def base() -> dict[str, bytes]:
    return {name: text.encode() for name, text in BASE.items()}


@FUZZ
@given(FILES, st.binary(max_size=200))
def test_any_bytes(file: str, content: bytes) -> None:
    never_raises({**base(), file: content})


@FUZZ
@given(FILES, st.text(max_size=200))
def test_any_text(file: str, content: str) -> None:
    never_raises({**base(), file: content.encode()})


@FUZZ
@given(st.data())
def test_any_cells_under_a_good_header(data: st.DataObject) -> None:
    files = base()
    for name in data.draw(st.lists(st.sampled_from(sorted(SCHEMAS)), max_size=4, unique=True)):
        columns = st.sampled_from([*SCHEMAS[name].column_names, "source"])
        header = data.draw(st.lists(columns, min_size=1, max_size=6, unique=True))
        row = st.lists(CELLS, min_size=len(header), max_size=len(header))
        rows = data.draw(st.lists(row, max_size=4))
        quoted = [[f'"{c.replace(chr(34), chr(34) * 2)}"' for c in r] for r in [header, *rows]]
        files[f"{name}.csv"] = "\n".join(",".join(cells) for cells in quoted).encode()
    never_raises(files)


@FUZZ
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["demands", "sites", "materials", "changes", "x"]),
            st.sampled_from(["d", "a", "m", "d/", "/", ""]),
            st.sampled_from(["amount", "lat", "country", "id", "year", "tradable", "y"]),
            st.sampled_from(["", "2025", "2030"]),
            st.sampled_from(["", "1", "x", "-1", "USA", "no", "unlimited"]),
            st.sampled_from(["", "2", "0", "-1", "1e308"]),
        ),
        max_size=4,
    )
)
def test_any_changes(rows: list[tuple[str, ...]]) -> None:
    lines = "".join(f"s,{','.join(row)}\n" for row in rows)
    files = base()
    files["scenarios.csv"] = b"id\ns\n"
    files["demands.csv"] = b"id,country,amount,year\nd,USA,5e300,2025\n"
    files["changes.csv"] = f"scenario,table,key,column,year,set,factor\n{lines}".encode()
    never_raises(files)


def test_every_code_is_described_and_used() -> None:
    source = "".join(path.read_text() for path in ROOM.glob("*.py") if path.name != "codes.py")
    used = set(re.findall(r"\b([TU]\d{3})\b", source)) - {"T000"}
    assert used == set(CODES)
