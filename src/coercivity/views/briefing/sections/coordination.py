"""What a briefing says of owners who wait for each other, where a run has looked at them."""

from __future__ import annotations

from coercivity.results import Run
from coercivity.views import coordination_words
from coercivity.views.briefing.nouns import Section
from coercivity.views.briefing.sections.telling import Part, Telling, drawn, listed

TITLE = "Who waits for whom"


def section(run: Run) -> Section:
    """Draw who waits for whom, with the worth of each alone and with all; empty without a game."""
    if "owners" not in run.tables:
        return Section(TITLE)
    return Section(
        TITLE,
        tuple(coordination_words.answer(run)),
        charts=drawn(run, ("waits", "owners")),
        listings=listed(coordination_words.tables(run)),
    )


TELLING = Telling(verb="align", parts=(Part(section),))
