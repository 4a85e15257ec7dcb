"""From ore to use in tonnes of what matters: where it enters, passes, is lost and ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

import networkx as nx
import pandas as pd

from coercivity.results import Run
from coercivity.views import palette
from coercivity.views.chart import Chart
from coercivity.views.charts import axes
from coercivity.views.charts.facilities import purchases
from coercivity.views.inputs import UNKNOWN, Inputs, inputs_of
from coercivity.views.labels import (
    Scale,
    in_sentence,
    listed,
    short,
    shown_apart,
    tonnes,
    wrapped_lines,
)
from coercivity.views.plan_words import share

Node = tuple[str, str]
"""Kind (``ore``, ``bought``, ``from stock``, ``stage``, ``use``, …) and what of it."""
Links = dict[tuple[Node, Node], float]
"""Contained tonnes a year by start and end."""

SMALLEST_SHARE = 1e-4
"""Links below this share of what enters are not drawn. [fraction]"""
LOST, GAINED = ("lost", ""), ("gained", "")
SINKS = ("use", "sold", "into stock", "unsold", "lost", "returned")
SANKEY_WIDTH, HEIGHT = 1100, 620
LABEL_ROOM = 190
"""Room for the names of ends. [px]"""
FACE = 11
"""Size of names. [px]"""


def sankey(run: Run, *, year: int | None = None, elements: Sequence[str] | None = None) -> Chart:
    """Draw what enters the chain, passes its stages, and is used, sold, left over or lost.

    Parameters
    ----------
    run
        A plan.
    year
        Year to draw, with its whole period; None is the last reported one. [calendar year]
    elements
        Elements whose contained tonnes are counted; None takes those of the key product.
    """
    inputs = inputs_of(run)
    year = last_year(run, inputs) if year is None else inputs.period_start(year)
    counted = tuple(elements) if elements is not None else key_elements(inputs)
    links = links_of(run, inputs, year, counted) if counted else {}
    when = inputs.period(year)
    if not links:
        why = "No material of the plan contains the elements counted."
        return axes.empty("sankey", f"Nothing flows in {when}.", why)
    kept = _without_loops(links, inputs)
    table = _table(kept, inputs)
    names = inputs.names("elements")
    what = listed((in_sentence(names.get(e, e)) for e in counted), most=4)
    title = _title(kept, when, inputs)
    return Chart(
        name="sankey",
        title=title,
        option=_option(kept, inputs),
        table=table,
        units={"contained_t": "t/year"},
        alt=f"Flow diagram of contained {what} in {when}, from ore and purchases through "
        f"{len(_stages(kept))} stages to use. {title}",
        notes=(
            f"Tonnes a year of contained {what}, all plants of the case, in {when}.",
            "Lost: what goes into a process and does not come out. Unsold: made and without a "
            "taker. What recycling returns is drawn once as an end and once as a start.",
        ),
        width=SANKEY_WIDTH,
        height=HEIGHT,
    )


def last_year(run: Run, inputs: Inputs) -> int:
    """Give the first year of the last reported period. [calendar year]"""
    years = inputs.reported(run.table("activity"))["year"]
    return inputs.tables.settings.periods[0] if years.empty else int(years.max())


def key_elements(inputs: Inputs) -> tuple[str, ...]:
    """Give the elements in the key product of the case."""
    key = inputs.tables.settings.key_product
    rows = inputs.tables["compositions"]
    return tuple(row.text("element") for row in rows if row.text("material") == key)


def contents(inputs: Inputs, elements: Sequence[str]) -> dict[str, float]:
    """Give what a tonne of each material contains of some elements. [t/t]"""
    factors = {e.text("id"): e.maybe_number("oxide_factor") for e in inputs.tables["elements"]}
    found: dict[str, float] = defaultdict(float)
    for row in inputs.tables["compositions"]:
        element = row.text("element")
        if element in elements:
            oxide = row.text("counted_as") == "oxide"
            factor = (factors.get(element) or 1.0) if oxide else 1.0
            found[row.text("material")] += row.number("mass_fraction") * factor
    return dict(found)


def links_of(run: Run, inputs: Inputs, year: int, elements: Sequence[str]) -> Links:
    """Give contained tonnes between what enters, stages, and what leaves, in one year.

    Every stage balances: a stage stands for its processes and for the pool of what it makes.
    """
    held = contents(inputs, elements)
    stage = {
        row.text("id"): row.maybe_text("stage") or UNKNOWN for row in inputs.tables["materials"]
    }
    links: Links = defaultdict(float)
    for start, end, amount in (
        *_processing(run, inputs, year, held, stage),
        *_trade(run, inputs, year, held, stage),
        *_stocks(run, inputs, year, held, stage),
    ):
        if start != end:
            links[start, end] += amount
    return {pair: amount for pair, amount in links.items() if amount > 0}


Flow = tuple[Node, Node, float]


def _of(run: Run, table: str, year: int) -> list[dict[Hashable, Any]]:
    frame = run.table(table)
    return frame[frame["year"] == year].to_dict("records")


def _processing(
    run: Run, inputs: Inputs, year: int, held: Mapping[str, float], stage: Mapping[str, str]
) -> Iterator[Flow]:
    recipes: dict[tuple[str, str], list[tuple[str, str, float]]] = defaultdict(list)
    for row in inputs.tables["recipes"]:
        key = (row.text("process"), row.text("mode"))
        recipes[key].append((row.text("material"), row.text("direction"), row.number("amount")))
    balance: dict[str, float] = defaultdict(float)
    for done in _of(run, "activity", year):
        activity = _number(done["activity_t"])
        own: Node = ("stage", _text(done["stage"]))
        rows = recipes[str(done["process"]), str(done["mode"])]
        amounts = [(m, d, activity * a * held.get(m, 0.0)) for m, d, a in rows]
        taken = sum(a for _, direction, a in amounts if direction == "in")
        made = sum(a for _, direction, a in amounts if direction == "out")
        if taken == 0:
            yield ("ore", inputs.groups.get(str(done["country"]), UNKNOWN)), own, made
        else:
            balance[own[1]] += taken - made
        for material, direction, amount in amounts:
            pool: Node = ("stage", stage[material])
            yield (pool, own, amount) if direction == "in" else (own, pool, amount)
    for place, left in balance.items():
        node: Node = ("stage", place)
        yield (node, LOST, left) if left > 0 else (GAINED, node, -left)


def _trade(
    run: Run, inputs: Inputs, year: int, held: Mapping[str, float], stage: Mapping[str, str]
) -> Iterator[Flow]:
    for row in purchases(run, inputs, year).to_dict("records"):
        material = str(row["material"])
        amount = _number(row["bought_t"]) * held.get(material, 0.0)
        yield ("bought", str(row["group"])), ("stage", stage[material]), amount
    ends = (("sales", "sold", "sold_t"), ("unsold", "unsold", "unsold_t"))
    for table, kind, column in ends:
        for row in _of(run, table, year):
            material = str(row["material"])
            group = inputs.groups.get(str(row.get("country")), UNKNOWN) if kind == "sold" else ""
            amount = _number(row[column]) * held.get(material, 0.0)
            yield ("stage", stage[material]), (kind, group), amount
    for row in _of(run, "served", year):
        material = str(row["material"])
        amount = _number(row["served_t"]) * held.get(material, 0.0)
        yield ("stage", stage[material]), ("use", str(row["segment"])), amount


def _stocks(
    run: Run, inputs: Inputs, year: int, held: Mapping[str, float], stage: Mapping[str, str]
) -> Iterator[Flow]:
    keeps = {row.text("id"): row.text("material") for row in inputs.tables["stocks"]}
    for row in _of(run, "stocks", year):
        material = keeps[str(row["stock"])]
        pool: Node = ("stage", stage[material])
        inside = held.get(material, 0.0)
        yield pool, ("into stock", ""), _number(row["filled_t"]) * inside
        yield ("from stock", ""), pool, _number(row["drawn_t"]) * inside


def _number(value: object) -> float:
    return float(str(value))


def _text(value: object) -> str:
    return value if isinstance(value, str) else UNKNOWN


def _without_loops(links: Links, inputs: Inputs) -> Links:
    """Draw what goes back to an earlier stage as an end and a start, so that nothing circles."""
    order = {stage: n for n, stage in enumerate(inputs.stages)}
    found: Links = defaultdict(float)
    for (start, end), amount in links.items():
        both = start[0] == end[0] == "stage"
        if both and order.get(start[1], -1) >= order.get(end[1], -1):
            found[start, ("returned", end[1])] += amount
            found[("recycled", start[1]), end] += amount
        else:
            found[start, end] += amount
    entering = sum(a for (start, _), a in found.items() if start[0] != "stage")
    return {pair: a for pair, a in found.items() if a > SMALLEST_SHARE * entering}


def _stages(links: Links) -> list[str]:
    return list(dict.fromkeys(n[1] for pair in links for n in pair if n[0] == "stage"))


def node_name(node: Node, inputs: Inputs) -> str:
    """Write a node for people."""
    kind, what = node
    words = {
        "stage": inputs.stage_name(what),
        "ore": f"Ore, {what}",
        "bought": f"Bought, {what}",
        "sold": f"Sold, {what}",
        "use": f"Use: {inputs.segments.get(what, what)}",
        "from stock": "From stock",
        "into stock": "Into stock",
        "unsold": "Unsold",
        "lost": "Lost in processing",
        "gained": "Not accounted for",
        "returned": f"Back to {in_sentence(inputs.stage_name(what))}",
        "recycled": f"From {in_sentence(inputs.stage_name(what))}",
    }
    return words[kind]


def _table(links: Links, inputs: Inputs) -> pd.DataFrame:
    rows = [
        {"from": node_name(a, inputs), "to": node_name(b, inputs), "contained_t": amount}
        for (a, b), amount in links.items()
    ]
    table = pd.DataFrame(rows, columns=["from", "to", "contained_t"])
    return table.sort_values(["from", "to"], ignore_index=True)


def _option(
    links: Links, inputs: Inputs
) -> axes.Option:  # over budget: one chart option, read as a whole
    nodes = list(dict.fromkeys(node for pair in links for node in pair))
    ids = {node: f"{node[0]}|{node[1]}" for node in nodes}
    names = shown_apart({ids[node]: node_name(node, inputs) for node in nodes})
    through = {
        node: max(
            sum(a for (start, _), a in links.items() if start == node),
            sum(a for (_, end), a in links.items() if end == node),
        )
        for node in nodes
    }
    scale = tonnes(through.values())
    columns = _columns(links)
    last = max(columns.values())
    step = (SANKEY_WIDTH - LABEL_ROOM - 12) / max(last, 1)
    return axes.base(tooltip={"trigger": "item"}) | {
        "title": axes.note_mark(f"contained {scale.unit}", left=8, top=4, padding=0),
        "series": [
            {
                "type": "sankey",
                "left": 12,
                "right": LABEL_ROOM,
                "top": 34,
                "bottom": 14,
                "nodeWidth": 14,
                "nodeGap": 22,
                "nodeAlign": "left",
                "draggable": False,
                "layoutIterations": 64,
                "emphasis": {"focus": "adjacency"},
                "label": {"color": palette.INK, "fontSize": FACE, "lineHeight": 13},
                "lineStyle": {"color": "source", "opacity": 0.35, "curveness": 0.5},
                "data": [
                    {
                        "name": names[ids[node]],
                        "depth": columns[node],
                        "itemStyle": _style(node),
                        "label": {
                            "formatter": _label(
                                f"{names[ids[node]]} {short(through[node] / scale.factor)}",
                                LABEL_ROOM - 24 if columns[node] == last else step - 24,
                            )
                        },
                    }
                    for node in nodes
                ],
                "links": _links(links, ids, names, scale),
            }
        ],
    }


def _label(text: str, width: float) -> str:
    return "\n".join(wrapped_lines(text, width, FACE))


def _columns(links: Links) -> dict[Node, int]:
    """Put each stage after what feeds it, starts one before their first use, ends last."""
    graph: nx.DiGraph[Node] = nx.DiGraph()
    graph.add_edges_from(links)
    columns: dict[Node, int] = {}
    for node in nx.topological_sort(graph):
        before = [columns[n] for n in graph.predecessors(node)]
        columns[node] = max(before, default=-1) + 1
    last = max(columns.values())
    for node in columns:
        if not graph.out_degree(node):
            columns[node] = last
        elif not graph.in_degree(node):
            columns[node] = min(columns[n] for n in graph.successors(node)) - 1
    return columns


def _links(
    links: Links, ids: Mapping[Node, str], names: Mapping[str, str], scale: Scale
) -> list[axes.Option]:
    return [
        {"source": names[ids[a]], "target": names[ids[b]], "value": scale(amount)}
        for (a, b), amount in links.items()
    ]


def _style(node: Node) -> axes.Option:
    kind, what = node
    if kind in {"ore", "bought", "sold"}:
        return palette.group_fill(what)
    colours = {
        "stage": palette.FAINT,
        "use": palette.GREEN,
        "lost": palette.INK,
        "unsold": palette.GREY,
        "gained": palette.PINK,
    }
    return palette.fill(colours.get(kind, palette.YELLOW))


def _title(links: Links, when: str, inputs: Inputs) -> str:
    entering = sum(a for (start, _), a in links.items() if start[0] in {"ore", "bought"})
    ends: dict[str, float] = defaultdict(float)
    for (_, end), amount in links.items():
        ends[end[0]] += amount
    dug = sum(a for (start, _), a in links.items() if start == ("ore", "domestic"))
    left = sum(a for (start, _), a in links.items() if start[0] not in {"stage", "recycled"})
    parts = [f"{share(ends['use'] / left)} of what enters the chain in {when} reaches the users"]
    parts.append(f"{share((ends['lost'] + ends['unsold']) / left)} is lost or unsold")
    if entering:
        parts.append(f"ore {inputs.at_home} is {share(dug / entering)} of what is dug or bought")
    return "; ".join(parts) + "."
