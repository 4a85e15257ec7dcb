"""The core file of an SMPS instance: a linear model in MPS, read for tests.

Birge, Dempster, Gassmann, Gunn, King and Wallace (1987), *COAL Newsletter* 17, 1-19, and Gassmann
and Schweitzer (2001), *Annals of Operations Research* 104, 259-288, describe the three files.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

SENSES = {"E", "L", "G", "N"}


@dataclass
class Core:
    """A model with names: entries by row and column, right sides, bounds."""

    rows: dict[str, str] = field(default_factory=dict)
    """Sense of each row, in the order of the file, without the objective."""
    objective: str = ""
    columns: list[str] = field(default_factory=list)
    whole: set[str] = field(default_factory=set)
    entries: dict[tuple[str, str], float] = field(default_factory=dict)
    """By row and column; the objective is a row."""
    right: dict[str, float] = field(default_factory=dict)
    lower: dict[str, float] = field(default_factory=dict)
    upper: dict[str, float] = field(default_factory=dict)


def sections(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Give the data lines of a file with the section each stands in."""
    section = ""
    for line in path.read_text(errors="replace").splitlines():
        if not line.strip() or line.startswith("*"):
            continue
        if not line[0].isspace():
            section = line.split()[0].upper()
            continue
        yield section, line.split()


def pairs(words: list[str]) -> Iterator[tuple[str, float]]:
    """Give names with their numbers."""
    for name, number in zip(words[::2], words[1::2], strict=True):
        yield name, float(number)


def read_core(path: Path) -> Core:
    """Read a core file."""
    core, marked = Core(), False
    for section, words in sections(path):
        if section == "ROWS":
            add_row(core, *words)
        elif section == "COLUMNS" and "'MARKER'" in words:
            marked = "'INTORG'" in words
        elif section == "COLUMNS":
            name = words[0]
            if name not in core.lower:
                core.columns.append(name)
                core.lower[name], core.upper[name] = 0.0, np.inf
                if marked:
                    core.whole.add(name)
            for row, value in pairs(words[1:]):
                core.entries[row, name] = value
        elif section == "RHS":
            core.right.update(pairs(words[len(words) % 2 :]))
        elif section == "BOUNDS":
            add_bound(core, words)
        else:
            msg = f"{path.name}: section {section} is not read here"
            raise ValueError(msg)
    return core


def add_row(core: Core, sense: str, name: str) -> None:
    """Take a row; the first free one is the objective."""
    if sense not in SENSES:
        raise ValueError(sense)
    if sense == "N":
        core.objective = core.objective or name
    else:
        core.rows[name] = sense


def add_bound(core: Core, words: list[str]) -> None:
    """Take a bound."""
    kind = words[0]
    if kind == "BV":
        name, value = words[-1], 1.0
        core.whole.add(name)
    else:
        name, value = words[-2], float(words[-1])
    if kind in {"UP", "FX", "BV"}:
        core.upper[name] = value
    if kind in {"LO", "FX"}:
        core.lower[name] = value
    if kind not in {"UP", "LO", "FX", "BV"}:
        raise ValueError(kind)
