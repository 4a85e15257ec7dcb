"""What a briefing says of a loop: what stays when support ends, and what dumping halves it."""

from __future__ import annotations

from coercivity.results import Run
from coercivity.views import loop_words
from coercivity.views.briefing.nouns import Section
from coercivity.views.briefing.sections.telling import Answer, Part, Telling, drawn, listed
from coercivity.views.charts import available

TITLE = "Does it last"


def answer(run: Run) -> Answer:
    """Say what support brings, what stays of it, and what dumping halves it."""
    said = loop_words.answer(run)
    return Answer(tuple(said[:3]), tuple(said[3:]), loop_words.notes(run)[-1])


def section(run: Run) -> Section:
    """Show the loop, how hard and how long dumping must be, and the tables."""
    return Section(
        TITLE, charts=drawn(run, available(run)), listings=listed(loop_words.tables(run))
    )


def cut_answer(run: Run) -> tuple[str, ...]:
    """Say what stays, without a name or a price."""
    kept = run.result["retained_share"]
    if kept is None:
        return ("Support brings no accepted supply, so nothing can stay.",)
    return (f"{loop_words.percent(kept)} of accepted supply stays when support ends.",)


TELLING = Telling(
    verb="loop",
    title=TITLE,
    answer=answer,
    cut_answer=cut_answer,
    parts=(Part(section),),
)
