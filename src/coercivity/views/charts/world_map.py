"""Capacity by country on a world map, outside supply, and what crosses borders."""

from __future__ import annotations

import pandas as pd

from coercivity.results import Run
from coercivity.views.chart import Chart
from coercivity.views.charts import axes
from coercivity.views.charts.facilities import facilities, movements, purchases
from coercivity.views.charts.mapping import (
    BOUGHT,
    Spot,
    Told,
    arrows_of,
    map_chart,
    sizes,
    tonnes_words,
)
from coercivity.views.charts.sankey import last_year
from coercivity.views.inputs import UNKNOWN, Inputs, inputs_of
from coercivity.views.labels import counted, shown
from coercivity.views.maps import WORLD, Point
from coercivity.views.plan_words import share


def world_map(run: Run, *, year: int | None = None) -> Chart:
    """Draw capacity by country and stage, outside supply, and gross tonnes across borders.

    Parameters
    ----------
    run
        A plan.
    year
        Year to draw, with its whole period; None is the last reported one. [calendar year]
    """
    inputs = inputs_of(run)
    year = last_year(run, inputs) if year is None else inputs.period_start(year)
    when = inputs.period(year)
    places = country_places(inputs)
    table = _table(run, inputs, year)
    moves = _moves(run, inputs, year)
    spots = _spots(table[table["country"].isin(places)], places, inputs)
    if not spots:
        return axes.empty("world", f"No place to draw in {when}.", "No site has a position.", table)
    title = _title(moves, inputs, when)
    owners = dict.fromkeys(spot.owner for spot in sorted(spots, key=lambda one: -one.size))
    told = Told(
        name="world",
        title=title,
        alt=f"World map with capacity in {counted(len(owners), 'place')}: shape is the stage, size "
        f"the capacity, colour the group of the country; arrows are what crosses borders. {title}",
        note="A mark is a country's capacity at a stage, its size against the largest country "
        f"there; arrows are gross tonnes a year in {when}, coloured by origin.",
        table=table,
    )
    return map_chart(
        told,
        WORLD,
        spots=spots,
        arrows=arrows_of(moves, ("from_country", "to_country"), places, inputs.countries),
        names={owner: inputs.countries.get(owner, owner) for owner in owners},
        inputs=inputs,
    )


def country_places(inputs: Inputs) -> dict[str, Point]:
    """Give each country with a placed site its place: that of its pool, else of its first site."""
    found: dict[str, Point] = {}
    ordered = sorted(inputs.places.items(), key=lambda item: item[1].kind != "pool")
    for _, place in ordered:
        point = None if place.at is None else WORLD.project(*place.at)
        if point is not None:
            found.setdefault(place.country, point)
    return found


def _table(run: Run, inputs: Inputs, year: int) -> pd.DataFrame:
    """List capacity by country and stage, and what is bought by country."""
    plants = facilities(run, inputs, year)
    columns = ["capacity_t", "built_t", "used_t"]
    held = plants.groupby(["country", "stage"], as_index=False)[columns].sum()
    bought = purchases(run, inputs, year)
    offers = bought.groupby("origin")[["bought_t"]].sum().reset_index()
    offers = offers.rename(columns={"origin": "country", "bought_t": "used_t"})
    offers = offers.assign(stage=BOUGHT, capacity_t=offers["used_t"], built_t=0.0)
    table = pd.concat([held, offers], ignore_index=True)
    table["group"] = table["country"].map(inputs.groups).fillna(UNKNOWN)
    order = {stage: number for number, stage in enumerate(inputs.stages)}
    table["order"] = table["stage"].map(order).fillna(len(order))
    table = table.sort_values(["country", "order"], ignore_index=True)
    return table[["country", "group", "stage", *columns]]


def _moves(run: Run, inputs: Inputs, year: int) -> pd.DataFrame:
    """List gross tonnes that cross a border, by country."""
    moves = movements(run, inputs, year)
    moves = moves[moves["from_country"] != moves["to_country"]]
    keys = ["from_country", "to_country", "group"]
    return moves.groupby(keys)[["gross_t"]].sum().reset_index()


def _spots(table: pd.DataFrame, places: dict[str, Point], inputs: Inputs) -> list[Spot]:
    shares = sizes(table, "capacity_t", "stage")
    spots = []
    for row, size in zip(table.to_dict("records"), shares, strict=True):
        country = shown(inputs.countries.get(str(row["country"]), row["country"]))
        outside = row["stage"] == BOUGHT
        what = BOUGHT if outside else shown(inputs.stage_name(row["stage"]))
        words = f"{country}, {what}: {tonnes_words(row['capacity_t'])}"
        if not outside:
            words += f", used {tonnes_words(row['used_t'])}"
        spots.append(
            Spot(
                owner=str(row["country"]),
                at=places[str(row["country"])],
                kind=str(row["stage"]),
                group=str(row["group"]),
                size=size,
                words=words,
                built=row["built_t"] > 0,
            )
        )
    return spots


def _title(moves: pd.DataFrame, inputs: Inputs, when: str) -> str:
    home = inputs.tables.settings.perspective
    arriving = moves[moves["to_country"] == home]
    if arriving.empty:
        return f"Nothing crosses the border into {inputs.home} in {when}."
    total = float(arriving["gross_t"].sum())
    by_group = arriving.groupby("group")["gross_t"].sum().sort_values(ascending=False)
    leading = str(by_group.index[0])
    return (
        f"In {when} {tonnes_words(total).replace('/year', ' a year')} cross the border into "
        f"{inputs.home}, {share(float(by_group.iloc[0]) / total)} of it from {leading} countries."
    )
