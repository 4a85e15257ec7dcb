"""What each project is worth to its owners alone and with all the others."""

from __future__ import annotations

from typing import Any

import pandas as pd

from coercivity.results import Run
from coercivity.views import palette
from coercivity.views.chart import Chart
from coercivity.views.charts import axes
from coercivity.views.coordination_words import answer
from coercivity.views.labels import rounded, shown

NAMES = ("alone", "with all the others")
COLUMNS = ("alone", "with_all")
WORDS = {
    "always": "invests anyway",
    "never": "does not invest",
    "waits": "waits",
    "fixed": "not asked",
}


def owners(run: Run) -> Chart:
    """Draw the worth of each project alone and with all the others.

    Parameters
    ----------
    run
        A run with the table ``owners``.
    """
    table = run.table("owners").sort_values("with_all", kind="stable", ascending=False)
    title = answer(run)[0]
    if table.empty:
        return axes.empty("owners", title, "Nothing is built.", table)
    table = table.reset_index(drop=True)
    return Chart(
        name="owners",
        title=title,
        option=_option(table),
        table=table,
        units=run.units("owners"),
        alt="Pairs of bars by project: worth to owners with no other project and with all. "
        + title,
        notes=(
            "Mean worth of equity at the hurdle less what deciding later, or going on without "
            "building, is worth: owners invest from 0. Plants are run at least cost in each set.",
        ),
        height=max(220, 100 + 34 * len(table)),
    )


def _option(table: pd.DataFrame) -> axes.Option:
    fills = (palette.fill(palette.SHADES[3]), palette.fill(palette.SHADES[0]))
    series: list[dict[str, Any]] = [
        axes.bars(name, [rounded(float(v)) for v in table[column]], fill, barMaxWidth=12)
        for name, column, fill in zip(NAMES, COLUMNS, fills, strict=True)
    ]
    names = [
        f"{shown(name, 20)}: {WORDS[str(decides)]}"
        for name, decides in zip(table["project"], table["decides"], strict=True)
    ]
    return axes.base(tooltip={"trigger": "axis", "axisPointer": {"type": "shadow"}}) | {
        "legend": axes.legend(NAMES),
        "grid": {"left": 250, "right": 28, "top": 36, "bottom": 48},
        "xAxis": axes.values_across("worth to owners (million)"),
        "yAxis": axes.steps(names, inverse=True, axisLine={"show": False}),
        "series": series,
    }
