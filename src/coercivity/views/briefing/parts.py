"""The answer and the sections of one run, whole or without inputs, as its verb tells them."""

from __future__ import annotations

from coercivity.results import Run
from coercivity.views.briefing.nouns import Section
from coercivity.views.briefing.sections import TELLINGS
from coercivity.views.briefing.sections.telling import Answer, Telling, drawn
from coercivity.views.charts import available

FOUND = "What was found"


def title_of(run: Run) -> str:
    """Give the title of a briefing by the verb of its run."""
    verb = run.manifest.verb
    titles = [one.title for one in _tellings(run) if one.title]
    return titles[0] if titles else verb.replace("-", " ").capitalize()


def answer_of(run: Run) -> Answer:
    """Give the answer of a run, what else it says, and how sure it is.

    Parameters
    ----------
    run
        A complete run of any verb.
    """
    for telling in _tellings(run):
        if telling.answer is not None:
            return telling.answer(run)
    return Answer((run.manifest.headline or f"Run {run.id} came to its end.",))


def cut_answer_of(run: Run) -> tuple[str, ...]:
    """Give the answer of a run in sentences that name no input."""
    for telling in _tellings(run):
        if telling.cut_answer is not None:
            return telling.cut_answer(run)
    return (f"Run {run.id} came to its end; its headline names inputs and is left out.",)


def sections_of(run: Run) -> tuple[Section, ...]:
    """Give the sections of a run: figures, the tables beside them, and what else it says."""
    told = _tellings(run)
    found = [part.make(run) for telling in told for part in telling.parts]
    if not told:
        found = [Section(FOUND, charts=drawn(run, available(run)))]
    more = answer_of(run).more
    if more:
        found.append(Section("What else is to be said", paragraphs=more))
    return _with_content(found)


def cut_sections_of(run: Run) -> tuple[Section, ...]:
    """Give what the sections of a run keep when inputs are left out."""
    parts = [part for telling in _tellings(run) for part in telling.parts]
    return _with_content([part.cut(run) for part in parts if part.cut is not None])


def _tellings(run: Run) -> tuple[Telling, ...]:
    return tuple(telling for telling in TELLINGS if telling.verb == run.manifest.verb)


def _with_content(sections: list[Section]) -> tuple[Section, ...]:
    return tuple(s for s in sections if s.charts or s.listings or s.paragraphs)
