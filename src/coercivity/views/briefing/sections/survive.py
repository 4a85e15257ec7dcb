"""What a briefing says of endurance: which plants are missed before they are back."""

from __future__ import annotations

from coercivity.results import Run
from coercivity.views import stress_words
from coercivity.views.briefing.nouns import Section
from coercivity.views.briefing.sections.telling import Answer, Part, Telling, drawn, listed
from coercivity.views.charts import available

TITLE = "How long it lasts without each plant"


def answer(run: Run) -> Answer:
    """Say which plants are at risk, and which is missed first."""
    said = stress_words.survive_answer(run)
    return Answer(tuple(said[:3]), tuple(said[3:]), stress_words.survive_rules(run))


def section(run: Run) -> Section:
    """Show time to survive against time to recover."""
    return Section(
        TITLE, charts=drawn(run, available(run)), listings=listed(stress_words.survive_tables(run))
    )


def cut_answer(run: Run) -> tuple[str, ...]:
    """Say how many plants are at risk, without a name."""
    rows = run.result["assets"]
    return (f"{sum(row['at_risk'] for row in rows)} of {len(rows)} plants are at risk.",)


TELLING = Telling(
    verb="stress-survive", title=TITLE, answer=answer, cut_answer=cut_answer, parts=(Part(section),)
)
