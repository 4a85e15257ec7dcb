"""The part of a model that can change what is counted; the rest is left out, and nothing is lost.

A column matters if what it gives can reach a demand that counts. What cannot be thrown away
(material whose disposal has a price) must be able to go its whole way, so everything that takes it
matters too. All other columns may be zero, and surplus is left over, without changing what counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from coercivity.dispatch.builder import Labels
from coercivity.planning.model import PlanningModel

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Needed:
    """What is kept of a model."""

    columns: Mask
    rows: Mask


@dataclass(frozen=True, slots=True, eq=False)
class _Flows:
    """Which columns give to and take from which places: a material at a site, in any class."""

    gives: csr_array
    """Places by columns."""
    takes: csr_array
    row_place: Labels
    """Place of each row of the model; −1 where it is no balance."""
    stuck: Mask
    """Places whose material cannot be thrown away."""


def needed(model: PlanningModel, counted: Iterable[str]) -> Needed:
    """Find what can change the shortfall of demands that count.

    Parameters
    ----------
    model
        The model, without whole columns.
    counted
        Ids of the demands.
    """
    matrix = csr_array(model.scaled.matrices.matrix)
    flows = _flows(model, matrix)
    serving, spare = _services(model, set(counted), matrix.shape[1])
    blocks = model.builder.blocks
    ending = np.zeros(matrix.shape[1], dtype=bool)
    ending[np.concatenate([blocks["service"].labels, blocks["sale"].labels])] = True
    places, columns = _closed(flows, serving, ending)
    columns |= serving | spare | _shortfalls_beside(model, columns)
    for name in ("unsold", "stock_level", "nothing"):
        if name in blocks:
            columns[blocks[name].labels] = True
    balanced = flows.row_place >= 0
    lost = np.zeros(len(flows.row_place), dtype=bool)
    lost[balanced] = ~places[flows.row_place[balanced]]
    columns[_unsold_of(model, lost, matrix)] = False
    held = (abs(matrix) @ columns.astype(float)) > 0
    return Needed(columns, held & ~lost & ~_left_over(model, lost, matrix))


def _flows(model: PlanningModel, matrix: csr_array) -> _Flows:
    family = model.builder.families["material_balance"]
    keys = list(zip(family.index["site"], family.index["material"], strict=True))
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    place = np.array([numbers[key] for key in keys], dtype=np.int64)
    row_place = np.full(matrix.shape[0], -1, dtype=np.int64)
    row_place[family.positions] = place
    gather = csr_array(
        (np.ones(len(place)), (place, family.positions)), shape=(len(numbers), matrix.shape[0])
    )
    gives, takes = gather @ (matrix > 0).astype(float), gather @ (matrix < 0).astype(float)
    priced = model.case.priced_disposal
    stuck = np.array([material in priced for _, material in numbers], dtype=bool)
    kept_in, kept_out = _stocks(model, numbers, matrix.shape[1])
    return _Flows(gives + kept_in, takes + kept_out, row_place, stuck)


def _stocks(
    model: PlanningModel, numbers: dict[tuple[str, str], int], columns: int
) -> tuple[csr_array, csr_array]:
    """Let what is put into a stock come out of it in any class of its place."""
    places: list[int] = []
    labels: list[int] = []
    storage = model.operation.storage
    for block in (storage.filled, storage.drawn):
        for label, name in zip(block.labels.tolist(), block.index["stock"], strict=True):
            stock = model.case.stocks[name]
            if (stock.site, stock.material) in numbers:
                places.append(numbers[stock.site, stock.material])
                labels.append(label)
    both = csr_array((np.ones(len(places)), (places, labels)), shape=(len(numbers), columns))
    return both, both


def _services(model: PlanningModel, counted: set[str], count: int) -> tuple[Mask, Mask]:
    found = []
    for block in (model.operation.service, model.operation.shortfall):
        mask = np.zeros(count, dtype=bool)
        mask[block.labels] = [name in counted for name in block.index["demand"]]
        found.append(mask)
    return found[0], found[1]


def _shortfalls_beside(model: PlanningModel, columns: Mask) -> Mask:
    """Let other demands that may take what cannot be left be short as well."""
    service, shortfall = model.operation.service, model.operation.shortfall
    names = np.asarray(service.index["demand"], dtype=str)
    served = set(names[columns[service.labels]].tolist())
    mask = np.zeros(len(columns), dtype=bool)
    mask[shortfall.labels] = [name in served for name in shortfall.index["demand"]]
    return mask


def _closed(flows: _Flows, serving: Mask, ending: Mask) -> tuple[Mask, Mask]:
    """Follow material backward from demands, and forward from where it cannot be left."""
    places = (flows.takes @ serving.astype(float)) > 0
    columns = np.zeros(len(serving), dtype=bool)
    while True:
        giving = ((flows.gives.T @ places.astype(float)) > 0) & ~ending
        stuck = places & flows.stuck
        columns_now = columns | giving | ((flows.takes.T @ stuck.astype(float)) > 0)
        moved = columns_now.astype(float)
        wanted = (flows.takes @ moved) > 0
        forced = flows.stuck & ((flows.gives @ moved) > 0)
        onward = (flows.gives @ ((flows.takes.T @ stuck.astype(float)) > 0).astype(float)) > 0
        places_now = places | wanted | forced | onward
        if np.array_equal(places_now, places) and np.array_equal(columns_now, columns):
            return places, columns
        places, columns = places_now, columns_now


def _unsold_of(model: PlanningModel, lost: Mask, matrix: csr_array) -> Labels:
    """Find what is left over at places that do not matter."""
    unsold = model.operation.unsold.labels
    there = (abs(matrix[np.flatnonzero(lost)]).T @ np.ones(int(lost.sum())))[unsold] > 0
    return np.asarray(unsold[there], dtype=np.int64)


def _left_over(model: PlanningModel, lost: Mask, matrix: csr_array) -> Mask:
    """Find rows that keep left-overs below what is made, at places that do not matter."""
    gone = np.zeros(matrix.shape[1], dtype=bool)
    gone[_unsold_of(model, lost, matrix)] = True
    rows = np.zeros(matrix.shape[0], dtype=bool)
    family = model.builder.families.get("unsold_is_made")
    if family is not None:
        positions = family.positions
        rows[positions] = (abs(matrix[positions]) @ gone.astype(float)) > 0
    return rows
