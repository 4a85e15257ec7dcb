"""One cell to one value, and back to text."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from typing import NoReturn

from coercivity.foundation.identifiers import is_identifier, nearest
from coercivity.foundation.problems import quoted
from coercivity.tables.columns import Column, Kind
from coercivity.tables.raw import Cell

NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
NUMBER_WITH_COMMA = re.compile(r"[+-]?(?:\d+(?:,\d*)?|,\d+)(?:[eE][+-]?\d+)?", re.ASCII)
GROUPED = re.compile(r"[+-]?\d{1,3}([,'_ \u00a0\u2009\u202f])\d{3}(?:\1\d{3})*(?:\.\d+)?", re.ASCII)
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
OTHER_DATE = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", re.ASCII)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
UNLIMITED_WORD = "unlimited"
LARGEST_WHOLE = 2**53
YES = frozenset({"yes", "true"})
NO = frozenset({"no", "false"})
INNER_JOINTS = {Kind.SELECTOR: "&", Kind.ORIGIN: "="}


class CellRefused(ValueError):  # noqa: N818 - it says what happened
    """A cell that cannot become a value: a code, what stands there, what to do instead."""

    def __init__(self, code: str, what: str, instead: str) -> None:
        super().__init__(what)
        self.code = code
        self.what = what
        self.instead = instead


def refuse(code: str, what: str, instead: str) -> NoReturn:
    """Refuse a cell."""
    raise CellRefused(code, what, instead)


def is_empty(cell: Cell) -> bool:
    """Tell whether a cell holds nothing; blanks do not count.

    Examples
    --------
    >>> is_empty(None), is_empty("  "), is_empty("NA"), is_empty(0.0)
    (True, True, False, False)
    """
    return cell is None or (isinstance(cell, str) and not cell.strip())


def parse_cell(cell: Cell, column: Column, *, decimal_comma: bool = False) -> object:
    """Turn a cell into the value its column asks for; None where it is empty.

    Ids, words and text become ``str``; numbers ``float``; whole numbers and years ``int``; dates
    ``datetime.date``; yes/no ``bool``. Lists become tuples: of ``str`` where ``many``, of
    ``float`` for numbers, of (stage, country) for an origin, and of alternatives, each a tuple
    of conditions, for a selector.

    Raises
    ------
    CellRefused
        If the cell does not hold such a value.

    Examples
    --------
    >>> parse_cell("0.25", Column("rate", Kind.NUMBER, ""))
    0.25
    >>> parse_cell("mining=CHN; metal=VNM", Column("origin", Kind.ORIGIN, ""))
    (('mining', 'CHN'), ('metal', 'VNM'))
    >>> parse_cell("12%", Column("rate", Kind.NUMBER, ""))
    Traceback (most recent call last):
    coercivity.tables.cells.CellRefused: '12%' is a percentage
    """
    if is_empty(cell):
        return None
    if column.kind is Kind.NUMBERS:
        return _numbers(cell, column, decimal_comma)
    if column.numeric or column.kind is Kind.YEAR:
        return _number(cell, column, decimal_comma)
    return PARSERS[column.kind](cell, column)


def plain_text(cell: Cell) -> str:
    """Give a cell as text, without blanks around it.

    Examples
    --------
    >>> plain_text(" a "), plain_text(12.0), plain_text(0.5), plain_text(True)
    ('a', '12', '0.5', 'TRUE')
    """
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float)):
        return number_text(cell)
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return (cell or "").strip()


def number_text(value: float) -> str:
    """Write a number in its shortest exact form.

    Examples
    --------
    >>> number_text(51000.0), number_text(0.1), number_text(float("inf"))
    ('51000', '0.1', 'unlimited')
    """
    if math.isinf(value):
        return UNLIMITED_WORD
    text = repr(value)
    return text[:-2] if text.endswith(".0") else text


def cell_text(value: object, column: Column) -> str:
    """Write a value as the text that reads back as the same value.

    Examples
    --------
    >>> cell_text((0.5, 1.0), Column("ramp", Kind.NUMBERS, ""))
    '0.5;1'
    >>> cell_text((("kind:plant", "USA"), ("mp",)), Column("from", Kind.SELECTOR, ""))
    'kind:plant&USA;mp'
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        joint = INNER_JOINTS.get(column.kind)
        parts = [part if joint is None else joint.join(part) for part in value]
        return ";".join(cell_text(part, column) for part in parts)
    return plain_text(value) if isinstance(value, (int, float, dt.date)) else str(value)


def _text(cell: Cell, column: Column) -> str:
    del column
    return plain_text(cell)


def _name(cell: Cell) -> str:
    if isinstance(cell, (bool, dt.date)) or (isinstance(cell, float) and not cell.is_integer()):
        refuse(
            "T113",
            f"the id is stored as {quoted(plain_text(cell))}, which is not text",
            "Excel turns some ids into dates and numbers: format the cell as text and write the "
            "id again.",
        )
    return plain_text(cell)


def _names(cell: Cell) -> list[str]:
    names = [part.strip() for part in _name(cell).split(";")]
    if not all(names):
        refuse(
            "T217",
            f"{quoted(cell)} has an empty entry",
            "Separate the entries by a single ';' and leave none empty.",
        )
    if len(set(names)) < len(names):
        refuse("T217", f"{quoted(cell)} names an entry twice", "Name each entry once.")
    return names


def _identifier(cell: Cell, column: Column) -> str:
    del column
    name = _name(cell)
    if not is_identifier(name):
        refuse(
            "T208",
            f"{quoted(name)} cannot be an id",
            "An id starts with a letter or digit and holds only letters A-Z, digits, '.', '_' and "
            "'-', at most 200.",
        )
    return name


def _reference(cell: Cell, column: Column) -> str | tuple[str, ...]:
    return tuple(_names(cell)) if column.many else _name(cell)


def _choice(cell: Cell, column: Column) -> str | tuple[str, ...]:
    words = _names(cell) if column.many else [plain_text(cell)]
    for word in words:
        if word not in column.allowed:
            near = nearest(word, column.allowed)
            start = f"Did you mean '{near}'? " if near is not None else ""
            refuse(
                "T205",
                f"{quoted(word)} is not a {column.name}",
                f"{start}Write one of {', '.join(column.allowed)}.",
            )
    return tuple(words) if column.many else words[0]


def _yes_no(cell: Cell, column: Column) -> bool:
    del column
    if isinstance(cell, bool):
        return cell
    word = plain_text(cell).lower()
    if word in YES or word in NO:
        return word in YES
    refuse("T215", f"{quoted(plain_text(cell))} is neither yes nor no", "Write yes or no.")


def _date(cell: Cell, column: Column) -> dt.date:
    del column
    if isinstance(cell, dt.datetime):
        if cell.time() == dt.time():
            return cell.date()
    elif isinstance(cell, dt.date):
        return cell
    text = plain_text(cell)
    day = None
    if ISO_DATE.fullmatch(text):
        day = _day_or_none(text)
    if day is None:
        refuse("T209", f"{quoted(text)} is not a day of the calendar", _date_hint(text))
    return day


def _day_or_none(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _date_hint(text: str) -> str:
    found = OTHER_DATE.fullmatch(text)
    if found is not None:
        first, second, year = (int(part) for part in found.groups())
        day, month = (first, second) if first > 12 else (second, first)
        written = f"{year:04d}-{month:02d}-{day:02d}"
        if day > 12 and _day_or_none(written) is not None:
            return f"Dates are written YYYY-MM-DD: write {written}."
    return "Dates are written YYYY-MM-DD, such as 2026-12-31."


def _origin(cell: Cell, column: Column) -> tuple[tuple[str, str], ...]:
    del column
    pairs: list[tuple[str, str]] = []
    for entry in _names(cell):
        stage, sign, country = (part.strip() for part in entry.partition("="))
        if not (sign and stage and country) or "=" in country:
            refuse(
                "T217",
                f"{quoted(entry)} is not a stage with its country",
                "Write pairs such as mining=CHN;metal=VNM.",
            )
        pairs.append((stage, country))
    if len({stage for stage, _ in pairs}) < len(pairs):
        refuse("T217", f"{quoted(cell)} names a stage twice", "Name each stage once.")
    return tuple(pairs)


def _selector(cell: Cell, column: Column) -> tuple[tuple[str, ...], ...]:
    del column
    alternatives = tuple(
        tuple(condition.strip() for condition in entry.split("&")) for entry in _names(cell)
    )
    if not all(condition for alternative in alternatives for condition in alternative):
        refuse(
            "T217",
            f"{quoted(cell)} has an empty condition",
            "Join conditions by '&' and alternatives by ';', such as kind:plant&USA;kind:pool.",
        )
    return alternatives


def _numbers(cell: Cell, column: Column, decimal_comma: bool) -> tuple[float, ...]:
    if not isinstance(cell, str):
        return (_finite(cell, column, decimal_comma),)
    return tuple(_finite(part, column, decimal_comma) for part in cell.split(";"))


def _number(cell: Cell, column: Column, decimal_comma: bool) -> float | int:
    if isinstance(cell, str) and cell.strip().lower() == UNLIMITED_WORD:
        if column.unlimited:
            return math.inf
        refuse(
            "T203",
            f"'unlimited' cannot stand in '{column.name}'",
            f"Write a number{_unit(column)}.",
        )
    value = _finite(cell, column, decimal_comma)
    if column.kind is not Kind.NUMBER:
        if not value.is_integer() or abs(value) > LARGEST_WHOLE:
            code = "T209" if column.kind is Kind.YEAR else "T203"
            refuse(
                code, f"{quoted(plain_text(cell))} is not a whole number", "Write a whole number."
            )
        return int(value)
    return value


def _finite(cell: Cell, column: Column, decimal_comma: bool) -> float:
    if isinstance(cell, (bool, dt.date)) or cell is None:
        refuse(
            "T203",
            f"{quoted(plain_text(cell))} is not a number",
            f"Write a number{_unit(column)}; Excel may have formatted the cell as something else.",
        )
    value = _from_text(cell, column, decimal_comma) if isinstance(cell, str) else float(cell)
    if not math.isfinite(value):
        refuse(
            "T203", f"{quoted(plain_text(cell))} is not a finite number", "Write a finite number."
        )
    if outside(value, column):
        refuse(
            "T204",
            f"{number_text(value)} lies outside what '{column.name}' allows",
            f"It has to be {column.range_text()}{_unit(column)}.",
        )
    return value


def outside(value: float, column: Column) -> bool:
    """Tell whether a number lies outside what its column allows.

    Parameters
    ----------
    value
        The number, in the unit of the column.
    column
        Its column.
    """
    too_low = column.low is not None and (
        value < column.low or (column.above_low and value == column.low)
    )
    return too_low or (column.high is not None and value > column.high)


def _from_text(cell: str, column: Column, decimal_comma: bool) -> float:
    text = cell.strip()
    if decimal_comma and NUMBER_WITH_COMMA.fullmatch(text):
        return float(text.replace(",", "."))
    if not decimal_comma and NUMBER.fullmatch(text):
        return float(text)
    if text.endswith("%"):
        bare = text[:-1].strip()
        hint = f" such as {float(bare) / 100:g}" if NUMBER.fullmatch(bare) else ""
        refuse("T203", f"{quoted(text)} is a percentage", f"Shares are fractions: write one{hint}.")
    if decimal_comma:
        refuse(
            "T203",
            f"{quoted(text)} is not a number with a decimal comma",
            "This file uses decimal commas: write 1234,5, without signs between thousands.",
        )
    refuse("T203", f"{quoted(text)} is not a number", _number_hint(text, column))


def _number_hint(text: str, column: Column) -> str:
    if GROUPED.fullmatch(text):
        bare = re.sub(r"[^0-9.+-]", "", text)
        point = (
            f", or {text.replace(',', '.')} if it is a decimal comma"
            if text.count(",") == 1
            else ""
        )
        return f"Write {bare}, without signs between thousands{point}."
    if NUMBER_WITH_COMMA.fullmatch(text):
        return f"Write {text.replace(',', '.')}, with a decimal point."
    if column.unlimited:
        return f"Write a number{_unit(column)}, or 'unlimited'."
    return f"Write a number{_unit(column)} and nothing else, or leave the cell empty."


def _unit(column: Column) -> str:
    return f" [{column.unit}]" if column.unit else ""


PARSERS: dict[Kind, Callable[[Cell, Column], object]] = {
    Kind.ID: _identifier,
    Kind.TEXT: _text,
    Kind.DATE: _date,
    Kind.YES_NO: _yes_no,
    Kind.CHOICE: _choice,
    Kind.REFERENCE: _reference,
    Kind.SELECTOR: _selector,
    Kind.ORIGIN: _origin,
}
