"""Which project a figure of finance shows, and the set-up that these figures share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from coercivity.foundation.errors import UsageError
from coercivity.foundation.identifiers import suggestion
from coercivity.foundation.problems import quoted
from coercivity.results import Run
from coercivity.views import palette
from coercivity.views.charts import axes
from coercivity.views.inputs import inputs_of
from coercivity.views.labels import Scale, short, text_width

MINUS = "\u2212"
ROW = 34
"""Height of a row of bars. [px]"""
WIDEST = 52
"""Letters of the name of a row."""


def rows_of(run: Run, table: str, project: str | None) -> tuple[str, pd.DataFrame]:
    """Give the rows of one project: that asked for, else the one that builds for most.

    Parameters
    ----------
    run
        A finance run.
    table
        One of its tables with a column ``project``.
    project
        Its id; None chooses.

    Returns
    -------
    tuple
        The project, and its rows.

    Raises
    ------
    UsageError
        If the run has no such project.
    """
    known = run.table("finance")
    names = [str(name) for name in known["project"]]
    if project is not None and project not in names:
        msg = (
            f"project {quoted(project)} is not in run '{run.id}'. "
            f"{suggestion(project, names, listed_in='table finance')}  [{UsageError.code}]"
        )
        raise UsageError(msg)
    chosen = project or str(known.sort_values("capital", ascending=False)["project"].iloc[0])
    frame = run.table(table)
    if frame.empty:
        return chosen, frame
    return chosen, frame[frame["project"] == chosen].reset_index(drop=True)


def money_of(run: Run) -> str:
    """Give the currency with its year, such as ``USD2025``."""
    return inputs_of(run).money


def real_money(money: str) -> str:
    """Say in which money a real amount stands.

    Examples
    --------
    >>> real_money("USD2025"), real_money("EUR")
    ('2025 money', 'real')
    """
    year = money[-4:]
    return f"{year} money" if year.isdigit() else "real"


def signed(value: float) -> str:
    """Write an amount with a true minus sign.

    Examples
    --------
    >>> signed(-12.34)
    '\u221212.3'
    """
    return short(value).replace("-", MINUS)


def across(
    names: Mapping[str, str],
    unit: str,
    series: Sequence[axes.Option],
    *,
    top: int = 12,
    **x: object,
) -> axes.Option:
    """Lay out bars across, one named row under the other.

    Parameters
    ----------
    names
        Of the rows, as they are shown.
    unit
        Of the values.
    series
        Bars.
    top
        Room above the rows, such as for a legend. [px]
    x
        Further settings of the axis of values.
    """
    room = max(text_width(label) for label in names.values()) + 24
    return axes.base(tooltip={"trigger": "item"}) | {
        "grid": {"left": round(room), "right": 60, "top": top, "bottom": 56},
        "xAxis": axes.values_across(unit, **x),
        "yAxis": axes.steps(list(names.values()), inverse=True, axisLine={"show": False}),
        "series": list(series),
    }


def upright(
    legend: Sequence[str],
    steps: axes.Option,
    unit: str,
    series: Sequence[axes.Option],
) -> axes.Option:
    """Lay out what stands over named steps, such as years, with a legend above.

    Parameters
    ----------
    legend
        Names of series, in order.
    steps
        Axis of the steps.
    unit
        Of the values.
    series
        Lines, areas or bars.
    """
    return axes.base(tooltip={"trigger": "axis"}) | {
        "legend": axes.legend(legend),
        "grid": {"left": 64, "right": 24, "top": 60, "bottom": 56},
        "xAxis": steps,
        "yAxis": axes.values(unit),
        "series": list(series),
    }


def told_bar(value: float, scale: Scale, *, style: axes.Option | None = None) -> axes.Option:
    """Give a bar with its amount beside its end.

    Parameters
    ----------
    value
        Amount. [million]
    scale
        In which it is drawn.
    style
        Of the bar; blue unless given.
    """
    return {
        "value": scale(value),
        "itemStyle": palette.fill(palette.BLUE) if style is None else style,
        "label": {
            "show": True,
            "position": "right" if value >= 0 else "left",
            "formatter": signed(value / scale.factor),
            "color": palette.INK,
        },
    }
