"""Who makes what serves the demands, by country group and year."""

from __future__ import annotations

import pandas as pd

from coercivity.results import Run
from coercivity.views import palette
from coercivity.views.chart import HEIGHT, WIDTH, Chart
from coercivity.views.charts import axes
from coercivity.views.inputs import UNKNOWN, Inputs, inputs_of
from coercivity.views.labels import tonnes
from coercivity.views.plan_words import GROUPS, share


def makers(run: Run) -> Chart:
    """Draw the tonnes that serve demands, by the group of the country that made them, by year.

    Parameters
    ----------
    run
        A plan.
    """
    inputs = inputs_of(run)
    frame = inputs.reported(run.table("makers"))
    frame = frame[frame["served_t"] > 0]
    if frame.empty:
        return axes.empty("makers", "Nothing serves the demands.", "No service.")
    table = (
        frame.assign(group=frame["group"].fillna(UNKNOWN))
        .groupby(["year", "group"], as_index=False)["served_t"]
        .sum()
    )
    totals = table.groupby("year")["served_t"].transform("sum")
    table = table.assign(share=table["served_t"] / totals)
    return Chart(
        name="makers",
        title=_title(table, inputs),
        option=_option(table, inputs),
        table=table,
        units={"served_t": "t/year", "share": "fraction"},
        alt="Stacked bars by year: tonnes that serve the demands, by country group of the "
        f"last step. {_title(table, inputs)}",
        notes=(
            "Counted by the country of the last step; sales abroad are not counted. Unknown is "
            "what lay in stock at the start. The table provenance traces the stages before.",
        ),
        width=WIDTH,
        height=HEIGHT,
    )


def _option(table: pd.DataFrame, inputs: Inputs) -> axes.Option:
    years = sorted(int(year) for year in table["year"].unique())
    found = set(table["group"])
    groups = [g for g in (*GROUPS, UNKNOWN) if g in found]
    amounts = {
        (int(y), str(g)): float(a)
        for y, g, a in table[["year", "group", "served_t"]].itertuples(index=False)
    }
    scale = tonnes(table.groupby("year")["served_t"].sum())
    series = [
        axes.bars(
            group,
            [scale(amounts.get((year, group), 0.0)) for year in years],
            palette.group_fill(group),
            stack="made",
            barMaxWidth=64,
        )
        for group in groups
    ]
    return axes.base(tooltip={"trigger": "axis", "axisPointer": {"type": "shadow"}}) | {
        "legend": axes.legend(groups),
        "grid": {"left": 62, "right": 24, "top": 58, "bottom": 48},
        "xAxis": axes.steps([inputs.period(year) for year in years], "year"),
        "yAxis": axes.values(scale.unit),
        "series": series,
    }


def _title(table: pd.DataFrame, inputs: Inputs) -> str:
    first, last = int(table["year"].min()), int(table["year"].max())

    def part(year: int, group: str) -> str:
        held = table[(table["year"] == year) & (table["group"] == group)]["share"]
        return share(float(held.sum()))

    if first == last:
        return f"Domestic plants make {part(first, 'domestic')} of what is served in {first}."
    end = inputs.period(last)
    return (
        f"The domestic share of what serves the demands goes from {part(first, 'domestic')} in "
        f"{first} to {part(last, 'domestic')} in {end}; covered countries go from "
        f"{part(first, 'covered')} to {part(last, 'covered')}."
    )
