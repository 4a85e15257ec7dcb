"""Which plants stand and which fall under an adversary's attack."""

from __future__ import annotations

import pandas as pd

from coercivity.results import Run
from coercivity.views import palette
from coercivity.views.adversary_words import attack_words, hurt
from coercivity.views.chart import HEIGHT, Chart
from coercivity.views.charts import axes
from coercivity.views.labels import counted, rounded, shown
from coercivity.views.plan_words import share

MOST = 10
"""Projects drawn."""
NAMES = ("without an attack", "under the attack")


def standing(run: Run) -> Chart:
    """Draw the share of years in which the hardest hit projects run, with and without the attack.

    Parameters
    ----------
    run
        A run of ``stress adversary``.
    """
    result = run.result
    rows = hurt(result)[:MOST]
    if result["best"] is None or not rows:
        return axes.empty(
            "standing", "No attack within the budget makes a plant stand idle.", "Nothing falls."
        )
    table = pd.DataFrame(
        [
            {
                "project": row["project"],
                "without_attack": row["standing_share"]["base"],
                "attacked": row["standing_share"]["attacked"],
                "closed": row["closed_share"]["attacked"],
            }
            for row in rows
        ]
    )
    worst, less = table.iloc[0], counted(len(hurt(result)), "project")
    title = (
        f"Under {attack_words(result['best'])} {shown(worst['project'])} runs in "
        f"{share(float(worst['attacked']))} of its years; {less} run less than without it."
    )
    return Chart(
        name="standing",
        title=title,
        option=_option(table),
        table=table,
        units=dict.fromkeys(("without_attack", "attacked", "closed"), "fraction"),
        alt=f"Pairs of bars by project: share of years and paths in which it runs. {title}",
        notes=("Years up to the last reported one, after first output; mean of the paths.",),
        height=max(200, min(HEIGHT, 90 + 34 * len(rows))),
    )


def _option(table: pd.DataFrame) -> axes.Option:
    columns = ("without_attack", "attacked")
    fills = (palette.fill(palette.SHADES[3]), palette.fill(palette.VERMILION))
    return axes.base(tooltip={"trigger": "axis", "axisPointer": {"type": "shadow"}}) | {
        "legend": axes.legend(NAMES),
        "grid": {"left": 150, "right": 28, "top": 36, "bottom": 48},
        "xAxis": axes.values_across("share of years run (%)", min=0, max=100),
        "yAxis": axes.steps([shown(name, 20) for name in table["project"]], inverse=True),
        "series": [
            axes.bars(
                name,
                [rounded(100 * float(value)) for value in table[column]],
                fill,
                barMaxWidth=12,
            )
            for name, column, fill in zip(NAMES, columns, fills, strict=True)
        ],
    }
