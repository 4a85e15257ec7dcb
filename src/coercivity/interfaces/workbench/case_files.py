"""Files of a case: which there are, what is wrong with each, and digests against lost changes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from coercivity.foundation.errors import UsageError
from coercivity.foundation.problems import Problem, Severity, quoted
from coercivity.results.disk import disk_errors
from coercivity.studies.cases import CaseReport, check_case
from coercivity.tables.columns import TableSchema
from coercivity.tables.headers import companion_name
from coercivity.tables.raw import SETTINGS_FILE
from coercivity.tables.schemas import SCHEMAS
from coercivity.tables.schemas.geography import GEOGRAPHY
from coercivity.tables.schemas.money import MONEY
from coercivity.tables.schemas.processing import PROCESSING
from coercivity.tables.schemas.trade import TRADE

GROUPS: Mapping[str, tuple[TableSchema, ...]] = {
    "Stages and places": GEOGRAPHY,
    "Making": PROCESSING,
    "Trade and demand": TRADE,
    "Money and sources": MONEY,
}
"""Tables by what they are about, in the order in which people read a case."""
KEPT = 8


@dataclass(frozen=True, slots=True)
class Leaf:
    """A file in the tree of a case."""

    name: str
    """Table, or table and column of a companion."""
    file: str
    description: str
    exists: bool
    rows: int
    errors: int
    warnings: int

    @property
    def state(self) -> str:
        """How it is: ``error``, ``warning``, ``good`` or ``absent``."""
        if self.errors:
            return "error"
        if self.warnings:
            return "warning"
        return "good" if self.exists else "absent"


def report_of(folder: Path) -> CaseReport:
    """Check a case; what was found is kept until one of its files changes.

    Parameters
    ----------
    folder
        Folder of the case.
    """
    return _checked(folder, stamp(folder))


@lru_cache(maxsize=KEPT)
def _checked(folder: Path, _stamp: tuple[tuple[str, int, int], ...]) -> CaseReport:
    return check_case(folder)


def stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Tell the files of a case apart from what they were: name, time and size of each.

    Parameters
    ----------
    folder
        Folder of the case.
    """
    with disk_errors(f"cannot read the case {quoted(folder.name)}"):
        held = [(path.name, path.stat()) for path in sorted(folder.iterdir()) if path.is_file()]
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in held)


def tree(folder: Path, report: CaseReport) -> dict[str, list[Leaf]]:
    """Lay out the files of a case by group, companions below their tables.

    Parameters
    ----------
    folder
        Folder of the case.
    report
        What a check of it found.
    """
    stems = {path.stem for path in folder.glob("*.csv")}
    found: dict[str, list[Leaf]] = {}
    for group, schemas in GROUPS.items():
        leaves = found.setdefault(group, [])
        for schema in schemas:
            leaves.append(_leaf(schema.name, schema.description, schema.name in stems, report))
            for stem in sorted(stems):
                pair = companion_name(stem)
                if pair is not None and pair[0] == schema.name:
                    leaves.append(_leaf(stem, f"{pair[1]}, by year.", True, report))
    return found


def _leaf(name: str, description: str, exists: bool, report: CaseReport) -> Leaf:
    file = f"{name}.csv"
    own = [problem for problem in report.problems if problem.place.file == file]
    counts = [
        sum(p.severity is severity for p in own) for severity in (Severity.ERROR, Severity.WARNING)
    ]
    return Leaf(name, file, description, exists, report.sizes.get(name, 0), *counts)


def table_file(folder: Path, name: str) -> Path:
    """Give the file of a table or companion of a case, which may not exist yet.

    Parameters
    ----------
    folder
        Folder of the case.
    name
        Table, or table and column of a companion.

    Raises
    ------
    UsageError
        If no table has that name.
    """
    if name not in SCHEMAS and companion_name(name) is None:
        msg = f"There is no table {quoted(name)}.  [{UsageError.code}]"
        raise UsageError(msg)
    return folder / f"{name}.csv"


def problems_of(report: CaseReport, name: str) -> list[Problem]:
    """Give the problems of one table.

    Parameters
    ----------
    report
        What a check found.
    name
        The table.
    """
    return [problem for problem in report.problems if problem.place.file == f"{name}.csv"]


def content_digest(content: bytes) -> str:
    """Give the digest by which a page knows what it showed. [SHA-256]"""
    return hashlib.sha256(content).hexdigest()


def case_digest(folder: Path) -> str:
    """Give one digest of every file of a case. [SHA-256]

    Parameters
    ----------
    folder
        Folder of the case.
    """
    outer = hashlib.sha256()
    with disk_errors(f"cannot read the case {quoted(folder.name)}"):
        for path in sorted(folder.iterdir()):
            if path.is_file() and (path.suffix == ".csv" or path.name == SETTINGS_FILE):
                outer.update(f"{content_digest(path.read_bytes())}  {path.name}\n".encode())
    return outer.hexdigest()
