"""The planning model of a case as an LP or MPS file that people and solvers can read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from coercivity.chain import Case
from coercivity.foundation.errors import DiskError
from coercivity.foundation.problems import quoted
from coercivity.planning.model import PlanningModel, build_model
from coercivity.solvers import HighsModel, Matrices

Family = tuple[str, Mapping[str, Sequence[Any]], Iterable[int]]
"""Name, what each member stands for, and the label of each in the model."""


def write_model_file(case: Case, target: Path) -> Path:
    """Formulate the plan of a case and write it, its rows and columns named.

    Costs are in the unit in which the solver counts them: a power of ten of million.

    Parameters
    ----------
    case
        The case.
    target
        Where the file goes; ``.lp`` or ``.mps``.

    Raises
    ------
    DiskError
        If it cannot be written.
    """
    matrices = named_matrices(build_model(case))
    try:
        with tempfile.TemporaryDirectory(prefix=".writing-", dir=target.absolute().parent) as place:
            temporary = Path(place) / f"model{target.suffix}"
            HighsModel(matrices).write(temporary)
            temporary.replace(target)
    except OSError as error:
        msg = (
            f"Model file {quoted(target)} cannot be written: {error.strerror or error}. Choose a "
            "folder that exists and that you may write to.  [R003]"
        )
        raise DiskError(msg) from error
    return target


def named_matrices(model: PlanningModel) -> Matrices:
    """Give the matrices of a model with readable names, such as ``activity[mill,main,any,2025]``.

    Periods are named by their first year; lanes, offers and takers by what they are and their
    number.
    """
    formulated = model.builder.model.matrices
    words = _words(model.case)
    columns = _names(((b.name, b.index, b.labels) for b in model.builder.blocks.values()), words)
    rows = _names(((f.name, f.index, f.positions) for f in model.builder.families.values()), words)
    return replace(
        model.scaled.matrices,
        column_names=tuple(columns[int(label)] for label in np.asarray(formulated.vlabels)),
        row_names=tuple(rows[int(label)] for label in np.asarray(formulated.clabels)),
    )


def _words(case: Case) -> dict[str, Sequence[str]]:
    """Say in words what the numbers of an index stand for, by the name of the index."""
    return {
        "period": [str(year) for year in case.horizon.starts],
        "lane": [f"{x.start}/{x.end}/{x.material}/{n}" for n, x in enumerate(case.lanes)],
        "offer": [f"{x.supplier}/{x.step}/{n}" for n, x in enumerate(case.offers)],
        "taker": [f"{x.buyer}/{x.step}/{n}" for n, x in enumerate(case.takers)],
    }


def _names(families: Iterable[Family], words: Mapping[str, Sequence[str]]) -> dict[int, str]:
    named: dict[int, str] = {}
    for family, index, labels in families:
        parts = [
            [words[name][int(value)] for value in values]
            if name in words
            else list(map(str, values))
            for name, values in index.items()
        ]
        for label, *part in zip(labels, *parts, strict=True):
            named[int(label)] = f"{family}[{','.join(part)}]"
    return named
