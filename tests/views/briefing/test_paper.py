from __future__ import annotations

import re

from coercivity.results import Run
from coercivity.views.briefing import Briefing, make_briefing
from coercivity.views.briefing.paper import paper
from tests.views.briefing.reading import pdf_text


def test_the_same_briefing_gives_the_same_bytes(mini: Run) -> None:
    assert paper(make_briefing([mini])) == paper(make_briefing([mini]))


def test_it_says_that_it_is_tagged_for_every_reader(brief: Briefing) -> None:
    content = paper(brief)
    assert b"pdfuaid:part>1<" in content
    assert b"/MarkInfo" in content
    assert b"/Lang(en-GB)" in content


def test_it_holds_answer_figures_tables_and_provenance(brief: Briefing, mini: Run) -> None:
    text = " ".join(pdf_text(paper(brief)).split())
    assert "Build 2 modules for 180 million USD2025" in text.replace("\u202f", " ")
    for number in range(1, len(brief.charts) + 1):
        assert f"Figure {number}:" in text
        assert f"Data of figure {number}:" in text
    for heading in ("The assumptions that matter", "Sources", "How it was computed"):
        assert heading in text
    assert mini.manifest.digest[:14] in text


def test_hostile_texts_are_set_and_nothing_runs_or_leads_outside(evil: Briefing) -> None:
    content = paper(evil)
    for action in (b"/JavaScript", b"/JS", b"/URI", b"/OpenAction", b"/Launch", b"/AA"):
        assert action not in content
    text = pdf_text(content).replace("\u200b", "")
    assert "onerror=alert" in text
    assert "=cmd|" in text


def test_signs_without_a_font_become_question_marks(mini: Run) -> None:
    text = pdf_text(paper(make_briefing([mini], banner="A\U00013000\U00012000B")))
    assert re.search(r"A\?\?B", text)


def test_the_banner_stands_on_every_page(mini: Run) -> None:
    pages = pdf_text(paper(make_briefing([mini], banner="HANDLE WITH CARE"))).split("\f")[:-1]
    assert len(pages) > 3
    assert all(one.count("HANDLE WITH CARE") == 2 for one in pages)


def test_runs_side_by_side_fit_on_paper(mini: Run, other: Run) -> None:
    text = pdf_text(paper(make_briefing([mini, other])))
    assert "Inputs beside what comes out" in text
