"""What a briefing says of packages: who needs what, what it costs, what doubt costs."""

from __future__ import annotations

from coercivity.results import Run
from coercivity.views import align_words
from coercivity.views.briefing.nouns import Section
from coercivity.views.briefing.sections.telling import Answer, Part, Telling, drawn, listed

TITLE = "What makes it happen"
FIGURES = ("package", "months", "doubt")


def answer(run: Run) -> Answer:
    """Say who is brought in, at what public cost, and what doubt adds."""
    said = align_words.answer(run)
    return Answer(tuple(said[:3]), tuple(said[3:]), align_words.notes(run)[-1])


def section(run: Run) -> Section:
    """Show every project, the term sheets, and the figures."""
    return Section(TITLE, charts=drawn(run, FIGURES), listings=listed(align_words.tables(run)))


def cut_answer(run: Run) -> tuple[str, ...]:
    """Say how many are brought in, without a name."""
    rows = run.result["projects"]
    before = sum(bool(row["accepts_before"]) for row in rows)
    after = sum(bool(row["accepts"]) for row in rows)
    return (f"{before} of {len(rows)} projects say yes as things stand, {after} with packages.",)


TELLING = Telling(
    verb="align",
    title=TITLE,
    answer=answer,
    cut_answer=cut_answer,
    parts=(Part(section),),
)
