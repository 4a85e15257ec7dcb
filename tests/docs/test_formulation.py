"""The formulation page names everything that a model holds."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from functools import cache, reduce
from pathlib import Path

import pytest

import coercivity
from coercivity.chain import load_case
from coercivity.planning.model import build_model
from coercivity.tables import find_case

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "formulation.md"
PACKAGE = Path(coercivity.__file__).parent
REGISTERS = {"add_rows": "constraint", "add_cost": "cost term", "add_constant": "cost term"}


def documented(dotted: str) -> str:
    """Give the docstring of a function or method by its full name."""
    parts = dotted.split(".")
    for length in range(len(parts) - 1, 0, -1):
        try:
            module = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        return inspect.getdoc(reduce(getattr, parts[length:], module)) or ""
    return ""


@cache
def page() -> str:
    """Give what a reader finds: the page itself and the docstrings it takes in."""
    text = PAGE.read_text(encoding="utf-8")
    taken = re.findall(r"autofunction:: (\S+)", text)
    return "\n".join([text, *(documented(name) for name in taken)])


def is_named(name: str) -> bool:
    return re.search(rf"`{re.escape(name)}`", page()) is not None


def registered_in_source() -> set[tuple[str, str]]:
    """Find every name that is registered by a literal, in whatever case it would be used."""
    found = set()
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in REGISTERS
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add((REGISTERS[node.func.attr], str(node.args[0].value)))
    return found


@pytest.mark.parametrize("case", ["mini", "mini-tungsten"])
def test_every_constraint_and_cost_term_of_a_model_is_on_the_page(case: str) -> None:
    builder = build_model(load_case(find_case(case))[0]).builder
    names = {*builder.families, *builder.terms, *builder.constants}
    assert builder.families
    assert sorted(name for name in names if not is_named(name)) == []


@pytest.mark.parametrize("case", ["mini", "mini-tungsten"])
def test_every_column_of_a_model_is_on_the_page(case: str) -> None:
    builder = build_model(load_case(find_case(case))[0]).builder
    assert sorted(name for name in builder.blocks if not is_named(name)) == []


def test_names_that_only_other_cases_use_are_on_the_page_too() -> None:
    names = registered_in_source()
    assert ("constraint", "material_balance") in names
    assert sorted(name for name in names if not is_named(name[1])) == []


def test_every_function_the_page_takes_in_has_something_to_say() -> None:
    taken = re.findall(r"autofunction:: (\S+)", PAGE.read_text(encoding="utf-8"))
    assert [name for name in taken if not documented(name)] == []
    assert len(taken) == len(set(taken))
