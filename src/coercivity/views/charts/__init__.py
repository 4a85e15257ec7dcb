"""Figures, one a file: each a function from a run, or a table, to a `Chart`.

>>> sorted(FIGURES)
['adversary', 'capacity', 'cash', 'concentration', 'costs', 'cover', 'coverage', 'doubt', 'dscr',
 'endurance', 'frontier', 'gantt', 'loop', 'makers', 'map', 'months', 'npv', 'owners', 'package',
 'prices', 'sankey', 'shock-years', 'shocks', 'shortfall', 'standing', 'stockpile', 'survival',
 'terms', 'tornado', 'waits', 'world']
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coercivity.foundation.errors import UsageError
from coercivity.foundation.identifiers import nearest
from coercivity.foundation.problems import quoted
from coercivity.results import Run
from coercivity.views.chart import Chart
from coercivity.views.charts.adversary import adversary
from coercivity.views.charts.capacity import capacity
from coercivity.views.charts.cash_waterfall import cash_waterfall
from coercivity.views.charts.concentration import concentration, concentration_of
from coercivity.views.charts.costs import costs
from coercivity.views.charts.cover_histogram import cover_histogram
from coercivity.views.charts.coverage import coverage
from coercivity.views.charts.dscr_fan import dscr_fan
from coercivity.views.charts.frontier import frontier
from coercivity.views.charts.gantt import gantt
from coercivity.views.charts.home_map import home_map
from coercivity.views.charts.loop import endurance, loop
from coercivity.views.charts.makers import makers
from coercivity.views.charts.months import months
from coercivity.views.charts.npv_histogram import npv_histogram
from coercivity.views.charts.owners import owners
from coercivity.views.charts.package_sheet import package_sheet
from coercivity.views.charts.plan_frontier import plan_frontier
from coercivity.views.charts.price_fan import price_fan
from coercivity.views.charts.price_of_doubt import price_of_doubt
from coercivity.views.charts.sankey import sankey
from coercivity.views.charts.shock_heatmap import shock_heatmap, shock_timeline
from coercivity.views.charts.shortfall_fan import shortfall_fan
from coercivity.views.charts.standing import standing
from coercivity.views.charts.stockpile import stockpile
from coercivity.views.charts.survival import survival
from coercivity.views.charts.term_sheet import term_sheet
from coercivity.views.charts.tornado import tornado
from coercivity.views.charts.waits import waits
from coercivity.views.charts.world_map import world_map

__all__ = [
    "FIGURES",
    "Chart",
    "Figure",
    "adversary",
    "available",
    "capacity",
    "cash_waterfall",
    "concentration",
    "concentration_of",
    "costs",
    "cover_histogram",
    "coverage",
    "dscr_fan",
    "endurance",
    "figure",
    "frontier",
    "gantt",
    "home_map",
    "loop",
    "makers",
    "months",
    "npv_histogram",
    "owners",
    "package_sheet",
    "plan_frontier",
    "price_fan",
    "price_of_doubt",
    "sankey",
    "shortfall_fan",
    "stockpile",
    "standing",
    "shock_heatmap",
    "shock_timeline",
    "survival",
    "term_sheet",
    "tornado",
    "waits",
    "world_map",
]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure by name: how it is made, and of what."""

    draw: Callable[..., Chart]
    """Makes it from a run."""
    tables: tuple[str, ...]
    """Tables the run must have."""
    takes: tuple[str, ...] = ()
    """Further arguments: ``year``, ``segment``, ``project``, ``shock``."""
    words: str = ""
    """What it shows."""


FIGURES = {
    "map": Figure(
        home_map,
        ("capacity", "flows", "purchases", "activity"),
        ("year",),
        "plants at home and moves between them",
    ),
    "world": Figure(
        world_map,
        ("capacity", "flows", "purchases", "activity"),
        ("year",),
        "capacity by country and what crosses borders",
    ),
    "sankey": Figure(
        sankey,
        ("activity", "purchases", "sales", "served", "unsold", "stocks"),
        ("year",),
        "from ore to use, with losses and what is left over",
    ),
    "gantt": Figure(gantt, ("builds",), (), "permit, construction and ramp-up of each build"),
    "coverage": Figure(
        coverage, ("coverage", "served"), ("segment",), "demand and who of which class serves it"
    ),
    "makers": Figure(makers, ("makers",), (), "who makes it, by country group"),
    "capacity": Figure(
        capacity, ("capacity", "bottlenecks"), (), "capacity at home by stage, and the bottleneck"
    ),
    "costs": Figure(costs, ("cost_terms",), (), "the terms of the cost"),
    "frontier": Figure(
        plan_frontier, ("frontier",), ("segment",), "what serving more, or sooner, costs"
    ),
    "concentration": Figure(
        concentration_of, ("stages", "concentration"), (), "who makes each stage in the world"
    ),
    "npv": Figure(
        npv_histogram, ("finance", "npv_histogram"), ("project",), "what equity is worth, by path"
    ),
    "cash": Figure(
        cash_waterfall,
        ("finance", "cash_waterfall"),
        ("project",),
        "from sales to owners, in present value",
    ),
    "tornado": Figure(
        tornado, ("finance", "tornado"), ("project",), "which inputs move the worth most"
    ),
    "prices": Figure(
        price_fan, ("finance", "price_fan"), ("project",), "how the price of the product may go"
    ),
    "dscr": Figure(
        dscr_fan, ("finance", "dscr_fan"), ("project",), "whether cash covers debt service"
    ),
    "shocks": Figure(
        shock_heatmap, ("shocks", "shock_segments"), (), "which loss hurts which segment"
    ),
    "shock-years": Figure(
        shock_timeline, ("shock_years", "shock_stocks"), ("shock",), "how a loss goes on"
    ),
    "survival": Figure(survival, ("survival",), (), "how long it lasts without each plant"),
    "stockpile": Figure(
        stockpile, ("stockpile_ways", "stockpile_mix"), (), "what being ready costs, by way"
    ),
    "terms": Figure(
        term_sheet, ("finance", "term_sheet"), ("project",), "what is agreed, and its public cost"
    ),
    "package": Figure(
        package_sheet, ("packages",), (), "what each project is given, and its public cost"
    ),
    "months": Figure(
        months, ("months_served",), (), "what packages buy, in months that home serves by itself"
    ),
    "doubt": Figure(
        price_of_doubt, ("doubt_by_project",), ("project",), "what not being believed costs"
    ),
    "adversary": Figure(
        adversary, ("attacks", "budget_curve"), (), "what a budget buys an adversary"
    ),
    "standing": Figure(
        standing, ("attacks", "attacked_projects"), (), "which plants fall under the worst attack"
    ),
    "loop": Figure(
        loop, ("loop_points",), (), "what stays when support ends, and what dumping takes"
    ),
    "endurance": Figure(
        endurance, ("loop_dumping",), (), "how hard and how long dumping must be to halve it"
    ),
    "waits": Figure(waits, ("owners", "waits"), (), "which owners wait for which"),
    "owners": Figure(owners, ("owners",), (), "what each project is worth alone and with all"),
    "shortfall": Figure(
        shortfall_fan, ("shortfall_fan",), ("segment",), "what share of demand is lost, by month"
    ),
    "cover": Figure(
        cover_histogram, ("cover_histogram",), ("segment",), "how low days of cover fall"
    ),
}
"""Every figure of a run by name, in the order of a briefing."""


def available(run: Run) -> tuple[str, ...]:
    """Give the names of the figures that a run has the tables for."""
    return tuple(name for name, one in FIGURES.items() if set(one.tables) <= set(run.tables))


def figure(
    run: Run,
    name: str,
    *,
    year: int | None = None,
    segment: str | None = None,
    project: str | None = None,
    shock: str | None = None,
) -> Chart:
    """Make a figure of a run by its name.

    Parameters
    ----------
    run
        A complete run.
    name
        One of `available`.
    year
        Year, for figures of one period. [calendar year]
    segment
        Segment, for figures of demand.
    project
        Project, for figures of finance.
    shock
        Loss, for the figure of how it goes on.

    Raises
    ------
    UsageError
        If there is no such figure, the run has no tables for it, or it takes no such argument.
    """
    if name not in FIGURES:
        near = nearest(name, FIGURES)
        meant = f"Did you mean '{near}'? " if near is not None else ""
        known = ", ".join(FIGURES)
        msg = f"there is no figure {quoted(name)}. {meant}Known: {known}.  [{UsageError.code}]"
        raise UsageError(msg)
    one = FIGURES[name]
    missing = [table for table in one.tables if table not in run.tables]
    if missing:
        msg = (
            f"figure '{name}' needs the tables {', '.join(missing)}, which run '{run.id}' "
            f"({run.manifest.verb}) has not. This run can draw: "
            f"{', '.join(available(run)) or 'nothing'}.  [{UsageError.code}]"
        )
        raise UsageError(msg)
    given = {"year": year, "segment": segment, "project": project, "shock": shock}
    asked = {key: value for key, value in given.items() if value is not None}
    if extra := sorted(set(asked) - set(one.takes)):
        takes = ", ".join(one.takes) or "nothing further"
        msg = f"figure '{name}' takes no {extra[0]}; it takes {takes}.  [{UsageError.code}]"
        raise UsageError(msg)
    return one.draw(run, **asked)
