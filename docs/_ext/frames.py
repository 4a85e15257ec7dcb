"""A data frame as a table of the manual."""

from __future__ import annotations

from typing import Any

import pandas as pd
from docutils import nodes

THIN = "\u202f"
LONG = 36
"""Length from which text in a column may be broken. [character]"""


def frame_node(frame: pd.DataFrame) -> nodes.table:
    """Lay out a frame: units below the names, numbers to the right.

    An index that says something becomes the first columns.
    """
    if not isinstance(frame.index, pd.RangeIndex) or frame.index.name is not None:
        frame = frame.reset_index()
    columns = [str(name) for name in frame.columns]
    numeric = [pd.api.types.is_numeric_dtype(frame[name]) for name in frame.columns]
    group = nodes.tgroup(cols=len(columns))
    group += [nodes.colspec(colwidth=1) for _ in columns]
    head = nodes.row()
    for name, right in zip(columns, numeric, strict=True):
        head += _entry(_heading(name), right=right)
    body = nodes.tbody()
    texts = [column_texts(frame[name]) for name in frame.columns]
    long = [max(map(len, cells), default=0) > LONG for cells in texts]
    for cells in zip(*texts, strict=True):
        row = nodes.row()
        for text, right, breaks in zip(cells, numeric, long, strict=True):
            row += _entry(nodes.paragraph(text, text), right=right, breaks=breaks)
        body += row
    group += [nodes.thead("", head), body]
    return nodes.table("", group, classes=["frame", "colwidths-auto"])


def _heading(name: str) -> nodes.paragraph:
    word, _, unit = name.partition(" [")
    heading = nodes.paragraph("", "", nodes.Text(word))
    if unit:
        heading += [nodes.Text(" "), nodes.inline("", f"[{unit}", classes=["unit"])]
    return heading


def _entry(content: nodes.paragraph, *, right: bool, breaks: bool = False) -> nodes.entry:
    words = {"number": right, "long": breaks}
    return nodes.entry("", content, classes=[word for word, is_so in words.items() if is_so])


def column_texts(column: pd.Series[Any]) -> list[str]:
    """Write the cells of a column, numbers with as many digits as their size asks for.

    Examples
    --------
    >>> column_texts(pd.Series([2025, 2026], name="year"))
    ['2025', '2026']
    >>> [text.replace(THIN, " ") for text in column_texts(pd.Series([12345.6, 0.2], name="t"))]
    ['12 346', '0']
    >>> column_texts(pd.Series([0.5, None], name="share"))
    ['0.500', '']
    """
    if pd.api.types.is_bool_dtype(column):
        return ["yes" if value else "no" for value in column]
    if not pd.api.types.is_numeric_dtype(column):
        return ["" if pd.isna(value) else str(value) for value in column]
    name = str(column.name).partition(" [")[0]
    if name == "year" or name.endswith("_year"):
        return ["" if pd.isna(value) else str(int(value)) for value in column]
    numbers = [None if pd.isna(value) else float(value) for value in column]
    largest = max((abs(number) for number in numbers if number is not None), default=0.0)
    whole = all(number == round(number) for number in numbers if number is not None)
    digits = 0 if whole or largest >= 100 else 1 if largest >= 10 else 3 if largest < 2 else 2
    return [
        "" if number is None else f"{number:,.{digits}f}".replace(",", THIN) for number in numbers
    ]
