"""What a briefing says of appraisals: who would fund what, and what is missing."""

from __future__ import annotations

from coercivity.results import Run
from coercivity.views import finance_words
from coercivity.views.briefing.nouns import Section
from coercivity.views.briefing.sections.telling import Answer, Part, Telling, drawn, listed
from coercivity.views.charts import available

TITLE = "Would anyone fund it"


def answer(run: Run) -> Answer:
    """Say who would say yes, what is missing for the others, and what the public pays."""
    said = finance_words.answer(run)
    kept = said if len(said) <= 3 else [*said[:2], said[-1]]
    return Answer(
        tuple(kept), tuple(text for text in said if text not in kept), finance_words.notes(run)[-1]
    )


def section(run: Run) -> Section:
    """Show every project, the terms, and the figures of the one that builds for most."""
    return Section(
        TITLE, charts=drawn(run, available(run)), listings=listed(finance_words.tables(run))
    )


def cut_answer(run: Run) -> tuple[str, ...]:
    """Say how many would be funded, without a name."""
    rows = finance_words.appraised_rows(run)
    yes = sum(finance_words.accepts(row) for row in rows)
    return (f"Owners and lenders of {yes} of {len(rows)} projects would say yes.",)


TELLING = Telling(
    verb="finance",
    title="Would anyone fund it",
    answer=answer,
    cut_answer=cut_answer,
    parts=(Part(section),),
)
