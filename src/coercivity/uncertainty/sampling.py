"""Futures drawn from what a case says of its events, overruns, delays and ranges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from coercivity.chain import Case
from coercivity.foundation.errors import UsageError
from coercivity.tables import CaseTables, Row
from coercivity.uncertainty.futures import Future, checked_futures, named_chances
from coercivity.uncertainty.quantities import Discrete, Quantity, ShiftedLognormal, Triangular
from coercivity.uncertainty.sampling_events import (
    all_losses,
    drawn_losses,
    event_groups,
    event_rules,
)
from coercivity.uncertainty.scenarios import Scenario, drawn_scenarios, stream

Array = NDArray[np.float64]
UNDER_CONSTRUCTION = "construction"
"""Status of an asset whose first output may still come late."""
NAMED = "scenario"


@dataclass(frozen=True, slots=True)
class GammaDelay:
    """A delay that is never negative, with a stated mean and deviation.

    Examples
    --------
    >>> GammaDelay(1.0, 1.0).at(np.array([0.5])).round(6).tolist()
    [0.693147]
    """

    mean: float
    """Mean. [year]"""
    deviation: float
    """Standard deviation; 0 for a certain delay. [year]"""

    def __post_init__(self) -> None:
        if not (0 <= self.mean < np.inf and 0 <= self.deviation < np.inf):
            msg = (
                f"A delay has mean {self.mean!r} and deviation {self.deviation!r}. Both are finite "
                "and at least 0: correct the row of overruns.csv.  [U304]"
            )
            raise UsageError(msg)

    def at(self, shares: Array) -> Array:
        r"""Give the quantile of a gamma law of shape :math:`(m/s)^2`. [year]"""
        if self.deviation == 0 or self.mean == 0:
            return np.full_like(shares, self.mean)
        shape = (self.mean / self.deviation) ** 2
        return np.asarray(gammaincinv(shape, shares) * self.mean / shape)


@dataclass(frozen=True, slots=True)
class Late:
    """What says how late and how much dearer something may be."""

    key: str
    """Name of the draw, shared by what is late together."""
    row: Row
    """Row of ``overruns``."""


def sampled_futures(
    tables: CaseTables, case: Case, *, count: int, seed: int, stratified: bool = True
) -> tuple[Future, ...]:
    """Draw equally likely futures from the tables of a case.

    Drawn are: the named scenario, where these have probabilities; capital and delay of each
    project by ``overruns``; outages and stops by ``events``; demands and what suppliers offer
    between ``_low`` and ``_high``; and price levels between those of ``price_models``. Each has
    random numbers of its own, by its name.

    Parameters
    ----------
    tables, case
        The case, as tables and as nouns.
    count
        Number of futures.
    seed
        Seed of all draws.
    stratified
        Whether draws are spread evenly; False draws independently, as intervals of confidence
        ask for. Events are always drawn independently.

    Raises
    ------
    UsageError
        If ``count`` is below 1, or the case has nothing that could be drawn.
    """
    quantities = case_quantities(tables, case)
    groups = event_groups(event_rules(tables))
    if not quantities and not groups:
        msg = (
            f"Case '{tables.name}' has nothing that futures could be drawn from: no events, "
            "overruns, price_models, probabilities of scenarios, nor ranges (_low, _high) of "
            "demands or suppliers. Add one of these, or plan without --scenarios.  [U306]"
        )
        raise UsageError(msg)
    drawn = drawn_scenarios(quantities, count=count, seed=seed, stratified=stratified)
    names = list(named_chances(tables))
    late, years = may_be_late(tables, case), len(case.horizon.years)
    found = []
    for number, scenario in enumerate(drawn):
        parts = [
            drawn_losses(rules, years, stream(seed, "events", name, number))
            for name, rules in groups.items()
        ]
        found.append(_future(scenario, case, late, names, all_losses(parts)))
    return checked_futures(tuple(found))


def _future(
    drawn: Scenario,
    case: Case,
    late: Mapping[str, Late],
    names: list[str],
    losses: Mapping[tuple[str, str], Array],
) -> Future:
    levels = drawn.levels

    def of(kind: str, keys: Iterable[str]) -> dict[str, float]:
        return {key: levels[f"{kind}/{key}"] for key in keys if f"{kind}/{key}" in levels}

    return Future(
        drawn.name,
        drawn.probability,
        names[int(levels[NAMED])] if NAMED in levels else None,
        capital={
            name: levels[f"capital/{one.key}"]
            for name, one in late.items()
            if name in case.options and f"capital/{one.key}" in levels
        },
        delays={name: levels[f"delay/{one.key}"] for name, one in late.items()},
        losses=losses,
        demand=of("demand", case.demands),
        offered=of("offered", (offer.supplier for offer in case.offers)),
        prices=of("price", case.materials),
    )


def case_quantities(tables: CaseTables, case: Case) -> dict[str, Quantity]:
    """List what is uncertain in a case besides its events, by name."""
    found: dict[str, Quantity] = {}
    chances = named_chances(tables)
    if chances:
        places = tuple(float(place) for place in range(len(chances)))
        found[NAMED] = Discrete(places, tuple(chances.values()))
    found |= _overruns(may_be_late(tables, case))
    found |= {f"demand/{name}": law for name, law in _ranges(tables, "demands", "amount")}
    found |= {f"offered/{name}": law for name, law in _ranges(tables, "suppliers", "offered")}
    for row in tables["price_models"].rows():
        law = _factor([row], "level")
        if law is not None:
            found.setdefault(f"price/{row.text('material')}", law)
    return found


def _overruns(late: Mapping[str, Late]) -> dict[str, Quantity]:
    found: dict[str, Quantity] = {}
    for key, row in {one.key: one.row for one in late.values()}.items():
        found[f"delay/{key}"] = GammaDelay(
            row.maybe_number("delay_mean") or 0.0, row.maybe_number("delay_sd") or 0.0
        )
        if row.given("capital_mu"):
            found[f"capital/{key}"] = ShiftedLognormal(
                row.maybe_number("capital_shift") or 0.0,
                row.number("capital_mu"),
                row.maybe_number("capital_sigma") or 0.0,
            )
    return found


def may_be_late(tables: CaseTables, case: Case) -> dict[str, Late]:
    """List the options, and assets under construction, to which a row of ``overruns`` applies.

    A row of the project goes before one of the stage. All parts of a project with a row of its
    own share one draw; else those of one stage of a project do.
    """
    rows = {(row.text("scope"), row.text("target")): row for row in tables["overruns"].rows()}
    parts = [(o.id, o.project, case.assets.get(o.adds_to)) for o in case.options.values()]
    building = [a for a in case.assets.values() if a.status == UNDER_CONSTRUCTION]
    found: dict[str, Late] = {}
    for name, project, asset in [*parts, *((a.id, a.project, a) for a in building)]:
        stage = None if asset is None else case.processes[asset.process].stage
        own = rows.get(("project", project or ""))
        if own is not None:
            found[name] = Late(str(project), own)
        elif ("stage", stage or "") in rows:
            found[name] = Late(f"{project or name}/{stage}", rows["stage", str(stage)])
    return found


def _ranges(tables: CaseTables, table: str, column: str) -> list[tuple[str, Triangular]]:
    """Give the factor between the low and high end of a column, by id."""
    rows: dict[str, list[Row]] = {}
    for row in tables[table].rows():
        rows.setdefault(row.text("id"), []).append(row)
    laws = {name: _factor(own, column) for name, own in rows.items()}
    return [(name, law) for name, law in laws.items() if law is not None]


def _factor(rows: list[Row], column: str) -> Triangular | None:
    r"""Give a triangular factor from the sums over rows, (low, value, high) ÷ value.

    A row without an end counts with its value; None where no row has one, or all are zero.
    """
    ends = (f"{column}_low", f"{column}_high")
    ranged = [row for row in rows if row.given(column) and any(row.given(end) for end in ends)]
    whole = sum(row.number(column) for row in ranged if np.isfinite(row.number(column)))
    if whole <= 0:
        return None
    low, high = (
        sum(row.number(end) if row.given(end) else row.number(column) for row in ranged) / whole
        for end in ends
    )
    return Triangular(min(low, 1.0), 1.0, max(high, 1.0))
