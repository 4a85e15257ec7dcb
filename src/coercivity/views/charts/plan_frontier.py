"""What serving more of a segment, or serving it sooner, costs: the frontier of a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from coercivity.results import Run
from coercivity.views import palette
from coercivity.views.chart import HEIGHT, WIDTH, Chart
from coercivity.views.charts import axes
from coercivity.views.charts.coverage import class_name
from coercivity.views.inputs import Inputs, inputs_of
from coercivity.views.labels import counted, in_sentence, rounded, short, shown, shown_apart

TABLE = "frontier"
SHORTFALL, YEAR = "shortfall", "year"
ACROSS = {SHORTFALL: "shortfall_t", YEAR: "year"}
"""Column that each kind is drawn over."""
PROVEN = "optimal"
BOUND, OPEN = "no plan costs less (proven)", "not proven to the gap"
DASHES = "path://M0,4L8,4L8,6L0,6Z M12,4L20,4L20,6L12,6Z"
SMALLEST = 0.005
"""Distance between cost and bound that is not drawn. [million]"""
LEFT, RIGHT, GUTTER, BOTTOM = 80, 44, 100, 56
"""Room around and between the panels. [px]"""
COLUMNS = [
    "kind", "segment", "class", "limit_t", "shortfall_t", "year", "cost_musd", "bound_musd",
    "status",
]  # fmt: skip

Line = tuple[str, str]
"""Segment and class; an empty class is any."""


@dataclass(frozen=True, slots=True)
class _Panel:
    """The points of one kind, a line for each segment and class."""

    kind: str
    lines: Mapping[Line, pd.DataFrame]


def plan_frontier(run: Run, *, segment: str | None = None) -> Chart:
    """Draw cost against the shortfall of a segment, and against the year it is served from.

    Parameters
    ----------
    run
        A plan with a frontier.
    segment
        Segment to draw; None draws every one that has points.
    """
    inputs = inputs_of(run)
    held = run.table(TABLE)[COLUMNS]
    table = (held if segment is None else held[held["segment"] == segment]).reset_index(drop=True)
    found = table[table["cost_musd"].notna()]
    panels = [panel for panel in _panels(found) if panel.lines]
    name = TABLE if segment is None else f"{TABLE}-{segment}"
    if not panels:
        return axes.empty(name, "No plan was found on the frontier.", "No points.", table)
    units = run.units(TABLE)
    names = _names(panels, inputs)
    title = _title(panels, names, units, inputs)
    left = len(table) - len(found)
    return Chart(
        name=name,
        title=title,
        option=_option(panels, names, units, inputs),
        table=table,
        units=units,
        alt=f"{counted(len(found), 'plan')} as points, cost upwards, joined by a line for each of "
        f"{counted(len(names), 'aim')}. {title}",
        notes=(
            "Each point is a plan of its own, whole chain and horizon; the cost axis does not "
            "begin at zero.",
            *((f"No plan was found for {counted(left, 'point')}; the data has them.",)
              if left else ()),
        ),
        height=HEIGHT,
    )  # fmt: skip


def _panels(found: pd.DataFrame) -> Iterator[_Panel]:
    for kind, across in ACROSS.items():
        held = found[(found["kind"] == kind) & found[across].notna()]
        held = held.assign(**{"class": held["class"].fillna("").astype(str)})
        lines: dict[Line, pd.DataFrame] = {}
        for segment, origin in held[["segment", "class"]].drop_duplicates().itertuples(index=False):
            own = held[(held["segment"] == segment) & (held["class"] == origin)]
            lines[str(segment), str(origin)] = own.sort_values([across, "cost_musd"])
        yield _Panel(kind, lines)


def _names(panels: Sequence[_Panel], inputs: Inputs) -> dict[Line, str]:
    """Name each line by its segment, and its class where it has one."""
    lines = list(dict.fromkeys(line for panel in panels for line in panel.lines))
    texts = shown_apart({repr(line): _words(line, inputs) for line in lines})
    return {line: texts[repr(line)] for line in lines}


def _words(line: Line, inputs: Inputs) -> str:
    segment, origin = line
    name = shown(inputs.segments.get(segment, segment), 22)
    return f"{name}, {class_name(origin)}" if origin else name


def _option(
    panels: Sequence[_Panel],
    names: Mapping[Line, str],
    units: Mapping[str, str],
    inputs: Inputs,
) -> axes.Option:
    keys = [*names.values(), *_keys(panels)]
    top = axes.legend_height(keys, WIDTH) + 42
    width = (WIDTH - LEFT - RIGHT - GUTTER * (len(panels) - 1)) / len(panels)
    option: axes.Option = axes.base(tooltip={"trigger": "item"}) | {
        "legend": axes.legend(keys) | {"data": [_key(key) for key in keys]},
        "grid": [], "xAxis": [], "yAxis": [], "series": [],
    }  # fmt: skip
    for place, panel in enumerate(panels):
        left = round(LEFT + place * (width + GUTTER))
        option["grid"].append({"left": left, "width": round(width), "top": top, "bottom": BOTTOM})
        option["xAxis"].append(_across(panel, place, units))
        option["yAxis"].append(
            axes.values(
                _cost_unit(units, inputs),
                gridIndex=place,
                scale=True,
                splitNumber=4,
                boundaryGap=["4%", "6%"],
            )
        )
        option["series"].extend(_series(panel, place, names))
    option["series"].extend(_silent(keys))
    return option


def _keys(panels: Sequence[_Panel]) -> list[str]:
    """Name what must be told apart besides the lines."""
    every = pd.concat([frame for panel in panels for frame in panel.lines.values()])
    bounded = bool((every["cost_musd"] - every["bound_musd"] > SMALLEST).any())
    unproven = bool((every["status"] != PROVEN).any())
    return [*([BOUND] if bounded else ()), *([OPEN] if unproven else ())]


def _cost_unit(units: Mapping[str, str], inputs: Inputs) -> str:
    return units.get("cost_musd", f"million {inputs.money}, present value")


def _across(panel: _Panel, place: int, units: Mapping[str, str]) -> axes.Option:
    """Give the axis below a panel: tonnes that are missing, or years."""
    if panel.kind == SHORTFALL:
        unit = units.get("shortfall_t", "t/year")
        return axes.values_across(
            f"shortfall ({unit})", gridIndex=place, min=0, splitNumber=4, boundaryGap=[0, "6%"]
        )
    every = _years(panel)
    step = max(1, round(len(every) / 6))
    return axes.steps(
        [str(year) for year in every],
        "served from (year)",
        gridIndex=place,
        axisLabel={"color": palette.INK, "interval": step - 1},
    )


def _years(panel: _Panel) -> list[int]:
    held = [int(year) for frame in panel.lines.values() for year in frame["year"]]
    return list(range(min(held), max(held) + 1))


def _series(panel: _Panel, place: int, names: Mapping[Line, str]) -> Iterator[axes.Option]:
    where = {"xAxisIndex": place, "yAxisIndex": place}
    shapes = palette.shapes_of(repr(line) for line in names)
    for number, (line, name) in enumerate(names.items()):
        if line not in panel.lines:
            continue
        frame = panel.lines[line]
        colour = palette.SERIES[number % len(palette.SERIES)]
        if bool((frame["cost_musd"] - frame["bound_musd"] > SMALLEST).any()):
            yield _bound(panel, frame) | where
        yield {
            "type": "line",
            "name": name,
            "data": [_point(panel, row, colour) for row in frame.to_dict("records")],
            "symbol": shapes[repr(line)],
            "symbolSize": 10,
            "itemStyle": {"color": colour},
            "lineStyle": {"color": colour, "width": 2},
            "z": 3,
            **where,
        }


def _bound(panel: _Panel, frame: pd.DataFrame) -> axes.Option:
    held = frame[frame["bound_musd"].notna()].to_dict("records")
    return {
        "type": "line",
        "name": BOUND,
        "data": [[_place(panel, row), round(float(row["bound_musd"]), 2)] for row in held],
        "symbol": "none",
        "itemStyle": {"color": palette.FAINT},
        "lineStyle": {"color": palette.FAINT, "width": 1.5, "type": "dashed"},
        "silent": True,
    }


def _point(panel: _Panel, row: Mapping[object, object], colour: str) -> axes.Option:
    mark: axes.Option = {"value": [_place(panel, row), round(float(str(row["cost_musd"])), 2)]}
    if row["status"] != PROVEN:
        mark["itemStyle"] = _hollow(colour)
    return mark


def _hollow(colour: str) -> axes.Option:
    return {"color": palette.WHITE, "borderColor": colour, "borderWidth": 2}


def _place(panel: _Panel, row: Mapping[object, object]) -> float | str:
    """Give where a point stands: tonnes, or the name of a year."""
    value = float(str(row[ACROSS[panel.kind]]))
    return rounded(value) if panel.kind == SHORTFALL else str(int(value))


def _key(name: str) -> str | axes.Option:
    """Give an entry of the legend; a bound has no marks, so its entry has none."""
    return {"name": name, "icon": DASHES} if name == BOUND else name


def _silent(keys: Sequence[str]) -> Iterator[axes.Option]:
    """Give what only stands in the legend."""
    if OPEN in keys:
        yield {"type": "scatter", "name": OPEN, "data": [], "itemStyle": _hollow(palette.FAINT)}


def _title(
    panels: Sequence[_Panel],
    names: Mapping[Line, str],
    units: Mapping[str, str],
    inputs: Inputs,
) -> str:
    """Say what the first line of each panel costs from end to end."""
    sentences = []
    for panel in panels:
        line, frame = next(iter(panel.lines.items()))
        who = in_sentence(names[line])
        say = _shortfall_words if panel.kind == SHORTFALL else _year_words
        sentences.append(say(frame, who, units.get("shortfall_t", "t/year"), inputs.money))
    text = "; ".join(sentences)
    more = len(names) - len({next(iter(panel.lines)) for panel in panels})
    told = f"; {counted(more, 'more aim')} drawn" if more else ""
    return f"{text[:1].upper()}{text[1:]}{told}."


def _shortfall_words(frame: pd.DataFrame, who: str, unit: str, money: str) -> str:
    least, most = frame.iloc[0], frame.iloc[-1]
    first, last = float(most["shortfall_t"]), float(least["shortfall_t"])
    if first == last:
        return f"the shortfall of {who} stays at {short(last)} {unit}"
    extra = _extra(float(least["cost_musd"]) - float(most["cost_musd"]), money)
    return f"cutting the shortfall of {who} from {short(first)} to {short(last)} {unit} {extra}"


def _year_words(frame: pd.DataFrame, who: str, unit: str, money: str) -> str:
    del unit
    soonest, latest = frame.iloc[0], frame.iloc[-1]
    first, last = int(soonest["year"]), int(latest["year"])
    if first == last:
        return f"{who} can be served from {first}"
    extra = _extra(float(soonest["cost_musd"]) - float(latest["cost_musd"]), money)
    return f"serving {who} from {first} rather than {last} {extra}"


def _extra(cost: float, money: str) -> str:
    """Say a difference in cost."""
    if abs(cost) < SMALLEST:
        return "costs nothing more"
    return f"{'costs' if cost > 0 else 'saves'} {short(abs(cost))} million {money}"
