"""What may be asked of ``align``, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from coercivity.alignment.package import CAPS, Measure, PackageOptions
from coercivity.foundation.errors import UsageError
from coercivity.foundation.identifiers import suggestion
from coercivity.foundation.problems import quoted

FEWEST_PATHS = 400
"""Half of them search the package; fewer say nothing of a probability of a tenth. [path]"""
THREADS = 2
"""Projects at a time; the bits do not depend on it."""


@dataclass(frozen=True, slots=True)
class AlignOptions:
    """What is asked about packages."""

    projects: tuple[str, ...] = ()
    """Projects; empty takes all that build something."""
    allow: tuple[str, ...] = ()
    """Kinds of contracts; empty allows all."""
    caps: Mapping[str, float] = field(default_factory=dict)
    """Most of a kind. [fraction]"""
    budget: float | None = None
    """Most mean public outlay of all packages in any year. [million/year, nominal]"""
    cost: str = "mean"
    """What is made small: ``mean``, ``p95`` or ``cvar``."""
    years: int = 10
    """Of running support. [year]"""
    paths: int = 2000
    """On which packages are judged; half as many, twice, are used to make them. [path]"""
    seed: int = 0
    """Seed of all draws."""
    name: str | None = None
    """Id of the run; None makes one from verb and time."""
    threads: int = THREADS
    """Projects at a time; the bits do not depend on it."""
    fixed_point: int = 0
    """Plans made at most until plan and packages agree; 0 leaves the plan as it is. [count]"""
    same_terms: bool = False
    """Whether the best one set of terms for all projects is looked for too."""
    simpler: float = 0.0
    """So much more a package with fewer contracts may cost; 0 asks for the cheapest. [fraction]"""
    start: str | None = None
    """Id or folder of an earlier ``align`` run whose packages the search begins with too."""
    adversary: float | None = None
    """Margin an adversary may give up to answer the packages; None leaves him out. [million]"""
    time_limit: float | None = None
    """For the fixed point: no further plan is begun once it is over. [s]"""
    doubt: bool = True
    """Whether the price of doubt is worked out."""


def package_options(
    options: AlignOptions, start: Mapping[str, float] | None = None
) -> PackageOptions:
    """Say what packages may be made of.

    Parameters
    ----------
    options
        What is asked.
    start
        A package to begin with: level by column. [fraction]
    """
    return PackageOptions(
        allow=options.allow,
        caps=options.caps,
        measure=Measure(options.cost),
        years=options.years,
        simpler=options.simpler,
        starts=() if start is None else (start,),
    )


def refuse_senseless(options: AlignOptions) -> None:
    """Refuse options that cannot be used, all of them at once.

    Parameters
    ----------
    options
        What is asked.

    Raises
    ------
    UsageError
        With every option that has no sense.
    """
    known = tuple(CAPS)
    for kind in (*options.allow, *options.caps):
        if kind not in known:
            near = suggestion(kind, known, listed_in="the kinds a package may hold")
            msg = (
                f"{quoted(kind)} is not a kind that a package may hold. {near}  [{UsageError.code}]"
            )
            raise UsageError(msg)
    wrong = [f"--cap {kind}={cap:g}" for kind, cap in options.caps.items() if not 0 <= cap <= 100]
    if options.budget is not None and not options.budget >= 0:
        wrong.append(f"--budget {options.budget:g}")
    if not options.years >= 1:
        wrong.append(f"--years {options.years}")
    if not 0 <= options.simpler < 1:
        wrong.append(f"--simpler {options.simpler:g}")
    if options.adversary is not None and not options.adversary >= 0:
        wrong.append(f"--adversary {options.adversary:g}")
    if options.time_limit is not None and not options.time_limit > 0:
        wrong.append(f"--time-limit {options.time_limit:g}")
    if options.fixed_point < 0:
        wrong.append(f"--fixed-point {options.fixed_point}")
    if options.paths < FEWEST_PATHS:
        wrong.append(f"--paths {options.paths}")
    if options.cost not in {measure.value for measure in Measure}:
        wrong.append(f"--cost {options.cost}")
    if wrong:
        msg = (
            f"{', '.join(wrong)} cannot be used. Caps are fractions that are not negative (0.3 for "
            f"30 %) and what is simpler is below 1, budgets are not negative, a time limit is "
            f"above 0, support runs for at least a year, paths are at least {FEWEST_PATHS}, cost "
            f"is mean, p95 or cvar.  [{UsageError.code}]"
        )
        raise UsageError(msg)


def written_options(options: AlignOptions, based_on: str) -> dict[str, Any]:
    """Write what is asked, as the run keeps it.

    Parameters
    ----------
    options
        What is asked.
    based_on
        Id of the plan.
    """
    return {
        "projects": list(options.projects),
        "allow": list(options.allow),
        "caps": dict(options.caps),
        "budget": options.budget,
        "cost": options.cost,
        "years": options.years,
        "paths": options.paths,
        "seed": options.seed,
        "fixed_point": options.fixed_point,
        "same_terms": options.same_terms,
        "simpler": options.simpler,
        "start": options.start,
        "adversary": options.adversary,
        "time_limit": options.time_limit,
        "based_on": based_on,
    }
