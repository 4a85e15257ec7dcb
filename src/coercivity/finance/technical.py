"""Technical risk: what building costs and takes more, how output ramps up and stands still."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv, gammaincinv

from coercivity.finance.compiled import Array
from coercivity.finance.refusals import FinanceError
from coercivity.tables import CaseTables, Row
from coercivity.uncertainty import ShiftedLognormal, stream

BLOCK = 1024
"""Paths that share one stream of random numbers; always drawn whole. [path]"""


@dataclass(frozen=True, slots=True)
class Delay:
    r"""Delay of first output: gamma with a stated mean and deviation, so never negative.

    Examples
    --------
    >>> Delay(1.0, 0.0).at(np.array([0.3])).tolist()
    [1.0]
    """

    mean: float
    """[year]"""
    deviation: float
    """0 for a certain delay. [year]"""

    def __post_init__(self) -> None:
        if not (0 <= self.mean < math.inf and 0 <= self.deviation < math.inf):
            msg = (
                f"a delay has mean {self.mean!r} and deviation {self.deviation!r}. Both are finite "
                "and not negative: correct the row.  [F206]"
            )
            raise FinanceError(msg, code="F206")

    def at(self, shares: Array) -> Array:
        r"""Give the quantile of a gamma law of shape :math:`(m/s)^2`. [year]"""
        if self.deviation == 0 or self.mean == 0:
            return np.full_like(shares, self.mean)
        shape = (self.mean / self.deviation) ** 2
        return np.asarray(gammaincinv(shape, shares) * self.mean / shape)


@dataclass(frozen=True, slots=True)
class RampCurve:
    r"""Share of nameplate reached after first output, :math:`r(t) = p\,(1 - e^{-t/\tau})`.

    Examples
    --------
    >>> round(float(RampCurve(1.0, 1.0).reached(np.array([1.0]))[0]), 4)
    0.6321
    """

    plateau: float
    """p, reached in the end. [fraction]"""
    time: float
    r""":math:`\tau`; 0 for the plateau at once. [year]"""

    def reached(self, years: ArrayLike) -> Array:
        """Give the share of nameplate at a time after first output; 0 before. [fraction]

        Parameters
        ----------
        years
            After first output. [year]
        """
        when = np.maximum(np.asarray(years, dtype=np.float64), 0.0)
        if self.time == 0:
            return np.where(np.asarray(years) > 0, self.plateau, 0.0)
        return np.asarray(-self.plateau * np.expm1(-when / self.time))

    def made(self, years: ArrayLike) -> Array:
        r"""Give the output since the start, :math:`\int_0^t r`. [year of nameplate]

        Parameters
        ----------
        years
            After first output. [year]
        """
        when = np.maximum(np.asarray(years, dtype=np.float64), 0.0)
        if self.time == 0:
            return np.asarray(self.plateau * when)
        return np.asarray(self.plateau * (when + self.time * np.expm1(-when / self.time)))


def curve_through(reached: float, *, years: float, plateau: float) -> RampCurve:
    """Give the curve that has a plateau and passes through one point.

    Parameters
    ----------
    reached
        Share of nameplate at that time, below the plateau. [fraction]
    years
        After first output. [year]
    plateau
        Reached in the end. [fraction]

    Examples
    --------
    >>> curve = curve_through(0.525, years=3.0, plateau=0.85)
    >>> round(float(curve.reached(np.array([3.0]))[0]), 9)
    0.525
    """
    return RampCurve(plateau, -years / math.log1p(-reached / plateau))


RAMP_CURVES: Mapping[str, RampCurve] = {
    "mcnulty-1": curve_through(0.98, years=3.0, plateau=1.0),
    "mcnulty-2": curve_through(0.83, years=3.0, plateau=0.95),
    "mcnulty-3": curve_through(0.68, years=3.0, plateau=0.90),
    "mcnulty-4": curve_through(0.525, years=3.0, plateau=0.85),
}
"""Classes of ramp-up. After McNulty (1998, 2004): nearly full after 36 months in class 1, 50 to
55 % in class 4. Classes 2 and 3 lie evenly between them, and every plateau is a judgement: the
published curves end at 36 months."""


@dataclass(frozen=True, slots=True)
class Availability:
    """Share of each year that a plant can run: beta with a stated mean and deviation, by year."""

    mean: float = 1.0
    """[fraction]"""
    deviation: float = 0.0
    """Below the largest that a share can have. [fraction]"""

    def __post_init__(self) -> None:
        most = math.sqrt(max(self.mean * (1 - self.mean), 0.0))
        if not (0 <= self.mean <= 1 and (self.deviation == 0 or 0 < self.deviation < most)):
            msg = (
                f"availability has mean {self.mean!r} and deviation {self.deviation!r}. A share "
                f"lies between 0 and 1, with a deviation below {most:.3g} here: correct it.  [F206]"
            )
            raise FinanceError(msg, code="F206")

    def at(self, shares: Array) -> Array:
        """Give the availability not exceeded with each probability. [fraction]"""
        if self.deviation == 0:
            return np.full_like(shares, self.mean)
        total = self.mean * (1 - self.mean) / self.deviation**2 - 1
        return np.asarray(betaincinv(self.mean * total, (1 - self.mean) * total, shares))


@dataclass(frozen=True, slots=True, kw_only=True)
class TechnicalRisk:
    """What may go otherwise than planned in one project."""

    overrun: ShiftedLognormal = ShiftedLognormal(0.5, -0.705, 0.72)
    """Factor on capital: mean 1.14, own fit to 63 projects of Bertisen and Davis (2008)."""
    delay: Delay = Delay(0.0, 0.0)
    ramp: RampCurve = RampCurve(1.0, 0.0)
    availability: Availability = Availability()


@dataclass(frozen=True, slots=True)
class TechnicalDraws:
    """What went otherwise on each path."""

    overrun: Array
    """Factor on capital by path. [ratio]"""
    delay: Array
    """By path. [year]"""
    output_share: Array
    """Output over nameplate, by path and year: none before first output, then the ramp, times
    availability. [fraction]"""


def draw_technical(
    risk: TechnicalRisk,
    *,
    project: str,
    planned_first_output: float,
    years: int,
    paths: int,
    seed: int,
) -> TechnicalDraws:
    r"""Draw overrun, delay and output of a project.

    .. math:: o_{n,y} = a_{n,y} \int_{y}^{y+1} r(t - T - d_n)\,dt

    Random numbers belong to the seed, the project and the path: other projects, more paths or
    more years change none of them.

    Parameters
    ----------
    risk
        Its laws.
    project
        Name of the project, which names its random numbers.
    planned_first_output
        T, from the start of year 0. [year]
    years, paths
        How long, how many. [year], [path]
    seed
        Seed of all draws.

    Examples
    --------
    >>> late = TechnicalRisk(delay=Delay(0.5, 0.0))
    >>> found = draw_technical(
    ...     late, project="mine", planned_first_output=1, years=3, paths=1, seed=1
    ... )
    >>> found.output_share.tolist()
    [[0.0, 0.5, 1.0]]
    """
    overrun = risk.overrun.at(_uniforms(seed, "overrun", project, rows=1, paths=paths)[:, 0])
    delay = risk.delay.at(_uniforms(seed, "delay", project, rows=1, paths=paths)[:, 0])
    edges = np.arange(years + 1.0)[None, :] - planned_first_output - delay[:, None]
    share = np.diff(risk.ramp.made(edges), axis=1)
    if risk.availability.deviation or risk.availability.mean < 1:
        uniform = _uniforms(seed, "availability", project, rows=years, paths=paths)
        share = share * risk.availability.at(uniform)
    return TechnicalDraws(overrun, delay, np.asarray(share))


def _uniforms(seed: int, what: str, project: str, *, rows: int, paths: int) -> Array:
    """Draw numbers strictly between 0 and 1; one row a path."""
    blocks = [
        stream(seed, "technical", what, project, block).random((rows, BLOCK)).T
        for block in range(-(-paths // BLOCK))
    ]
    tiny = np.finfo(float).tiny
    return np.clip(np.concatenate(blocks)[:paths], tiny, 1 - np.finfo(float).epsneg)


def spent_capital(
    budget: ArrayLike, *, planned_first_output: float, draws: TechnicalDraws
) -> Array:
    r"""Spread capital over the longer building time, and raise it by the overrun. [million/year]

    Spending up to planned first output is stretched evenly until actual first output; later
    spending keeps its years.

    .. math:: C_n(t) = f_n\,C\!\left(t\,\frac{T}{T + d_n}\right), \quad t \le T + d_n

    Parameters
    ----------
    budget
        As planned, by year. [million/year]
    planned_first_output
        T, from the start of year 0. [year]
    draws
        Overrun f and delay d of each path.

    Examples
    --------
    >>> late = TechnicalDraws(np.array([1.5]), np.array([2.0]), np.zeros((1, 6)))
    >>> spent_capital([10.0, 30, 0, 0, 5, 0], planned_first_output=2, draws=late).tolist()
    [[7.5, 7.5, 22.5, 22.5, 7.5, 0.0]]
    """
    plan = np.asarray(budget, dtype=np.float64)
    years = np.arange(plan.size + 1.0)
    total = np.concatenate([[0.0], np.cumsum(plan)])
    until = np.minimum(years, planned_first_output)
    built = np.interp(until, years, total)
    later = np.diff(total - built)
    end = planned_first_output + draws.delay
    if (end > plan.size).any() and plan.sum() > 0:
        msg = (
            f"first output falls in year {float(end.max()):.2f} on path {int(end.argmax())}, "
            f"after the {plan.size} years of the project, so part of its capital would be lost. "
            "Give the project more years.  [F206]"
        )
        raise FinanceError(msg, code="F206")
    pace = np.divide(planned_first_output, end, out=np.ones_like(end), where=end > 0)
    when = np.minimum(years[None, :] * pace[:, None], planned_first_output)
    stretched = np.diff(np.interp(when, years, total), axis=1)
    return np.asarray(draws.overrun[:, None] * (stretched + later[None, :]))


def technical_risk(tables: CaseTables, *, stage: str, project: str | None = None) -> TechnicalRisk:
    """Read the technical risk of a project: its own row of ``overruns``, or else that of its stage.

    Parameters
    ----------
    tables
        Tables of the case.
    stage
        Stage of the project.
    project
        The project; None for any of the stage.

    Notes
    -----
    Without a row nothing goes otherwise than planned; the caller can tell by the laws.
    """
    rows = list(tables["overruns"].rows())
    for scope, target in (("project", project), ("stage", stage)):
        for row in rows:
            if row.text("scope") == scope and row.text("target") == target:
                return _risk(row)
    return TechnicalRisk(overrun=CERTAIN)


CERTAIN = ShiftedLognormal(0.0, 0.0, 0.0)
"""The factor 1 on every path."""


def _risk(row: Row) -> TechnicalRisk:
    ramp = row.maybe_text("ramp_class")
    if ramp is not None and ramp not in RAMP_CURVES:
        msg = (
            f"{row.place('ramp_class')}: the class of ramp-up {ramp!r} is not known. Ramp-ups "
            f"follow published curves: write one of {', '.join(RAMP_CURVES)}.  [F206]"
        )
        raise FinanceError(msg, code="F206")
    asked = ("capital_shift", "capital_mu", "capital_sigma")
    given = [row.maybe_number(name) for name in asked]
    known = [value for value in given if value is not None]
    if known and len(known) < len(asked):
        missing = [name for name, value in zip(asked, given, strict=True) if value is None]
        msg = (
            f"{row.place(missing[0])}: the overrun has no {', '.join(missing)}. A shifted "
            "lognormal needs all three numbers, or none of them: fill the row.  [F206]"
        )
        raise FinanceError(msg, code="F206")
    delay = Delay(row.maybe_number("delay_mean") or 0.0, row.maybe_number("delay_sd") or 0.0)
    return TechnicalRisk(
        overrun=ShiftedLognormal(*known) if known else CERTAIN,
        delay=delay,
        ramp=RAMP_CURVES[ramp] if ramp is not None else RampCurve(1.0, 0.0),
    )
