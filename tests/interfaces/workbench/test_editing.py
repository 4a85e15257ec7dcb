"""A small change of a CSV file changes that record, and not one other byte."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.foundation.errors import CaseError
from coercivity.interfaces.workbench.editing import sheet_of
from coercivity.interfaces.workbench.screens.data_import import differences

cells = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n"), max_size=12
)
rows = st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=6)
endings = st.sampled_from(["\n", "\r\n"])


def written(lines: list[list[str]], ending: str) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=ending).writerows([["id", "name", "note"], *lines])
    return text.getvalue()


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@given(rows, st.data(), endings, st.booleans())
def test_a_record_is_written_anew_and_all_others_stay(
    lines: list[list[str]], data: st.DataObject, ending: str, marked: bool
) -> None:
    text = ("\ufeff" if marked else "") + written(lines, ending)
    sheet = sheet_of(text)
    if not sheet.records:
        return
    record = data.draw(st.sampled_from(sheet.records))
    changed = sheet.with_record(record.number, ["x", 'a"b', "1,5"])
    before, after = sheet.lines, sheet_of(changed).lines
    assert changed.startswith("\ufeff") is marked
    assert before[: record.first] == after[: record.first]
    left = len(before) - record.after
    assert left == 0 or before[-left:] == after[-left:]
    assert sheet_of(changed).record(record.number) is not None
    assert sheet_of(changed).record(record.number).cells == ("x", 'a"b', "1,5")  # type: ignore[union-attr]


@given(rows, endings)
def test_writing_a_record_as_it_was_keeps_its_meaning(lines: list[list[str]], ending: str) -> None:
    text = written(lines, ending)
    sheet = sheet_of(text)
    for record in sheet.records:
        assert read(sheet.with_record(record.number, record.cells)) == read(text)


@given(rows, endings)
def test_a_row_added_and_taken_away_leaves_the_file_as_it_was(
    lines: list[list[str]], ending: str
) -> None:
    text = written(lines, ending)
    more = sheet_of(sheet_of(text).with_more(["new", "row", ""]))
    assert more.records[-1].cells == ("new", "row", "")
    assert more.without(more.records[-1].number) == text


def test_a_file_without_a_last_line_end_gets_one_before_a_new_row() -> None:
    assert sheet_of("id,name\na,x").with_more(["b", "y"]) == "id,name\na,x\nb,y\n"


def test_blank_lines_count_as_the_reader_counts_them() -> None:
    sheet = sheet_of("id,name\n\na,x\n\nb,y\n")
    assert [record.number for record in sheet.records] == [3, 5]
    assert sheet.with_record(5, ["b", "z"]) == "id,name\n\na,x\n\nb,z\n"


def test_semicolons_stay_semicolons() -> None:
    assert sheet_of("id;size\na;1,5\n").with_record(2, ["a", "2,5"]) == "id;size\na;2,5\n"


def test_a_first_value_of_a_column_adds_the_column() -> None:
    wide = sheet_of("id\na\nb\n").with_columns(["note"])
    assert wide.with_record(2, ["a", "seen"]) == "id,note\na,seen\nb,\n"


def test_an_open_quote_is_told_with_its_row() -> None:
    with pytest.raises(CaseError, match="T107"):
        sheet_of('id,name\na,"x\n')


def test_numbers_written_otherwise_are_no_difference() -> None:
    assert differences("stocks", "a,b\n1.0,x\n", "a,b\n1,x\n") == []


@given(rows)
def test_a_text_does_not_differ_from_itself_and_differences_mirror(lines: list[list[str]]) -> None:
    text = written(lines, "\n")
    assert differences("companies", text, text) == []
    there = differences("companies", text, "id,name,note\nq,1,2\n")
    back = differences("companies", "id,name,note\nq,1,2\n", text)
    assert sum(one.kind == "added" for one in there) == sum(one.kind == "removed" for one in back)
