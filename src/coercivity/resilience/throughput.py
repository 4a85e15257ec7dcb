"""How much of a class the chain as it stands can make at most."""

from __future__ import annotations

from collections.abc import Mapping

from coercivity.chain import Case
from coercivity.resilience.qualified import Reach, Running

ROUNDS = 200
"""Rounds after which materials that turn into one another have settled."""
SETTLED = 1e-9
"""Relative change below which an amount has settled."""


def most_in_class(reach: Reach) -> dict[str, float]:
    r"""Bound the amount of each material that can be of the class in a year.

    Qualified offers count whole; a process counts up to its qualified capacity and up to what its
    inputs allow, each input being bounded in the same way:

    .. math::

        U_m = \sum_{o} q_{o,m} + \sum_p b_{p,m}
        \min\Big( \sum_{a \in p} K_a,\; \min_{i} \frac{U_i}{a_{p,i}} \Big)

    ===========  ==============================================  ========
    Symbol       Meaning                                         Unit
    ===========  ==============================================  ========
    :math:`U_m`  bound for material *m*                          t/year
    :math:`q`    qualified offer                                 t/year
    :math:`K_a`  available capacity of a qualified plant         t/year
    :math:`a`    input per tonne of reference activity           t/t
    :math:`b`    output per tonne of reference activity          t/t
    ===========  ==============================================  ========

    It is a bound, not a plan: an input may count for several processes, and freight, cost and
    other users are left aside.

    Parameters
    ----------
    reach
        What is of the class, where.

    Returns
    -------
    dict of str to float
        Bound by material; a material that cannot be of the class is absent. [t/year]
    """
    case, at = reach.case, reach.year - reach.case.horizon.first_year
    offered: dict[str, float] = {}
    for offer in reach.offers:
        if reach.of_offer(offer).passes:
            offered[offer.material] = offered.get(offer.material, 0.0) + float(offer.offered[at])
    processes = _qualified_processes(reach)
    bound = dict(offered)
    for _ in range(ROUNDS):
        after = _round(case, offered, processes, bound)
        if all(_settled(bound.get(name, 0.0), amount) for name, amount in after.items()):
            return after
        bound = after
    return bound


def _settled(before: float, after: float) -> bool:
    return before == after or abs(after - before) <= SETTLED * max(1.0, abs(after))


def _qualified_processes(reach: Reach) -> dict[tuple[str, str, str], list[Running]]:
    """Gather by process, mode and material the plants that can make it in the class."""
    found: dict[tuple[str, str, str], list[Running]] = {}
    for run in reach.running:
        for material in run.mode.outputs:
            check = reach.of_mode(run, material)
            if check is not None and check.passes:
                key = (run.asset.process, run.mode.name, material)
                found.setdefault(key, []).append(run)
    return found


def _round(
    case: Case,
    offered: Mapping[str, float],
    processes: Mapping[tuple[str, str, str], list[Running]],
    bound: Mapping[str, float],
) -> dict[str, float]:
    made: dict[tuple[str, str], float] = {}
    for (process, _, material), runs in processes.items():
        mode = runs[0].mode
        activity = sum(run.capacity for run in runs)
        if not case.processes[process].origin_at_site:
            for needed, amount in mode.inputs.items():
                if case.carries_origin(needed):
                    activity = min(activity, bound.get(needed, 0.0) / amount)
        output = activity * mode.outputs[material]
        # Modes share capacity: the best of them bounds what the process can give.
        made[process, material] = max(made.get((process, material), 0.0), output)
    after = dict(offered)
    for (_, material), output in made.items():
        after[material] = after.get(material, 0.0) + output
    return after
