"""How the runs of a verb are told, and pieces that sections share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from coercivity.results import Run
from coercivity.views.briefing.nouns import Listing, Section
from coercivity.views.charts import Chart, available, figure
from coercivity.views.plan_words import TextTable

BARS = frozenset("█▓▒░")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a run answers."""

    sentences: tuple[str, ...]
    """The answer, in three sentences at most."""
    more: tuple[str, ...] = ()
    """What else is to be said."""
    certainty: str = ""
    """How sure it is; empty where nothing was proven."""


@dataclass(frozen=True, slots=True)
class Part:
    """A section: how it is made of a run, and what is left of it without inputs."""

    make: Callable[[Run], Section]
    """Gives the section; one without content is left out."""
    cut: Callable[[Run], Section] | None = None
    """Gives what may stay when inputs are left out; None leaves the part out."""


@dataclass(frozen=True, slots=True)
class Telling:
    """How the runs of a verb are told: the answer, and sections."""

    verb: str
    parts: tuple[Part, ...]
    title: str = ""
    """Title of the briefing; empty where another telling of the verb has it."""
    answer: Callable[[Run], Answer] | None = None
    """Gives the answer; None where another telling of the verb does."""
    cut_answer: Callable[[Run], tuple[str, ...]] | None = None
    """Gives the answer in sentences that name no input."""


def drawn(run: Run, names: Iterable[str]) -> tuple[Chart, ...]:
    """Draw those of some figures that a run has the tables for."""
    known = available(run)
    return tuple(figure(run, name) for name in names if name in known)


def listed(tables: Iterable[TextTable]) -> tuple[Listing, ...]:
    """Show tables of texts that have rows."""
    return tuple(Listing(without_bars(table)) for table in tables if table.rows)


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
