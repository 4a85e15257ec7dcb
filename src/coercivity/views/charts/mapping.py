"""What both maps share: the base map, facilities as marks, movements as arrows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from coercivity.views import palette
from coercivity.views.chart import WIDTH, Chart
from coercivity.views.charts import axes
from coercivity.views.inputs import UNKNOWN, Inputs
from coercivity.views.labels import short, shown, tonnes
from coercivity.views.maps import DISCLAIMER, BaseMap, Point
from coercivity.views.placing import FACE, Mark, place_names, spread
from coercivity.views.plan_words import GROUPS

SMALLEST, LARGEST = 4.5, 11.0
"""Radius of the smallest and of the largest mark. [px]"""
THINNEST, THICKEST = 1.0, 7.0
"""Width of the smallest and of the largest arrow. [px]"""
BUILT, BOUGHT, POOL = "built by the plan", "bought from outside", "pool: trade and use"
EXTRAS = (BOUGHT, POOL)
"""Kinds that are no stage."""
MOST_ARROWS = 40
"""Arrows drawn, the largest first. [count]"""
MOST_NAMES = 60
"""Names for which room is sought, the most important first. [count]"""


@dataclass(frozen=True, slots=True)
class Spot:
    """Something drawn on a map."""

    owner: str
    """What it belongs to; all marks of one owner share its name."""
    at: Point
    """Place before marks are moved apart. [map unit]"""
    kind: str
    """Stage, or one of `EXTRAS`."""
    group: str
    size: float
    """Share of the largest of its kind. [fraction]"""
    words: str
    """What a reader sees when pointing at it."""
    built: bool = False
    """Whether the plan builds some of it."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """Something that moves."""

    start: Point
    end: Point
    group: str
    """Group of the country it comes from."""
    amount: float
    """Gross amount. [t/year]"""
    words: str


@dataclass(frozen=True, slots=True)
class Canvas:
    """A base map at a place in the drawing."""

    base: BaseMap
    width: int
    top: int

    @property
    def height(self) -> int:
        """Height of the map. [px]"""
        return round(self.base.height(self.width))

    def pixel(self, point: Point) -> tuple[float, float]:
        """Give a place in the drawing. [px]"""
        (left, _), (_, high) = self.base.bounds
        scale = self.base.scale(self.width)
        return (point[0] - left) * scale, (high - point[1]) * scale + self.top

    def point(self, x: float, y: float) -> list[float]:
        """Give a place on the map, for ECharts. [map unit]"""
        (left, _), (_, high) = self.base.bounds
        scale = self.base.scale(self.width)
        return [round(left + x / scale, 2) + 0.0, round(high - (y - self.top) / scale, 2) + 0.0]


@dataclass(frozen=True, slots=True)
class Told:
    """What a map says beside its drawing."""

    name: str
    title: str
    alt: str
    note: str
    """What marks and arrows are; the disclaimer of the base map follows it."""
    table: pd.DataFrame
    """A row per mark; its columns that end in ``_t`` are tonnes a year."""


def map_chart(
    told: Told,
    base: BaseMap,
    *,
    spots: Sequence[Spot],
    arrows: Sequence[Arrow],
    names: Mapping[str, str],
    inputs: Inputs,
) -> Chart:
    """Make a chart of spots and arrows on a base map, with what is said of them.

    Parameters
    ----------
    told
        Title, words and table.
    base
        The base map.
    spots, arrows, names, inputs
        As in `map_option`; of the arrows the first are drawn.
    """
    keys, _ = legend_keys(spots, inputs)
    canvas = Canvas(base, WIDTH, axes.legend_height(keys, WIDTH) + 6)
    columns = [str(column) for column in told.table.columns]
    return Chart(
        name=told.name,
        title=told.title,
        option=map_option(canvas, spots, arrows[:MOST_ARROWS], names, inputs),
        table=told.table,
        units={column: "t/year" for column in columns if column.endswith("_t")},
        alt=told.alt,
        notes=(told.note, *_left_out(spots, arrows), DISCLAIMER),
        maps=(base.name,),
        width=WIDTH,
        height=canvas.top + canvas.height,
    )


def _left_out(spots: Sequence[Spot], arrows: Sequence[Arrow]) -> Iterator[str]:
    """Say what of many is not drawn."""
    if len(arrows) > MOST_ARROWS:
        yield f"The {MOST_ARROWS} largest of {len(arrows)} movements are drawn."
    if len({spot.owner for spot in spots}) > MOST_NAMES:
        yield "Names are shown where there is room, those that matter most first."


def arrows_of(
    moves: pd.DataFrame,
    ends: tuple[str, str],
    places: Mapping[str, Point],
    names: Mapping[str, str],
) -> list[Arrow]:
    """Give movements between known places as arrows, the largest first.

    Parameters
    ----------
    moves
        A row per movement, with ``group`` and ``gross_t``.
    ends
        Columns of where it starts and where it ends.
    places
        Where each end lies.
    names
        Name of each end.
    """
    start, end = ends
    held = moves[moves[start].isin(places) & moves[end].isin(places)]
    held = held[held[start] != held[end]]
    held = held.sort_values("gross_t", ascending=False, kind="stable")
    return [
        Arrow(
            places[str(row[start])],
            places[str(row[end])],
            str(row["group"]),
            float(row["gross_t"]),
            f"{shown(names[str(row[start])])} to {shown(names[str(row[end])])}: "
            f"{tonnes_words(float(row['gross_t']))} gross",
        )
        for row in held.to_dict("records")
    ]


def map_option(
    canvas: Canvas,
    spots: Sequence[Spot],
    arrows: Sequence[Arrow],
    names: Mapping[str, str],
    inputs: Inputs,
) -> axes.Option:
    """Draw spots and arrows on a base map.

    Parameters
    ----------
    canvas
        The base map and its place.
    spots
        Facilities and outside supply.
    arrows
        Movements, the largest first.
    names
        Name of each owner, the most important first.
    inputs
        Names of stages.
    """
    marks = [Mark(spot.owner, *canvas.pixel(spot.at), radius=_radius(spot.size)) for spot in spots]
    placed = spread(marks)
    tried = list(names.items())[:MOST_NAMES]
    room = (2.0, float(canvas.top), canvas.width - 2.0, float(canvas.top + canvas.height))
    labels = place_names([(o, shown(n, 26)) for o, n in tried], placed, within=room)
    by_mark = {label.mark: (shown(names[owner], 26), label.side) for owner, label in labels.items()}
    kinds = list(dict.fromkeys(spot.kind for spot in spots))
    ordered = [s for s in (*inputs.stages, UNKNOWN) if s in kinds]
    series = [_arrows(canvas, arrows)] if arrows else []
    for kind in [*ordered, *(extra for extra in EXTRAS if extra in kinds)]:
        own = [n for n, spot in enumerate(spots) if spot.kind == kind]
        data = [_mark(spots[n], canvas, placed[n], by_mark.get(n)) for n in own]
        series.append(_layer(kind, data, inputs))
    keys, silent = legend_keys(spots, inputs)
    return axes.base(tooltip={"trigger": "item", "formatter": "{b}"}) | {
        "legend": axes.legend(keys, itemWidth=16, itemHeight=12, selectedMode=False),
        "geo": _geo(canvas),
        "series": [*series, *silent],
    }


def legend_keys(spots: Sequence[Spot], inputs: Inputs) -> tuple[list[str], list[axes.Option]]:
    """Give the entries of the legend, and the empty series that draw the colours among them."""
    found = {spot.kind for spot in spots}
    stages = [s for s in (*inputs.stages, UNKNOWN) if s in found]
    groups = {spot.group for spot in spots}
    silent: list[axes.Option] = [
        _key(group, {"color": palette.GROUP_COLOURS[group]})
        for group in (*GROUPS, UNKNOWN)
        if group in groups
    ]
    if any(spot.built for spot in spots):
        style = {"color": palette.WHITE, "borderColor": palette.INK, "borderWidth": 2.5}
        silent.append(_key(BUILT, style))
    keys = [shown(inputs.stage_name(stage)) for stage in stages]
    keys += [extra for extra in EXTRAS if extra in found]
    return [*keys, *(str(one["name"]) for one in silent)], silent


def _key(name: str, style: axes.Option) -> axes.Option:
    return {
        "type": "scatter",
        "name": name,
        "coordinateSystem": "geo",
        "symbol": "roundRect",
        "itemStyle": {**style, "opacity": 1},
        "data": [],
    }


def _radius(size: float) -> float:
    return round(SMALLEST + (LARGEST - SMALLEST) * math.sqrt(min(max(size, 0.0), 1.0)), 1)


def _geo(canvas: Canvas) -> axes.Option:
    (left, low), (right, high) = canvas.base.bounds
    return {
        "map": canvas.base.name,
        "left": 0,
        "top": canvas.top,
        "width": canvas.width,
        "height": canvas.height,
        "aspectScale": 1,
        "boundingCoords": [[left, high], [right, low]],
        "roam": True,
        "silent": True,
        "itemStyle": {
            "areaColor": palette.LAND,
            "borderColor": palette.BORDER,
            "borderWidth": 0.6,
        },
        "emphasis": {"disabled": True},
        "select": {"disabled": True},
        "label": {"show": False},
    }


def _layer(kind: str, data: list[axes.Option], inputs: Inputs) -> axes.Option:
    shape = "circle" if kind in EXTRAS else shapes(inputs)[kind]
    style: axes.Option = {"color": palette.FAINT, "opacity": 1}
    if kind in EXTRAS:
        style = _ring(palette.FAINT if kind == BOUGHT else palette.INK, kind)
    return {
        "type": "scatter",
        "name": kind if kind in EXTRAS else shown(inputs.stage_name(kind)),
        "coordinateSystem": "geo",
        "symbol": shape,
        "itemStyle": style,
        "data": data,
        "z": 5,
    }


def _ring(colour: str, kind: str) -> axes.Option:
    """Give the style of what is no plant: a ring, or a dark dot in one for a pool."""
    inside = palette.WHITE if kind == BOUGHT else palette.GRID
    width = 3 if kind == BOUGHT else 1.5
    return {"color": inside, "borderColor": colour, "borderWidth": width, "opacity": 1}


def shapes(inputs: Inputs) -> dict[str, str]:
    """Give the shape of each stage, the same on every map of a case."""
    return palette.shapes_of([*inputs.stages, UNKNOWN])


def _mark(spot: Spot, canvas: Canvas, place: Mark, label: tuple[str, str] | None) -> axes.Option:
    colour = palette.GROUP_COLOURS.get(spot.group, palette.GREY)
    style: axes.Option = {
        "color": colour,
        "borderColor": palette.WHITE,
        "borderWidth": 0.8,
        "opacity": 1,
    }
    if spot.built:
        style |= {"borderColor": palette.INK, "borderWidth": 1.8}
    if spot.kind in EXTRAS:
        style = _ring(colour if spot.kind == BOUGHT else palette.INK, spot.kind)
    mark: axes.Option = {
        "name": spot.words,
        "value": canvas.point(place.x, place.y),
        "symbolSize": round(2 * place.radius, 1),
        "itemStyle": style,
    }
    if label is not None:
        mark["label"] = {
            "show": True,
            "formatter": label[0],
            "position": label[1],
            "distance": 4,
            "fontSize": FACE,
            "color": palette.INK,
        }
    return mark


def _arrows(canvas: Canvas, arrows: Sequence[Arrow]) -> axes.Option:
    largest = max(arrow.amount for arrow in arrows)
    data = []
    for arrow in reversed(arrows):
        width = THINNEST + (THICKEST - THINNEST) * math.sqrt(arrow.amount / largest)
        ends = [canvas.point(*canvas.pixel(end)) for end in (arrow.start, arrow.end)]
        colour = palette.GROUP_COLOURS.get(arrow.group, palette.GREY)
        data.append(
            {
                "name": arrow.words,
                "coords": ends,
                "lineStyle": {"color": colour, "width": round(width, 1)},
                "symbolSize": [0, round(5 + width, 1)],
            }
        )
    return {
        "type": "lines",
        "name": "movements",
        "coordinateSystem": "geo",
        "symbol": ["none", "arrow"],
        "lineStyle": {"curveness": 0.22, "opacity": 0.55},
        "data": data,
        "z": 3,
    }


def sizes(frame: pd.DataFrame, amount: str, kind: str) -> list[float]:
    """Give each row's amount as a share of the largest of its kind. [fraction]"""
    largest = frame.groupby(kind)[amount].transform("max")
    return [
        float(a) / float(b) if b > 0 else 0.0 for a, b in zip(frame[amount], largest, strict=True)
    ]


def tonnes_words(amount: float) -> str:
    """Write tonnes a year."""
    scale = tonnes([amount])
    return f"{short(amount / scale.factor)} {scale.unit}"
