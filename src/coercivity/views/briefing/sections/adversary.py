"""What a briefing says of an adversary: his best attack, whom it stops, what the public pays."""

from __future__ import annotations

from coercivity.results import Run
from coercivity.views import adversary_words
from coercivity.views.briefing.nouns import Section
from coercivity.views.briefing.sections.telling import Answer, Part, Telling, drawn, listed
from coercivity.views.charts import available
from coercivity.views.plan_words import share

TITLE = "What an adversary can do"


def answer(run: Run) -> Answer:
    """Say what falls, what is not built, and what the public pays under the worst attacks."""
    said = adversary_words.answer(run)
    first = (said[0], *said[-2:])
    more = tuple(text for text in said if text not in first)
    return Answer(first, more, " ".join(adversary_words.notes(run)))


def section(run: Run) -> Section:
    """Show what a budget buys, which plants fall, and the attacks that cost the public most."""
    return Section(
        TITLE, charts=drawn(run, available(run)), listings=listed(adversary_words.tables(run))
    )


def cut_answer(run: Run) -> tuple[str, ...]:
    """Say what is lost, without naming a product or project."""
    lost = run.result["coverage_lost"]
    return (f"The worst attack within the budget takes {share(lost)} of demand from service.",)


TELLING = Telling(
    verb="stress-adversary",
    title=TITLE,
    answer=answer,
    cut_answer=cut_answer,
    parts=(Part(section),),
)
