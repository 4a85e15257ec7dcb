"""How the price of a project's product may go."""

from __future__ import annotations

import pandas as pd

from coercivity.results import Run
from coercivity.views import palette
from coercivity.views.chart import Chart
from coercivity.views.charts import axes
from coercivity.views.charts.one_project import money_of, real_money, rows_of, upright
from coercivity.views.labels import rounded, short, shown

BANDS = (("p5", "p25", "5 to 25 %"), ("p25", "p75", "25 to 75 %"), ("p75", "p95", "75 to 95 %"))
BAND_STYLES = (
    palette.SHADES[3],
    palette.SHADES[2],
    palette.SHADES[3],
)


def price_fan(run: Run, *, project: str | None = None) -> Chart:
    """Draw percentiles by year of the price of a project's main product.

    Parameters
    ----------
    run
        A finance run.
    project
        Its id; the one that builds for most unless given.
    """
    product = str(rows_of(run, "finance", project)[1].iloc[0]["product"])
    frame = run.table("price_fan")
    frame = frame[frame["material"] == product]
    place = str(frame["place"].iloc[0])
    table = frame[frame["place"] == place].reset_index(drop=True)
    first, last = table.iloc[0], table.iloc[-1]
    where = f" at {shown(place)}" if place else ""
    title = (
        f"{shown(product)}{where}: from a median of {short(float(first['p50']))} USD/kg in "
        f"{int(first['year'])} to {short(float(last['p50']))} in {int(last['year'])}, nine "
        f"paths in ten between {short(float(last['p5']))} and {short(float(last['p95']))}."
    )
    return Chart(
        name="price-fan",
        title=title,
        option=_option(table, money_of(run)),
        table=table,
        units=dict.fromkeys(("p5", "p10", "p25", "p50", "p75", "p90", "p95", "mean"), "USD/kg"),
        alt=f"Fan of prices by year with its median. {title}",
        notes=("Real prices. Dumping is no part of these paths: it is a case of its own.",),
    )


def _option(table: pd.DataFrame, money: str) -> axes.Option:
    years = [str(int(year)) for year in table["year"]]
    median = {
        "type": "line",
        "name": "median",
        "data": [rounded(float(v)) for v in table["p50"]],
        "symbol": "none",
        "itemStyle": {"color": palette.INK},
        "lineStyle": {"color": palette.INK, "width": 2},
    }
    every = max(1, len(years) // 12)
    steps = axes.steps(
        years, "year", boundaryGap=False, axisLabel={"color": palette.INK, "interval": every}
    )
    legend = [*(words for _, _, words in BANDS), "median"]
    return upright(legend, steps, f"USD/kg, {real_money(money)}", [*_bands(table), median])


def _bands(table: pd.DataFrame) -> list[axes.Option]:
    """Stack bands on an unseen line."""
    below: axes.Option = {
        "type": "line",
        "name": "below",
        "stack": "fan",
        "data": [rounded(float(v)) for v in table["p5"]],
        "symbol": "none",
        "lineStyle": {"opacity": 0},
        "silent": True,
    }
    bands: list[axes.Option] = [
        {
            "type": "line",
            "name": words,
            "stack": "fan",
            "data": [
                rounded(float(high) - float(low))
                for low, high in zip(table[bottom], table[top], strict=True)
            ],
            "symbol": "none",
            "lineStyle": {"opacity": 0},
            "itemStyle": {"color": colour},
            "areaStyle": {"color": colour, "opacity": 1},
            "silent": True,
        }
        for (bottom, top, words), colour in zip(BANDS, BAND_STYLES, strict=True)
    ]
    return [below, *bands]
