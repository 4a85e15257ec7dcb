"""The figures and tables of one run, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from coercivity.results import Run
from coercivity.views import assess_words, plan_words, source_words
from coercivity.views.briefing.nouns import Listing, Section
from coercivity.views.charts import Chart, available, figure
from coercivity.views.plan_words import TextTable

PLAN: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("Who is served", ("coverage", "makers"), ("coverage",)),
    ("What is built", ("gantt",), ("builds",)),
    ("Where it stands", ("map", "world"), ()),
    ("What flows", ("sankey",), ()),
    ("What holds it back", ("capacity",), ("bottlenecks",)),
    ("What it costs", ("costs",), ("cost_terms",)),
)
"""Headings of a plan: the figures below each, and the tables of the run behind its words."""
BARS = frozenset("█▓▒░")
PLAN_WORDS: dict[str, Callable[[Run], TextTable]] = {
    "coverage": plan_words.coverage_table,
    "builds": plan_words.builds_table,
    "bottlenecks": plan_words.bottleneck_table,
    "cost_terms": plan_words.cost_table,
}


def answer_of(run: Run) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Give the answer of a run in at most three sentences, what else it says, and how sure it is.

    Parameters
    ----------
    run
        A complete run of any verb.
    """
    verb = run.manifest.verb
    if verb == "plan":
        *sentences, proof = plan_words.answer(run)
        return tuple(sentences[:3]), tuple(sentences[3:]), proof
    if verb == "assess":
        said = assess_words.answer(run)
        return tuple(said[:3]), (*said[3:], *assess_words.notes(run)), ""
    if verb == "source":
        said = source_words.answer(run)
        kept = said if len(said) <= 3 else [said[0], said[1], said[-1]]
        return tuple(kept), tuple(text for text in said if text not in kept), ""
    return (run.manifest.headline or f"Run {run.id} came to its end.",), (), ""


def sections_of(run: Run) -> tuple[Section, ...]:
    """Give the sections of a run: figures, the tables beside them, and what else it says."""
    verb = run.manifest.verb
    if verb == "plan":
        found = [_plan_section(run, *one) for one in PLAN]
    elif verb in {"assess", "source"}:
        words = assess_words.tables(run) if verb == "assess" else source_words.tables(run)
        found = _other_sections(run, words)
    else:
        charts = tuple(figure(run, name) for name in available(run))
        found = [Section("What was found", charts=charts)]
    _, more, _ = answer_of(run)
    if more:
        found.append(Section("What else is to be said", paragraphs=more))
    return tuple(s for s in found if s.charts or s.listings or s.paragraphs)


def _plan_section(run: Run, title: str, figures: Sequence[str], tables: Sequence[str]) -> Section:
    known = available(run)
    charts = tuple(figure(run, name) for name in figures if name in known)
    listings = tuple(
        Listing(without_bars(PLAN_WORDS[name](run)), run.table(name), run.units(name))
        for name in tables
        if name in run.tables and not run.table(name).empty
    )
    return Section(title, charts=charts, listings=listings)


def _other_sections(run: Run, words: Sequence[TextTable]) -> list[Section]:
    charts: tuple[Chart, ...] = tuple(figure(run, name) for name in available(run))
    listings = tuple(Listing(table) for table in words if table.rows)
    return [Section("What was found", charts=charts, listings=listings)]


def without_bars(table: TextTable) -> TextTable:
    """Drop the columns that draw with characters; figures do that better.

    Examples
    --------
    >>> table = TextTable("t", (("year", True), ("bar", False)), (("2025", "\u2588\u2592"),))
    >>> without_bars(table).columns
    (('year', True),)
    """
    kept = [
        place
        for place in range(len(table.columns))
        if not table.rows
        or not all(set(row[place]) <= BARS for row in table.rows)
        or not any(row[place] for row in table.rows)
    ]
    columns = tuple(table.columns[place] for place in kept)
    return TextTable(
        table.title, columns, tuple(tuple(row[place] for place in kept) for row in table.rows)
    )
