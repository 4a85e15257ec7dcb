"""What stands where in a year, and what moves between: the tables behind the maps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import pandas as pd

from coercivity.results import Run
from coercivity.views.inputs import UNKNOWN, Inputs

SMALLEST = 0.5
"""Flows below this are not listed. [t/year]"""
FACILITIES = [
    "site", "name", "country", "group", "stage", "existing_t", "built_t", "used_t", "capacity_t",
]  # fmt: skip


def facilities(run: Run, inputs: Inputs, year: int) -> pd.DataFrame:
    """List capacity in a year by site and stage, of plants that have any.

    Where capacity has no limit, what is used stands for it.
    """
    frame = run.table("capacity")
    frame = frame[frame["year"] == year].copy()
    sites = {row.text("id"): row.text("site") for row in inputs.tables["assets"]}
    endless = ~np.isfinite(frame["existing_t"])
    frame["existing_t"] = frame["existing_t"].where(~endless, frame["used_t"])
    frame["site"] = frame["asset"].map(sites)
    frame["stage"] = frame["stage"].fillna(UNKNOWN)
    held = frame.groupby(["site", "stage"], as_index=False)[["existing_t", "built_t", "used_t"]]
    table = held.sum()
    table["capacity_t"] = table["existing_t"] + table["built_t"]
    places = inputs.places
    table["name"] = [places[site].name for site in table["site"]]
    table["country"] = [places[site].country for site in table["site"]]
    table["group"] = [places[site].group for site in table["site"]]
    order = {stage: number for number, stage in enumerate(inputs.stages)}
    table["order"] = table["stage"].map(order).fillna(len(order))
    table = table[table["capacity_t"] > 0].sort_values(["site", "order"])
    return table[FACILITIES].reset_index(drop=True)


def supplier_countries(inputs: Inputs) -> dict[tuple[str, int, str], str]:
    """Give the country of the last step of each offer, by supplier, step and material.

    That is the country given as origin of the material's stage, else that of the supplier.
    """
    stages = {row.text("id"): row.maybe_text("stage") for row in inputs.tables["materials"]}
    found: dict[tuple[str, int, str], str] = {}
    for row in inputs.tables["suppliers"]:
        material = row.text("material")
        origin = {pair[0]: pair[1] for pair in row.pairs("origin")} if row.given("origin") else {}
        country = origin.get(stages.get(material) or "", "") or supplier_country(row_country(row), inputs, row.maybe_text("site"))
        found[row.text("id"), row.whole("step"), material] = country
    return found
