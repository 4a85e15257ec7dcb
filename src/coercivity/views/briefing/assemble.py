"""From runs to a briefing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from coercivity.foundation.errors import UsageError
from coercivity.results import Run
from coercivity.results.compare import MOST_RUNS, compare_runs
from coercivity.views import compare_words
from coercivity.views.briefing.assumptions import assumptions_of
from coercivity.views.briefing.decision import decision_of
from coercivity.views.briefing.nouns import Briefing, Listing, Section
from coercivity.views.briefing.origins import computed_of, sources_of
from coercivity.views.briefing.parts import (
    answer_of,
    cut_answer_of,
    cut_sections_of,
    sections_of,
    title_of,
)
from coercivity.views.briefing.redaction import FIGURES_KEPT, LEFT_OUT
from coercivity.views.briefing.words import plain
from coercivity.views.charts import available, figure
from coercivity.views.inputs import inputs_of

MULTIPLES = {
    "map": "Plants at home, side by side",
    "coverage": "Who is served, side by side",
    "gantt": "What is built, side by side",
    "costs": "What it costs, side by side",
    "concentration": "Who makes it, side by side",
}
"""Figures that are drawn for each of several runs, and the heading above them."""
LONGEST_TITLE = 160
MOST_TOLD = 8
"""Runs of different verbs that are told one after another."""


def make_briefing(
    runs: Sequence[Run], *, redact: bool = False, banner: str | None = None
) -> Briefing:
    """Assemble the briefing of one run, or of several side by side.

    Several runs of one verb are compared; runs of different verbs follow each other, after a page
    that puts what they say about one decision together if there is a package among them.

    Parameters
    ----------
    runs
        One to four complete runs of one verb, or up to eight of different ones.
    redact
        Whether inputs are left out; `coercivity.views.briefing.redaction` says which.
    banner
        Handling banner; those of the cases unless given, an empty text for none.

    Raises
    ------
    UsageError
        If there is no run, or more than these.
    CaseError
        If the frozen inputs of a run are damaged.
    """
    alike = len({run.manifest.verb for run in runs}) <= 1
    most = MOST_RUNS if alike else MOST_TOLD
    if not 1 <= len(runs) <= most:
        msg = (
            f"a briefing takes one to {MOST_RUNS} runs of one verb, or up to {MOST_TOLD} of "
            f"different verbs; got {len(runs)}.  [{UsageError.code}]"
        )
        raise UsageError(msg)
    if len(runs) == 1:
        answer, certainty, figures = _one(runs[0], redact=redact)
    elif alike:
        answer, certainty, figures = _compared(runs, redact=redact)
    else:
        answer, certainty, figures = _in_turn(runs, redact=redact)
    charts = [chart for section in figures for chart in section.charts]
    hidden = Section("The assumptions that matter", paragraphs=(LEFT_OUT,))
    return Briefing(
        title=_title(runs, alike=alike),
        subtitle="" if redact else _subtitle(runs),
        answer=tuple(plain(sentence) for sentence in answer),
        certainty=plain(certainty),
        figures=figures,
        assumptions=hidden if redact else assumptions_of(runs),
        sources=sources_of(runs, charts, redacted=redact),
        computed=computed_of(runs),
        finished=max(run.manifest.finished for run in runs),
        banner=_banner(runs) if banner is None else plain(banner, LONGEST_TITLE),
        redacted=redact,
    )


Parts = tuple[tuple[str, ...], str, tuple[Section, ...]]
"""Answer, certainty and figures."""


def _one(run: Run, *, redact: bool) -> Parts:
    answer = answer_of(run)
    if redact:
        return cut_answer_of(run), answer.certainty, cut_sections_of(run)
    return answer.sentences, answer.certainty, sections_of(run)


def _in_turn(runs: Sequence[Run], *, redact: bool) -> Parts:
    """Let runs of different verbs follow each other; the answer takes the first of each."""
    every = [_one(run, redact=redact) for run in runs]
    figures = [] if redact else list(decision_of(runs))
    for run, (answer, certainty, sections) in zip(runs, every, strict=True):
        said = (*answer, certainty) if certainty else answer
        figures.append(Section(f"{title_of(run)} ({run.id})", paragraphs=said))
        figures += sections
    return tuple(answer[0] for answer, _, _ in every)[:3], "", tuple(figures)


def _compared(runs: Sequence[Run], *, redact: bool) -> Parts:
    comparison = compare_runs(runs)
    answer = compare_words.answer(comparison)
    figures = [Section("What differs", listings=(Listing(compare_words.figure_table(comparison)),))]
    if redact:
        return (
            tuple(answer[:-1]),
            "",
            (*figures, *_multiples(runs, FIGURES_KEPT)),
        )
    found = [
        table
        for table in (
            compare_words.input_table(comparison),
            *compare_words.output_tables(comparison),
        )
        if table.rows
    ]
    beside = Section(
        "Inputs beside what comes out",
        listings=tuple(Listing(table) for table in found),
        abreast=True,
    )
    return tuple(answer), "", (*figures, beside, *_multiples(runs, tuple(MULTIPLES)))


def _multiples(runs: Sequence[Run], names: Sequence[str]) -> list[Section]:
    """Draw the same figure for every run, side by side."""
    sections = []
    for name in names:
        if all(name in available(run) for run in runs):
            charts = []
            for run in runs:
                chart = figure(run, name)
                charts.append(replace(chart, title=f"{run.id}: {chart.title}"))
            heading = MULTIPLES[name]
            sections.append(Section(heading, charts=tuple(charts), abreast=True))
    return sections


def _title(runs: Sequence[Run], *, alike: bool) -> str:
    if len(runs) == 1:
        return f"{title_of(runs[0])}: {runs[0].id}"
    if alike:
        return f"{title_of(runs[0])}: {len(runs)} runs compared"
    if decision_of(runs):
        return "What makes it happen, and does it last"
    return f"Briefing of {len(runs)} runs"


def _subtitle(runs: Sequence[Run]) -> str:
    """Say what the cases describe, each once."""
    titles = []
    for run in runs:
        settings = inputs_of(run).tables.settings
        scenario = run.manifest.options.get("scenario")
        what = plain(settings.title or settings.name, LONGEST_TITLE)
        titles.append(f"{what}, scenario {scenario}" if scenario else what)
    return "; ".join(dict.fromkeys(titles))


def _banner(runs: Sequence[Run]) -> str:
    texts = [plain(inputs_of(run).tables.settings.banner, LONGEST_TITLE) for run in runs]
    return " · ".join(dict.fromkeys(text for text in texts if text))
