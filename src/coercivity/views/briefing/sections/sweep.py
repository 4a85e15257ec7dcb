"""What a briefing says of shocks: which loss hurts most, whom, and what it costs."""

from __future__ import annotations

from coercivity.results import Run
from coercivity.views import stress_words
from coercivity.views.briefing.nouns import Section
from coercivity.views.briefing.sections.telling import Answer, Part, Telling, drawn, listed
from coercivity.views.charts import available

TITLE = "What could break it"


def answer(run: Run) -> Answer:
    """Say which loss leaves most short, how many do, and which costs most."""
    said = stress_words.sweep_answer(run)
    return Answer(tuple(said[:3]), tuple(said[3:]), stress_words.sweep_rules(run))


def section(run: Run) -> Section:
    """Show the shocks that hurt, by segment, and how the worst goes on."""
    return Section(
        TITLE, charts=drawn(run, available(run)), listings=listed(stress_words.sweep_tables(run))
    )


def cut_answer(run: Run) -> tuple[str, ...]:
    """Say how many losses hurt, without a name."""
    shocks = run.result["shocks"]
    hurting = sum(row["measured_more"] > stress_words.NOTHING for row in shocks)
    return (f"{hurting} of {len(shocks)} losses leave more demand unserved than undisturbed.",)


TELLING = Telling(
    verb="stress-sweep", title=TITLE, answer=answer, cut_answer=cut_answer, parts=(Part(section),)
)
