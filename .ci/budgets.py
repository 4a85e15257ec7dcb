"""Hold the size budgets: files, functions, classes, and rooms whose name says nothing."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src" / "coercivity"
FILE_LINES = 400
FUNCTION_LINES = 40
CLASS_METHODS = 15
REASON = "# over budget: "
"""Beside a definition, followed by why it may be longer."""
NAMELESS = {"utils", "helpers", "common", "core", "misc", "base"}


def docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function's docstring."""
    first = node.body[0]
    if ast.get_docstring(node) is None or first.end_lineno is None:
        return 0
    return first.end_lineno - first.lineno + 1


def over_budget(path: Path) -> Iterator[str]:
    """Tell what in a file is larger than its budget."""
    text = path.read_text(encoding="utf-8")
    place = path.relative_to(SOURCE.parent)
    if text.count("\n") > FILE_LINES:
        yield f"{place}: {text.count(chr(10))} lines, at most {FILE_LINES}"
    if NAMELESS & {path.stem, *place.parts}:
        yield f"{place}: the name says nothing"
    source = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.end_lineno:
            if any(REASON in line for line in source[node.lineno - 1 : node.body[0].lineno]):
                continue
            lines = node.end_lineno - node.lineno + 1 - docstring_lines(node)
            if lines > FUNCTION_LINES:
                yield f"{place}:{node.lineno}: {node.name} has {lines} lines, at most 40"
        if isinstance(node, ast.ClassDef):
            methods = sum(isinstance(part, ast.FunctionDef) for part in node.body)
            if methods > CLASS_METHODS:
                yield f"{place}:{node.lineno}: {node.name} has {methods} methods, at most 15"


def main() -> int:
    """Check every source file."""
    found = [line for path in sorted(SOURCE.rglob("*.py")) for line in over_budget(path)]
    sys.stdout.write("".join(f"{line}\n" for line in found) or "budgets held\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
