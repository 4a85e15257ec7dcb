"""How long demand is served without a plant, against the time until it is back."""

from __future__ import annotations

import pandas as pd

from coercivity.results import Run
from coercivity.views import palette
from coercivity.views.chart import Chart
from coercivity.views.charts import axes
from coercivity.views.charts.one_project import across
from coercivity.views.labels import counted, rounded, shown, shown_apart
from coercivity.views.stress_words import years

MOST = 16
ROW = 34
NAMES = ("survive", "recover")


def survival(run: Run) -> Chart:
    """Draw time to survive beside time to recover of the plants that are missed first.

    Parameters
    ----------
    run
        A run of ``stress survive``.
    """
    frame = run.table("survival")
    missed = frame[~frame["censored"].astype(bool)].sort_values(
        ["time_to_survive_years", "asset"], kind="stable"
    )
    table = missed[
        ["asset", "time_to_survive_years", "time_to_recover_years", "at_risk"]
    ].reset_index(drop=True)
    longest = years(float(run.result["longest_years"]))
    if table.empty:
        title = f"Any one of {counted(len(frame), 'plant')} can be missed for {longest}."
        return axes.empty("survival", title, "Nothing is missed.", table)
    risk = table[table["at_risk"].astype(bool)]
    first = table.iloc[0]
    title = (
        f"{len(risk)} of {counted(len(frame), 'plant')} are missed before they are back; "
        f"{shown(first['asset'])} first, after {years(float(first['time_to_survive_years']))}."
    )
    drawn = table.head(MOST)
    return Chart(
        name="survival",
        title=title,
        option=_option(drawn),
        table=table,
        units=dict.fromkeys(("time_to_survive_years", "time_to_recover_years"), "year"),
        alt=f"Pairs of bars by plant: how long it can be missed, until it is back. {title}",
        notes=(
            f"All others can be missed for {longest} or more. A missing bar of recovery: no time "
            "is known.",
        ),
        height=ROW * len(drawn) + 110,
    )


def _option(table: pd.DataFrame) -> axes.Option:
    names = shown_apart({str(one): str(one) for one in table["asset"]})
    fills = (palette.fill(palette.BLUE), palette.fill(palette.ORANGE, palette.stripes(45)))
    columns = ("time_to_survive_years", "time_to_recover_years")
    series = [
        axes.bars(
            name,
            [rounded(float(v)) if pd.notna(v) else None for v in table[column]],
            style,
            barWidth=11,
            barGap="10%",
            label={"show": name == NAMES[0], "position": "right", "color": palette.INK},
        )
        for name, column, style in zip(NAMES, columns, fills, strict=True)
    ]
    return across(names, "years", series, top=40) | {"legend": axes.legend(NAMES)}
