"""The chain that is attacked, as plain matrices, and what each target stands for in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from coercivity.chain import Case
from coercivity.chain.trade import Demand
from coercivity.dispatch.builder import Block, Labels
from coercivity.foundation.periods import Array
from coercivity.planning.model import PlanningModel, build_model
from coercivity.resilience.attack.needed import needed
from coercivity.resilience.attack.targets import Target, TargetKind
from coercivity.solvers import Matrices


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """What a target holds up: rows of capacity, bounded columns, and columns without a bound."""

    rows: Labels
    """Rows whose right side is a capacity of the target."""
    bounded: Labels
    """Columns whose upper bound is one."""
    open: Labels
    """Columns of the target that nothing bounds: a part of them is still unlimited."""
    row_periods: Labels
    bounded_periods: Labels
    open_periods: Labels

    @staticmethod
    def joined(parts: Iterable[Reach]) -> Reach:
        """Put several together; what is held up twice counts once."""
        held = list(parts)
        found = []
        for items, periods in (
            ("rows", "row_periods"),
            ("bounded", "bounded_periods"),
            ("open", "open_periods"),
        ):
            everything = _put_together([getattr(one, items) for one in held])
            when = _put_together([getattr(one, periods) for one in held])
            unique, first = np.unique(everything, return_index=True)
            found.append((unique, when[first]))
        (rows, at_rows), (bounded, at_bounded), (free, at_open) = found
        return Reach(rows, bounded, free, at_rows, at_bounded, at_open)


def _put_together(parts: list[Labels]) -> Labels:
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])


@dataclass(frozen=True, slots=True, eq=False)
class Formulation:
    """The linear model of a chain in which nothing is decided but its operation."""

    case: Case
    """The chain, every demand of which may be short, without obligations to run."""
    model: PlanningModel
    """Its model over the whole horizon."""
    matrices: Matrices
    """The model of the periods that are looked at, cost in its own unit."""
    by_rows: csr_array
    """The same entries, by rows."""
    unit: float
    """Million of case money per unit of the solver's cost. [million]"""
    periods: int
    """Periods looked at, from the first. [count]"""
    column_of: Labels
    """Column of each label of the whole model; −1 where it is left out."""
    row_of: Labels
    """The same of rows."""
    column_period: Labels
    """Period of each column; −1 where it has none."""
    row_period: Labels
    """Period of each row; −1 where it has none."""

    def columns(self, block: Block) -> Labels:
        """Give the columns of a block; −1 where they are left out."""
        return np.asarray(self.column_of[block.labels], dtype=np.int64)


def softened(case: Case) -> Case:
    """Let every demand go short and oblige nothing to run: a failure cannot ask for the impossible.

    A demand that must be met takes the highest penalty of the case. Targets are left out.
    """
    penalties = [d.penalty for d in case.demands.values() if d.penalty is not None]
    none = np.zeros(len(case.horizon.years))
    highest = np.max(penalties, axis=0) if penalties else none
    return replace(
        case,
        demands={name: _soft(demand, highest) for name, demand in case.demands.items()},
        assets={name: replace(asset, least_activity=none) for name, asset in case.assets.items()},
        links={name: replace(link, least=none) for name, link in case.links.items()},
        targets=(),
    )


def _soft(demand: Demand, highest: Array) -> Demand:
    return demand if demand.penalty is not None else replace(demand, penalty=highest)


def formulate(case: Case, *, periods: int, counted: Iterable[str] | None = None) -> Formulation:
    """Formulate a chain up to a period; what comes later cannot change what is counted.

    Parameters
    ----------
    case
        The chain without options: of a plan (`planning.built.built_case`), or as it stands.
    periods
        Periods looked at, from the first. [count]
    counted
        Demands whose shortfall alone is counted: what cannot change it is left out. None keeps
        everything, as cost needs.
    """
    model = build_model(softened(case))
    kept = None if counted is None else needed(model, counted)
    whole, builder = model.scaled.matrices, model.builder
    column_period = np.full(whole.columns, -1, dtype=np.int64)
    for block in builder.blocks.values():
        if "period" in block.index and len(block):
            column_period[block.labels] = np.asarray(block.index["period"], dtype=np.int64)
    row_period = np.full(whole.rows, -1, dtype=np.int64)
    for family in builder.families.values():
        if "period" in family.index and len(family.positions):
            row_period[family.positions] = np.asarray(family.index["period"], dtype=np.int64)
    columns = column_period < periods
    rows = row_period < periods
    if kept is not None:
        columns, rows = columns & kept.columns, rows & kept.rows
    return _cut_out(
        model, np.flatnonzero(columns), np.flatnonzero(rows), periods, (column_period, row_period)
    )


def _cut_out(
    model: PlanningModel,
    columns: Labels,
    rows: Labels,
    periods: int,
    when: tuple[Labels, Labels],
) -> Formulation:
    whole, (column_period, row_period) = model.scaled.matrices, when
    by_rows = csr_array(whole.matrix)[rows][:, columns]
    matrices = Matrices.of(
        by_rows,
        cost=whole.cost[columns],
        lower=whole.lower[columns],
        upper=whole.upper[columns],
        row_lower=whole.row_lower[rows],
        row_upper=whole.row_upper[rows],
    )
    return Formulation(
        case=model.case,
        model=model,
        matrices=matrices,
        by_rows=by_rows,
        unit=model.scaled.unit,
        periods=periods,
        column_of=_places(columns, whole.columns),
        row_of=_places(rows, whole.rows),
        column_period=column_period[columns],
        row_period=row_period[rows],
    )


def remembered(form: Formulation, primal: Array, *, before: int) -> Formulation:
    """Hold everything before a period as it was: nobody prepares for a shock he does not foresee.

    Parameters
    ----------
    form
        The chain.
    primal
        What was done undisturbed.
    before
        First period that is still open.
    """
    base = form.matrices
    past = (form.column_period >= 0) & (form.column_period < before)
    held = np.clip(primal, base.lower, base.upper)
    matrices = replace(
        base, lower=np.where(past, held, base.lower), upper=np.where(past, held, base.upper)
    )
    return replace(form, matrices=matrices)


def _places(kept: Labels, count: int) -> Labels:
    places = np.full(count, -1, dtype=np.int64)
    places[kept] = np.arange(len(kept))
    return places


class Reaches:
    """Finds what targets hold up in a formulation; each part of it is looked at once."""

    def __init__(self, form: Formulation) -> None:
        self._form = form
        self._assets = self._by_limit("activity_within_capacity", "asset")
        self._links = self._by_limit("flow_within_capacity", "link")
        self._steps = self._by_limit("offer_step", "offer")
        self._parts: dict[str, Reach] = {}
        self._places: dict[str, dict[object, list[int]]] = {}
        self._idle = self._without_use(form.model.operation.activity)

    def of(self, target: Target) -> Reach:
        """Give what a target holds up."""
        known = self._parts.get(target.key)
        if known is None:
            known = self._parts[target.key] = self._found(target)
        return known

    def _found(self, target: Target) -> Reach:
        case, kind, name = self._form.case, target.kind, target.id
        if kind is TargetKind.ASSET:
            return self._asset({name})
        if kind is TargetKind.LINK:
            return self._link(name)
        if kind is TargetKind.SUPPLIER:
            return self._offers(n for n, o in enumerate(case.offers) if o.supplier == name)
        if kind is TargetKind.PROJECT:
            return self._asset({a.id for a in case.assets.values() if a.project == name})
        if kind is TargetKind.COUNTRY:
            return self._country(name)
        return self._embargo(name)

    def _country(self, name: str) -> Reach:
        case = self._form.case
        assets = {a.id for a in case.assets.values() if case.sites[a.site].country == name}
        offers = [
            number
            for number, offer in enumerate(case.offers)
            if name in {offer.country, *offer.origin.values()}
        ]
        return Reach.joined([self._asset(assets), self._offers(offers)])

    def _embargo(self, material: str) -> Reach:
        case, home = self._form.case, self._form.case.perspective
        offers = [
            number
            for number, offer in enumerate(case.offers)
            if offer.material == material and (home is None or offer.country != home)
        ]
        crossing = {
            number
            for number, lane in enumerate(case.lanes)
            if lane.material == material
            and case.sites[lane.end].country == home != case.sites[lane.start].country
        }
        flow = self._form.model.operation.flow
        lanes = np.asarray(flow.index["lane"], dtype=np.int64)
        picked = np.isin(lanes, sorted(crossing))
        return Reach.joined([self._offers(offers), self._reach((), flow, picked)])

    def _asset(self, names: set[str]) -> Reach:
        block = self._form.model.operation.activity
        return self._limited(block, "asset", names, self._assets, idle=self._idle)

    def _without_use(self, block: Block) -> NDArray[np.bool_]:
        case = self._form.case
        modes = {(p.id, m.name): m.capacity_use for p in case.processes.values() for m in p.modes}
        pairs = zip(block.index["asset"], block.index["mode"], strict=True)
        return np.array([modes[case.assets[a].process, mode] == 0 for a, mode in pairs], dtype=bool)

    def _link(self, name: str) -> Reach:
        block, lanes = self._form.model.operation.flow, self._form.case.lanes
        links = [lanes[number].link for number in block.index["lane"]]
        named = Block(block.name, {**block.index, "link": links}, block.labels)
        return self._limited(named, "link", {name}, self._links)

    def _offers(self, numbers: Iterable[int]) -> Reach:
        block = self._form.model.operation.purchase
        return self._limited(block, "offer", set(numbers), self._steps)

    def _limited(
        self,
        block: Block,
        dimension: str,
        names: set[str] | set[int],
        limits: Mapping[object, list[tuple[int, int]]],
        *,
        idle: NDArray[np.bool_] | None = None,
    ) -> Reach:
        """Gather rows of capacity, and columns that have none in their period."""
        found = [pair for name in sorted(names, key=str) for pair in limits.get(name, ())]
        held = {(name, period) for name in names for _, period in limits.get(name, ())}
        periods = block.index["period"]
        mine = np.zeros(len(block), dtype=bool)
        for name in names:
            for place in self._named(block, dimension).get(name, ()):
                bare = (name, periods[place]) not in held
                mine[place] = bare or (idle is not None and bool(idle[place]))
        return self._reach(found, block, mine)

    def _named(self, block: Block, dimension: str) -> dict[object, list[int]]:
        """Find the places of a block by what they belong to; each block is looked at once."""
        known = self._places.get(dimension)
        if known is None:
            known = self._places[dimension] = {}
            for place, name in enumerate(block.index[dimension]):
                known.setdefault(name, []).append(place)
        return known

    def _reach(
        self, rows: Iterable[tuple[int, int]], block: Block, mine: NDArray[np.bool_]
    ) -> Reach:
        form, pairs = self._form, list(rows)
        columns = form.columns(block)[mine] if len(block) else np.zeros(0, dtype=np.int64)
        columns = columns[columns >= 0]
        finite = np.isfinite(form.matrices.upper[columns])
        bounded, free = columns[finite], columns[~finite]
        numbers = np.array([row for row, _ in pairs], dtype=np.int64)
        return Reach(
            rows=numbers,
            bounded=bounded,
            open=free,
            row_periods=np.array([period for _, period in pairs], dtype=np.int64),
            bounded_periods=form.column_period[bounded],
            open_periods=form.column_period[free],
        )

    def _by_limit(self, family: str, dimension: str) -> dict[object, list[tuple[int, int]]]:
        """Give numbers to the rows of a family that are looked at, by what they limit."""
        return _grouped(self._rows_of(family, dimension))

    def _rows_of(self, family: str, dimension: str) -> Iterator[tuple[object, int, int]]:
        found = self._form.model.builder.families[family]
        places = self._form.row_of[found.positions]
        for name, period, place in zip(
            found.index[dimension], found.index["period"], places.tolist(), strict=True
        ):
            if place >= 0:
                yield name, place, int(period)


def _grouped(rows: Iterable[tuple[object, int, int]]) -> dict[object, list[tuple[int, int]]]:
    found: dict[object, list[tuple[int, int]]] = {}
    for name, place, period in rows:
        found.setdefault(name, []).append((place, period))
    return found
