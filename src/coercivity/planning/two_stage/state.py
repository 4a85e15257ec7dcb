"""Where a search stands: all it has learned, kept on disk so that nothing is learned twice."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from coercivity.foundation.errors import RunError
from coercivity.planning.two_stage.cuts import Cut, CutPool
from coercivity.planning.two_stage.problem import TwoStageProblem
from coercivity.results.disk import disk_errors, write_whole
from coercivity.solvers import Basis, Matrices
from coercivity.solvers.matrices import Array
from coercivity.uncertainty.risk_measures import MeanAndTail

VERSION = 1


@dataclass(slots=True, eq=False)
class Incumbent:
    """A decision and what it costs."""

    first: Array
    """One value a first-stage column."""
    costs: Array
    """Cost of the recourse in each scenario. [unit of cost]"""
    value: float
    """First-stage cost and risk. [unit of cost]"""


@dataclass(slots=True, eq=False)
class SearchState:
    """All that a search knows. The next round follows from this and nothing else."""

    cuts: CutPool
    bases: list[Basis | None]
    """Vertex of each scenario."""
    bound: float = -np.inf
    """Proven: no decision costs less. [unit of cost]"""
    centre: Incumbent | None = None
    """Best decision with whole columns relaxed: the point that rounds step out from."""
    best: Incumbent | None = None
    """Best decision that keeps every rule."""
    master_basis: Basis | None = None
    step: float = 0.0
    """How far rounds step from the centre to what the master proposes. [fraction]"""
    rounds: int = 0
    """Rounds done."""
    searching: bool = False
    """Whether the search over whole decisions has begun."""
    stalled: int = 0
    """Rounds in turn that taught nothing. [count]"""
    radius: float = field(default=0.0)
    """Box in which a master without limits was last held; 0 for none."""


def fingerprint(problem: TwoStageProblem, risk: MeanAndTail) -> str:
    """Tell problems apart by all their numbers.

    Examples
    --------
    >>> from scipy.sparse import csc_array
    >>> from coercivity.planning.two_stage.problem import Recourse
    >>> one = Matrices.of(csc_array([[1.0]]), cost=[1.0])
    >>> two = TwoStageProblem(one, (Recourse("only", 1.0, csc_array([[1.0]]), one),))
    >>> fingerprint(two, MeanAndTail(0.0)) == fingerprint(two, MeanAndTail(0.5))
    False
    """
    digest = hashlib.sha256(f"{VERSION} {risk!r}".encode())
    add_model(digest, problem.first)
    for scenario in problem.scenarios:
        digest.update(f"{scenario.name}\0{scenario.probability!r}".encode())
        add_model(digest, scenario.model)
        technology = scenario.technology.tocsc()
        for part in (technology.indptr, technology.indices, technology.data):
            digest.update(np.ascontiguousarray(part).tobytes())
    return digest.hexdigest()


def add_model(digest: hashlib._Hash, model: Matrices) -> None:
    """Add all numbers of a model to a digest."""
    digest.update(repr((model.columns, model.rows, model.offset)).encode())
    matrix = model.matrix
    for part in (
        *(matrix.indptr, matrix.indices, matrix.data, model.cost, model.lower, model.upper),
        *(model.integrality, model.row_lower, model.row_upper),
    ):
        digest.update(np.ascontiguousarray(part).tobytes())


def save_state(path: Path, state: SearchState, *, key: str) -> None:
    """Write a state whole or not at all.

    Raises
    ------
    DiskError
        If the disk refuses; what was saved before is untouched.
    """
    arrays: dict[str, Array | np.ndarray] = {
        "key": np.array(key),
        "numbers": np.array([state.bound, state.step, state.radius]),
        "counts": np.array([state.rounds, int(state.searching), state.stalled, len(state.bases)]),
        "scenarios": np.array(state.cuts.scenarios, dtype=np.int64),
        "feasibility": np.array(state.cuts.feasibility, dtype=bool),
        "constants": np.array(state.cuts.constants, dtype=float),
        "slopes": state.cuts.slopes,
    }
    for name, incumbent in (("centre", state.centre), ("best", state.best)):
        if incumbent is not None:
            arrays[f"{name}_first"] = incumbent.first
            arrays[f"{name}_costs"] = incumbent.costs
            arrays[f"{name}_value"] = np.array(incumbent.value)
    for place, basis in enumerate([state.master_basis, *state.bases]):
        if basis is not None:
            arrays[f"columns_{place}"] = basis.columns
            arrays[f"rows_{place}"] = basis.rows

    def write(temporary: Path) -> None:
        with temporary.open("wb") as stream:
            np.savez(stream, **arrays)  # type: ignore[arg-type]

    with disk_errors(f"cannot write {path.name}, the cuts found so far"):
        write_whole(path, write, synced=False)


def load_state(path: Path, *, key: str) -> SearchState | None:
    """Read a state; None where there is none yet.

    Raises
    ------
    RunError
        If the file is damaged, or belongs to another problem.
    """
    if not path.exists():
        return None
    with disk_errors(f"cannot read {path.name}"):
        try:
            with np.load(path, allow_pickle=False) as held:
                arrays = {name: held[name] for name in held.files}
            found = str(arrays["key"])
            state = _read(arrays)
        except (zipfile.BadZipFile, ValueError, KeyError, EOFError) as error:
            msg = (
                f"{path.name} is damaged or not a saved search. Delete it to begin anew; "
                "nothing else depends on it.  [U402]"
            )
            raise RunError(msg) from error
    if found != key:
        msg = (
            f"{path.name} holds the search of another problem: case, scenarios or risk differ. "
            "Cuts of one problem prove nothing for another: keep it for the problem it is of, "
            "and save this search elsewhere.  [U402]"
        )
        raise RunError(msg)
    return state


def _read(arrays: dict[str, np.ndarray]) -> SearchState:
    slopes = arrays["slopes"]
    cuts = CutPool(slopes.shape[1])
    for row, (place, feasible, constant) in enumerate(
        zip(arrays["scenarios"], arrays["feasibility"], arrays["constants"], strict=True)
    ):
        cuts.add(Cut(int(place), bool(feasible), float(constant), slopes[row]))
    places = [int(name.removeprefix("columns_")) for name in arrays if name.startswith("columns_")]
    bases: dict[int, Basis] = {
        place: Basis(arrays[f"columns_{place}"], arrays[f"rows_{place}"]) for place in places
    }
    bound, step, radius = (float(value) for value in arrays["numbers"])
    rounds, searching, stalled, count = (int(value) for value in arrays["counts"])
    return SearchState(
        cuts,
        [bases.get(place) for place in range(1, count + 1)],
        bound=bound,
        centre=_incumbent(arrays, "centre"),
        best=_incumbent(arrays, "best"),
        master_basis=bases.get(0),
        step=step,
        rounds=rounds,
        searching=bool(searching),
        stalled=stalled,
        radius=radius,
    )


def _incumbent(arrays: dict[str, np.ndarray], name: str) -> Incumbent | None:
    if f"{name}_first" not in arrays:
        return None
    return Incumbent(
        arrays[f"{name}_first"], arrays[f"{name}_costs"], float(arrays[f"{name}_value"])
    )
