"""Demand, who of which class serves it, and what is missing."""

from __future__ import annotations

import pandas as pd

from coercivity.results import Run
from coercivity.views import palette
from coercivity.views.chart import HEIGHT, WIDTH, Chart
from coercivity.views.charts import axes
from coercivity.views.inputs import Inputs, inputs_of
from coercivity.views.labels import in_sentence, short, shown, shown_apart, tonnes
from coercivity.views.plan_words import amount, share

MISSING = "not served"
ANY = "any"
SMALLEST = 1e-6
"""Shortfall below this is rounding of the solver. [t/year]"""


def coverage(run: Run, *, segment: str | None = None) -> Chart:
    """Draw demand by year, split into the classes that serve it and what is missing.

    Parameters
    ----------
    run
        A plan.
    segment
        Segment to draw; None draws all together.
    """
    inputs = inputs_of(run)
    wanted = _of(inputs.reported(run.table("coverage")), segment)
    served = _of(inputs.reported(run.table("served")), segment)
    who = "all segments"
    if segment is not None:
        who = in_sentence(inputs.segments.get(segment, segment))
    name = "coverage" if segment is None else f"coverage-{segment}"
    if wanted.empty:
        return axes.empty(name, f"No demand of {who}.", "The case asks for nothing here.")
    table = _table(wanted, served)
    title = _title(wanted, who)
    origin = _known_origin(table, inputs)
    if float(wanted["shortfall_t"].max()) <= SMALLEST and origin:
        title = f"{title}; {origin}"
    years = sorted(int(year) for year in wanted["year"].unique())
    return Chart(
        name=name,
        title=f"{title}.",
        option=_option(table, years, inputs),
        table=table,
        units={"amount_t": "t/year"},
        alt=f"Stacked bars by year: demand of {who} by the origin class that serves it. "
        f"{_words(wanted, inputs)} {_title(wanted, who)}; {origin or 'by any origin'}.",
        notes=(_class_note(table, inputs), "Amounts are averages per year of each period."),
        width=WIDTH,
        height=HEIGHT,
    )


def _of(frame: pd.DataFrame, segment: str | None) -> pd.DataFrame:
    return frame if segment is None else frame[frame["segment"] == segment]


def _table(wanted: pd.DataFrame, served: pd.DataFrame) -> pd.DataFrame:
    """List tonnes by year and class, what is missing as a class of its own."""
    by_class = served.groupby(["year", "class"])[["served_t"]].sum().reset_index()
    short_of = wanted.groupby("year")[["shortfall_t"]].sum().reset_index()
    parts = [
        by_class.rename(columns={"served_t": "amount_t"}),
        short_of.rename(columns={"shortfall_t": "amount_t"}).assign(**{"class": MISSING}),
    ]
    table = pd.concat(parts, ignore_index=True)[["year", "class", "amount_t"]]
    table = table[(table["class"] != MISSING) | (table["amount_t"] > SMALLEST)]
    return table.sort_values(["year", "class"]).reset_index(drop=True)


def _option(table: pd.DataFrame, years: list[int], inputs: Inputs) -> axes.Option:
    found = set(table["class"])
    classes = [c for c in inputs.classes if c in found]
    classes += sorted(found - set(classes) - {MISSING})
    known = {c: class_name(c) for c in classes}
    names = shown_apart({c: known[c] for c in classes})
    amounts = {(int(y), str(c)): float(a) for y, c, a in table.itertuples(index=False)}
    scale = tonnes(table.groupby("year")["amount_t"].sum())
    styles = {c: _style(c, n) for n, c in enumerate(classes)}
    names[MISSING] = MISSING
    styles[MISSING] = palette.MISSING
    order = classes + ([MISSING] if MISSING in found else [])
    series = [
        axes.bars(
            names[c],
            [scale(amounts[year, c]) if (year, c) in amounts else None for year in years],
            styles[c],
            stack="demand",
            barMaxWidth=64,
        )
        for c in order
    ]
    room = axes.legend_height([names[c] for c in order], WIDTH)
    return axes.base(tooltip={"trigger": "axis", "axisPointer": {"type": "shadow"}}) | {
        "legend": axes.legend([names[c] for c in order]),
        "grid": {"left": 62, "right": 24, "top": room + 34, "bottom": 48},
        "xAxis": axes.steps([inputs.period(year) for year in years], "year"),
        "yAxis": axes.values(scale.unit),
        "series": series,
    }


def class_name(origin_class: str) -> str:
    """Write an origin class for people.

    Examples
    --------
    >>> class_name("allied"), class_name("any")
    ('class allied', 'any origin')
    """
    return "any origin" if origin_class == ANY else f"class {origin_class}"


def _style(origin_class: str, place: int) -> axes.Option:
    if origin_class == ANY:
        return palette.fill("#c8ccd1", palette.dots())
    turn = place % len(palette.SHADES)
    return palette.fill(palette.SHADES[turn], palette.SHADE_DECALS[turn])


def _title(wanted: pd.DataFrame, who: str) -> str:
    years = wanted["years"]
    asked = float((wanted["demand_t"] * years).sum())
    lacking = float((wanted["shortfall_t"] * years).sum())
    until = int((wanted["year"] + years).max()) - 1
    if lacking <= SMALLEST:
        return f"Demand of {who} is served in full up to {until}"
    by_year = wanted.groupby("year")[["demand_t", "shortfall_t"]].sum()
    gap = float(by_year["shortfall_t"].max())
    worst = int(str(by_year["shortfall_t"].idxmax()))
    total = float(by_year["demand_t"].to_dict()[worst])
    return (
        f"{share(1 - lacking / asked)} of the demand of {who} is served up to {until}; "
        f"most is missing in {worst}: {short(gap)} of {short(total)} t"
    )


def _known_origin(table: pd.DataFrame, inputs: Inputs) -> str:
    """Say how much is served by tonnes that satisfy some class, first and last."""
    served = table[table["class"] != MISSING]
    if served.empty or set(served["class"]) == {ANY}:
        return ""
    totals = served.groupby("year")["amount_t"].sum()
    known = served[served["class"] != ANY].groupby("year")["amount_t"].sum()
    shares = (known.reindex(totals.index).fillna(0.0) / totals).to_dict()
    first, last = int(min(totals.index)), int(max(totals.index))
    when = inputs.period(last)
    if first == last:
        return f"{share(shares[first])} of what serves it satisfies an origin class in {when}"
    if share(shares[first]) == share(shares[last]):
        return f"{share(shares[last])} of what serves it satisfies an origin class"
    return (
        f"{share(shares[first])} of what serves it satisfies an origin class in {first}, "
        f"{share(shares[last])} in {when}"
    )


def _class_note(table: pd.DataFrame, inputs: Inputs) -> str:
    names = inputs.names("origin_classes")
    found = [c for c in inputs.classes if c in set(table["class"])]
    listed = "".join(f" Class {shown(c)}: {shown(names[c], 60).lower()}." for c in found)
    return f"Classes are those the tonnes at least satisfy; each tonne counts once.{listed}"


def _words(wanted: pd.DataFrame, inputs: Inputs) -> str:
    totals = wanted.groupby("year")["demand_t"].sum()
    asked = {int(str(year)): float(total) for year, total in totals.items()}
    first, last = min(asked), max(asked)
    return (
        f"Demand goes from {amount(asked[first])} t in {first} to {amount(asked[last])} t a year "
        f"in {inputs.period(last)}."
    )
