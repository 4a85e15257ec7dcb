"""One record for everything that can be wrong with an input."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

SHOWN_AT_MOST = 200
VALUE_LENGTH = 80


class Severity(Enum):
    """How bad a problem is."""

    ERROR = "error"
    """Nothing is solved."""
    WARNING = "warning"
    """The case can be used; ``--strict`` makes it an error."""
    NOTE = "note"
    """Something was recognised and is told; never an error."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the input something stands."""

    file: str
    """File or sheet name as the user knows it, without its folder."""
    row: int | None = None
    """Row in that file, counting the header as row 1."""
    column: str | None = None
    """Column name."""
    last_row: int | None = None
    """Last row, where the problem spans several."""

    def __str__(self) -> str:
        text = self.file
        if self.row is not None and self.last_row is not None and self.last_row != self.row:
            text += f", rows {self.row}–{self.last_row}"
        elif self.row is not None:
            text += f", row {self.row}"
        if self.column is not None:
            text += f", column '{self.column}'"
        return text


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: place, what, why and what to do instead, code."""

    code: str
    """Letter of the room and three digits; ``coercivity explain CODE`` describes it."""
    place: Place
    what: str
    """What stands there, with the value."""
    instead: str = ""
    """One or two sentences: why it is wrong and what to do."""
    severity: Severity = Severity.ERROR

    def as_json(self) -> dict[str, object]:
        """Give the problem as plain data.

        Examples
        --------
        >>> Problem("T201", Place("assets.csv", 3), "'x' is not a process").as_json()["row"]
        3
        """
        return {
            "code": self.code,
            "severity": self.severity.value,
            "file": self.place.file,
            "row": self.place.row,
            "column": self.place.column,
            "what": self.what,
            "instead": self.instead,
        }


def quoted(value: object) -> str:
    r"""Show a value from a file inside a message: quoted, shortened, without control characters.

    Examples
    --------
    >>> quoted("a\x00b")
    "'a\\x00b'"
    """
    text = repr(str(value))
    return text if len(text) <= VALUE_LENGTH else text[: VALUE_LENGTH - 2] + "…'"


def sorted_by_place(problems: Iterable[Problem]) -> list[Problem]:
    """Order problems by severity, file, row and column.

    Examples
    --------
    >>> late, early = (Problem("T201", Place("a.csv", row), "") for row in (9, 2))
    >>> [p.place.row for p in sorted_by_place([late, early])]
    [2, 9]
    """
    order = list(Severity)
    return sorted(
        problems,
        key=lambda p: (
            order.index(p.severity),
            p.place.file,
            p.place.row or 0,
            p.place.column or "",
            p.code,
            p.what,
        ),
    )


def listing(problems: Sequence[Problem]) -> str:
    """Lay the problems out, numbered, two lines each.

    Examples
    --------
    >>> place = Place("assets.csv", 3, "process")
    >>> print(listing([Problem("T201", place, "'x' is not a process", "See processes.csv.")]))
      1. assets.csv, row 3, column 'process': 'x' is not a process
         See processes.csv.  [T201]
    """
    lines: list[str] = []
    for number, problem in enumerate(problems[:SHOWN_AT_MOST], start=1):
        label = f"{number:>3}. "
        tail = f"{problem.instead}  [{problem.code}]" if problem.instead else f"[{problem.code}]"
        lines += [f"{label}{problem.place}: {problem.what}", " " * len(label) + tail]
    if len(problems) > SHOWN_AT_MOST:
        lines.append(f"     … and {len(problems) - SHOWN_AT_MOST} more (--json lists all)")
    return "\n".join(lines)
