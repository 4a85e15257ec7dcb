"""Runs with tables that no engine made, as an engine would have written them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from coercivity.results import Run
from coercivity.results.frames import arrow_table
from coercivity.results.run import open_run

Made = Mapping[str, tuple[pd.DataFrame, Mapping[str, str]]]
"""Tables by name, each with the units of its columns."""
FRONTIER_UNITS = {
    "limit_t": "t/year",
    "shortfall_t": "t/year",
    "cost_musd": "million USD2025, present value",
    "bound_musd": "million USD2025, present value",
}


def with_tables(run: Run, folder: Path, tables: Made) -> Run:
    """Copy a run and add tables to the copy."""
    shutil.copytree(run.path, folder)
    for name, (frame, units) in tables.items():
        pq.write_table(arrow_table(name, frame, units=units), folder / "tables" / f"{name}.parquet")
    file = folder / "run.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    manifest["tables"] = sorted({*manifest["tables"], *tables})
    file.write_text(json.dumps(manifest), encoding="utf-8")
    return open_run(folder)


def frontier_rows(
    segment: str, origin: str | None, shortfalls: Mapping[float, float], years: Mapping[int, float]
) -> pd.DataFrame:
    """Give points of a frontier: the cost of each shortfall and of each year, all proven."""
    missing = [
        {"kind": "shortfall", "limit_t": t, "shortfall_t": t, "year": None, "cost_musd": cost}
        for t, cost in shortfalls.items()
    ]
    dated = [
        {"kind": "year", "limit_t": 0.0, "shortfall_t": 0.0, "year": year, "cost_musd": cost}
        for year, cost in years.items()
    ]
    frame = pd.DataFrame([*missing, *dated])
    frame["year"] = frame["year"].astype("Int64")
    return frame.assign(
        segment=segment, **{"class": origin}, bound_musd=frame["cost_musd"], status="optimal"
    )


def write_crowd(case: Path, folder: Path, *, sites: int) -> Path:
    """Write the small case with many mines, in rows across the country, each with a road."""
    crowd = folder / "crowd"
    shutil.copytree(case, crowd)
    places = [(f"mine-{n}", 30 + n % 17, -120 + 2.5 * (n // 17)) for n in range(sites)]
    added = {
        "sites": [
            {"id": p, "name": f"The mine of place {p}", "country": "USA", "kind": "plant",
             "lat": lat, "lon": lon}
            for p, lat, lon in places
        ],
        "assets": [
            {"id": p, "name": f"Mine {p}", "site": p, "process": "mine", "status": "operating",
             "nameplate_capacity": 10, "availability": 1, "fixed_cost": 0, "variable_cost": 1900}
            for p, _, _ in places
        ],
        "links": [
            {"id": f"road-{p}", "from": p, "to": "mountain", "materials": "concentrate", "cost": 1}
            for p, _, _ in places
        ],
    }  # fmt: skip
    for table, rows in added.items():
        file = crowd / f"{table}.csv"
        held = pd.read_csv(file, dtype=str, keep_default_na=False)
        more = pd.DataFrame(rows).astype(str)
        pd.concat([held, more]).fillna("").to_csv(file, index=False)
    return crowd
