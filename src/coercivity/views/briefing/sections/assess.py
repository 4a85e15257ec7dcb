"""What a briefing says of an assessment: who makes each stage, and where one failure is enough."""

from __future__ import annotations

from coercivity.results import Run
from coercivity.views import assess_words
from coercivity.views.briefing.nouns import Section
from coercivity.views.briefing.sections.telling import Answer, Part, Telling, drawn, listed
from coercivity.views.charts import available
from coercivity.views.labels import counted
from coercivity.views.plan_words import amount, share

TITLE = "What was found"


def answer(run: Run) -> Answer:
    """Say where the chain stands."""
    said = assess_words.answer(run)
    return Answer(tuple(said[:3]), (*said[3:], *assess_words.notes(run)))


def section(run: Run) -> Section:
    """Show every figure and table of the assessment."""
    return Section(
        TITLE, charts=drawn(run, available(run)), listings=listed(assess_words.tables(run))
    )


def cut_answer(run: Run) -> tuple[str, ...]:
    """Say how concentrated the stages are, without a plant."""
    result = run.result
    stages = run.table("stages")
    names = dict(zip(stages["stage"], stages["stage_name"], strict=True))
    shares, hhi = result["covered_share"], result["hhi"]
    sentences = [f"{counted(len(shares), 'stage')} counted as a whole in {result['year']}."]
    if shares:
        worst = max(shares, key=lambda stage: float(shares[stage]))
        concentrated = sum(value > assess_words.CONCENTRATED for value in hhi.values())
        sentences.append(
            f"Covered countries make most at {names[worst]}, {share(shares[worst])}; "
            f"{concentrated} of {len(hhi)} stages are highly concentrated."
        )
    points = amount(len(result["single_points"]))
    sentences.append(f"Single points of failure, each more than half of what is made: {points}.")
    return tuple(sentences)


def cut(run: Run) -> Section:
    """Show what is counted by year and by class."""
    tables = (assess_words.year_table(run), assess_words.compliance_table(run))
    return Section(TITLE, listings=listed(tables))


TELLING = Telling(
    verb="assess",
    title="Where the chain stands",
    answer=answer,
    cut_answer=cut_answer,
    parts=(Part(section, cut),),
)
