"""The briefing on paper: a tagged PDF (PDF/UA-1), the same bytes each time."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files
from typing import Any, Final

import pandas as pd

from coercivity.foundation.errors import UsageError
from coercivity.views.briefing.nouns import Briefing, Section, numbered_charts
from coercivity.views.briefing.words import plain
from coercivity.views.chart import Chart
from coercivity.views.labels import short
from coercivity.views.plan_words import TextTable

STANDARD: Final = "ua-1"
MOST_ROWS = 60
"""Rows of data of a figure; the workbook has all."""
LONGEST_WORD = 14
"""Characters after which a word may be broken. [character]"""
BREAK = "\u200b"
TALLEST = 1.28
"""Tallest drawing, as a multiple of the width of the text; a taller one is made narrower."""
UNKNOWN_SIGN = "?"
"""Stands for a sign that no font of this machine has."""
WIDE = 26
"""Longest cell of a column that keeps its own width; longer ones share what is left. [character]"""


def paper(briefing: Briefing) -> bytes:
    """Write a briefing as a tagged PDF.

    Texts reach the typesetter as data, never as its language. A sign that no installed font has is
    shown as a question mark.

    Parameters
    ----------
    briefing
        The briefing.

    Raises
    ------
    UsageError
        If the typesetter is not installed.
    """
    text = json.dumps(_content(briefing), ensure_ascii=False)
    template = (files("coercivity.views") / "briefing" / "paper.typ").read_bytes()
    stamp = datetime.fromisoformat(briefing.finished)
    return _compiled(template, {"briefing": _displayable(text)}, stamp=int(stamp.timestamp()))


def _compiled(template: bytes, inputs: dict[str, str], *, stamp: int) -> bytes:
    try:
        import typst  # noqa: PLC0415  (an extra)
    except ImportError as error:
        msg = (
            "Writing a PDF needs the package typst, which is not installed. Install it with "
            f"`pip install 'coercivity[report]'`.  [{UsageError.code}]"
        )
        raise UsageError(msg) from error
    made = typst.compile(
        template, format="pdf", sys_inputs=inputs, pdf_standards=[STANDARD], timestamp=stamp
    )
    return bytes(made if isinstance(made, bytes) else made[0])


def _displayable(text: str) -> str:
    """Replace the signs that no font has."""
    strange = sorted({sign for sign in text if not sign.isascii()})
    lost = _lost(strange)
    return text.translate({ord(sign): UNKNOWN_SIGN for sign in lost})


def _lost(signs: Sequence[str]) -> list[str]:
    """Find the signs that cannot be set, by halves: as a rule there are none."""
    if not signs or _can_set("".join(signs)):
        return []
    if len(signs) == 1:
        return [signs[0]]
    middle = len(signs) // 2
    return [*_lost(signs[:middle]), *_lost(signs[middle:])]


PROBE = b'#set document(title: "probe")\n#sys.inputs.signs.clusters().join([ ])'


def _can_set(signs: str) -> bool:
    try:
        _compiled(PROBE, {"signs": signs}, stamp=0)
    except RuntimeError:
        return False
    return True


def _content(briefing: Briefing) -> dict[str, Any]:
    """Give everything that stands on paper as plain data."""
    charts = iter(numbered_charts(briefing))
    parts = []
    for section in briefing.sections:
        figures = [_figure(next(charts)[2], abreast=section.abreast) for _ in section.charts]
        parts.append(_part(section, figures))
    return {
        "title": plain(briefing.title),
        "subtitle": _broken(briefing.subtitle),
        "banner": plain(briefing.banner),
        "answer": [_broken(said) for said in briefing.answer],
        "certainty": _broken(briefing.certainty),
        "redacted": briefing.redacted,
        "date": briefing.finished[:10].split("-"),
        "parts": parts,
        "data": [
            _data(f"Data of figure {number}: {plain(chart.title, 90)}", chart)
            for number, _, chart in numbered_charts(briefing)
        ],
    }


def _part(section: Section, figures: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "title": plain(section.title),
        "paragraphs": [_broken(said) for said in section.paragraphs],
        "abreast": section.abreast,
        "figures": figures,
        "listings": [_listing(one.text) for one in section.listings if one.text.rows],
    }


def _figure(chart: Chart, *, abreast: bool) -> dict[str, Any]:
    tall = chart.height / chart.width
    return {
        "title": _broken(chart.title),
        "alt": plain(chart.alt),
        "notes": [_broken(note) for note in chart.notes],
        "svg": chart.svg(titled=False),
        "width": 100.0 if abreast else min(100.0, 100.0 * TALLEST / tall),
    }


def _listing(table: TextTable) -> dict[str, Any]:
    columns = [
        {"name": _broken(name), "number": is_number, "share": _share(table, place)}
        for place, (name, is_number) in enumerate(table.columns)
    ]
    return {
        "title": plain(table.title),
        "columns": columns,
        "rows": [[_broken(cell) for cell in row] for row in table.rows],
    }


def _share(table: TextTable, place: int) -> int:
    """Give the weight of a column among those with long cells; 0 keeps its own width."""
    lengths = [len(row[place]) for row in table.rows]
    if max(lengths, default=0) <= WIDE:
        return 0
    return max(22, min(45, round(sum(lengths) / len(lengths))))


def _data(title: str, chart: Chart) -> dict[str, Any]:
    frame = chart.data
    held = frame.head(MOST_ROWS)
    left = len(frame) - len(held)
    more = f" ({left} more rows in the data of the run)" if left else ""
    numeric = [pd.api.types.is_numeric_dtype(kind) for kind in held.dtypes]
    columns = tuple(zip(map(str, held.columns), numeric, strict=True))
    rows = tuple(
        tuple(_cell(value) for value in row) for row in held.astype(object).to_numpy().tolist()
    )
    if not rows:
        columns, rows = (("data", False),), (("none",),)
    return _listing(TextTable(title + more, columns, rows))


def _cell(value: object) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return short(value) if abs(value) != float("inf") else "unlimited"
    return str(value)


def _broken(text: str) -> str:
    """Allow long words to break, so that no line leaves the paper.

    Examples
    --------
    >>> _broken("a " + "b" * 16).split(BREAK)
    ['a bbbbbbbbbbbbbb', 'bb']
    """
    words = plain(text).split(" ")
    return " ".join(
        BREAK.join(word[n : n + LONGEST_WORD] for n in range(0, len(word), LONGEST_WORD))
        for word in words
    ).replace("_", f"_{BREAK}")
