"""What a government that means it pays for not being believed, by kind of promise."""

from __future__ import annotations

import pandas as pd

from coercivity.foundation.errors import UsageError
from coercivity.foundation.identifiers import suggestion
from coercivity.foundation.problems import quoted
from coercivity.results import Run
from coercivity.views import palette
from coercivity.views.chart import Chart
from coercivity.views.charts import axes
from coercivity.views.charts.one_project import money_of
from coercivity.views.labels import Scale, money, short, shown

DASHES = ("solid", "dashed", "dotted", "solid")
MARKS = ("circle", "rect", "triangle", "diamond")


def price_of_doubt(run: Run, *, project: str | None = None) -> Chart:
    """Draw public cost at equal acceptance against believed hazard; a line ends where none is.

    Parameters
    ----------
    run
        An align run.
    project
        Its id; unless given, the one whose cost rises most.
    """
    known = run.table("doubt_by_project")
    if known.empty:
        return axes.empty(
            "price-of-doubt", "0 projects need a promise.", "Nobody depends on running support."
        )
    names = [str(name) for name in dict.fromkeys(known["project"])]
    if project is not None and project not in names:
        near = suggestion(project, names, listed_in="table doubt_by_project")
        msg = f"project {quoted(project)} has no doubt to show. {near}  [{UsageError.code}]"
        raise UsageError(msg)
    chosen = project or _telling(known)
    table = known[known["project"] == chosen].drop(columns="project").reset_index(drop=True)
    title = _title(chosen, table)
    lost = int(table["public_cost_musd"].isna().sum())
    table = table.dropna(subset=["public_cost_musd"]).reset_index(drop=True)
    if table.empty:
        why = "However much running support is promised, owners or lenders say no."
        return axes.empty("price-of-doubt", title, why)
    scale = money(table["public_cost_musd"], money_of(run))
    return Chart(
        name="price-of-doubt",
        title=title,
        option=_option(table, scale),
        table=table,
        units={
            "believed_hazard": "1/year",
            "public_cost_musd": "million, present value",
            "promised_musd": "million, present value",
        },
        alt=f"Lines of public cost by believed hazard, one a kind of promise. {title}",
        notes=(
            "Least cost at which owners and lenders say yes if they believe the hazard, counted "
            "as if the promise were kept. Grants and loans stay; a line ends where no amount of "
            f"running support up to ten times as much is enough ({lost} points).",
        ),
    )


def _telling(known: pd.DataFrame) -> str:
    """Choose the project whose cost rises most with doubt in any one kind of promise."""
    rises = [(0.0, str(known["project"].iloc[0]))]
    for (project, _), rows in known.groupby(["project", "promise"], sort=True):
        costs = [float(cost) for cost in rows["public_cost_musd"].dropna()]
        if len(costs) > 1:
            rises.append((costs[-1] - costs[0], str(project)))
    return max(rises)[1]


def _title(project: str, table: pd.DataFrame) -> str:
    """Tell of the promise under which doubt costs most from its first answer to its last."""
    kept = table.dropna(subset=["public_cost_musd"])
    best = ("", 0.0, 0.0, 0.0)
    for kind in dict.fromkeys(kept["promise"].astype(str)):
        mine = kept[kept["promise"] == kind]
        costs = [float(cost) for cost in mine["public_cost_musd"]]
        if costs[-1] - costs[0] > best[2] - best[1]:
            best = (kind, costs[0], costs[-1], float(mine["believed_hazard"].iloc[-1]))
    if not best[0]:
        count = len(kept)
        return f"At {count} doubts there is a package for {shown(project)}, and it costs no more."
    return (
        f"Doubt in a promise of kind {best[0]} raises what {shown(project)} costs from "
        f"{short(best[1])} to {short(best[2])} million, at a hazard of {best[3]:g} a year."
    )


def _option(table: pd.DataFrame, scale: Scale) -> axes.Option:
    kinds = [str(kind) for kind in dict.fromkeys(table["promise"])]
    return axes.base(tooltip={"trigger": "item"}) | {
        "legend": axes.legend(kinds),
        "grid": {"left": 70, "right": 40, "top": 60, "bottom": 56},
        "xAxis": axes.values_across("believed hazard, 1/year", min=0),
        "yAxis": axes.values(f"{scale.unit}, present value", scale=True),
        "series": [
            {
                "type": "line",
                "name": kind,
                "data": _points(table[table["promise"] == kind], scale),
                "symbol": MARKS[n % len(MARKS)],
                "symbolSize": 9,
                "lineStyle": {"type": DASHES[n % len(DASHES)], "width": 2},
                "itemStyle": {"color": palette.SERIES[n % len(palette.SERIES)]},
            }
            for n, kind in enumerate(kinds)
        ],
    }


def _points(table: pd.DataFrame, scale: Scale) -> list[list[float]]:
    kept = table.dropna(subset=["public_cost_musd"])
    hazards, costs = kept["believed_hazard"].astype(float), kept["public_cost_musd"].astype(float)
    return [[float(h), scale(float(c))] for h, c in zip(hazards, costs, strict=True)]
