"""What a briefing says of a plan: who is served, what is built and where, what it costs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from coercivity.results import Run
from coercivity.views import plan_words
from coercivity.views.briefing.nouns import Listing, Section
from coercivity.views.briefing.sections.telling import (
    Answer,
    Part,
    Telling,
    drawn,
    listed,
    without_bars,
)
from coercivity.views.plan_words import TextTable, amount

WORDS: dict[str, Callable[[Run], TextTable]] = {
    "coverage": plan_words.coverage_table,
    "builds": plan_words.builds_table,
    "bottlenecks": plan_words.bottleneck_table,
    "cost_terms": plan_words.cost_table,
}
"""Words for tables of a plan."""
WORST_SERVED = re.compile(r"; the largest shortfall is .* t of .* t in \d+ \(.*\)\.$")
"""What the answer says of the demand that goes shortest."""
ONE_OPTION = "left out"
"""Stands for the size of what is one option: it would be a number of the case."""


def answer(run: Run) -> Answer:
    """Say what the plan builds, what it serves, and how sure that is."""
    *sentences, proof = plan_words.answer(run)
    return Answer(tuple(sentences[:3]), tuple(sentences[3:]), proof)


def cut_answer(run: Run) -> tuple[str, ...]:
    """Say it without a single demand: neither which goes shortest nor how much it asks for."""
    sentences = answer(run).sentences
    return tuple(WORST_SERVED.sub(".", sentence) for sentence in sentences)


def _section(run: Run, *, title: str, figures: Sequence[str], tables: Sequence[str]) -> Section:
    """Show figures, and below them the tables behind their words, with all digits."""
    listings = tuple(
        Listing(without_bars(WORDS[name](run)), run.table(name), run.units(name))
        for name in tables
        if name in run.tables and not run.table(name).empty
    )
    return Section(title, charts=drawn(run, figures), listings=listings)


def _cut(
    run: Run, *, title: str, figures: Sequence[str], words: Iterable[Callable[[Run], TextTable]]
) -> Section:
    """Show figures and tables of sums, only as they are read."""
    return Section(title, charts=drawn(run, figures), listings=listed(one(run) for one in words))


def builds_by_stage(run: Run) -> TextTable:
    """Show modules and sizes by stage and year; the size of a single option is left out."""
    builds, until = run.table("builds"), run.kpis.get("report_until")
    if until is not None:
        builds = builds[builds["decision_year"] <= until]
    rows = []
    named = builds.assign(stage=builds["stage"].fillna("other"))
    for (stage, year), held in named.groupby(["stage", "first_output_year"]):
        size = amount(float(held["size_t_per_year"].sum()))
        several = held["option"].nunique() > 1
        modules = amount(float(held["modules"].sum()))
        rows.append((str(stage), str(year), modules, size if several else ONE_OPTION))
    columns = (("stage", False), ("output", True), ("modules", True), ("t/year", True))
    return TextTable("What to build, by stage", columns, tuple(rows))


def _part(
    title: str,
    figures: Sequence[str],
    tables: Sequence[str] = (),
    *,
    cut: tuple[Sequence[str], Sequence[Callable[[Run], TextTable]]] | None = None,
) -> Part:
    make = partial(_section, title=title, figures=figures, tables=tables)
    if cut is None:
        return Part(make)
    return Part(make, partial(_cut, title=title, figures=cut[0], words=cut[1]))


TELLING = Telling(
    verb="plan",
    title="What to build, where and when",
    answer=answer,
    cut_answer=cut_answer,
    parts=(
        _part(
            "Who is served",
            ("coverage", "makers"),
            ("coverage",),
            cut=(("coverage", "makers"), (plan_words.coverage_table,)),
        ),
        _part("What is built", ("gantt",), ("builds",), cut=((), (builds_by_stage,))),
        _part("Where it stands", ("map", "world")),
        _part("What flows", ("sankey",), cut=(("sankey",), ())),
        _part("What holds it back", ("capacity",), ("bottlenecks",)),
        _part(
            "What it costs",
            ("costs",),
            ("cost_terms",),
            cut=(("costs",), (plan_words.cost_table,)),
        ),
    ),
)
