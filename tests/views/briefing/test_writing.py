from __future__ import annotations

from pathlib import Path

import pytest

from coercivity.foundation.errors import DiskError, UsageError
from coercivity.views.briefing import Briefing, Form, write_briefing


@pytest.mark.parametrize(
    ("name", "static", "form", "start"),
    [
        ("a.html", False, Form.INTERACTIVE, b"<!doctype html>"),
        ("a.HTML", True, Form.STATIC, b"<!doctype html>"),
        ("a.pdf", False, Form.PDF, b"%PDF-1."),
        ("a.xlsx", False, Form.EXCEL, b"PK"),
    ],
)
def test_the_ending_says_the_form(
    brief: Briefing, tmp_path: Path, name: str, static: bool, form: Form, start: bytes
) -> None:
    target = tmp_path / name
    target.write_text("an older briefing", encoding="utf-8")
    assert write_briefing(brief, target, static=static) is form
    assert target.read_bytes().startswith(start)
    assert [file.name for file in tmp_path.iterdir()] == [name], "nothing is left lying about"


def test_an_unknown_ending_is_refused(brief: Briefing, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"the ending of 'a\.docx' says no form.*\[R001\]"):
        write_briefing(brief, tmp_path / "a.docx")


def test_static_is_for_pages_only(brief: Briefing, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"'a\.pdf' is a PDF, which has no scripts anyway"):
        write_briefing(brief, tmp_path / "a.pdf", static=True)


def test_a_folder_that_is_not_there_is_told(brief: Briefing, tmp_path: Path) -> None:
    with pytest.raises(DiskError, match=r"cannot be written: No such file.*--to\.  \[R003\]"):
        write_briefing(brief, tmp_path / "none" / "a.xlsx")
