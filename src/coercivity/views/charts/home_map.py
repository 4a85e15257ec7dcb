"""Plants of the United States on a map, what the plan builds, and what moves between them."""

from __future__ import annotations

import pandas as pd

from coercivity.results import Run
from coercivity.views.chart import Chart
from coercivity.views.charts import axes
from coercivity.views.charts.facilities import facilities, movements
from coercivity.views.charts.mapping import (
    POOL,
    Spot,
    Told,
    arrows_of,
    map_chart,
    sizes,
    tonnes_words,
)
from coercivity.views.charts.sankey import last_year
from coercivity.views.inputs import HOME, Inputs, inputs_of
from coercivity.views.labels import counted, in_sentence, shown
from coercivity.views.maps import UNITED_STATES, Point


def home_map(run: Run, *, year: int | None = None) -> Chart:
    """Draw the plants of the fifty states by stage, size and whether the plan builds them.

    Parameters
    ----------
    run
        A plan.
    year
        Year to draw, with its whole period; None is the last reported one. [calendar year]
    """
    inputs = inputs_of(run)
    year = last_year(run, inputs) if year is None else inputs.period_start(year)
    places = _places(inputs)
    every = facilities(run, inputs, year)
    table = every[every["site"].isin(places)].reset_index(drop=True)
    when = inputs.period(year)
    if table.empty:
        title = f"No plant of the case stands in the fifty states in {when}."
        return axes.empty("map", title, "Nothing to draw.", table)
    moves = movements(run, inputs, year)
    spots = [*_spots(table, places, inputs), *_pools(moves, places, inputs)]
    title = _title(table, inputs, when)
    told = Told(
        name="map",
        title=title,
        alt=f"Map of the United States with {counted(table['site'].nunique(), 'site')}: shape is "
        f"the stage, size the capacity, a dark edge what the plan builds. {title}",
        note="Size is capacity against the largest here of the same stage; arrows are gross tonnes "
        f"a year in {when}, domestic moves only. Marks are moved apart where they would "
        "cover each other.",
        table=table,
    )
    sites = {site: place.name for site, place in inputs.places.items()}
    return map_chart(
        told,
        UNITED_STATES,
        spots=spots,
        arrows=arrows_of(moves, ("from", "to"), places, sites),
        names=_names(table, inputs) | {s.owner: "Pool" for s in spots if s.kind == POOL},
        inputs=inputs,
    )


def _places(inputs: Inputs) -> dict[str, Point]:
    found = {}
    for site, place in inputs.places.items():
        point = None if place.at is None else UNITED_STATES.project(*place.at)
        if point is not None and place.group == HOME:
            found[site] = point
    return found


def _spots(table: pd.DataFrame, places: dict[str, Point], inputs: Inputs) -> list[Spot]:
    shares = sizes(table, "capacity_t", "stage")
    return [
        Spot(
            owner=str(row["site"]),
            at=places[str(row["site"])],
            kind=str(row["stage"]),
            group=str(row["group"]),
            size=size,
            words=f"{shown(row['name'])}, {shown(inputs.stage_name(row['stage']))}: "
            f"{tonnes_words(row['capacity_t'])}, built {tonnes_words(row['built_t'])}, "
            f"used {tonnes_words(row['used_t'])}",
            built=row["built_t"] > 0,
        )
        for row, size in zip(table.to_dict("records"), shares, strict=True)
    ]


def _pools(moves: pd.DataFrame, places: dict[str, Point], inputs: Inputs) -> list[Spot]:
    """Mark the pools through which something moves."""
    touched = set(moves["from"]) | set(moves["to"])
    return [
        Spot(
            owner=site,
            at=point,
            kind=POOL,
            group=inputs.places[site].group,
            size=0.0,
            words=f"{shown(inputs.places[site].name)}: trade and use, no plant",
        )
        for site, point in places.items()
        if site in touched and inputs.places[site].kind == "pool"
    ]


def _names(table: pd.DataFrame, inputs: Inputs) -> dict[str, str]:
    """Name sites, those first at which the plan builds, then the larger."""
    held = table.assign(size=sizes(table, "capacity_t", "stage"), built=table["built_t"] > 0)
    order = held.groupby("site")[["built", "size"]].max()
    order = order.sort_values(["built", "size"], ascending=False, kind="stable")
    return {str(site): inputs.places[str(site)].name for site in order.index}


def _title(table: pd.DataFrame, inputs: Inputs, when: str) -> str:
    sites = table.groupby("site")["built_t"].sum()
    building = int((sites > 0).sum())
    if building == 0:
        return f"In {when} the plan builds at none of the {counted(len(sites), 'site')} shown."
    often = table[table["built_t"] > 0]["stage"].value_counts(sort=True)
    stage = in_sentence(inputs.stage_name(str(often.index[0])))
    return (
        f"In {when} the plan has built at {building} of {counted(len(sites), 'site')} in the "
        f"United States, most often for {stage} ({int(often.iloc[0])})."
    )
