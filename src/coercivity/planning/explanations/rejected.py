"""What it would take to build an option that the plan leaves out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from coercivity.dispatch.builder import Array
from coercivity.dispatch.network import MILLION, TONNES_PER_UNIT
from coercivity.planning.capital import discounted_capital, discounted_salvage
from coercivity.planning.explanations.obstacles import obstacles, requirements
from coercivity.planning.explanations.search import ROUNDING
from coercivity.planning.explanations.warm import Answer, HeldPlan

MARGIN = 0.01
"""Part of a break-even by which it is missed and passed to verify it. [fraction]"""
SMALLEST_OUTPUT = 1.0
"""Discounted output over the horizon below which none is said. [t]"""


@dataclass(frozen=True, slots=True)
class Rejected:
    """An option without a module in the plan, and what would change that.

    All of it with the other building decisions of the plan held, so each figure is an upper bound
    of what is needed when they may follow.
    """

    option: str
    with_it: tuple[str, ...]
    """What it requires and the plan does not build either: it is built with it, unaided."""
    extra_cost: float | None
    """What the plan costs more with one module, at the best date; None where it cannot be.
    [million, present value]"""
    grant: float | None
    """Grant for one module at which it breaks even. [million, present value]"""
    decision_period: int | None
    """Period of that decision."""
    grant_share: float | None
    """The least grant as a share of what is paid for capital, over all dates; with that of what
    it requires. [fraction]"""
    capital_cut: float | None
    """Reduction of capital that breaks even, salvage falling with it. [fraction]"""
    capital_cut_period: int | None
    """Period of the decision with the least reduction."""
    grant_per_tonne: float | None
    """The least grant spread over the output the module adds, discounted alike, over all dates.
    [case money/t]"""
    verified: bool | None
    """Re-solved: built at 1 % more grant, not at 1 % less; None where there is no grant."""
    reason: str
    """Why there is no break-even, or what is odd about it; else empty."""


def explain_rejected(held: HeldPlan, option: str) -> Rejected:
    r"""Find the grant at which one module of an option would be built.

    .. math::

        G_o = \min_t \Delta_{o,t}, \qquad
        \Delta_{o,t} = V(Y^* + e_{o,t}) - V(Y^*), \qquad
        g_o = \min_t \frac{\Delta_{o,t}}{\kappa_{o,t}}, \qquad
        s_o = \min_t \frac{\Delta_{o,t}}{\kappa_{o,t} - \sigma_{o,t}}

    with :math:`V` the cost of the plan under decisions :math:`Y`, operation re-optimised, and
    :math:`\kappa, \sigma` the present values of capital and salvage of one module. A sum that does
    not depend on the date is smallest for a late decision, most of whose cost lies beyond the
    horizon; the shares :math:`g_o` (a grant) and :math:`s_o` (cheaper capital, so less salvage) do
    not have that bias. Every period is solved, warm, none is skipped. What the option requires and
    the plan does not build is decided anew with it, and its cost counts.

    Parameters
    ----------
    held
        The plan.
    option
        An option of which it builds nothing.
    """
    held.rewind()
    package = requirements(held, option)
    periods = held.model.investments.periods[option]
    answers = {p: held.force(option, p, free=package) for p in periods}
    extra = {p: a.cost - held.cost for p, a in answers.items() if a.cost is not None}
    if not extra:
        why = obstacles(held, option)
        return Rejected(option, package, None, None, None, None, None, None, None, None, why)
    period = min(extra, key=lambda p: (extra[p], p))
    rounding = ROUNDING * max(1.0, abs(held.cost))
    if extra[period] <= rounding:
        return _paying_already(option, package, extra[period], period)
    costs = {p: _capital(held, (option, *package), answers[p]) for p in extra}
    cut = {p: extra[p] / net for p, (_, net) in costs.items() if net > rounding}
    cut_period = min(cut, key=lambda p: (cut[p], p)) if cut else None
    shares = [extra[p] / capital for p, (capital, _) in costs.items() if capital > rounding]
    idle = all(extra[p] >= net - rounding for p, (_, net) in costs.items())
    return Rejected(
        option,
        package,
        extra[period],
        extra[period],
        period,
        min(shares, default=None),
        None if cut_period is None else cut[cut_period],
        cut_period,
        _least_per_tonne(held, option, extra, answers),
        verify_grant(held, option, extra[period]),
        _idle(held, option) if idle else "",
    )


def _paying_already(option: str, package: tuple[str, ...], extra: float, period: int) -> Rejected:
    reason = (
        "it would pay as it is; the plan is not the very cheapest, only within its gap of it"
        if extra < 0
        else "with or without it the plan costs the same"
    )
    return Rejected(option, package, extra, 0.0, period, 0.0, 0.0, period, None, None, reason)


def _capital(held: HeldPlan, options: tuple[str, ...], answer: Answer) -> tuple[float, float]:
    """Sum the present value of capital, and of capital less salvage, of what is added."""
    network, nouns = held.model.network, held.model.case.options
    capital = net = 0.0
    for (name, period), count in answer.modules.items():
        if name in options:
            paid = discounted_capital(network, nouns[name], period)
            capital += count * paid
            net += count * (paid - discounted_salvage(network, nouns[name], period))
    return capital, net


def _idle(held: HeldPlan, option: str) -> str:
    """Say that a module would stand idle, and for what it could be needed."""
    text = "it would not be used even if it cost nothing: the grant pays for all of it"
    users = [each.id for each in held.model.case.options.values() if option in each.requires]
    return text + (f"; it serves '{users[0]}', which is judged with it" if users else "")


def verify_grant(held: HeldPlan, option: str, grant: float) -> bool:
    """Re-solve with 1 % more grant (a module must be built) and 1 % less (none may be).

    Both decide anew on whether and when, by branching, with the grant in the costs: another way
    than that by which the grant was found.
    """
    package = requirements(held, option)
    above = held.choose(option, most=1, grant=grant * (1 + MARGIN), free=package)
    below = held.choose(option, most=1, grant=grant * (1 - MARGIN), free=package)
    flips = above.modules_of(option) > 0 and below.modules_of(option) == 0
    return flips and above.proven and below.proven


def _least_per_tonne(
    held: HeldPlan, option: str, extra: Mapping[int, float], answers: Mapping[int, Answer]
) -> float | None:
    r"""Spread the extra cost over the discounted output that comes with the module.

    .. math:: \min_t \frac{\Delta_{o,t}}{\sum_y \delta_y (x_{a,y}^{with} - x_{a,y}^{without})}

    The output is counted as the asset's activity, or the link's flow. A premium of that size on it
    is enough; a smaller one may do where it also raises the output.
    """
    without = discounted_output(held, option, np.asarray(held.plan.primal))
    found: list[float] = []
    for period, change in extra.items():
        primal = answers[period].primal
        if primal is not None:
            added = discounted_output(held, option, primal) - without
            if added >= SMALLEST_OUTPUT:
                found.append(change * MILLION / added)
    return min(found, default=None)


def discounted_output(held: HeldPlan, option: str, primal: Array) -> float:
    """Sum what runs through the asset or link of an option over the horizon, discounted. [t]"""
    adds_to = held.model.case.options[option].adds_to
    network, operation = held.model.network, held.model.operation
    if adds_to in held.model.case.assets:
        block = operation.activity
        chosen = [place for place, name in enumerate(block.index["asset"]) if name == adds_to]
    else:
        block, lanes = operation.flow, held.model.case.lanes
        chosen = [place for place, n in enumerate(block.index["lane"]) if lanes[n].link == adds_to]
    periods = np.array([block.index["period"][place] for place in chosen], dtype=int)
    values = primal[block.labels[np.array(chosen, dtype=int)]]
    return float(values @ network.weights[periods]) * TONNES_PER_UNIT
