"""Reference cases with some of their tables taken away, for tests of what is then refused."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

from coercivity.tables import find_case

MONEY = (
    "companies", "projects", "price_models", "price_links", "overruns", "promises", "contracts",
    "contract_terms",
)  # fmt: skip
"""Tables of owners and of what they earn."""


def without_tables(folder: Path, *tables: str, name: str = "mini") -> Path:
    """Copy a reference case without some tables, and without the column that points to owners."""
    shutil.copytree(find_case(name), folder)
    for table in tables:
        (folder / f"{table}.csv").unlink()
    if "projects" in tables:
        _without_column(folder / "assets.csv", "project")
    return folder


def without_owners(folder: Path, *tables: str, name: str = "mini") -> Path:
    """Copy a reference case without anything about owners: plants, chains and demand stay."""
    return without_tables(folder, *MONEY, *tables, name=name)


def _without_column(file: Path, column: str) -> None:
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    kept = [{key: value for key, value in row.items() if key != column} for row in rows]
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(kept[0]))
        writer.writeheader()
        writer.writerows(kept)
