"""The decision page: what a package buys, what it costs, what doubt adds and what stays."""

from __future__ import annotations

from collections.abc import Sequence

from coercivity.results import Run
from coercivity.views import align_beside_words, align_words
from coercivity.views.briefing.nouns import Listing, Section
from coercivity.views.briefing.parts import answer_of
from coercivity.views.briefing.sections.telling import drawn
from coercivity.views.charts import available, figure
from coercivity.views.plan_words import TextTable

TITLE = "The decision"
PICTURES = "The decision in pictures"
QUESTIONS = (
    ("plan", "What is built, and who is then served"),
    ("finance", "Would anyone fund it as things stand"),
    ("align", "Which package makes it happen"),
    ("stress-worst", "What is the worst that can still happen"),
    ("stress-survive", "How long does it last without a plant"),
    ("stress-stockpile", "Which stock gets through an emergency"),
    ("stress-adversary", "What could an adversary do"),
    ("loop", "What stays when support ends"),
)
"""Verbs in the order of the page, each with the question that its run answers."""
FIGURES = ("package", "months", "doubt", "loop")
"""Figures of the page, of whichever run has them."""
ANSWERED = 2
"""Sentences of each run on the page; its own section says the rest."""


def decision_of(runs: Sequence[Run]) -> tuple[Section, ...]:
    """Put what several runs say about one decision on one page; nothing without a package.

    Parameters
    ----------
    runs
        Of different verbs. The page is made where one of them is an ``align`` run; questions for
        which there is no run are named, with the command that would answer them.
    """
    by_verb = {run.manifest.verb: run for run in runs}
    package = by_verb.get("align")
    if package is None or len(by_verb) < 2:
        return ()
    plan = str(package.result["based_on"])
    rows = []
    for verb, question in QUESTIONS:
        run = by_verb.get(verb)
        if run is not None:
            answered = answer_of(run)
            told = (*answered.sentences, *answered.more)[:ANSWERED]
            rows.append((question, " ".join(told), run.id))
            rows += _of_package(run) if run is package else []
        elif verb in ("align", "loop", "stress-worst"):
            rows.append((question, f"not asked: coercivity {verb.replace('-', ' ')} {plan}", ""))
    different = [
        f"{run.id} looks at another plan than {plan}: read it with care."
        for run in runs
        if run.result.get("based_on", run.id) != plan
    ]
    charts = [chart for name in FIGURES for run in runs for chart in drawn(run, (name,))]
    table = TextTable(
        f"What is known of the package for {plan}",
        (("question", False), ("answer", False), ("run", False)),
        tuple(rows),
    )
    said = Section(TITLE, paragraphs=tuple(different), listings=(Listing(table),))
    return said, Section(PICTURES, charts=tuple(charts))


def _of_package(run: Run) -> list[tuple[str, str, str]]:
    """Say what a package buys and what doubt adds to it."""
    rows = []
    if "months" in available(run):
        rows.append(("What it buys", figure(run, "months").title, run.id))
    if said := align_words.doubt(run):
        rows.append(("What doubt costs", " ".join(said), run.id))
    if said := align_beside_words.adversary(run):
        rows.append(("What an adversary does to it", " ".join(said), run.id))
    return rows
