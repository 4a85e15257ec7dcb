from __future__ import annotations

import pytest

from coercivity.results import Run
from coercivity.views.briefing import Briefing, make_briefing
from coercivity.views.briefing.workbook import sheets_of, workbook
from tests.views.briefing.reading import workbook_cells, workbook_parts
from tests.views.conftest import FORMULA, IMAGE


def test_the_same_briefing_gives_the_same_bytes(brief: Briefing) -> None:
    assert workbook(brief) == workbook(brief)


def test_it_opens_with_the_answer_and_lists_every_sheet(brief: Briefing) -> None:
    cells = workbook_cells(workbook(brief))
    front = cells["briefing"]
    assert [row[1] for row in front if row[0] == "answer"] == list(brief.answer)
    listed = {row[0] for row in front}
    assert set(cells) - {"briefing"} <= listed


def test_every_table_has_a_sheet_with_names_units_and_numbers(brief: Briefing) -> None:
    cells = workbook_cells(workbook(brief))
    for sheet in sheets_of(brief):
        held = cells[sheet.name]
        assert held[0] == list(sheet.columns)
        assert all(str(unit).startswith("[") and str(unit).endswith("]") for unit in held[1])
        assert len(held) == len(sheet.rows) + 2
    chart = next(one for one in brief.charts if one.name == "coverage")
    held = cells["figure 1 coverage"]
    assert held[1] == ["[number]", "[text]", "[t/year]"]
    assert [row[2] for row in held[2:]] == pytest.approx(chart.table["amount_t"].tolist())


def test_all_digits_of_the_run_are_kept(brief: Briefing, mini: Run) -> None:
    cells = workbook_cells(workbook(brief))
    name = next(s.name for s in sheets_of(brief) if s.columns == ("term", "value_musd"))
    held = {row[0]: row[1] for row in cells[name][2:]}
    for term, value in mini.table("cost_terms").itertuples(index=False):
        assert held[term] == pytest.approx(value, rel=1e-12)


def test_text_is_never_a_formula_or_a_link(evil: Briefing) -> None:
    content = workbook(evil)
    for name, part in workbook_parts(content).items():
        assert "<f>" not in part, name
        assert "<f " not in part, name
        assert "hyperlink" not in part, name
        assert "vba" not in name
    said = [str(c) for rows in workbook_cells(content).values() for row in rows for c in row]
    assert any(FORMULA in one for one in said)
    assert any(IMAGE in one for one in said)


def test_the_banner_is_on_every_printed_sheet_and_steers_nothing(evil: Briefing) -> None:
    parts = workbook_parts(workbook(evil))
    sheets = [part for name, part in parts.items() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) > 5
    for sheet in sheets:
        assert "<oddHeader>&amp;C&amp;B 12&amp;&amp;B=cmd" in sheet


def test_differences_are_sheets_too(mini: Run, other: Run) -> None:
    briefing = make_briefing([mini, other])
    titles = [sheet.title for sheet in sheets_of(briefing)]
    assert "Key figures" in titles
    assert any(title.startswith("Inputs that differ") for title in titles)
