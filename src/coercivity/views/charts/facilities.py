"""What stands where in a year, and what moves between: the tables behind the maps."""

from __future__ import annotations

from collections import defaultdict

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


def purchases(run: Run, inputs: Inputs, year: int) -> pd.DataFrame:
    """List what is bought in a year with the country and group of its last step.

    That country is the one given as origin of the material's stage, else that of the supplier.
    """
    frame = run.table("purchases")
    frame = frame[frame["year"] == year].copy()
    stages = {row.text("id"): row.maybe_text("stage") or "" for row in inputs.tables["materials"]}
    origins = {
        (row.text("id"), row.whole("step")): {pair[0]: pair[1] for pair in row.pairs("origin")}
        for row in inputs.tables["suppliers"]
    }
    frame["origin"] = [
        origins.get((row["supplier"], row["step"]), {}).get(stages[row["material"]], row["country"])
        for row in frame.to_dict("records")
    ]
    frame["group"] = frame["origin"].map(inputs.groups).fillna(UNKNOWN)
    return frame.reset_index(drop=True)


def movements(run: Run, inputs: Inputs, year: int) -> pd.DataFrame:
    """List gross tonnes that move between sites in a year, all materials together.

    What a supplier delivers from another country than that of its last step moves, too: from that
    country to where it delivers.
    """
    gross = {row.text("id"): row.number("gross_per_t") for row in inputs.tables["materials"]}
    flows = run.table("flows")
    flows = flows[flows["year"] == year]
    amounts: dict[tuple[str, str, str, str], float] = defaultdict(float)
    places = inputs.places
    for row in flows.to_dict("records"):
        start, end = str(row["from"]), str(row["to"])
        key = (start, end, places[start].country, places[end].country)
        amounts[key] += float(row["flow_t"]) * gross[str(row["material"])]
    for row in purchases(run, inputs, year).to_dict("records"):
        end, origin = row["site"], row["origin"]
        if isinstance(end, str) and isinstance(origin, str) and places[end].country != origin:
            key = ("", end, origin, places[end].country)
            amounts[key] += float(row["bought_t"]) * gross[str(row["material"])]
    rows = [
        {
            "from": start or None,
            "to": end,
            "from_country": origin,
            "to_country": country,
            "group": inputs.groups.get(origin, UNKNOWN),
            "gross_t": amount,
        }
        for (start, end, origin, country), amount in sorted(amounts.items())
        if amount >= SMALLEST
    ]
    columns = ["from", "to", "from_country", "to_country", "group", "gross_t"]
    return pd.DataFrame(rows, columns=columns)
