"""The time and stochastics files of an SMPS instance: which numbers change, how likely."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.smps.core import Core, pairs, sections

Changes = dict[tuple[str, str], float]
"""New value by row and column; the column is empty for a right side."""
Outcome = tuple[float, Changes]
"""Probability of an outcome and what it changes."""


@dataclass
class Stages:
    """Stage of every row and column, from 0."""

    rows: dict[str, int]
    columns: dict[str, int]
    names: list[str]


@dataclass(frozen=True)
class Route:
    """One way through the tree: its node at each stage, and all that differs from the core."""

    probability: float
    nodes: tuple[int, ...]
    changes: Changes


def read_stages(path: Path, core: Core) -> Stages:
    """Read a time file: the first column and row of each stage."""
    marks = [words for section, words in sections(path) if section == "PERIODS"]
    starts = [core.columns.index(mark[0]) for mark in marks]
    names = [mark[2] for mark in marks]
    order = list(core.rows)
    row_starts = [0, *(order.index(mark[1]) for mark in marks[1:])]

    def stage(place: int, begins: list[int]) -> int:
        return max(number for number, begin in enumerate(begins) if place >= begin)

    return Stages(
        {name: stage(place, row_starts) for place, name in enumerate(order)},
        {name: stage(place, starts) for place, name in enumerate(core.columns)},
        names,
    )


def read_paths(path: Path, core: Core, stages: Stages) -> list[Route]:
    """Read a stochastics file as ways through a tree, probabilities normalised."""
    lines = list(sections(path))
    kinds = {section for section, _ in lines}
    if kinds == {"SCENARIOS"}:
        found = scenario_paths([words for _, words in lines], core, stages)
    else:
        found = independent_paths(lines, core, stages)
    total = sum(one.probability for one in found)
    return [Route(one.probability / total, one.nodes, one.changes) for one in found]


def change(core: Core, words: list[str]) -> Changes:
    """Read what a line changes: one column, or the right side, in some rows."""
    column = words[0] if words[0] in core.lower else ""
    return {(row, column): value for row, value in pairs(words[1:])}


def stage_of(entry: tuple[str, str], core: Core, stages: Stages) -> int:
    """Give the stage in which a number is known: of its row, or its column for a cost."""
    row, column = entry
    return stages.columns[column] if row == core.objective else stages.rows[row]


def independent_paths(
    lines: list[tuple[str, list[str]]], core: Core, stages: Stages
) -> list[Route]:
    """Combine what is independent: single numbers, and blocks of numbers."""
    groups: dict[object, list[Outcome]] = {}
    block: list[Outcome] = []
    for section, words in lines:
        if section == "INDEP":
            entry = (words[1], words[0] if words[0] in core.lower else "")
            groups.setdefault(entry, []).append((float(words[-1]), {entry: float(words[2])}))
        elif words[0] == "BL":
            block = groups.setdefault(words[1], [])
            # What an outcome does not mention is as in the first outcome of its block.
            block.append((float(words[3]), dict(block[0][1]) if block else {}))
        else:
            block[-1][1].update(change(core, words))
    by_stage: dict[int, list[list[Outcome]]] = {}
    for outcomes in groups.values():
        stage = stage_of(next(iter(outcomes[0][1])), core, stages)
        by_stage.setdefault(stage, []).append(outcomes)
    return list(combined(by_stage, len(stages.names)))


def combined(by_stage: dict[int, list[list[Outcome]]], count: int) -> Iterator[Route]:
    """Go through every combination, the nodes numbered by what happened so far."""
    steps: list[list[Outcome]] = []
    for stage in range(count):
        steps.append([joint(outcomes) for outcomes in itertools.product(*by_stage.get(stage, []))])
    numbers: dict[tuple[int, ...], int] = {}
    for chosen in itertools.product(*(range(len(step)) for step in steps)):
        nodes = tuple(
            numbers.setdefault(chosen[: stage + 1], len(numbers)) for stage in range(count)
        )
        probability, changes = joint(
            tuple(step[place] for step, place in zip(steps, chosen, strict=True))
        )
        yield Route(probability, nodes, changes)


def joint(outcomes: tuple[Outcome, ...]) -> Outcome:
    """Let several outcomes happen together."""
    probability, changes = 1.0, Changes()
    for chance, more in outcomes:
        probability *= chance
        changes.update(more)
    return probability, changes


def scenario_paths(lines: list[list[str]], core: Core, stages: Stages) -> list[Route]:
    """Read scenarios that branch off one another at a stage."""
    found: dict[str, Route] = {}
    free = itertools.count()
    name = ""
    for words in lines:
        if words[0] == "SC":
            name, parent = words[1], words[2].strip("'")
            branch = stages.names.index(words[4])
            older = found.get(parent)
            # A first scenario may name any stage: its nodes are all its own, the root as well.
            shared = older.nodes[:branch] if older else root(found)
            fresh = tuple(next(free) for _ in range(len(stages.names) - len(shared)))
            found[name] = Route(
                float(words[3]), shared + fresh, dict(older.changes) if older else {}
            )
        else:
            found[name].changes.update(change(core, words))
    return list(found.values())


def root(found: dict[str, Route]) -> tuple[int, ...]:
    """Give the node that all scenarios share, once there is one."""
    return next(iter(found.values())).nodes[:1] if found else ()
