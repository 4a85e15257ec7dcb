"""What each project is given, and what it costs the public."""

from __future__ import annotations

import pandas as pd

from coercivity.results import Run
from coercivity.views import palette
from coercivity.views.chart import Chart
from coercivity.views.charts import axes
from coercivity.views.charts.one_project import money_of
from coercivity.views.labels import Scale, counted, money, short, shown, shown_apart, text_width

ROW = 34


def package_sheet(run: Run) -> Chart:
    """Draw the public cost of every package, one bar a project, one colour a kind of contract.

    Parameters
    ----------
    run
        An align run.
    """
    table = run.table("packages")
    if table.empty:
        return axes.empty(
            "package", "0 projects need a package.", "All say yes, or none is enough."
        )
    table = table.assign(public_cost_musd=table["public_cost_musd"].astype(float))
    sums = table.groupby("project")["public_cost_musd"].sum().sort_values(ascending=False)
    cost = run.result["public_cost_musd"]
    title = (
        f"Packages for {counted(len(sums), 'project')} cost the public {short(cost['mean'])} "
        f"million; most goes to {shown(next(iter(sums.index)))}."
    )
    scale = money(table["public_cost_musd"], money_of(run))
    return Chart(
        name="package",
        title=title,
        option=_option(table, list(sums.index), scale),
        table=table[["project", "contract", "kind", "promise", "terms", "public_cost_musd"]],
        units={"public_cost_musd": "million, present value"},
        alt=f"Bars of public cost by project, stacked by kind of contract. {title}",
        notes=(
            "Mean of fresh paths, present value at the Treasury rate, gross of tax; each contract "
            "is told by what leaving it out would save. Loans and guarantees may earn their rate.",
        ),
        height=ROW * len(sums) + 120,
    )


def _option(table: pd.DataFrame, projects: list[str], scale: Scale) -> axes.Option:
    names = shown_apart({name: name for name in projects}, 28)
    kinds = list(dict.fromkeys(table["kind"]))
    sums = table.groupby(["kind", "project"])["public_cost_musd"].sum()
    labels = [names[name] for name in projects]
    room = max(text_width(label) for label in labels) + 24
    return axes.base(tooltip={"trigger": "item"}) | {
        "legend": axes.legend([shown(kind, 24) for kind in kinds]),
        "grid": {"left": round(room), "right": 40, "top": 40, "bottom": 56},
        "xAxis": axes.values_across(f"{scale.unit}, present value"),
        "yAxis": axes.steps(labels, inverse=True, axisLine={"show": False}),
        "series": [
            axes.bars(
                shown(kind, 24),
                [scale(float(sums.get((kind, name), 0.0))) for name in projects],
                palette.fill(palette.SERIES[n % len(palette.SERIES)],
                             palette.SERIES_DECALS[n % len(palette.SERIES_DECALS)]),
                stack="cost",
                barWidth=20,
            )
            for n, kind in enumerate(kinds)
        ],
    }  # fmt: skip
