"""Every code that a message can carry has a page, and no page is for nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import coercivity
from coercivity.foundation.codes import PAGES, ROOMS
from coercivity.tables.codes import CODES

SOURCE = Path(coercivity.__file__).parent
PAGE_FILES = SOURCE / "foundation" / "codes"
CODE = re.compile(r"(?:^|\[)([A-Z]\d{3})(?:$|\])", re.MULTILINE)
WITH_BODY = (ast.Module, ast.ClassDef, ast.FunctionDef)


def texts(tree: ast.Module) -> Iterator[str]:
    """List the texts of a file that are not docstrings."""
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, WITH_BODY) and node.body]
    docstrings = {id(body[0].value) for body in bodies if isinstance(body[0], ast.Expr)}
    for node in ast.walk(tree):
        value = getattr(node, "value", None) if isinstance(node, ast.Constant) else None
        if isinstance(value, str) and id(node) not in docstrings:
            yield value


def codes_in(source: str) -> set[str]:
    return {code for text in texts(ast.parse(source)) for code in CODE.findall(text)}


def used_codes() -> dict[str, set[str]]:
    """Give the files that use each code, lists of codes left out."""
    found: dict[str, set[str]] = {}
    for path in SOURCE.rglob("*.py"):
        if PAGE_FILES in path.parents or path == SOURCE / "tables" / "codes.py":
            continue
        for code in codes_in(path.read_text(encoding="utf-8")):
            found.setdefault(code, set()).add(path.relative_to(SOURCE).parts[0])
    return found


def test_codes_are_found_in_texts_but_not_in_docstrings() -> None:
    source = (
        '"""Docs [T998]."""\nx = "T999"\ny = f"{x} is wrong.  [C123]"\nz = "PT100 T1000 [T12]"\n'
    )
    assert codes_in(source) == {"T999", "C123"}


def test_every_code_in_use_has_a_page() -> None:
    used = used_codes()
    assert len(used) > 50
    assert {code: rooms for code, rooms in used.items() if code not in PAGES} == {}


def test_every_page_is_for_a_code_in_use() -> None:
    assert set(PAGES) - set(used_codes()) == set()


@pytest.mark.parametrize("code", [*PAGES])
def test_a_page_says_what_why_and_what_to_do_in_sentences(code: str) -> None:
    page = PAGES[code]
    assert page.code == code
    assert page.room in ROOMS.values()
    for text in (page.meaning, page.why, page.instead):
        assert text.endswith(".")
        assert text[0].isupper() or text.startswith(("case.yaml", "03/04", "`"))


def test_pages_of_tables_say_what_the_room_says() -> None:
    assert {code: PAGES[code].meaning for code in CODES} == CODES


def test_a_code_of_the_input_belongs_to_one_room() -> None:
    assert {code for code, found in used_codes().items() if {"tables", "chain"} <= found} == set()
