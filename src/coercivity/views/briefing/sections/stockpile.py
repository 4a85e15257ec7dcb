"""What a briefing says of a stockpile: which forms, what they cost, and what plants would."""

from __future__ import annotations

from coercivity.results import Run
from coercivity.views import stockpile_words
from coercivity.views.briefing.nouns import Section
from coercivity.views.briefing.sections.telling import Answer, Part, Telling, drawn, listed
from coercivity.views.charts import available

TITLE = "Which stock gets through an emergency"


def answer(run: Run) -> Answer:
    """Say what would be unmet, which stock closes the gap, and what plants would cost."""
    said = stockpile_words.answer(run)
    return Answer(tuple(said[:3]), tuple(said[3:]), " ".join(stockpile_words.notes(run)))


def section(run: Run) -> Section:
    """Show the ways of being ready and the stock by form and place."""
    return Section(
        TITLE, charts=drawn(run, available(run)), listings=listed(stockpile_words.tables(run))
    )


def cut_answer(run: Run) -> tuple[str, ...]:
    """Say what the stock costs, without naming a form or place."""
    cost = run.result["cost_musd"]
    if cost is None:
        return ("No stock alone gets through the emergency.",)
    return (f"The stock that gets through the emergency costs {cost:,.1f} million.",)


TELLING = Telling(
    verb="stress-stockpile",
    title=TITLE,
    answer=answer,
    cut_answer=cut_answer,
    parts=(Part(section),),
)
