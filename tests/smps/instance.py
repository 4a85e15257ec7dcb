"""An SMPS instance as a two-stage problem; stages beyond the second are written out inside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csc_array

from coercivity.planning.two_stage import Recourse, TwoStageProblem
from coercivity.solvers import Matrices
from tests.smps.core import Core, read_core
from tests.smps.tree import Route, Stages, read_paths, read_stages

Node = tuple[int, str]
"""A row or column of the core at a node of the tree."""


@dataclass
class Instance:
    """The three files together."""

    core: Core
    stages: Stages
    paths: list[Route]

    def column_nodes(self, paths: Iterable[Route], stages: set[int]) -> dict[Node, Route]:
        """Give the columns of some stages at every node, with a path that leads there."""
        return {
            (path.nodes[self.stages.columns[name]], name): path
            for path in paths
            for name in self.core.columns
            if self.stages.columns[name] in stages
        }

    def row_nodes(self, paths: Iterable[Route], stages: set[int]) -> dict[Node, Route]:
        """Give the rows of some stages at every node, with a path that leads there."""
        return {
            (path.nodes[self.stages.rows[name]], name): path
            for path in paths
            for name in self.core.rows
            if self.stages.rows[name] in stages
        }


def read_instance(folder: Path) -> Instance:
    """Read the core, time and stochastics files of a folder."""
    name = folder.name
    core = read_core(folder / f"{name}.cor")
    stages = read_stages(folder / f"{name}.tim", core)
    return Instance(core, stages, read_paths(folder / f"{name}.sto", core, stages))


def two_stage_problem(instance: Instance) -> TwoStageProblem:
    """Write an instance as a two-stage problem."""
    later = set(range(1, len(instance.stages.names)))
    trees: dict[int, list[Route]] = {}
    for path in instance.paths:
        trees.setdefault(path.nodes[1], []).append(path)
    first_columns = instance.column_nodes(instance.paths[:1], {0})
    first = block(instance, instance.paths[:1], first_columns, {0}, first_columns)[1]
    scenarios = []
    for node, paths in trees.items():
        columns = instance.column_nodes(paths, later)
        technology, model = block(instance, paths, columns, later, first_columns)
        chance = sum(path.probability for path in paths)
        scenarios.append(Recourse(f"node-{node}", chance, technology, model))
    return TwoStageProblem(first, tuple(scenarios))


def block(
    instance: Instance,
    paths: list[Route],
    columns: dict[Node, Route],
    stages: set[int],
    first: dict[Node, Route],
) -> tuple[csc_array, Matrices]:
    """Write the rows of some stages: their part in the first columns, and in the others."""
    core = instance.core
    rows = instance.row_nodes(paths, stages)
    at = {node: place for place, node in enumerate(columns)}
    first_at = {node: place for place, node in enumerate(first)}
    entries: dict[tuple[int, int], float] = {}
    ahead: dict[tuple[int, int], float] = {}
    by_row: dict[str, list[str]] = {}
    changed = {entry for path in paths for entry in path.changes}
    for row, column in {*core.entries, *(entry for entry in changed if entry[1])}:
        by_row.setdefault(row, []).append(column)
    for place, ((_, row), path) in enumerate(rows.items()):
        for column in by_row.get(row, []):
            value = path.changes.get((row, column), core.entries.get((row, column), 0.0))
            node = (path.nodes[instance.stages.columns[column]], column)
            if node in at:
                entries[place, at[node]] = value
            else:
                ahead[place, first_at[node]] = value
    right = np.array(
        [path.changes.get((row, ""), core.right.get(row, 0.0)) for (_, row), path in rows.items()]
    )
    senses = np.array([core.rows[row] for _, row in rows], dtype=str)
    model = Matrices.of(
        sparse(entries, (len(rows), len(columns))),
        cost=costs(instance, paths, columns),
        lower=[core.lower[name] for _, name in columns],
        upper=[core.upper[name] for _, name in columns],
        integrality=[name in core.whole for _, name in columns],
        row_lower=np.where(senses == "L", -np.inf, right),
        row_upper=np.where(senses == "G", np.inf, right),
        offset=-core.right.get(core.objective, 0.0) if 0 in stages else 0.0,
    )
    return sparse(ahead, (len(rows), len(first))), model


def costs(instance: Instance, paths: list[Route], columns: dict[Node, Route]) -> list[float]:
    """Give the cost of each column, times the chance of its node within these paths."""
    core, total = instance.core, sum(path.probability for path in paths)
    chances: dict[int, float] = {}
    for path in paths:
        for node in set(path.nodes):
            chances[node] = chances.get(node, 0.0) + path.probability / total
    found = []
    for (node, name), path in columns.items():
        entry = (core.objective, name)
        found.append(chances[node] * path.changes.get(entry, core.entries.get(entry, 0.0)))
    return found


def sparse(entries: dict[tuple[int, int], float], shape: tuple[int, int]) -> csc_array:
    """Make a matrix from its entries."""
    places = np.array(list(entries), dtype=np.int64).reshape(-1, 2)
    return csc_array((list(entries.values()), (places[:, 0], places[:, 1])), shape=shape)
