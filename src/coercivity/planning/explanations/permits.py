"""What a year saved in permitting is worth, and whether it alone would build an option."""

from __future__ import annotations

from dataclasses import dataclass

from coercivity.planning.explanations.search import ROUNDING
from coercivity.planning.explanations.shorter import ShorterPermits
from coercivity.planning.explanations.warm import Answer, HeldPlan


@dataclass(frozen=True, slots=True)
class PermitYears:
    """What shorter permitting does for one option, the other decisions of the plan held."""

    option: str
    built: bool
    """Whether the plan builds it."""
    year_saved: float
    """Worth of one year less. [million, present value]"""
    years_earlier: int | None
    """Fewest years less at which a rejected option is built; None where no cut does it. [year]"""
    proven: bool
    """Whether the searches behind the figures ended."""


def explain_permit(held: HeldPlan, shorter: ShorterPermits, option: str) -> PermitYears | None:
    r"""Find what one year less of permitting saves; None for an option without permit years.

    .. math:: w_o = \max\big(0,\; W_o(0) - W_o(1)\big)

    with :math:`W_o(n)` the cost of the plan when *o* is decided on anew, how many modules and
    when, with a permit *n* years shorter for all of them, all other building decisions held and
    operation re-optimised. Deciding anew without the cut is taken off, so a plan that was merely
    within its gap lends nothing to the worth of a permit. A year saved need not be used, so the
    worth is never negative.

    Parameters
    ----------
    held
        The plan in the model of `shorter`.
    shorter
        The model with a twin of each option for each year saved.
    option
        The option.
    """
    years = held.model.case.options[option].permit_years
    if years == 0:
        return None
    held.rewind()
    as_it_is = held.choose(option)
    base = held.cost if as_it_is.cost is None else min(held.cost, as_it_is.cost)
    rounding = ROUNDING * max(1.0, abs(base))
    built = held.is_built(option)
    answers = {1: shorter.answer(held, option, 1)}
    flips = None if built or as_it_is.modules_of(option) else 1
    if flips is not None:
        while not _built(answers[flips], base, rounding) and flips < years:
            flips += 1
            answers[flips] = shorter.answer(held, option, flips)
        flips = flips if _built(answers[flips], base, rounding) else None
    saved = 0.0 if answers[1].cost is None else base - answers[1].cost
    proven = as_it_is.proven and all(answer.proven for answer in answers.values())
    return PermitYears(option, built, saved if saved > rounding else 0.0, flips, proven)


def _built(answer: Answer, base: float, rounding: float) -> bool:
    """Tell whether a plan with a shorter permit is cheaper, which only modules can make it."""
    return answer.cost is not None and answer.cost < base - rounding
