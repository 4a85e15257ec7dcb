"""What a briefing says of sourcing: from whom one may buy, and how long what there is lasts."""

from __future__ import annotations

from typing import Any

from coercivity.results import Run
from coercivity.views import source_words
from coercivity.views.briefing.nouns import Section
from coercivity.views.briefing.sections.telling import Answer, Part, Telling, drawn, listed
from coercivity.views.charts import available
from coercivity.views.plan_words import TextTable, amount

TITLE = "What was found"


def answer(run: Run) -> Answer:
    """Say who qualifies, and what fails first."""
    said = source_words.answer(run)
    kept = said if len(said) <= 3 else [said[0], said[1], said[-1]]
    return Answer(tuple(kept), tuple(text for text in said if text not in kept))


def section(run: Run) -> Section:
    """Show every figure and table of the run."""
    return Section(
        TITLE, charts=drawn(run, available(run)), listings=listed(source_words.tables(run))
    )


def cut_answer(run: Run) -> tuple[str, ...]:
    """Say how many qualify, without a name."""
    result = run.result
    rows, lines = result["suppliers"], result["lines"]
    good = sum(bool(row["qualified"]) for row in rows)
    sentences = [
        f"{good} of {len(rows)} offers qualify for {result['segment']} on {result['date']}."
    ]
    if lines:
        passing = sum(bool(line["passes"]) for line in lines)
        sentences.append(f"{passing} of {len(lines)} lines of the supply list pass.")
    months = [time for time in result["cover_months"].values() if time is not None]
    if months:
        sentences.append(
            f"The shortest cover when one supplier, country or stage falls away is "
            f"{amount(min(months), 1)} months."
        )
    return tuple(sentences)


def cut(run: Run) -> Section:
    """Show how many offers qualify by material, and cover when a whole stage falls away."""
    result: dict[str, Any] = run.result
    rows = []
    for material in result["classes"]:
        offers = [row for row in result["suppliers"] if row["material"] == material]
        good = sum(bool(row["qualified"]) for row in offers)
        rows.append((str(material), str(len(offers)), str(good)))
    columns = (("material", False), ("offers", True), ("qualify", True))
    table = TextTable(f"Offers to {result['segment']}", columns, tuple(rows))
    cover = source_words.cover_table(run)
    stages = tuple(row for row in cover.rows if row[0] == "stage")
    return Section(TITLE, listings=listed((table, TextTable(cover.title, cover.columns, stages))))


TELLING = Telling(
    verb="source",
    title="From whom to buy",
    answer=answer,
    cut_answer=cut_answer,
    parts=(Part(section, cut),),
)
