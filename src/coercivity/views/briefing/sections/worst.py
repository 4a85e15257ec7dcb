"""What a briefing says of the worst failures, and of what to protect first."""

from __future__ import annotations

from coercivity.results import Run
from coercivity.views import stress_words
from coercivity.views.briefing.nouns import Section
from coercivity.views.briefing.sections.telling import Answer, Part, Telling, listed

TITLE = "The worst that can fail at once"


def answer(run: Run) -> Answer:
    """Say which failures hurt most, what to protect, and what is proven."""
    said = stress_words.worst_answer(run)
    return Answer((said[0], *said[2:]), (), said[1])


def section(run: Run) -> Section:
    """Show what fails, and what is short in which year."""
    return Section(TITLE, listings=listed(stress_words.worst_tables(run)))


def cut_answer(run: Run) -> tuple[str, ...]:
    """Say how much the worst failures leave short, without a name."""
    found = run.result
    return (f"The worst {found['k']} failures leave {found['shortfall_t']:,.0f} t unserved.",)


TELLING = Telling(
    verb="stress-worst", title=TITLE, answer=answer, cut_answer=cut_answer, parts=(Part(section),)
)
