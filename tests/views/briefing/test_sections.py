"""Sections are registered in one list; a run shows those it has the tables for."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import pandas as pd
import pytest

from coercivity.results import Run
from coercivity.views.briefing import Section, make_briefing, sections
from coercivity.views.briefing.parts import sections_of
from coercivity.views.briefing.sections import TELLINGS
from coercivity.views.briefing.sections.plan import ONE_OPTION, builds_by_stage
from coercivity.views.briefing.sections.takes import MOST_ROWS, TABLES, TITLE, words_of
from coercivity.views.briefing.workbook import sheets_of
from tests.views.charts.conftest import frontier_of_two
from tests.views.made import FRONTIER_UNITS, with_tables

SHARED = {"telling"}
"""Files of the room that tell of no verb."""
GRANT = {"grant_musd": "million USD2025", "grant_share": "fraction"}
REJECTED = pd.DataFrame(
    {
        "option": ["recycler", "mill"],
        "grant_musd": [12.3456789, None],
        "grant_share": [0.25, None],
        "reason": ["", "no ore"],
    }
)
EARLIEST = pd.DataFrame(
    {"requirement": ["defence>=100%@2026:domestic"], "year": [2029], "because": ["permit 2"]}
)


def takes_of(run: Run) -> Section:
    return next(section for section in sections_of(run) if section.title == TITLE)


@pytest.fixture(scope="module")
def explained(mini: Run, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("explained") / "explained"
    tables = {
        "rejected": (REJECTED, GRANT),
        "earliest": (EARLIEST, {}),
        "near": (REJECTED.head(0), {}),
        "frontier": (frontier_of_two(), FRONTIER_UNITS),
    }
    return with_tables(mini, folder, tables)


def test_no_file_of_sections_is_forgotten() -> None:
    names = {found.name for found in pkgutil.iter_modules(sections.__path__)} - SHARED
    told = [importlib.import_module(f"{sections.__name__}.{name}").TELLING for name in names]
    assert len(told) == len(TELLINGS)
    assert all(any(one is other for other in TELLINGS) for one in told)


def test_each_verb_has_one_title_and_one_answer() -> None:
    for verb in {telling.verb for telling in TELLINGS}:
        own = [telling for telling in TELLINGS if telling.verb == verb]
        assert len([one for one in own if one.title]) == 1
        assert len([one for one in own if one.answer]) == 1
        assert len([one for one in own if one.cut_answer]) == 1


def test_a_plan_that_was_asked_for_nothing_more_has_no_such_section(mini: Run) -> None:
    assert TITLE not in {section.title for section in sections_of(mini)}


def test_what_it_would_take_shows_the_tables_the_run_has(explained: Run) -> None:
    section = takes_of(explained)
    assert [listing.text.title for listing in section.listings] == [
        TABLES["rejected"], TABLES["earliest"],
    ]  # fmt: skip
    assert [chart.name for chart in section.charts] == ["frontier"]
    assert "recycler is nearest to paying: a grant of 12.3 million (25.0 %" in section.paragraphs[0]
    rejected, earliest = (listing.text for listing in section.listings)
    assert rejected.columns[1] == ("grant, million USD2025", True)
    assert rejected.rows == (("recycler", "12.3", "0.25", ""), ("mill", "none", "none", "no ore"))
    assert earliest.rows[0][1] == "2029", "a year has no thousands"


def test_it_stands_after_what_the_plan_is_and_before_what_it_rests_on(explained: Run) -> None:
    titles = [section.title for section in make_briefing([explained]).sections]
    assert titles.index("What it costs") < titles.index(TITLE)
    assert titles.index(TITLE) < titles.index("The assumptions that matter")


def test_the_workbook_keeps_all_digits_of_it(explained: Run) -> None:
    sheets = list(sheets_of(make_briefing([explained])))
    sheet = next(one for one in sheets if one.title == TABLES["rejected"])
    assert sheet.rows[0][1] == 12.3456789
    assert sheet.units[1] == "[million USD2025]"


def test_without_inputs_only_the_frontier_is_left_of_it(explained: Run) -> None:
    briefing = make_briefing([explained], redact=True)
    section = next(one for one in briefing.figures if one.title == TITLE)
    assert section.listings == ()
    assert [chart.name for chart in section.charts] == ["frontier"]


def test_a_long_table_says_how_much_is_left() -> None:
    frame = pd.DataFrame({"option": [f"o{n}" for n in range(MOST_ROWS + 2)]})
    table = words_of("Rejected", frame, {})
    assert len(table.rows) == MOST_ROWS
    assert table.title == "Rejected (2 more rows in the data of the run)"


def test_yes_and_no_years_and_no_limit_are_written_as_words() -> None:
    frame = pd.DataFrame(
        {"proven": [True], "first_year": [2031], "size_t": [float("inf")], "note": [None]}
    )
    assert words_of("t", frame, {"size_t": "t"}).rows == (("yes", "2031", "unlimited", "none"),)


def test_a_size_that_is_one_options_is_left_out(mini: Run, tmp_path: Path) -> None:
    assert {row[3] for row in builds_by_stage(mini).rows} == {ONE_OPTION}
    builds = mini.table("builds")
    second = builds.assign(option="another-hall", size_t_per_year=250.0)
    both = pd.concat([builds, second], ignore_index=True)
    run = with_tables(mini, tmp_path / "two", {"builds": (both, mini.units("builds"))})
    sizes = [row[3].replace("\u202f", "") for row in builds_by_stage(run).rows]
    assert sizes == ["1250", "1250"]
