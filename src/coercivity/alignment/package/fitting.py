"""Packages that were made one by one, fitted into one yearly budget and judged again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from coercivity.alignment.package.aligned import Aligned
from coercivity.alignment.package.bench import Levels
from coercivity.alignment.package.budget import (
    claim_of,
    least_budget,
    share_budget,
    tail_level,
    yearly_outlay,
)
from coercivity.alignment.package.measure import Measure, cost_of
from coercivity.alignment.package.starts import between
from coercivity.alignment.package.verification import Verified

TOLERANCE = 1e-6
ROUNDS = 4
"""Times that effects are measured anew."""
FULL = 0.01
"""By so much a package may go beyond the budget by full appraisal. [fraction]"""
RAISED = (1.05, 1.15, 1.3)
"""Factors by which a package is raised until all say yes. [ratio]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """Packages under one budget."""

    aligned: tuple[Aligned, ...]
    left_out: Mapping[str, str]
    """Projects whose package did not fit in, and the smallest change that would do."""


def fit_budget(
    aligned: Sequence[Aligned],
    *,
    budget: float,
    first_years: Mapping[str, int],
    measure: Measure = Measure.MEAN,
) -> Fitted:
    """Fit packages into a yearly budget; where they fit already they stay as they are.

    Parameters
    ----------
    aligned
        Projects with their packages.
    budget
        Most mean public outlay in any year. [million/year, nominal]
    first_years
        Year 0 of each project. [calendar year]
    measure
        Of public cost.
    """
    if peak_outlay(aligned, first_years) <= budget * (1 + TOLERANCE):
        return Fitted(aligned=tuple(aligned), left_out={})
    helped = [one for one in aligned if one.verified is not None]
    left_out: dict[str, str] = {}
    fitted = {one.project: one for one in aligned}
    while helped:
        now, dropped, enough = _rounds(helped, budget, first_years, measure)
        change = (
            f"{enough:,.0f} million a year would be enough for the packages of "
            f"{', '.join(one.project for one in helped)} together, in place of {budget:,.0f}"
        )
        left_out |= {name: change for name in dropped if name not in left_out}
        helped = [one for one in helped if one.project not in left_out]
        if not dropped:
            fitted |= {one.project: one for one in now}
            break
    gone = {name: given(fitted[name], None, measure) for name in left_out}
    return Fitted(aligned=tuple((fitted | gone).values()), left_out=left_out)


def _rounds(
    helped: Sequence[Aligned],
    budget: float,
    first_years: Mapping[str, int],
    measure: Measure,
) -> tuple[list[Aligned], tuple[str, ...], float]:
    """Solve the joint program, judge it in full, and measure effects anew around its answer.

    Gives projects that agree within the budget, or those to drop: one whose package asks for most
    in a year where full appraisals never come to fit; and the least budget under which all were
    seen to agree.
    """
    tails = {one.project: tail_level(one.check.appraise(one.levels).treasury) for one in helped}
    at = {one.project: one.levels for one in helped}
    enough, now = peak_outlay(helped, first_years), list(helped)
    for _ in range(ROUNDS):
        claims = [
            claim_of(
                one.project, one.check, at[one.project],
                first_year=first_years[one.project], tail=tails[one.project],
            )
            for one in helped
        ]  # fmt: skip
        shared = share_budget(claims, budget)
        tried = [shared.levels] if not shared.left_out else []
        for levels in (*tried, least_budget(claims) or at):
            now = [given(one, levels[one.project], measure) for one in helped]
            peak = peak_outlay(now, first_years)
            agreed = all(one.accepts for one in now)
            if agreed and peak <= budget * (1 + FULL):
                return now, (), enough
            enough = min(enough, peak) if agreed else enough
            fallback = {one.project: one.levels for one in now}
        at = {name: shared.levels.get(name, level) for name, level in fallback.items()}
    worst = max(helped, key=lambda one: peak_outlay([one], first_years))
    return now, (worst.project,), enough


def peak_outlay(aligned: Sequence[Aligned], first_years: Mapping[str, int]) -> float:
    """Give the largest mean outlay of all packages in any year. [million/year, nominal]

    Parameters
    ----------
    aligned
        Projects with their packages.
    first_years
        Year 0 of each project. [calendar year]
    """
    sums: dict[int, float] = {}
    for one in aligned:
        for year, outlay in enumerate(yearly_outlay(one.fresh, one.levels)):
            when = first_years[one.project] + year
            sums[when] = sums.get(when, 0.0) + float(outlay)
    return max(sums.values(), default=0.0)


def given(one: Aligned, levels: Levels | None, measure: Measure) -> Aligned:
    """Judge a project with another package: one that a budget leaves it, say.

    Parameters
    ----------
    one
        The project.
    levels
        Of the other package; None leaves it without. [fraction]
    measure
        Of public cost.
    """
    if levels is None or one.package is None:
        return replace(one, package=None, verified=None)
    levels = one.check.fits(levels)
    for factor in RAISED:
        more = one.check.fits(tuple(factor * level for level in levels))
        if not one.check.agrees(levels) and one.check.agrees(more):
            levels = between(one.check, levels, more)
    outcome = one.fresh.appraise(levels)
    verified = Verified(
        levels=levels,
        outcome=outcome,
        held_at_once=one.fresh.agrees(levels),
        violated=outcome.acceptance.reasons,
        raised=1.0,
        holds=one.fresh.agrees(levels),
    )
    package = replace(
        one.package, levels=levels, cost=cost_of(one.check, levels, measure), fewer=None
    )
    return replace(one, package=package, verified=verified)
