"""The cheapest stock with which a chain lasts without a plant until it is back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import block_array, coo_array, csr_array

from coercivity.chain import Case
from coercivity.chain.origin import ANY
from coercivity.chain.trade import Stock
from coercivity.dispatch.builder import Block, Index, Labels
from coercivity.dispatch.classes import ClassBook
from coercivity.dispatch.network import TONNES_PER_UNIT
from coercivity.foundation.periods import Array
from coercivity.resilience.attack.contraction import contracted
from coercivity.resilience.attack.formulation import Formulation, formulate
from coercivity.resilience.attack.measure import Measure
from coercivity.resilience.attack.outages import CERTAIN
from coercivity.resilience.attack.survive import closing, served
from coercivity.resilience.attack.targets import Target
from coercivity.resilience.attack.window import Shrinking, opened, shrinking
from coercivity.resilience.stockpiling.forms import Form
from coercivity.solvers import HighsModel, Matrices, SolveStatus

MARK = "stocked:"
"""Begins the id of a stock that is looked at; no id of a case has a colon."""
ROOM = 1e7
"""More than any stock would hold. [t]"""
SMALLEST = 1e-3
"""Stocks below this are rounding of the solver. [t]"""
WHOLE = 1e-9
_Places = dict[tuple[str, str, int], int]


@dataclass(frozen=True, slots=True)
class Stocked:
    """A form in stock when the outage begins."""

    form: Form
    origin_class: str
    """Class of a supply from home."""
    tonnes: float
    """[t]"""


@dataclass(frozen=True, slots=True)
class StockCover:
    """Stock that lets a chain last."""

    piles: tuple[Stocked, ...]
    """The dearest first."""
    cost: float
    """To buy them, and to keep them to the end of the report. [million]"""


def cost_of_form(case: Case, form: Form, *, first: int) -> float:
    r"""Give what a tonne costs that is bought as a period begins, and kept.

    .. math:: p + h \sum_{y=y_0}^{Y} (1+r)^{-(y-y_0)}

    with the price :math:`p`, keeping :math:`h`, the rate :math:`r` of the case, the first year
    :math:`y_0` of the period and the last year :math:`Y` that is reported. [case money/t]

    Parameters
    ----------
    case
        The case.
    form
        What is stocked.
    first
        The period.
    """
    years = np.asarray(case.horizon.years)
    begin = case.horizon.starts[first] - case.horizon.first_year
    factors = case.horizon.discount_factors / case.horizon.discount_factors[begin]
    kept = (years >= case.horizon.starts[first]) & (years <= case.report_until)
    return form.price + form.keeping * float(factors[kept].sum())


class Stocking:
    r"""Finds the least-cost stock with which demand is served without a target for a time.

    .. math::

        \min \sum_m c_m s_m \quad\text{subject to}\quad
        \text{stock}_0 + s + \int_0^T \text{supply without the target} \ge
        \int_0^T \text{demand}

    The conditions of `survive.Endurance` with the length of the outage :math:`T` given, and with
    a column for each form that could lie in stock as the outage begins. Such a stock is of the
    class of a supply from home, bought to the rules as they will be, so that it keeps its class
    when they grow stricter; it is drawn and not filled again.

    Parameters
    ----------
    whole
        The chain with everything in it.
    calm
        What is done undisturbed, a value a column of it.
    measure
        What counts.
    first
        Period at whose beginning the outage starts.
    forms
        What could be stocked; where nothing can come from, no stock is looked at.
    """

    def __init__(
        self,
        whole: Formulation,
        calm: Array,
        measure: Measure,
        *,
        first: int,
        forms: Sequence[Form],
    ) -> None:
        self._forms = {f"{MARK}{number}": form for number, form in enumerate(forms)}
        case = whole.case
        added = {name: _empty(case, name, form) for name, form in self._forms.items()}
        richer = replace(case, stocks={**case.stocks, **added})
        form = formulate(richer, periods=whole.periods, counted=measure.weights)
        past = carried_over(whole, calm, form)
        book = ClassBook(richer)
        worth = {
            name: book.of_supply(form.material, case.perspective, {})
            for name, form in self._forms.items()
        }
        self._classes = {name: classes[first] for name, classes in worth.items()}
        limited = _unfilled(_kept_to_rules(served(form, measure, past), worth, first=first))
        self._window = contracted(opened(limited, past, first=first))
        self._first, self._last = first, measure.last
        self._costs = {
            name: cost_of_form(case, form, first=first) / TONNES_PER_UNIT
            for name, form in self._forms.items()
        }
        self._models: dict[int, tuple[Shrinking, HighsModel, list[str], Array]] = {}

    def cheapest(self, target: Target, years: float) -> StockCover | None:
        """Find the cheapest stock; None where no stock of these forms can do it.

        Parameters
        ----------
        target
            What is out.
        years
            For how long; no longer than there are periods to look at. [year]
        """
        period, share = self._end(years)
        shrunk, model, names, upper = self._model(period)
        closed = closing(shrunk, [target], first=self._first)[0]
        model.set_bounds(closed, shrunk.matrices.lower[closed], np.zeros(len(closed)))
        place = shrunk.matrices.columns - 1
        model.set_bounds([place], [1.0 / share], [1.0 / share])
        model.start_from(None)
        found = model.solve(CERTAIN)
        model.set_bounds(closed, shrunk.matrices.lower[closed], upper[closed])
        if found.status is not SolveStatus.OPTIMAL or found.primal is None:
            return None
        amounts = found.primal[place + 1 :] * share * TONNES_PER_UNIT
        piles = [
            Stocked(self._forms[name], self._classes[name], float(tonnes))
            for name, tonnes in zip(names, amounts, strict=True)
            if tonnes > SMALLEST
        ]
        costs = {form: self._costs[name] / 1e3 for name, form in self._forms.items()}
        piles.sort(key=lambda one: -costs[one.form] * one.tonnes)
        return StockCover(tuple(piles), sum(costs[one.form] * one.tonnes for one in piles))

    def _end(self, years: float) -> tuple[int, float]:
        """Find the period in which an outage ends, and the share of it that it takes."""
        lengths = self._window.case.horizon.lengths
        left = years
        for period in range(self._first, self._last + 1):
            if left <= lengths[period] * (1 + WHOLE):
                return period, min(left / lengths[period], 1.0)
            left -= lengths[period]
        return self._last, 1.0

    def _model(self, period: int) -> tuple[Shrinking, HighsModel, list[str], Array]:
        known = self._models.get(period)
        if known is None:
            self._models.clear()
            shrunk = shrinking(self._window, period)
            names, rows = self._places(shrunk.form)
            matrices = _with_stock(shrunk.matrices, rows, [self._costs[name] for name in names])
            known = (shrunk, HighsModel(matrices), names, matrices.upper)
            self._models[period] = known
        return known

    def _places(self, form: Formulation) -> tuple[list[str], Labels]:
        """Find the rows that carry the stocks into the first period of the outage."""
        rows, _ = _stock_places(form)
        found = [
            (name, place)
            for name, cls in self._classes.items()
            if (place := rows.get((name, cls, self._first), -1)) >= 0
        ]
        return [name for name, _ in found], np.array([row for _, row in found], dtype=np.int64)


def _empty(case: Case, name: str, form: Form) -> Stock:
    """Make a stock that can be drawn and not filled; `_unfilled` takes its opening away."""
    none = np.zeros(len(case.horizon.years))
    return Stock(name, form.site, form.material, ROOM, none, none, none, "strategic")


def _unfilled(form: Formulation) -> Formulation:
    """Let stocks that are looked at begin with nothing and have room for anything."""
    base, builder = form.matrices, form.model.builder
    row_lower, row_upper, upper = base.row_lower.copy(), base.row_upper.copy(), base.upper.copy()
    family = builder.families.get("stock_carried")
    if family is not None:
        ours = np.array([str(n).startswith(MARK) for n in family.index["stock"]], dtype=bool)
        rows = form.row_of[family.positions[ours]]
        row_lower[rows[rows >= 0]] = row_upper[rows[rows >= 0]] = 0.0
    level = form.model.operation.storage.level
    ours = np.array([str(name).startswith(MARK) for name in level.index["stock"]], dtype=bool)
    columns = form.columns(level)[ours]
    upper[columns[columns >= 0]] = np.inf
    matrices = replace(base, row_lower=row_lower, row_upper=row_upper, upper=upper)
    return replace(form, matrices=matrices)


def _kept_to_rules(
    form: Formulation, worth: Mapping[str, Sequence[str]], *, first: int
) -> Formulation:
    """Carry stocks that are looked at in their class as long as a supply from home is of it."""
    rows, columns = _stock_places(form)
    found = coo_array(form.by_rows)
    moved: dict[tuple[int, int], int] = {}
    for name, classes in worth.items():
        kept = classes[first]
        for period in range(first + 1, form.periods):
            column = columns.get((name, kept, period - 1), -1)
            lands, stays = (rows.get((name, cls, period), -1) for cls in (ANY, kept))
            if kept == classes[period] != ANY and min(column, lands, stays) >= 0:
                moved[lands, column] = stays
    pairs = zip(found.row.tolist(), found.col.tolist(), strict=True)
    at = [moved.get(pair, pair[0]) for pair in pairs]
    by_rows = csr_array(coo_array((found.data, (at, found.col)), shape=found.shape))
    base = form.matrices
    matrices = Matrices.of(
        by_rows,
        cost=base.cost,
        lower=base.lower,
        upper=base.upper,
        row_lower=base.row_lower,
        row_upper=base.row_upper,
    )
    return replace(form, matrices=matrices, by_rows=by_rows)


def _stock_places(form: Formulation) -> tuple[_Places, _Places]:
    """Find rows and columns of what lies in stock, by stock, class and period."""
    family = form.model.builder.families.get("stock_carried")
    level = form.model.operation.storage.level
    if family is None:
        return {}, {}
    rows, columns = form.row_of[family.positions], form.columns(level)
    return _by_place(family.index, rows), _by_place(level.index, columns)


def _by_place(index: Index, numbers: Labels) -> _Places:
    keys = zip(index["stock"], index["class"], map(int, index["period"]), strict=True)
    return dict(zip(keys, numbers.tolist(), strict=True))


def _with_stock(base: Matrices, rows: Labels, costs: Sequence[float]) -> Matrices:
    """Add a column to each of some rows, and count its cost alone."""
    count = len(rows)
    added = csr_array((-np.ones(count), (rows, np.arange(count))), shape=(base.rows, count))
    return Matrices.of(
        block_array([[base.matrix, added]], format="csc"),
        cost=np.concatenate([np.zeros(base.columns), costs]),
        lower=np.append(base.lower, np.zeros(count)),
        upper=np.append(base.upper, np.full(count, np.inf)),
        row_lower=base.row_lower,
        row_upper=base.row_upper,
    )


def carried_over(source: Formulation, values: Array, form: Formulation) -> Array:
    """Give each column of a formulation the value of the same column of another; 0 if it has none.

    Parameters
    ----------
    source
        The other formulation.
    values
        A value a column of it.
    form
        The formulation.
    """
    found = np.zeros(form.matrices.columns)
    for name, block in form.model.builder.blocks.items():
        before = source.model.builder.blocks.get(name)
        if before is None or not len(block) or not len(before):
            continue
        known = dict(zip(_keys(before), source.columns(before).tolist(), strict=True))
        for key, column in zip(_keys(block), form.columns(block).tolist(), strict=True):
            place = known.get(key, -1)
            if column >= 0 and place >= 0:
                found[column] = values[place]
    return found


def _keys(block: Block) -> list[tuple[object, ...]]:
    return list(zip(*(list(values) for values in block.index.values()), strict=True))


__all__ = ["StockCover", "Stocked", "Stocking", "carried_over", "cost_of_form"]
