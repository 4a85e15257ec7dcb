"""What one aim costs in terms of another."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from coercivity.views import palette
from coercivity.views.chart import Chart
from coercivity.views.charts import axes
from coercivity.views.labels import rounded, short, shown

BETTER = ("low", "high")


def frontier(
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    label: str | None = None,
    units: Mapping[str, str] | None = None,
    better: tuple[str, str] = ("low", "low"),
    names: Mapping[str, str] | None = None,
    name: str = "frontier",
    title: str | None = None,
) -> Chart:
    """Draw plans by two aims, and the line of those that no other beats in both.

    Parameters
    ----------
    frame
        A row per plan.
    x, y
        Columns of the two aims.
    label
        Column that names a plan.
    units
        Unit of each column.
    better
        Whether ``low`` or ``high`` is better, for x and for y.
    names
        Words for the columns; the column names unless given.
    name
        Short name of the chart.
    title
        The finding; made from the ends of the line unless given.

    Raises
    ------
    ValueError
        If ``better`` is neither low nor high.

    Examples
    --------
    >>> plans = pd.DataFrame({"cost": [1.0, 2.0, 3.0], "short": [9.0, 4.0, 5.0]})
    >>> frontier(plans, x="cost", y="short").table["unbeaten"].tolist()
    [True, True, False]
    """
    if not set(better) <= set(BETTER):
        msg = f"better must be 'low' or 'high' for x and y, got {better!r}"
        raise ValueError(msg)
    units, words = dict(units or {}), {x: x, y: y} | dict(names or {})
    columns = [x, y] if label is None else [label, x, y]
    table = frame[columns].dropna(subset=[x, y]).reset_index(drop=True)
    table = table.assign(unbeaten=_unbeaten(table, x, y, better))
    if table.empty:
        return axes.empty(name, "There is no plan to compare.", "No points.", table)
    drawn, shown_units = _in_percent(table, (x, y), units)
    axis_names = [words[c] + (f" ({shown_units[c]})" if c in units else "") for c in (x, y)]
    found = title or _title(drawn, (x, y), (words[x], words[y]), shown_units)
    return Chart(
        name=name,
        title=found,
        option=_option(drawn, (x, y), label, axis_names),
        table=table,
        units={c: u for c, u in units.items() if c in columns},
        alt=f"{len(table)} points by {words[x]} and {words[y]}; {int(table['unbeaten'].sum())} "
        f"are beaten by no other in both and joined by a line. {found}",
        notes=(f"Better: {better[0]} {words[x]}, {better[1]} {words[y]}.",),
    )


def _in_percent(
    table: pd.DataFrame, columns: tuple[str, str], units: Mapping[str, str]
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Show fractions as percentages."""
    fractions = [column for column in columns if units.get(column) == "fraction"]
    drawn = table.assign(**{column: 100 * table[column] for column in fractions})
    return drawn, dict(units) | dict.fromkeys(fractions, "%")


def _unbeaten(table: pd.DataFrame, x: str, y: str, better: tuple[str, str]) -> list[bool]:
    signs = [1 if side == "low" else -1 for side in better]
    points = [
        (signs[0] * float(a), signs[1] * float(b)) for a, b in zip(table[x], table[y], strict=True)
    ]
    return [not any(o[0] <= p[0] and o[1] <= p[1] and o != p for o in points) for p in points]


def _option(
    table: pd.DataFrame, columns: tuple[str, str], label: str | None, names: list[str]
) -> axes.Option:
    x, y = columns
    best = table[table["unbeaten"]].sort_values([x, y])
    names = [shown(n, 70) for n in names]
    return axes.base(tooltip={"trigger": "item"}) | {
        "legend": axes.legend(["unbeaten", "beaten by another"]),
        "grid": {"left": 74, "right": 60, "top": 66, "bottom": 56},
        "xAxis": axes.values_across(names[0], **_range(names[0])),
        "yAxis": axes.values(names[1], **_range(names[1])),
        "series": [
            {
                "type": "line",
                "name": "unbeaten",
                "data": [_point(row, columns, label) for row in best.to_dict("records")],
                "symbol": "circle",
                "symbolSize": 10,
                "itemStyle": {"color": palette.BLUE},
                "lineStyle": {"color": palette.BLUE, "width": 2},
                "label": {"show": label is not None, "position": "top", "color": palette.INK},
                "labelLayout": {"hideOverlap": True},
            },
            {
                "type": "scatter",
                "name": "beaten by another",
                "data": [
                    _point(row, columns, label)
                    for row in table[~table["unbeaten"]].to_dict("records")
                ],
                "symbol": "diamond",
                "symbolSize": 10,
                "itemStyle": {"color": palette.GREY},
                "label": {"show": False},
            },
        ],
    }


def _range(name: str) -> axes.Option:
    """Leave room around the points, but none beyond the whole of something."""
    whole = {"max": 100} if name.endswith("(%)") else {}
    return {"scale": True, "boundaryGap": ["4%", "6%"], **whole}


def _point(
    row: Mapping[object, object], columns: tuple[str, str], label: str | None
) -> axes.Option:
    values = [rounded(float(str(row[column]))) for column in columns]
    if label is None:
        return {"value": values}
    text = shown(row[label], 24)
    return {"value": values, "name": text, "label": {"formatter": text}}


def _title(
    table: pd.DataFrame, columns: tuple[str, str], words: tuple[str, str], units: Mapping[str, str]
) -> str:
    x, y = columns
    best = table[table["unbeaten"]].sort_values([x, y])
    ends = [(float(row[x]), float(row[y])) for row in best.to_dict("records")]
    first, last = ends[0], ends[-1]
    if first == last:
        return f"One plan beats all others in {shown(words[0])} and {shown(words[1])}."
    unit_x, unit_y = (f" {units[c]}" if c in units else "" for c in columns)
    return (
        f"Going from {short(first[0])} to {short(last[0])}{unit_x} of {shown(words[0])} moves "
        f"{shown(words[1])} from {short(first[1])} to {short(last[1])}{unit_y}."
    )
