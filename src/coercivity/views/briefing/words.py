"""Texts of a briefing: hidden characters dropped, long ones cut, numbers read back."""

from __future__ import annotations

import unicodedata

from coercivity.views.plan_words import THIN

HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that nobody sees: they steer, turn or hide text."""
LONGEST = 600
"""Longest text in a sentence or a cell. [character]"""
ELLIPSIS = "…"


def plain(text: object, limit: int = LONGEST) -> str:
    r"""Make any text fit to be read: one line, nothing hidden, not too long.

    Examples
    --------
    >>> plain("a\x1b[31m\u202eb\n c")
    'a[31mb c'
    >>> plain("x" * 9, limit=5)
    'xxxx…'
    """
    kept = "".join(
        " " if sign.isspace() and sign != THIN else sign
        for sign in str(text)[: 8 * limit]
        if sign.isspace() or unicodedata.category(sign) not in HIDDEN
    )
    line = " ".join(part for part in kept.split(" ") if part)
    return line if len(line) <= limit else line[: limit - 1].rstrip() + ELLIPSIS


def number_of(cell: str) -> float | None:
    r"""Read back a number that was written for people; None where it is no number.

    Examples
    --------
    >>> number_of("12\u202f346"), number_of("42.5 %"), number_of("unlimited")
    (12346.0, 0.425, None)
    """
    text = cell.replace(THIN, "").strip()
    share = text.endswith("%")
    digits = text.removesuffix("%").strip()
    if not digits.lstrip("+-").replace(".", "", 1).isdecimal() or not digits.isascii():
        return None
    return round(float(digits) / 100, 12) if share else float(digits)
