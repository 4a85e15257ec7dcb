"""What a briefing says of a simulation: who loses service, and how long it lasts."""

from __future__ import annotations

from coercivity.results import Run
from coercivity.views import simulation_words
from coercivity.views.briefing.nouns import Section
from coercivity.views.briefing.sections.telling import Answer, Part, Telling, drawn, listed
from coercivity.views.charts import available

TITLE = "What falls short when things happen"


def answer(run: Run) -> Answer:
    """Say who loses service, how long it takes to recover, and what prices would do."""
    said = simulation_words.answer(run)
    return Answer(tuple(said[:3]), tuple(said[3:]), " ".join(simulation_words.notes(run)))


def section(run: Run) -> Section:
    """Show every segment, prices, and the figures of the segment that loses most."""
    return Section(
        TITLE, charts=drawn(run, available(run)), listings=listed(simulation_words.tables(run))
    )


def cut_answer(run: Run) -> tuple[str, ...]:
    """Say how many segments lose service, without a name."""
    found = run.result
    hurt = sum(one["ever_lost_share"] > 0 for one in found["recovery_months"].values())
    return (
        f"{hurt} of {len(found['recovery_months'])} segments lose service in some replication.",
    )


TELLING = Telling(
    verb="stress-simulate",
    title=TITLE,
    answer=answer,
    cut_answer=cut_answer,
    parts=(Part(section),),
)
