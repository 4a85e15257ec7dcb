"""Everything that reaches a terminal: text made inert, tables, and one JSON object."""

from __future__ import annotations

import json
import math
import shutil
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that are shown as escapes: they move the cursor, or turn or hide text."""
UNBOUNDED = 100_000
"""Width where nothing has to be folded: files, pipes and other programs. [character]"""
DELETE = "\x7f"


def inert(text: str, *, lines: bool = True) -> str:
    r"""Make control, hidden and direction-turning characters visible, so that they do nothing.

    Parameters
    ----------
    text
        Any text, from a file or a message.
    lines
        Whether line ends stay.

    Examples
    --------
    >>> inert("a\x1b[31m\u202eb\n"), inert("a\nb", lines=False)
    ('a\\x1b[31m\\u202eb\n', 'a\\nb')
    """
    kept = "\n" if lines else ""
    return "".join(
        sign.encode("unicode_escape", "surrogatepass").decode("ascii")
        if sign not in kept and unicodedata.category(sign) in HIDDEN
        else sign
        for sign in text
    )


def show(text: str) -> None:
    """Write a result to stdout."""
    _write(sys.stdout, text)


def tell(text: str) -> None:
    """Write progress or a message to stderr; a closed stderr is no reason to fail."""
    _write(sys.stderr, text)


def _write(stream: TextIO, text: str) -> None:
    stream.write(inert(text.rstrip("\n")) + "\n")


def show_json(content: Mapping[str, Any]) -> None:
    """Write one JSON object to stdout, in plain ASCII."""
    text = json.dumps(content, indent=2, ensure_ascii=True, allow_nan=False, default=str)
    sys.stdout.write(text.replace(DELETE, "\\u007f") + "\n")


def plain_number(value: object) -> object:
    """Give a value that JSON can hold; an unlimited number becomes the word.

    Examples
    --------
    >>> plain_number(float("inf")), plain_number(2.0)
    ('unlimited', 2.0)
    """
    return "unlimited" if isinstance(value, float) and math.isinf(value) else value


def show_table(
    columns: Sequence[tuple[str, bool]],
    rows: Sequence[Sequence[str]],
    *,
    title: str = "",
) -> None:
    """Write a table to stdout, folded to the terminal; elsewhere a row is a line.

    Parameters
    ----------
    columns
        Heading of each, and whether it holds numbers and is set to the right.
    rows
        Cells as text; nothing in them is read as markup.
    title
        Written above it.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading, is_number in columns:
        justify = "right" if is_number else "left"
        table.add_column(Text(inert(heading, lines=False)), justify=justify, overflow="fold")  # type: ignore[arg-type]
    for row in rows:
        table.add_row(*(Text(inert(cell, lines=False)) for cell in row))
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else UNBOUNDED
    console = Console(
        file=sys.stdout,
        width=width,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    if title:
        show(title)
    with console.capture() as capture:
        console.print(table)
    for line in capture.get().splitlines():
        sys.stdout.write(line.rstrip() + "\n")
