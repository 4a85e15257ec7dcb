"""Which inputs move the worth of a project most."""

from __future__ import annotations

import pandas as pd

from coercivity.results import Run
from coercivity.views import palette
from coercivity.views.chart import Chart
from coercivity.views.charts import axes
from coercivity.views.charts.one_project import ROW, across, money_of, rows_of, signed
from coercivity.views.labels import Scale, money, short, shown, shown_apart

MOST = 10


def tornado(run: Run, *, project: str | None = None) -> Chart:
    """Draw what the low and the high of each input do to the mean worth, the widest first.

    Parameters
    ----------
    run
        A finance run.
    project
        Its id; the one that builds for most unless given.
    """
    name, every = rows_of(run, "tornado", project)
    if every.empty:
        return axes.empty(
            "tornado",
            f"0 inputs of {shown(name)} have a range.",
            "No low and high is stated.",
        )
    table = every.head(MOST)
    scale = money([*table["npv_at_low"], *table["npv_at_high"]], money_of(run))
    first = table.iloc[0]
    mover = shown(first["input"])
    title = (
        f"{mover[:1].upper()}{mover[1:]} moves {shown(name)} most: "
        f"{signed(float(first['npv_at_low']))} million "
        f"at {short(float(first['low']))} {shown(first['unit'])}, "
        f"{signed(float(first['npv_at_high']))} at {short(float(first['high']))}."
    )
    return Chart(
        name="tornado",
        title=title,
        option=_option(table, scale),
        table=table.drop(columns=["project", "base", "low", "high", "unit"]).assign(
            low=_worded(table, "low"), high=_worded(table, "high")
        ),
        units=dict.fromkeys(("npv", "npv_at_low", "npv_at_high"), "million, present value"),
        alt=f"Bars of the change in worth at the low and the high of each input. {title}",
        notes=("Mean worth of equity at the hurdle; each input alone, on the same paths.",),
        height=ROW * len(table) + 110,
    )


def _worded(table: pd.DataFrame, column: str) -> list[str]:
    return [f"{short(float(v))} {u}" for v, u in zip(table[column], table["unit"], strict=True)]


def _option(table: pd.DataFrame, scale: Scale) -> axes.Option:
    names = shown_apart({str(one): str(one) for one in table["input"]})
    ends = (
        ("at its low", "npv_at_low", palette.fill(palette.ORANGE, palette.stripes(45))),
        ("at its high", "npv_at_high", palette.fill(palette.BLUE)),
    )
    series = [
        axes.bars(
            words,
            [
                scale(float(value) - float(base))
                for value, base in zip(table[column], table["npv"], strict=True)
            ],
            style,
            barWidth=11,
            barGap="10%",
        )
        for words, column, style in ends
    ]
    option = across(names, f"change of worth, {scale.unit}", series, top=40)
    return option | {"legend": axes.legend([words for words, _, _ in ends])}
