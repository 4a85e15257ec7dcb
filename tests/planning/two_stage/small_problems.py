"""Two-stage problems that several tests use."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st
from scipy.sparse import csc_array

from coercivity.planning.two_stage import Recourse, TwoStageProblem
from coercivity.solvers import Matrices

NEEDS = (10.0, 30.0)


def stocking(
    needs: tuple[float, ...] = NEEDS,
    chances: tuple[float, ...] = (0.5, 0.5),
    *,
    later: float = 3.0,
    whole: bool = False,
) -> TwoStageProblem:
    """Buy now at 1 or later at a higher price, when the need is known."""
    first = Matrices.of(csc_array((0, 1)), cost=[1.0], upper=[100.0], integrality=[whole])
    scenarios = tuple(
        Recourse(
            f"need-{number}",
            chance,
            csc_array([[1.0]]),
            Matrices.of(csc_array([[1.0]]), cost=[later], row_lower=[need]),
        )
        for number, (need, chance) in enumerate(zip(needs, chances, strict=True))
    )
    return TwoStageProblem(first, scenarios)


def random_problem(
    rng: np.random.Generator,
    *,
    scenarios: int,
    columns: int = 3,
    whole: bool = False,
    complete: bool = True,
    joint_rows: bool = True,
) -> TwoStageProblem:
    """Draw capacities to build, then demands to serve from them, at costs that differ.

    Every number of a scenario differs, the matrices as well. Without complete recourse nothing
    may be short, so that some decisions cannot be continued.
    """
    goods = 2
    budget = csc_array(np.ones((1, columns))) if joint_rows else csc_array((0, columns))
    first = Matrices.of(
        budget,
        cost=rng.integers(1, 9, columns).astype(float),
        upper=np.full(columns, 6.0),
        integrality=np.full(columns, whole),
        row_upper=np.full(budget.shape[0], 4.0 * columns),
        offset=float(rng.integers(-5, 6)),
    )
    raw = rng.integers(1, 6, scenarios).astype(float)
    chances = raw / raw.sum()
    return TwoStageProblem(
        first,
        tuple(
            serving(rng, f"s{place}", float(chances[place]), columns, goods, complete=complete)
            for place in range(scenarios)
        ),
    )


def serving(
    rng: np.random.Generator,
    name: str,
    chance: float,
    columns: int,
    goods: int,
    *,
    complete: bool,
) -> Recourse:
    """Serve each good from each capacity, or leave it short."""
    flows = columns * goods
    capacity = np.kron(np.eye(columns), np.ones((1, goods)))
    demand = np.kron(np.ones((1, columns)), np.diag(rng.uniform(0.5, 1.5, goods)))
    short = np.eye(goods)
    matrix = np.block([[capacity, np.zeros((columns, goods))], [demand, short]])
    technology = np.vstack([-np.diag(rng.uniform(0.5, 2.0, columns)), np.zeros((goods, columns))])
    needs = rng.uniform(0.5, 3.0, goods)
    return Recourse(
        name,
        chance,
        csc_array(technology),
        Matrices.of(
            csc_array(matrix),
            cost=[*rng.uniform(0.0, 4.0, flows), *rng.uniform(8.0, 30.0, goods)],
            upper=[*np.full(flows, 5.0), *np.full(goods, np.inf if complete else 0.0)],
            row_lower=[*np.full(columns, -np.inf), *needs],
            row_upper=[*np.zeros(columns), *needs],
            offset=float(rng.uniform(-3.0, 3.0)),
        ),
    )


@st.composite
def problems(draw: Any, *, whole: bool | None = None, most: int = 5) -> TwoStageProblem:
    """Draw small problems with complete recourse."""
    return random_problem(
        np.random.default_rng(draw(st.integers(0, 2**32 - 1))),
        scenarios=draw(st.integers(1, most)),
        columns=draw(st.integers(1, 4)),
        whole=draw(st.booleans()) if whole is None else whole,
    )
