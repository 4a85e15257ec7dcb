"""One project brought to yes: its menu, its package, the same on fresh paths, or why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from coercivity.alignment.package.bench import Bench, Levels, Outcome
from coercivity.alignment.package.exchange import Exchange, exchange_rates
from coercivity.alignment.package.failing import Failing, failing
from coercivity.alignment.package.measure import Measure
from coercivity.alignment.package.menu import Menu, lives_on_a_margin, menu_of
from coercivity.alignment.package.search import Package, package_for
from coercivity.alignment.package.starts import everything
from coercivity.alignment.package.verification import Verified, verify
from coercivity.finance.compiled import Array
from coercivity.finance.contracts import Contract
from coercivity.finance.projects.position import Position

A_LITTLE = 0.97
"""Of a package is tried to see what binds. [ratio]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageOptions:
    """What a package may be made of, and what is made small."""

    allow: tuple[str, ...] = ()
    """Kinds of contracts; empty allows all."""
    caps: Mapping[str, float] = field(default_factory=dict)
    """Most of each kind in place of the usual caps. [fraction]"""
    measure: Measure = Measure.MEAN
    years: int = 10
    """Of running support. [year]"""
    simpler: float = 0.0
    """So much more a package with fewer contracts may cost; 0 asks for the cheapest. [fraction]"""
    starts: tuple[Mapping[str, float], ...] = ()
    """Packages to begin with, beside those of the search: level by id of the column. [fraction]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """A project on four sets of paths."""

    train: Position
    """On which effects are measured."""
    check: Position
    """On which acceptance is asked, with a margin."""
    fresh: Position
    """On which the package is judged."""
    further: Position
    """On which a package is judged that was raised on the fresh ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aligned:
    """What was found for a project."""

    project: str
    menu: Menu
    before: Outcome
    """With the contracts in force only, on the fresh paths."""
    check: Bench
    """On which acceptance was asked."""
    fresh: Bench
    """On which the package was judged."""
    package: Package | None
    verified: Verified | None
    failing: Failing | None
    exchange: tuple[Exchange, ...]

    @property
    def levels(self) -> Levels:
        """Of the package after repair; nothing where there is none."""
        return self.check.nothing if self.verified is None else self.verified.levels

    @property
    def contracts(self) -> tuple[Contract, ...]:
        """What is added to the contracts in force."""
        return self.fresh.given(self.levels)

    @property
    def cost(self) -> Array:
        """Public cost of the package on each fresh path. [million, real]"""
        return self.fresh.cost(self.levels)

    @property
    def binding(self) -> tuple[str, ...]:
        """What no longer holds with a little less of everything: ``mean``, ``loss``, ``lenders``.

        On the paths on which acceptance was asked, with its margin; empty without a package.
        """
        if not any(self.levels):
            return ()
        bench = self.check
        less = bench.fits(tuple(A_LITTLE * level for level in self.levels))
        found, errors = bench.appraise(less).acceptance, bench.errors
        rule = bench.terms.acceptance
        held = {
            "mean": found.worth.value - errors * found.worth.standard_error >= found.needed,
            "loss": found.loss.value + errors * found.loss.standard_error <= rule.loss_limit,
            "lenders": found.lender_accepts,
        }
        return tuple(name for name, holds in held.items() if not holds)

    @property
    def accepts(self) -> bool:
        """Whether owners and lenders say yes on the fresh paths, with the package if any."""
        return self.before.accepted if self.verified is None else self.verified.holds


def align_project(
    samples: Samples,
    options: PackageOptions,
    *,
    workers: int | None = None,
    calm: tuple[Samples, Menu] | None = None,
) -> Aligned:
    """Find what a project needs, on paths apart from those on which it is judged.

    Parameters
    ----------
    samples
        The project on four sets of paths.
    options
        What the package may be made of.
    workers
        Threads; the bits do not depend on them.
    calm
        The same paths where nothing happens that the samples expect, and the menu there: owners
        and lenders must say yes to it too. Cost is that of the samples.
    """
    others, menu = (None, _menu(samples.train, options, workers)) if calm is None else calm
    on = _benches(samples, others, menu, workers)
    package = _nothing_needed(on.check, on.fresh) or package_for(
        on.train,
        on.check,
        options.measure,
        starts=[tuple(one.get(c.id, 0.0) for c in menu.columns) for one in options.starts],
        simpler=options.simpler,
    )
    verified, why, fresh = None, None, on.fresh
    if package is not None and any(package.levels):
        verified = verify(package.levels, on.fresh, on.further)
        # Judged on the further paths where it was raised, so its cost is told on those too.
        fresh = on.fresh if verified.held_at_once else on.further
    elif package is None:

        def rebuilt(caps: dict[str, float]) -> Bench:
            other = replace(options, caps={**options.caps, **caps})
            return _put(samples.check, _menu(samples.train, other, workers), workers).tightened()

        why = failing(on.check, rebuilt)
    check = on.check
    return Aligned(
        project=samples.train.operation.project,
        menu=menu,
        before=fresh.appraise(fresh.nothing),
        check=check,
        fresh=fresh,
        package=package,
        verified=verified,
        failing=why,
        exchange=_exchange(check, package),
    )


@dataclass(frozen=True, slots=True)
class _Benches:
    train: Bench
    check: Bench
    fresh: Bench
    further: Bench


def _benches(samples: Samples, others: Samples | None, menu: Menu, workers: int | None) -> _Benches:
    """Put a project on the bench with its menu, beside what it is elsewhere."""

    def put(position: Position, other: Position | None) -> Bench:
        bench = _put(position, menu, workers)
        return bench if other is None else replace(bench, also=(_put(other, menu, workers),))

    return _Benches(
        train=_put(samples.train, menu, workers),
        check=put(samples.check, None if others is None else others.check).tightened(),
        fresh=put(samples.fresh, None if others is None else others.fresh),
        further=put(samples.further, None if others is None else others.further),
    )


def _nothing_needed(check: Bench, fresh: Bench) -> Package | None:
    """Give the empty package where all say yes without it, no margin asked, on both samples."""
    if check.tightened(0.0).agrees(check.nothing) and fresh.agrees(fresh.nothing):
        return Package(levels=check.nothing, cost=0.0)
    return None


def _exchange(check: Bench, package: Package | None) -> tuple[Exchange, ...]:
    if package is None:
        closest = max(everything(check), key=lambda one: float(check.appraise(one).hurdle.mean()))
        return exchange_rates(check, closest)
    return exchange_rates(check, package.levels) if any(package.levels) else ()


def _menu(position: Position, options: PackageOptions, workers: int | None) -> Menu:
    return menu_of(
        Bench.of(position, workers=workers),
        position.pricing.product,
        margin=lives_on_a_margin(position),
        allow=options.allow,
        caps=options.caps,
        years=options.years,
    )


def _put(position: Position, menu: Menu, workers: int | None) -> Bench:
    return Bench.of(position, menu.columns, menu.limits, workers=workers)
