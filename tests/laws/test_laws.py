"""What must hold for every case, tried on generated ones.

Each law is tried on a few cases, the same in every run and for every law, so that a case is planned
once; `test_every_law_holds_on_many_cases` takes all of them to many more.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, note, seed, settings

from coercivity.chain import Case, load_case
from coercivity.chain.processes import element_losses
from coercivity.foundation.errors import CaseError
from coercivity.planning.capital import discounted_capital, discounted_salvage
from coercivity.planning.model import PlanningModel, build_model
from coercivity.planning.solve import PlanLimits, PlanSolution, solve_plan
from coercivity.planning.standing import read_plan
from coercivity.solvers import HighsModel, SolveLimits
from coercivity.studies.plan import PlanOptions, plan
from coercivity.tables import read_case
from coercivity.tables.csv_writer import write_case
from coercivity.tables.excel_writer import write_excel
from coercivity.tables.schemas import SCHEMAS
from tests.evaluator import evaluate
from tests.laws.generated_cases import CLASSES, GeneratedCase, Record, generated_cases

FEW, MANY = 6, 20
EXACT = 1e-6
"""Difference of two optimal costs that is rounding, as a share of all that is paid. [fraction]"""


@dataclass(frozen=True)
class Planned:
    """A case that was planned to optimality."""

    case: Case
    model: PlanningModel
    solution: PlanSolution

    @property
    def cost(self) -> float:
        return self.solution.objective

    @property
    def terms(self) -> dict[str, float]:
        return self.model.builder.cost_terms(self.solution.primal)

    @property
    def used(self) -> set[tuple[str, int]]:
        """Assets that run, with the periods in which they do."""
        block = self.model.operation.activity
        keys = zip(block.index["asset"], block.index["period"], block.labels, strict=True)
        return {
            (name, period) for name, period, label in keys if self.solution.primal[label] > 1e-6
        }

    @property
    def paid(self) -> float:
        """Sum of the sizes of all cost terms. [million]"""
        return sum(abs(value) for value in self.terms.values())


@contextmanager
def _written(case: GeneratedCase) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield case.write(Path(folder) / "case")


def _plan(folder: Path, *, vintages: bool = False) -> Planned:
    case, _, _ = load_case(folder)
    model = build_model(case, vintages=vintages)
    return Planned(case, model, solve_plan(model, PlanLimits(gap=0.0)))


_known: dict[str, Planned] = {}


def _planned(case: GeneratedCase) -> Planned:
    """Plan a case, or recall its plan."""
    if case.key not in _known:
        if len(_known) > 4 * FEW:
            _known.clear()
        with _written(case) as folder:
            _known[case.key] = _plan(folder)
    return _known[case.key]


def _never_dearer(better: GeneratedCase, than: GeneratedCase) -> None:
    cheap, dear = _planned(better), _planned(than)
    assert cheap.cost <= dear.cost + EXACT * dear.paid


def _pick(case: GeneratedCase, rows: list[Record]) -> Record | None:
    """Choose a row, the same one whenever the case is the same."""
    return Random(case.key).choice(rows) if rows else None


def _examples(count: int) -> settings:
    """Try some cases; a smaller number is no simpler case, so none is looked for."""
    return settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


Law = Callable[[GeneratedCase], None]
LAWS: list[Law] = []


def law(check: Law) -> Callable[[], None]:
    """Try a check on a few generated cases, and list it for many."""

    @seed(20250101)
    @_examples(FEW)
    @given(case=generated_cases(yearly="yearly" in check.__name__))
    def tried(case: GeneratedCase) -> None:
        note(case.key)
        check(case)

    LAWS.append(check)
    tried.__name__ = check.__name__
    return tried


@law
def test_a_plan_passes_the_independent_evaluator(case: GeneratedCase) -> None:
    with _written(case) as folder:
        assert evaluate(plan(folder, folder.parent / "runs", PlanOptions(gap=0.0)).path) == []


@law
def test_cost_terms_sum_to_the_objective(case: GeneratedCase) -> None:
    planned = _planned(case)
    assert abs(sum(planned.terms.values()) - planned.cost) <= 1e-9 * planned.paid


@law
def test_recipes_make_no_element(case: GeneratedCase) -> None:
    chain = _planned(case).case
    modes = [m for p in chain.processes.values() for m in p.modes if m.inputs]
    losses = [loss for mode in modes for loss in element_losses(mode, chain.materials).values()]
    assert losses
    assert min(losses) >= -1e-9
    made_of_nothing = case.changed()
    for row in made_of_nothing.rows("recipes"):
        if row["process"] == "refine" and row["direction"] == "out":
            row["amount"] *= 1.3
    with _written(made_of_nothing) as folder, pytest.raises(CaseError, match="T104"):
        load_case(folder)


@law
def test_a_run_makes_no_element(case: GeneratedCase) -> None:
    """Over the whole run: what is mined and bought is sold, served, lost, left or kept."""
    planned = _planned(case)
    chain, tables = planned.case, read_plan(planned.model, planned.solution)
    years = dict(zip(chain.horizon.starts, chain.horizon.lengths, strict=True))
    contents = {name: m.contents.get("E1", 0.0) for name, m in chain.materials.items()}

    def records(name: str) -> list[dict[str, Any]]:
        frame = tables[name].frame
        rows = frame.astype(object).to_numpy().tolist()
        return [dict(zip(frame.columns, row, strict=True)) for row in rows]

    def total(name: str, column: str) -> float:
        rows = records(name)
        return float(sum(contents[r["material"]] * r[column] * years[r["year"]] for r in rows))

    mined = lost = 0.0
    for record in records("activity"):
        process = chain.processes[record["process"]]
        mode = next(mode for mode in process.modes if mode.name == record["mode"])
        activity = record["activity_t"] * years[record["year"]]
        given = sum(contents[m] * amount for m, amount in mode.outputs.items())
        taken = sum(contents[m] * amount for m, amount in mode.inputs.items())
        mined += activity * given if not mode.inputs else 0.0
        lost += activity * (taken - given) if mode.inputs else 0.0
    amounts = {(d.id, c.material): c.amount for d in chain.demands.values() for c in d.alternatives}
    served = sum(
        contents[r["material"]]
        * amounts[r["demand"], r["material"]]
        * r["served_t"]
        * years[r["year"]]
        for r in records("served")
    )
    closing = max(chain.horizon.starts)
    kept = {s.id: 0.0 for s in chain.stocks.values()}
    for record in records("stocks"):
        if record["year"] == closing:
            kept[record["stock"]] += record["level_t"]
    grown = sum(contents[s.material] * (kept[s.id] - s.opening) for s in chain.stocks.values())
    coming = mined + total("purchases", "bought_t")
    going = served + lost + total("sales", "sold_t") + total("unsold", "unsold_t") + grown
    assert lost >= -1e-9 * coming
    assert abs(coming - going) <= 1e-6 * max(coming, going) + 1e-6


@law
def test_salvage_never_exceeds_capital_and_nothing_comes_on_after_the_horizon(
    case: GeneratedCase,
) -> None:
    planned = _planned(case)
    network, end = planned.model.network, planned.case.horizon.end
    for name, period, _ in planned.model.investments.all_starts():
        option = planned.case.options[name]
        decision = planned.case.horizon.starts[period]
        assert option.first_output_year(decision) < end
        capital = discounted_capital(network, option, period)
        assert 0 <= discounted_salvage(network, option, period) <= capital
        assert option.salvage_share(decision, horizon_end=end) <= 1
    terms = planned.terms
    assert -terms.get("salvage", 0.0) <= terms.get("capital", 0.0) + 1e-12


@law
def test_cumulative_and_vintage_integers_give_the_same_plan(case: GeneratedCase) -> None:
    """With modules small and cheap enough that their greatest number binds."""
    small = case.changed()
    for row in small.rows("options"):
        row |= {"size": row["size"] / 4, "capital": row["capital"] / 20, "most": 1}
        row.pop("excludes", None)
    small.tables["limits"] = []
    planned = _planned(small)
    with _written(small) as folder:
        other = _plan(folder, vintages=True)
    relaxed = []
    for model in (planned.model, other.model):
        found = HighsModel(model.scaled.matrices).solve(SolveLimits(), integers=False)
        assert found.objective is not None
        relaxed.append(found.objective * model.scaled.unit)
    assert abs(relaxed[0] - relaxed[1]) <= EXACT * planned.paid
    assert abs(planned.cost - other.cost) <= EXACT * planned.paid
    assert relaxed[0] <= planned.cost + EXACT * planned.paid


def _money_columns() -> Iterator[tuple[str, str]]:
    """List every column that counts money: those whose unit says so, prices, and budgets."""
    for name, schema in SCHEMAS.items():
        for column in schema.columns:
            if "case money" in column.unit and name != "limits":
                yield name, column.name
    yield "prices", "price"


@law
def test_doubling_all_money_doubles_the_cost(case: GeneratedCase) -> None:
    doubled = case.changed()
    for table, column in _money_columns():
        for row in doubled.rows(table):
            if row.get(column) not in {None, ""}:
                row[column] *= 2
    for row in doubled.rows("limits"):
        row["amount"] *= 2 if row["kind"] == "capital" else 1
    once, twice = _planned(case), _planned(doubled)
    assert abs(twice.cost - 2 * once.cost) <= EXACT * twice.paid


@law
def test_the_order_of_rows_does_not_count(case: GeneratedCase) -> None:
    mixed, dice = case.changed(), Random(case.key)
    for rows in mixed.tables.values():
        dice.shuffle(rows)
    shuffled = GeneratedCase(dict(sorted(mixed.tables.items(), reverse=True)), mixed.settings)
    for name, rows in shuffled.tables.items():
        if name == "assets-availability":
            rows.sort(key=lambda row: int(row["year"]))
    first, second = _planned(case), _planned(shuffled)
    assert abs(first.cost - second.cost) <= EXACT * first.paid


@law
def test_a_free_tonne_of_capacity_never_costs_more_in_yearly_cases(case: GeneratedCase) -> None:
    free = [row for row in case.rows("assets") if not row.get("turndown")]
    running = {name for name, _ in _planned(case).used}
    asset = _pick(case, [row for row in free if row["id"] in running] or free)
    if asset is None:
        return
    larger = case.changed()
    chosen = next(row for row in larger.rows("assets") if row["id"] == asset["id"])
    chosen["nameplate_capacity"] += 25
    _never_dearer(larger, case)


@law
def test_a_relaxed_limit_never_costs_more(case: GeneratedCase) -> None:
    places = [("limits", "amount"), ("suppliers", "offered"), ("buyers", "most")]
    places += [("links", "capacity"), ("stocks", "most"), ("options", "most")]
    rows = [
        {"table": table, "row": place, "column": column}
        for table, column in places
        for place, _ in enumerate(case.rows(table))
    ]
    place = _pick(case, rows)
    assert place is not None
    relaxed = case.changed()
    relaxed.tables[place["table"]][place["row"]][place["column"]] *= 2
    _never_dearer(relaxed, case)


@law
def test_a_shorter_permit_never_costs_more_in_yearly_cases(case: GeneratedCase) -> None:
    """Deciding a year later gives the same output for the same money, where that is allowed."""
    slow = case.changed()
    slow.tables["limits"] = [row for row in slow.rows("limits") if row["kind"] != "starts"]
    for row in slow.rows("options"):
        row.pop("requires", None)
        row.pop("latest", None)
    option = _pick(case, slow.rows("options"))
    if option is None:
        return
    option["permit_years"] = 1
    quick = slow.changed()
    next(row for row in quick.rows("options") if row["id"] == option["id"])["permit_years"] = 0
    _never_dearer(quick, slow)


@law
def test_a_stricter_class_never_costs_less(case: GeneratedCase) -> None:
    """Against the case as it is: any class at all costs no more, the strictest no less."""
    name = Random(case.key).choice([row["id"] for row in case.rows("demands")])
    versions = []
    for asked in (CLASSES[0], CLASSES[-1]):
        version = case.changed()
        for row in version.rows("demands"):
            if row["id"] == name:
                row["class"] = asked
        versions.append(version)
    strict, free = versions
    _never_dearer(case, strict)
    _never_dearer(free, case)


@law
def test_csv_to_excel_to_csv_keeps_the_plan(case: GeneratedCase) -> None:
    with _written(case) as folder:
        book = write_excel(read_case(folder), folder.parent / "generated.xlsx")
        again = write_case(read_case(book), folder.parent / "again")
        assert read_case(again).content() == read_case(folder).content()
        assert _plan(again).cost == _planned(case).cost


@pytest.mark.slow
@pytest.mark.parametrize("check", LAWS, ids=lambda check: check.__name__)
def test_every_law_holds_on_many_cases(check: Law) -> None:
    @seed(7)
    @_examples(MANY)
    @given(case=generated_cases(yearly="yearly" in check.__name__))
    def tried(case: GeneratedCase) -> None:
        note(case.key)
        check(case)

    tried()
