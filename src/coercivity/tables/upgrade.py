"""Older formats of a case, brought up to the present one step by step."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from coercivity.foundation.errors import CaseError, DiskError
from coercivity.tables.csv_reader import LARGEST_FILE, LARGEST_SETTINGS, read_text
from coercivity.tables.raw import SETTINGS_FILE
from coercivity.tables.settings import FORMAT
from coercivity.tables.yaml_reader import parse_yaml

FORMAT_LINE = re.compile(r"^format\s*:.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Migration:
    """One step from a format to the next."""

    title: str
    """What it does, told to the user."""
    apply: Callable[[dict[str, str]], dict[str, str]]
    """New text of every file from the old, by name of the file."""


def _state_format(files: dict[str, str]) -> dict[str, str]:
    """Bring format 0, the drafts before the format was stated, to format 1."""
    text = files[SETTINGS_FILE]
    if FORMAT_LINE.search(text):
        text = FORMAT_LINE.sub("format: 1", text, count=1)
    else:
        text = f"format: 1\n{text}"
    return {**files, SETTINGS_FILE: text}


MIGRATIONS: dict[int, Migration] = {0: Migration("state the format in case.yaml", _state_format)}
"""Step from each format to the next."""


def upgrade_case(folder: str | Path) -> tuple[str, ...]:
    """Bring the files of a case up to the present format, in place.

    Nothing is changed where the case is up to date. Each file is replaced at once; comments and
    the order of rows stay.

    Parameters
    ----------
    folder
        Folder with ``case.yaml``.

    Returns
    -------
    tuple
        What was done, step by step; empty where the case is up to date.

    Raises
    ------
    CaseError
        If ``case.yaml`` cannot be read.
    DiskError
        If a file cannot be written.
    """
    place = Path(folder)
    files, found = _read(place)
    done: list[str] = []
    changed = files
    while found < FORMAT:
        step = MIGRATIONS[found]
        changed = step.apply(changed)
        found += 1
        done.append(f"format {found}: {step.title}")
    for name, text in changed.items():
        if files.get(name) != text:
            _replace(place / name, text)
    return tuple(done)


def _read(folder: Path) -> tuple[dict[str, str], int]:
    text, problems = read_text(folder / SETTINGS_FILE, largest=LARGEST_SETTINGS)
    if text is None:
        raise CaseError(problems, case=str(folder))
    settings, _, broken = parse_yaml(text)
    if broken:
        raise CaseError(broken, case=str(folder))
    files = {SETTINGS_FILE: text}
    for path in sorted(folder.glob("*.csv")):
        table, _ = read_text(path, largest=LARGEST_FILE)
        if table is not None:
            files[path.name] = table
    stated = str(settings.get("format") or "0")
    return files, int(stated) if stated.isdecimal() and len(stated) < 9 else FORMAT


def _replace(path: Path, text: str) -> None:
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="\n", dir=path.parent, prefix=".writing-", delete=False
        ) as file:
            file.write(text)
        Path(file.name).chmod(0o644)
        Path(file.name).replace(path)
    except OSError as error:
        msg = f"'{path}' cannot be written: {error.strerror or error}.  [T101]"
        raise DiskError(msg) from error
