"""What stands in the way of a module while the rest of a plan is held."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csc_array, csr_array

from coercivity.dispatch.builder import Family
from coercivity.planning.explanations.warm import HeldPlan

SLACK = 1e-7
"""How far beyond its right side a row may be. [unit of the row]"""


def dependents(held: HeldPlan, option: str) -> tuple[str, ...]:
    """List an option and all that the plan builds and that needs it, directly or through others.

    Without the first the others cannot be: `forbid` must take them all.
    """
    found = [option]
    for name in found:
        found += [
            other.id
            for other in held.model.case.options.values()
            if name in other.requires and other.id not in found and held.is_built(other.id)
        ]
    return tuple(found)


def requirements(held: HeldPlan, option: str) -> tuple[str, ...]:
    """List what an option needs, directly or through others, and the plan does not build."""
    found = [option]
    for name in found:
        needed = held.model.case.options[name].requires
        found += [each for each in needed if each not in found and not held.is_built(each)]
    return tuple(found[1:])


def obstacles(held: HeldPlan, option: str) -> str:
    """Say in words why no module of an option can be added to the plan as it is held."""
    periods = held.model.investments.periods[option]
    if not periods:
        return "no year in which it may be decided on gives output inside the horizon"
    reasons = dict.fromkeys(
        reason for period in periods for reason in _broken(held, option, period)
    )
    return "; ".join(reasons) or "the rest of the plan cannot run with it"


def _broken(held: HeldPlan, option: str, period: int) -> Iterator[str]:
    """Find the rules between decisions that a module in a period would break."""
    values = held.held.copy()
    for name in (option, *requirements(held, option)):
        in_time = [p for p in held.model.investments.periods[name] if p <= period]
        started = {in_time[-1]: 1} if in_time else {}
        for label, value in held.values(name, started).items():
            values[label] = value
        choice = held.choice(name)
        if choice is not None:
            values[choice] = 1.0
    families = held.model.builder.families
    for place in _over(held, families["option_requires"], values):
        needed = families["option_requires"].index["required"][place]
        if families["option_requires"].index["option"][place] == option:
            yield f"it requires '{needed}', which is not there in time"
    for place in _over(held, families["option_excludes"], values):
        index = families["option_excludes"].index
        pair = (index["option"][place], index["excluded"][place])
        built = next((name for name in pair if held.is_built(name)), pair[0])
        yield f"'{pair[1] if built == pair[0] else pair[0]}' and '{built}' exclude each other"
    for name, word in (("capital_limit", "money"), ("start_limit", "starts")):
        for place in _over(held, families[name], values):
            yield f"limit '{families[name].index['limit'][place]}' has no {word} left for it"


def _over(held: HeldPlan, family: Family, values: np.ndarray) -> list[int]:
    """Find the rows of a family, all of whole columns, that values break."""
    if len(family.positions) == 0:
        return []
    known = held.matrices.matrix
    matrix = csc_array((known.data, known.indices, known.indptr), shape=known.shape)
    rows = csr_array(matrix)[family.positions] @ values
    above = rows > held.matrices.row_upper[family.positions] + SLACK
    below = rows < held.matrices.row_lower[family.positions] - SLACK
    return [int(place) for place in np.flatnonzero(above | below)]
