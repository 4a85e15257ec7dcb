"""Words and numbers in figures: names made harmless, amounts in a fitting unit, widths of text."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from coercivity.views.plan_words import amount

ELLIPSIS = "…"
LONGEST_NAME = 34
"""Longest name in a figure; the table beside it keeps the whole. [character]"""

MARKUP = str.maketrans({"{": "(", "}": ")", "|": "/"})
"""Marks that chart labels would read as instructions."""

LATIN_WIDTHS = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
"""Advance of the characters from space to tilde in Helvetica and its like. [em/1000]"""


def shown(text: object, limit: int = LONGEST_NAME) -> str:
    r"""Make any text fit to be drawn: one line, no control or direction marks, not too long.

    Examples
    --------
    >>> shown("a\nb\u202ec{style|d}")
    'a bc(style/d)'
    >>> shown("x" * 50, limit=5)
    'xxxx…'
    """
    kept = "".join(
        " " if c.isspace() else c
        for c in str(text)[: 8 * limit]
        if c.isspace() or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    line = " ".join(kept.translate(MARKUP).split())
    if len(line) <= limit and len(str(text)) <= 8 * limit:
        return line
    return line[: limit - 1].rstrip() + ELLIPSIS


def in_sentence(name: str) -> str:
    """Make a name fit to stand inside a sentence: its first letter small, unless it is initials.

    Examples
    --------
    >>> in_sentence("Magnet making"), in_sentence("APT plant")
    ('magnet making', 'APT plant')
    """
    text = shown(name)
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def shown_apart(names: Mapping[str, str], limit: int = LONGEST_NAME) -> dict[str, str]:
    """Give every id a text to draw, no two alike.

    Examples
    --------
    >>> shown_apart({"a": "Mine", "b": "Mine", "c": "Plant"})
    {'a': 'Mine', 'b': 'Mine (b)', 'c': 'Plant'}
    """
    taken: set[str] = set()
    found: dict[str, str] = {}
    for identifier, name in names.items():
        text = shown(name, limit) or shown(identifier, limit) or "unnamed"
        tried = text
        number = 1
        while tried in taken:
            number += 1
            mark = shown(identifier, 12) if number == 2 else str(number)
            tried = f"{text} ({mark})"
        taken.add(tried)
        found[identifier] = tried
    return found


def text_width(text: str, size: float = 12.0) -> float:
    """Estimate the width of a text in the sans-serif face of the figures. [px]

    Examples
    --------
    >>> text_width("mine", size=10)
    21.67
    """
    total = 0
    for character in text:
        place = ord(character) - 32
        if 0 <= place < len(LATIN_WIDTHS):
            total += LATIN_WIDTHS[place]
        elif unicodedata.east_asian_width(character) in "WF":
            total += 1000
        elif not unicodedata.combining(character):
            total += 600
    return total * size / 1000


def wrapped_lines(text: str, width: float, size: float) -> list[str]:
    """Break a text into lines that fit a width; a word too long for one is cut. [px]

    Examples
    --------
    >>> wrapped_lines("two short words", width=60, size=12)
    ['two short', 'words']
    """
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if text_width(joined, size) <= width:
            lines[-1] = joined
            continue
        if lines[-1]:
            lines.append("")
        lines[-1] = cut_to(word, width, size)
    return [line for line in lines if line]


def cut_to(text: str, width: float, size: float) -> str:
    """Cut a text to a width, with an ellipsis where something is left out. [px]

    Examples
    --------
    >>> cut_to("separation", width=40, size=12)
    'separ…'
    """
    if text_width(text, size) <= width:
        return text
    room = width - text_width(ELLIPSIS, size)
    end = len(text)
    while end and text_width(text[:end], size) > room:
        end -= 1
    return text[:end] + ELLIPSIS


@dataclass(frozen=True, slots=True)
class Scale:
    """How amounts of one figure are shown: divided by a factor, with the unit that gives."""

    factor: float
    """Amount that is shown as 1."""
    unit: str
    """Unit on the axis."""

    def __call__(self, value: float) -> float:
        """Give an amount as it is plotted, to five digits."""
        return rounded(value / self.factor)


def tonnes(values: Iterable[float], unit: str = "t/year") -> Scale:
    """Choose tonnes or thousands of them by the largest amount.

    Examples
    --------
    >>> tonnes([250.0]).unit, tonnes([48000.0]).unit
    ('t/year', 'kt/year')
    """
    largest = max((abs(value) for value in values), default=0.0)
    return Scale(1000.0, f"k{unit}") if largest >= 1000 else Scale(1.0, unit)


def money(values: Iterable[float], unit: str) -> Scale:
    """Choose million or billion by the largest amount.

    Parameters
    ----------
    values
        Amounts. [million]
    unit
        Currency with its year, such as ``USD2025``.

    Examples
    --------
    >>> money([250.0], "USD2025").unit, money([4800.0], "USD2025").unit
    ('million USD2025', 'billion USD2025')
    """
    largest = max((abs(value) for value in values), default=0.0)
    return Scale(1000.0, f"billion {unit}") if largest >= 1000 else Scale(1.0, f"million {unit}")


def rounded(value: float, digits: int = 5) -> float:
    """Round to a number of digits, never to minus zero.

    Examples
    --------
    >>> rounded(1234.5678), rounded(-0.0), rounded(0.000123456)
    (1234.6, 0.0, 0.00012346)
    """
    if value == 0 or not math.isfinite(value):
        return 0.0
    return round(value, digits - 1 - math.floor(math.log10(abs(value)))) + 0.0


def short(value: float) -> str:
    """Write an amount in about three digits.

    Examples
    --------
    >>> short(0.0), short(3.14159), short(31.4159), short(314.159)
    ('0', '3.14', '31.4', '314')
    """
    if abs(value) < 5e-10:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    text = amount(value, min(digits, 4))
    return text.rstrip("0").rstrip(".") if "." in text else text


def counted(number: int, noun: str) -> str:
    """Write a number with its noun.

    Examples
    --------
    >>> counted(1, "module"), counted(3, "site")
    ('1 module', '3 sites')
    """
    return f"{amount(number)} {noun}{'' if number == 1 else 's'}"


def listed(names: Iterable[str], most: int = 3) -> str:
    """Join names in a sentence.

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c", "d"])
    ('a', 'a and b', 'a, b, c and 1 more')
    """
    every = list(names)
    parts = every[:most]
    if len(every) > most:
        parts.append(f"{len(every) - most} more")
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)
