"""A case as a folder of CSV files that diffs in git."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

from coercivity.foundation.errors import DiskError, UsageError
from coercivity.foundation.problems import quoted
from coercivity.tables.cells import cell_text, number_text
from coercivity.tables.raw import SETTINGS_FILE
from coercivity.tables.settings import Settings, settings_data
from coercivity.tables.typed import CaseTables, Companion, Table


def write_case(
    case: CaseTables,
    folder: str | Path,
    *,
    overwrite: bool = False,
    also: Mapping[str, str] | None = None,
) -> Path:
    """Write a case to a folder that appears under its name only when it is whole.

    Parameters
    ----------
    case
        The case.
    folder
        Where it goes.
    overwrite
        Whether a folder that holds something is replaced.
    also
        Text of further files by name.

    Raises
    ------
    UsageError
        If the folder holds something and ``overwrite`` is not given.
    DiskError
        If it cannot be written.
    """
    target = Path(folder)
    try:
        if not overwrite and (target.is_file() or (target.is_dir() and any(target.iterdir()))):
            msg = f"{quoted(target)} holds something already: name another folder.  [R001]"
            raise UsageError(msg)
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=".writing-", dir=target.parent))
        try:
            for name, text in {**case_files(case), **(also or {})}.items():
                (temporary / name).write_text(text, encoding="utf-8", newline="\n")
            temporary.chmod(0o755)
            _put_in_place(temporary, target)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    except OSError as error:
        msg = f"The case cannot be written to '{target}': {error.strerror or error}.  [T101]"
        raise DiskError(msg) from error
    return target


def _put_in_place(temporary: Path, target: Path) -> None:
    if not target.exists():
        temporary.rename(target)
        return
    old = Path(tempfile.mkdtemp(prefix=".replaced-", dir=target.parent))
    try:
        target.rename(old / "old")
        try:
            temporary.rename(target)
        except OSError:
            (old / "old").rename(target)
            raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def case_files(case: CaseTables) -> dict[str, str]:
    """Give the text of every file of a case by its name; tables without rows have none."""
    files = {SETTINGS_FILE: settings_text(case.settings)}
    for name, table in case.tables.items():
        if len(table):
            files[f"{name}.csv"] = table_text(table)
    for (table_name, column), companion in case.companions.items():
        files[f"{table_name}-{column}.csv"] = companion_text(companion)
    return files


def settings_text(settings: Settings) -> str:
    """Write settings as YAML, without those that are as by default."""
    lines = []
    for key, value in settings_data(settings).items():
        if isinstance(value, float):
            lines.append(f"{key}: {number_text(value)}\n")
        elif isinstance(value, bool):
            lines.append(f"{key}: {'yes' if value else 'no'}\n")
        elif isinstance(value, (list, dict)):
            flow = yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, width=10_000)
            lines.append(f"{key}: {flow}")
        else:
            lines.append(yaml.safe_dump({key: value}, allow_unicode=True, width=100))
    return "".join(lines)


def table_text(table: Table) -> str:
    """Write a table as CSV: the columns that hold anything, in the order of the file."""
    names = [name for name, values in table.columns.items() if any(v is not None for v in values)]
    columns = [(name, table.schema.column(name)) for name in names]
    known = [(name, column) for name, column in columns if column is not None]
    rows = (
        [cell_text(row[name], column) if row.given(name) else "" for name, column in known]
        for row in table.rows()
    )
    return _csv([name for name, _ in known], rows)


def companion_text(companion: Companion) -> str:
    """Write a companion as CSV: a row a year, a column an id."""
    rows = (
        [str(year), *(_number(companion.values[name][index]) for name in companion.ids)]
        for index, year in enumerate(companion.years)
    )
    return _csv(["year", *companion.ids], rows)


def _number(value: float | None) -> str:
    return "" if value is None else number_text(value)


def _csv(header: list[str], rows: Iterable[list[str]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
