"""What being ready for an emergency costs: by stock of each form, by plants, by both."""

from __future__ import annotations

import pandas as pd

from coercivity.results import Run
from coercivity.views import palette
from coercivity.views.chart import Chart
from coercivity.views.charts import axes
from coercivity.views.inputs import inputs_of
from coercivity.views.labels import Scale, money, short, shown_apart, text_width
from coercivity.views.stockpile_words import answer, notes

ROW = 44
PLANTS = "plants"
WORDS = {"stock": "stock alone", "capacity": "plants alone", "mixture": "both"}
MOST_FORMS = 6
OTHERS = "other forms"
ROUNDING = 1e-6
"""Cost below this is rounding of the solver. [million]"""


def stockpile(run: Run) -> Chart:
    """Draw what each way of being ready costs, stock by form and plants beside.

    Parameters
    ----------
    run
        A run of ``stress stockpile``.
    """
    table = _table(run)
    title = " ".join(answer(run)[1:2] or answer(run))
    if table.empty:
        return axes.empty("stockpile", title, "Nothing has to be bought.")
    ways = [way for way in WORDS if way in set(table["way"])]
    return Chart(
        name="stockpile",
        title=title,
        option=_option(table, ways, inputs_of(run).money),
        table=table,
        units={"cost_musd": "million, discounted to the first year"},
        alt=f"Stacked bars of the cost of being ready, one a way. {title}",
        notes=tuple(notes(run)),
        height=ROW * len(ways) + 120,
    )


def _table(run: Run) -> pd.DataFrame:
    """Add up what each form costs to buy and keep, and what plants cost, by way."""
    ways, mix = run.table("stockpile_ways"), run.table("stockpile_mix")
    mix = mix.assign(cost_musd=mix["purchase_musd"] + mix["keeping_musd"])
    forms = mix.groupby(["way", "material"], as_index=False)["cost_musd"].sum()
    largest = forms.groupby("material")["cost_musd"].max().nlargest(MOST_FORMS).index
    named = forms["material"].where(forms["material"].isin(largest), OTHERS)
    forms = forms.assign(part=named).groupby(["way", "part"], as_index=False)["cost_musd"].sum()
    stocked = forms.groupby("way")["cost_musd"].sum()
    plants = pd.DataFrame(
        {
            "way": ways["way"],
            "part": PLANTS,
            "cost_musd": ways["cost_musd"] - ways["way"].map(stocked).fillna(0.0),
        }
    )
    found = pd.concat([forms, plants[plants["cost_musd"] > ROUNDING]], ignore_index=True)
    order = found["way"].map({way: number for number, way in enumerate(WORDS)})
    found = found.assign(order=order, less=-found["cost_musd"])
    ordered = found.sort_values(["order", "less"], ignore_index=True)
    kept: pd.DataFrame = ordered.drop(columns=["order", "less"])
    return kept


def _option(table: pd.DataFrame, ways: list[str], unit: str) -> axes.Option:
    totals = table.groupby("way")["cost_musd"].sum()
    scale = money(totals, unit)
    names = shown_apart({str(part): str(part) for part in table["part"]})
    amounts = {
        (str(w), str(p)): float(c)
        for w, p, c in table[["way", "part", "cost_musd"]].itertuples(index=False)
    }
    series: list[axes.Option] = [
        axes.bars(
            name,
            [scale(amounts.get((way, part), 0.0)) for way in ways],
            _style(part, number),
            stack="cost",
            barWidth=24,
        )
        for number, (part, name) in enumerate(names.items())
    ]
    series[-1] |= {"label": _total_label()}
    series[-1]["data"] = [
        _with_total(value, float(totals[way]), scale)
        for value, way in zip(series[-1]["data"], ways, strict=True)
    ]
    labels = [WORDS[way] for way in ways]
    legend = list(names.values())
    room = max(text_width(label) for label in labels) + 24
    top = axes.legend_height(legend, 860) + 16
    return axes.base(tooltip={"trigger": "item"}) | {
        "legend": axes.legend(legend),
        "grid": {"left": round(room), "right": 70, "top": top, "bottom": 52},
        "xAxis": axes.values_across(f"{scale.unit}, present value"),
        "yAxis": axes.steps(labels, inverse=True),
        "series": series,
    }


def _total_label() -> axes.Option:
    return {"show": True, "position": "right", "color": palette.INK}


def _with_total(value: object, total: float, scale: Scale) -> axes.Option:
    return {"value": value, "label": {"formatter": short(total / scale.factor)}}


def _style(part: str, number: int) -> axes.Option:
    if part == PLANTS:
        return palette.fill(palette.INK)
    place = number % len(palette.SERIES)
    return palette.fill(palette.SERIES[place], palette.SERIES_DECALS[place])
