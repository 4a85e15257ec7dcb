"""Small changes of a CSV file: one record is written anew, every other byte stays as it was."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from coercivity.foundation.errors import CaseError
from coercivity.foundation.problems import Place, Problem
from coercivity.results.disk import disk_errors, write_whole
from coercivity.tables.csv_reader import read_csv
from coercivity.tables.headers import companion_name
from coercivity.tables.raw import RawCase
from coercivity.tables.reading import check_raw, read_raw

MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a file, with the lines it takes."""

    number: int
    """Its number, the header counting as 1."""
    cells: tuple[str, ...]
    first: int
    """Index of its first line."""
    after: int
    """Index of the line after it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSV file as its lines and records."""

    lines: tuple[str, ...]
    header: tuple[str, ...]
    records: tuple[Record, ...]
    """Records below the header that hold anything."""
    separator: str
    ending: str
    """How lines end."""

    def record(self, number: int) -> Record | None:
        """Find a record by its number."""
        return next((one for one in self.records if one.number == number), None)

    def row(self, record: Record) -> dict[str, str]:
        """Give the cells of a record by column."""
        return dict(zip(self.header, record.cells, strict=False))

    def with_record(self, number: int, cells: Sequence[str]) -> str:
        """Give the text with one record written anew.

        Parameters
        ----------
        number
            Number of the record.
        cells
            Its cells, in the order of the header.
        """
        held = self.record(number)
        if held is None:
            return self.with_more(cells)
        written = self._written(cells)
        return "".join((*self.lines[: held.first], written, *self.lines[held.after :]))

    def without(self, number: int) -> str:
        """Give the text without one record."""
        held = self.record(number)
        if held is None:
            return "".join(self.lines)
        return "".join((*self.lines[: held.first], *self.lines[held.after :]))

    def with_more(self, cells: Sequence[str]) -> str:
        """Give the text with a record added at its end."""
        text = "".join(self.lines)
        if text and not text.endswith(("\n", "\r")):
            text += self.ending
        return text + self._written(cells)

    def with_columns(self, names: Sequence[str]) -> Sheet:
        """Give the file with columns added that it does not have yet."""
        more = [name for name in names if name not in self.header]
        if not more:
            return self
        header = self._written([*self.header, *more])
        lines = [MARK * self.lines[0].startswith(MARK) + header] if self.lines else [header]
        place = 1 if self.lines else 0
        for record in self.records:
            lines += self.lines[place : record.first]
            lines.append(self._written([*record.cells, *("" for _ in more)]))
            place = record.after
        lines += self.lines[place:]
        return sheet_of("".join(lines))

    def _written(self, cells: Sequence[str]) -> str:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=self.separator, lineterminator=self.ending).writerow(cells)
        return text.getvalue()


def sheet_of(text: str) -> Sheet:
    r"""Cut a text into lines and records.

    Parameters
    ----------
    text
        Content of a CSV file.

    Raises
    ------
    CaseError
        If a quote is left open, so that records cannot be told apart.

    Examples
    --------
    >>> sheet = sheet_of("id,note\na,\"x\ny\"\nb,\n")
    >>> sheet.with_record(3, ["b", "1,5"])
    'id,note\na,"x\ny"\nb,"1,5"\n'
    """
    lines = tuple(io.StringIO(text, newline=""))
    first = lines[0].lstrip(MARK) if lines else ""
    separator = ";" if ";" in first and "," not in first else ","
    ending = "\r\n" if first.endswith("\r\n") else "\n"
    reader = csv.reader(
        (line.lstrip(MARK) if n == 0 else line for n, line in enumerate(lines)),
        delimiter=separator,
        strict=True,
    )
    records, before = [], 0
    try:
        for number, cells in enumerate(reader, start=1):
            if any(cell.strip() for cell in cells):
                records.append(Record(number, tuple(cells), before, reader.line_num))
            before = reader.line_num
    except csv.Error as error:
        place = Place("the file", before + 1)
        problem = Problem("T107", place, f"the row cannot be cut into cells: {error}")
        raise CaseError([problem], case="the file") from error
    header = tuple(cell.strip() for cell in records[0].cells) if records else ()
    return Sheet(lines, header, tuple(records[1:]), separator, ending)


def problems_with(folder: Path, texts: Mapping[str, str | None]) -> list[Problem]:
    """Check a case as it would be with some of its files changed; nothing is written.

    Parameters
    ----------
    folder
        Folder of the case.
    texts
        New text of each changed table or companion; None takes the file away.
    """
    return check_raw(case_with(folder, texts))[1]


def case_with(folder: Path, texts: Mapping[str, str | None]) -> RawCase:
    """Read a case as it would be with some of its files changed.

    Parameters
    ----------
    folder
        Folder of the case.
    texts
        New text of each changed table or companion; None takes the file away.
    """
    raw = read_raw(folder)
    tables, companions = dict(raw.tables), dict(raw.companions)
    changed = {f"{name}.csv" for name in texts}
    notes = [problem for problem in raw.notes if problem.place.file not in changed]
    with tempfile.TemporaryDirectory(prefix="coercivity-") as place:
        for name, text in texts.items():
            pair = companion_name(name)
            tables.pop(name, None)
            if pair is not None:
                companions.pop(pair, None)
            if text is None:
                continue
            file = Path(place) / f"{name}.csv"
            file.write_text(text, encoding="utf-8", newline="")
            table, found = read_csv(file)
            notes += found
            if table is not None and pair is not None:
                companions[pair] = table
            elif table is not None:
                tables[name] = table
    return replace(raw, tables=tables, companions=companions, notes=tuple(notes))


def write_text(file: Path, text: str) -> None:
    """Replace a file of a case, whole or not at all.

    Parameters
    ----------
    file
        The file.
    text
        Its new content.
    """
    content = text.encode("utf-8")
    with disk_errors(f"cannot write {file.name}"):
        write_whole(file, lambda path: path.write_bytes(content))
