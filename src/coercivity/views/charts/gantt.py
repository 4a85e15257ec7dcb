"""When each build is decided on, permitted, built, and at full output."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from coercivity.results import Run
from coercivity.views import palette
from coercivity.views.chart import Chart
from coercivity.views.charts import axes
from coercivity.views.inputs import Inputs, inputs_of
from coercivity.views.labels import counted, cut_to, money, short, shown, text_width

ROW = 24
MOST_ROWS = 36
LABEL_ROOM = 270
PHASES = ("permit", "construction", "ramp-up", "full output")
STYLES = {
    "permit": palette.fill("#d0d4d9", palette.stripes(45)),
    "construction": palette.fill(palette.BLUE),
    "ramp-up": palette.fill(palette.SKY, palette.dots()),
    "full output": palette.fill(palette.GREEN, palette.stripes(0, colour=palette.LIGHT_LINES)),
}


def gantt(run: Run) -> Chart:
    """Draw the phases of every build the plan decides on.

    Parameters
    ----------
    run
        A plan.
    """
    inputs = inputs_of(run)
    builds = run.table("builds")
    builds = builds[builds["decision_year"] <= inputs.report_until]
    if builds.empty:
        title = "Nothing needs to be built: the plan runs what exists."
        return axes.empty("gantt", title, "No decision to build.", builds)
    table = _table(builds, inputs)
    kept = table.nlargest(MOST_ROWS, "capital_musd", keep="first").sort_index()
    left = len(table) - len(kept)
    notes = (
        "A bar begins with the decision; full output is shown to the last reported year, or until "
        "the last build is there.",
        *((f"{counted(left, 'smaller build')} not drawn; the data has them.",) if left else ()),
    )
    return Chart(
        name="gantt",
        title=_title(builds, inputs),
        option=_option(kept, inputs),
        table=table,
        units={"size_t_per_year": "t/year", "capital_musd": f"million {inputs.money}"},
        alt=f"Bars over years, one for each of {counted(len(table), 'decision')}: permit, "
        f"construction, ramp-up and full output. {_title(builds, inputs)}",
        notes=notes,
        height=ROW * len(kept) + 104,
    )


def _table(builds: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """List the year in which each phase of a build begins."""
    ramps = {row.text("id"): row.numbers("ramp") for row in inputs.tables["options"]}
    ordered = builds.sort_values(["first_output_year", "decision_year", "option"], kind="stable")
    full = [
        year + max(len(ramps.get(option, ())) - 1, 0)
        for year, option in zip(ordered["first_output_year"], ordered["option"], strict=True)
    ]
    columns = [
        "option", "asset", "link", "site", "stage", "modules", "size_t_per_year", "capital_musd",
        "decision_year", "construction_year", "first_output_year", "full_output_year",
    ]  # fmt: skip
    return ordered.assign(full_output_year=full)[columns].reset_index(drop=True)


def _option(
    table: pd.DataFrame, inputs: Inputs
) -> axes.Option:  # over budget: one chart option, read as a whole
    first = int(table["decision_year"].min())
    last = max(inputs.report_until, int(table["full_output_year"].max())) + 1
    marks: dict[str, list[int]] = {phase: [] for phase in PHASES}
    for row in table.to_dict("records"):
        edges = [row[f"{n}_year"] for n in ("decision", "construction", "first_output")]
        edges += [row["full_output_year"], max(last, row["full_output_year"])]
        for phase, start, end in zip(PHASES, edges[:-1], edges[1:], strict=True):
            marks[phase].append(int(end) - int(start))
    waiting = [int(year) - first for year in table["decision_year"]]
    names = [_label(row, inputs) for row in table.to_dict("records")]
    return axes.base(tooltip={"trigger": "item"}) | {
        "legend": axes.legend(PHASES),
        "grid": {"left": LABEL_ROOM, "right": 28, "top": 34, "bottom": 48},
        "xAxis": [
            axes.steps(
                [str(year) for year in range(first, last)],
                "year",
                boundaryGap=True,
                splitLine={"show": True, "lineStyle": {"color": palette.GRID}},
            ),
            {"type": "value", "min": 0, "max": last - first, "show": False},
        ],
        "yAxis": axes.steps(
            names,
            inverse=True,
            axisLine={"show": False},
        ),
        "series": [
            axes.bars(
                "before",
                waiting,
                {"color": "transparent"},
                stack="time",
                xAxisIndex=1,
                silent=True,
                barWidth=14,
                tooltip={"show": False},
            ),
            *(
                axes.bars(phase, marks[phase], STYLES[phase], stack="time", xAxisIndex=1)
                for phase in PHASES
            ),
        ],
    }


def _label(row: Mapping[object, object], inputs: Inputs) -> str:
    """Name what is built and how large; the size is never cut."""
    asset = row["asset"] if isinstance(row["asset"], str) else str(row["link"])
    name = inputs.names("assets").get(asset, asset)
    size = f", {short(float(str(row['size_t_per_year'])))} t/year"
    room = LABEL_ROOM - 14 - text_width(size)
    return cut_to(shown(name, 60), room, 12) + size


def _title(builds: pd.DataFrame, inputs: Inputs) -> str:
    modules = int(builds["modules"].sum())
    first, last = int(builds["decision_year"].min()), int(builds["decision_year"].max())
    output = int(builds["first_output_year"].min())
    when = f"in {first}" if first == last else f"between {first} and {last}"
    capital = float(builds["capital_musd"].sum())
    scale = money([capital], inputs.money)
    return (
        f"{counted(modules, 'module')} for {short(capital / scale.factor)} {scale.unit}, "
        f"decided {when}; "
        f"the first gives output in {output}, the last in "
        f"{int(builds['first_output_year'].max())}."
    )
