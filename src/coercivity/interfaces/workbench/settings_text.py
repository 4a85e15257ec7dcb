"""Small changes of ``case.yaml``: one value is written anew, every other line stays as it was."""

from __future__ import annotations

import json
import re
import textwrap
from dataclasses import replace
from pathlib import Path

import yaml

from coercivity.foundation.errors import UsageError
from coercivity.foundation.problems import Problem
from coercivity.tables.raw import SETTINGS_FILE
from coercivity.tables.reading import check_raw, read_raw
from coercivity.tables.settings import KEYS
from coercivity.tables.yaml_reader import parse_yaml

MARK = "\ufeff"
LONG = 90
"""Length above which a text is laid out over several lines."""
INDENT = "  "
LISTED = re.compile(r"[,;\s]+")
PAIR = re.compile(r"\s*([^=;,\s]+)\s*=\s*([^=;,\s]+)\s*")


def setting_texts(text: str) -> dict[str, str]:
    r"""Give the settings of a file as one line of text each, as a form shows them.

    Parameters
    ----------
    text
        Content of the file.

    Examples
    --------
    >>> setting_texts("name: mini  # short\nperiods: [2025, 2026]\nimports: {t: us-tungsten}\n")
    {'name': 'mini', 'periods': '2025, 2026', 'imports': 't=us-tungsten'}
    """
    values, _, _ = parse_yaml(text.lstrip(MARK))
    return {key: _shown(value) for key, value in values.items()}


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{prefix}={case}" for prefix, case in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value).strip()


def with_settings(text: str, changes: dict[str, str]) -> str:
    r"""Give the text of the file with some settings changed; an empty value takes its key away.

    Parameters
    ----------
    text
        Content of the file.
    changes
        New text of each changed setting.

    Raises
    ------
    UsageError
        If the file is laid out so that one value cannot be changed alone.

    Examples
    --------
    >>> with_settings("name: mini  # short\nprice_year: 2025\n", {"name": "mine", "title": "A: b"})
    'name: mine  # short\nprice_year: 2025\ntitle: "A: b"\n'
    """
    wanted = {key: held for key, held in setting_texts(text).items() if key not in changes}
    for key, value in changes.items():
        if value.strip():
            wanted |= setting_texts(f"{key}: {_written(key, value.strip())}\n")
        text = _with_setting(text, key, value.strip())
    if setting_texts(text) != wanted:
        msg = (
            f"{SETTINGS_FILE} is laid out so that these values cannot be changed alone: change "
            f"them in the file itself.  [{UsageError.code}]"
        )
        raise UsageError(msg)
    return text


def _with_setting(text: str, key: str, value: str) -> str:
    mark = MARK if text.startswith(MARK) else ""
    body = text.removeprefix(MARK)
    ending = "\r\n" if "\r\n" in body else "\n"
    written = _written(key, value).replace("\n", ending)
    place = _place(body, key)
    if place is None:
        if not value:
            return text
        gap = "" if not body or body.endswith("\n") else ending
        return f"{mark}{body}{gap}{key}: {written}{ending}"
    start, colon, end = place
    held = body[colon:end]
    left = held[len(held.rstrip()) :] if "\n" in held[len(held.rstrip()) :] else ""
    if value:
        return f"{mark}{body[:colon]} {written}{left}{body[end:]}"
    rest = body[end:] if left else body[end:].partition("\n")[2]
    return f"{mark}{body[:start]}{rest}"


def _place(body: str, key: str) -> tuple[int, int, int] | None:
    """Find where a key begins, where its colon ends, and where its value ends."""
    try:
        node = yaml.compose(body, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        msg = f"{SETTINGS_FILE} cannot be read as YAML: mend the file itself.  [{UsageError.code}]"
        raise UsageError(msg) from error
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    for name, held in pairs:
        if getattr(name, "value", None) == key:
            colon = body.index(":", name.end_mark.index) + 1
            return name.start_mark.index, colon, max(colon, held.end_mark.index)
    return None


def _written(key: str, value: str) -> str:
    column = KEYS.get(key)
    if column is not None and column.many:
        parts = [part for part in LISTED.split(value.strip("[] ")) if part]
        return f"[{', '.join(p if p.isalnum() else json.dumps(p) for p in parts)}]"
    if key == "imports" and value:
        pairs = [PAIR.fullmatch(part) for part in value.split(";") if part.strip()]
        if all(pairs):
            return f"{{{', '.join(f'{pair[1]}: {pair[2]}' for pair in pairs if pair)}}}"
    if len(value) > LONG and "\n" not in value:
        lines = textwrap.wrap(value, LONG, break_long_words=False, break_on_hyphens=False)
        return f">\n{INDENT}" + f"\n{INDENT}".join(lines)
    plain = parse_yaml(f"{key}: {value}\n")[0].get(key) == value and "\n" not in value
    return value if plain else json.dumps(value, ensure_ascii=False)


def problems_with_settings(folder: Path, text: str) -> list[Problem]:
    """Check a case as it would be with other settings; nothing is written.

    Parameters
    ----------
    folder
        Folder of the case.
    text
        New text of the settings.
    """
    raw = read_raw(folder)
    settings, places, found = parse_yaml(text.lstrip(MARK).replace("\r\n", "\n"))
    notes = [problem for problem in raw.notes if problem.place.file != SETTINGS_FILE]
    changed = replace(raw, settings=settings, settings_places=places, notes=(*notes, *found))
    return check_raw(changed)[1]
