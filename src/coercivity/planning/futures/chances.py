"""Targets that hold with a probability: in futures that together carry it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import block_diag, csc_array, csr_array

from coercivity.chain import Case
from coercivity.chain.trade import Target
from coercivity.foundation.errors import UsageError
from coercivity.foundation.problems import quoted
from coercivity.planning.futures.bridge import Cut, FirstStage
from coercivity.planning.model import PlanningModel
from coercivity.planning.targets import parse_requirements
from coercivity.solvers import Matrices
from coercivity.solvers.matrices import Array, Indices

MISSED = "missed"
"""Block of the yes/no columns: a future in which a target may be missed."""
FAMILY = "target_is_met"
SLACK = 1e-9
"""Rounding of summed probabilities. [fraction]"""


@dataclass(frozen=True, slots=True)
class Requirements:
    """Targets besides those of a case."""

    targets: tuple[Target, ...] = ()
    """All of them."""
    chances: Mapping[str, float] | None = None
    """Probability with which some of them must hold, by id; the others hold always. [fraction]"""


def parse_chances(texts: Sequence[str], case: Case) -> Requirements:
    """Read requirements of which some end in ``~PROBABILITY``.

    Parameters
    ----------
    texts
        Each as ``SEGMENT>=SHARE@YEAR[:CLASS]``, with ``~0.95`` where it need hold only in futures
        that together carry that probability.
    case
        Gives the names that can be used.

    Raises
    ------
    UsageError
        If a requirement cannot be read, or a probability is none.
    """
    plain = [text.partition("~")[0].strip() for text in texts]
    targets = parse_requirements(plain, case)
    chances = {
        target.id: _probability(text)
        for text, target in zip(texts, targets, strict=True)
        if "~" in text
    }
    return Requirements(targets, {name: share for name, share in chances.items() if share < 1})


def _probability(text: str) -> float:
    number = text.partition("~")[2].strip()
    share = float(number) if number.replace(".", "", 1).isdecimal() else np.nan
    if not 0 < share <= 1:
        msg = (
            f"The requirement {quoted(text)} cannot be used: {quoted(number)} is no probability "
            "above 0 and up to 1. Write ~0.95 for a target that holds in futures that together "
            "carry 95 %.  [P301]"
        )
        raise UsageError(msg)
    return share


def with_chances(
    first: FirstStage, chances: Mapping[str, float], futures: Sequence[tuple[str, float]]
) -> FirstStage:
    r"""Add what decides in which futures a target may be missed.

    .. math:: \sum_s p_s\, d_{g,s} \le 1 - P_g, \qquad d_{g,s} \in \{0, 1\}

    Parameters
    ----------
    first
        The first stage.
    chances
        :math:`P_g`, by target. [fraction]
    futures
        Name and probability :math:`p_s` of each future. [fraction]
    """
    stage, width = first.matrices, len(futures)
    count = len(chances) * width
    weights = csr_array([[probability for _, probability in futures]])
    limits = [csr_array(stage.matrix), *([weights] * len(chances))]
    return replace(
        first,
        keys=(*first.keys, *((MISSED, goal, name) for goal in chances for name, _ in futures)),
        matrices=Matrices.of(
            block_diag(limits),
            cost=np.append(stage.cost, np.zeros(count)),
            lower=np.append(stage.lower, np.zeros(count)),
            upper=np.append(stage.upper, np.ones(count)),
            integrality=np.append(stage.integrality, np.ones(count, dtype=bool)),
            row_lower=np.append(stage.row_lower, np.full(len(chances), -np.inf)),
            row_upper=np.append(stage.row_upper, [1 - share + SLACK for share in chances.values()]),
        ),
    )


def may_be_missed(
    first: FirstStage, cut: Cut, model: PlanningModel, chances: Mapping[str, float]
) -> Cut:
    r"""Let a future miss a target where the plan says so.

    .. math:: served_{g,t,s} + asked_{g,t,s}\, d_{g,s} \ge asked_{g,t,s}

    A future that the plan was not made for has no such column: there the target binds nothing.

    Parameters
    ----------
    first
        The first stage, with `with_chances`.
    cut
        The future, cut for that first stage.
    model
        Its model.
    chances
        Targets that hold with a probability.
    """
    places = {key: place for place, key in enumerate(first.keys)}
    recourse, lower = cut.recourse, cut.recourse.model.row_lower.copy()
    technology = recourse.technology.tocsc(copy=True).tolil()  # type: ignore[attr-defined]
    for goal, row in _rows(cut, model):
        if goal not in chances:
            continue
        place = places.get((MISSED, goal, recourse.name))
        if place is None:
            lower[row] = -np.inf
        else:
            technology[row, place] = lower[row]
    return replace(
        cut,
        recourse=replace(
            recourse,
            technology=csc_array(technology),
            model=replace(recourse.model, row_lower=lower),
        ),
    )


def _rows(cut: Cut, model: PlanningModel) -> list[tuple[str, int]]:
    """Give the row of each target and period in what follows the first stage."""
    family = model.builder.families[FAMILY]
    later = np.searchsorted(cut.recourse_rows, family.positions)
    return [(str(goal), int(row)) for goal, row in zip(family.index["target"], later, strict=True)]


def target_rows(model: PlanningModel, chances: Mapping[str, float]) -> Indices:
    """Give the rows of the targets that hold with a probability, in the model of a case."""
    family = model.builder.families[FAMILY]
    chosen = [goal in chances for goal in family.index["target"]]
    return np.asarray(family.positions[chosen], dtype=np.int64)


def missed_in(first: FirstStage, decision: Array) -> dict[str, list[str]]:
    """Name the futures in which a plan misses each target that holds with a probability."""
    found: dict[str, list[str]] = {}
    for key, value in zip(first.keys, decision.tolist(), strict=True):
        if key[0] == MISSED:
            found.setdefault(str(key[1]), []).extend([str(key[2])] if round(value) else [])
    return found


__all__ = [
    "Requirements",
    "may_be_missed",
    "missed_in",
    "parse_chances",
    "target_rows",
    "with_chances",
]
