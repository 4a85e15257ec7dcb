"""How the output of each stage divides among countries."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from coercivity.results import Run
from coercivity.views import palette
from coercivity.views.chart import WIDTH, Chart
from coercivity.views.charts import axes
from coercivity.views.labels import cut_to, in_sentence, shown, shown_apart, text_width
from coercivity.views.plan_words import amount, share

ROW = 44
MOST_MAKERS = 7
OTHERS = "others"
INDEX_ROOM = 84


def concentration(
    frame: pd.DataFrame,
    *,
    stage: str = "stage",
    maker: str = "country",
    value: str = "share",
    index: Mapping[str, float] | None = None,
    names: Mapping[str, str] | None = None,
    stage_names: Mapping[str, str] | None = None,
    year: int | None = None,
    notes: tuple[str, ...] = (),
) -> Chart:
    """Draw the share of each maker in the output of every stage.

    Parameters
    ----------
    frame
        A row per stage and maker, in the order of the chain.
    stage, maker, value
        Columns of the stage, of who makes, and of the share. [fraction]
    index
        Herfindahl–Hirschman index of each stage, written beside its bar. [0 to 10 000]
    names, stage_names
        Words for makers and stages.
    year
        Year that was counted. [calendar year]
    notes
        Small print.

    Examples
    --------
    >>> rows = [("mining", "A", 0.7), ("mining", "B", 0.3), ("magnet", "A", 1.0)]
    >>> frame = pd.DataFrame(rows, columns=["stage", "country", "share"])
    >>> concentration(frame, year=2024).title
    'A leads every stage in 2024, from 70.0 % of mining to 100 % of magnet.'
    """
    table = frame[[stage, maker, value]].rename(
        columns={stage: "stage", maker: "maker", value: "share"}
    )
    table = table[table["share"] > 0].reset_index(drop=True)
    if table.empty:
        return axes.empty("concentration", "No output was counted.", "No shares.", table)
    words = {m: (names or {}).get(m, m) for m in dict.fromkeys(table["maker"].map(str))}
    stages = {s: (stage_names or {}).get(s, s) for s in dict.fromkeys(table["stage"].map(str))}
    title = _title(table, words, stages, year)
    if index is not None:
        table = table.assign(hhi=table["stage"].map(dict(index)))
    return Chart(
        name="concentration",
        title=title,
        option=_option(table, words, stages, dict(index or {})),
        table=table,
        units={"share": "fraction", **({"hhi": "index"} if index is not None else {})},
        alt=f"A bar for each of {len(stages)} stages, divided by who makes it. {title}",
        notes=(
            *(
                ("HHI: Herfindahl–Hirschman index of the shares; 10 000 is a single maker.",)
                if index is not None
                else ()
            ),
            *notes,
        ),
        height=ROW * len(stages) + 122,
    )  # fmt: skip


def _option(  # over budget: one chart option, read as a whole
    table: pd.DataFrame, words: dict[str, str], stages: dict[str, str], index: dict[str, float]
) -> axes.Option:
    totals = table.groupby("maker")["share"].sum().sort_values(ascending=False, kind="stable")
    leading = [str(m) for m in totals.index[:MOST_MAKERS]]
    names = shown_apart({m: words[m] for m in leading} | {OTHERS: OTHERS}, 24)
    held = {
        (str(s), str(m)): float(v)
        for s, m, v in table[["stage", "maker", "share"]].itertuples(index=False)
    }
    series = [
        axes.bars(
            names[m],
            [round(held.get((s, m), 0.0) * 100, 2) for s in stages],
            palette.series_fill(n),
            stack="share",
            barWidth=24,
        )
        for n, m in enumerate(leading)
    ]
    rest = [
        round(100 * sum(v for (s, m), v in held.items() if s == stage and m not in leading), 2)
        for stage in stages
    ]
    if any(rest):
        style = palette.fill("#dfe2e6", palette.stripes(90, gap=8))
        series.append(axes.bars(names[OTHERS], rest, style, stack="share", barWidth=24))
    drawn = [str(one["name"]) for one in series]
    top = axes.legend_height(drawn, WIDTH) + 12
    left = min(round(max(text_width(shown(n)) for n in stages.values())) + 26, 220)
    option = axes.base(tooltip={"trigger": "axis", "axisPointer": {"type": "shadow"}}) | {
        "legend": axes.legend(drawn),
        "grid": {
            "left": left,
            "right": INDEX_ROOM if index else 28,
            "top": top + (16 if index else 0),
            "bottom": 54,
        },
        "xAxis": axes.values_across("share of output (%)", max=100, min=0),
        "yAxis": [
            axes.steps(
                [cut_to(shown(n), left - 16, 12) for n in stages.values()],
                inverse=True,
                axisLine={"show": False},
            )
        ],
        "series": series,
    }
    if index:
        option["yAxis"].append(_index_axis([index.get(s) for s in stages]))
    return option


def _index_axis(values: list[float | None]) -> axes.Option:
    """Write the index of each stage on an axis to the right."""
    texts = ["not told" if v is None or math.isnan(v) else amount(v) for v in values]
    return axes.steps(
        texts,
        name="HHI (index)",
        nameLocation="start",
        nameGap=8,
        nameTextStyle={"color": palette.FAINT, "align": "left"},
        position="right",
        inverse=True,
        axisLine={"show": False},
    )


def _title(
    table: pd.DataFrame, words: dict[str, str], stages: dict[str, str], year: int | None
) -> str:
    top = table.loc[table.groupby("stage", sort=False)["share"].idxmax()]
    when = f" in {year}" if year is not None else ""
    ranked = top.groupby("maker")["share"].agg(["size", "max"])
    leader = str(ranked.sort_values(["size", "max"], ascending=False, kind="stable").index[0])
    led = top[top["maker"] == leader].sort_values("share")
    first, last = led.iloc[0], led.iloc[-1]
    name = shown(words[leader])
    where = "every stage" if len(led) == len(top) else f"{len(led)} of {len(top)} stages"
    if len(led) == 1:
        stage = in_sentence(stages[str(last["stage"])])
        return f"{name} makes {share(float(last['share']))} of {stage}{when}."
    return (
        f"{name} leads {where}{when}, from {share(float(first['share']))} of "
        f"{in_sentence(stages[str(first['stage'])])} to {share(float(last['share']))} of "
        f"{in_sentence(stages[str(last['stage'])])}."
    )


def concentration_of(run: Run) -> Chart:
    """Draw the world's output by stage and country, as an assessment counted it.

    Parameters
    ----------
    run
        An assessment.
    """
    year = int(run.result["year"])
    stages, index = run.table("stages"), run.table("concentration")
    stages = stages[(stages["year"] == year) & stages["share"].notna()]
    index = index[index["year"] == year]
    return concentration(
        stages,
        index=dict(zip(index["stage"], index["hhi"], strict=True)),
        names=dict(zip(stages["country"], stages["country_name"], strict=True)),
        stage_names=dict(zip(stages["stage"], stages["stage_name"], strict=True)),
        year=year,
        notes=tuple(shown(note, 160) for note in run.result.get("notes", ())),
    )
