"""First-order influence is what a small change of a figure does to the cost, builds kept."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from coercivity.chain import Case, load_case
from coercivity.planning.influence import Figure, influence_table, influences
from coercivity.planning.model import PlanningModel, build_model
from coercivity.planning.solve import PlanLimits, PlanSolution, solve_plan
from coercivity.solvers import HighsModel
from coercivity.tables import find_case
from tests.small_chains import trade
from tests.written_cases import planned, write_case_folder

STEP = 0.01
"""Share by which a figure is moved. [fraction]"""
BETWEEN_STEPS = 37.0
"""Civil demand added so that no offer is used up exactly. [t/year]"""
Change = Callable[[Case, str, float], Case]


def offers(case: Case, key: str, **factors: float) -> Case:
    """Multiply columns of one step of a supplier."""
    changed = [
        replace(offer, **{name: getattr(offer, name) * by for name, by in factors.items()})
        if f"{offer.supplier}/{offer.step}" == key
        else offer
        for offer in case.offers
    ]
    return replace(case, offers=tuple(changed))


def option_capital(case: Case, key: str, factor: float) -> Case:
    option = case.options[key]
    return replace(
        case, options={**case.options, key: replace(option, capital=option.capital * factor)}
    )


def demand_amount(case: Case, key: str, factor: float) -> Case:
    demand = case.demands[key]
    return replace(
        case, demands={**case.demands, key: replace(demand, amount=demand.amount * factor)}
    )


def variable_cost(case: Case, key: str, factor: float) -> Case:
    asset = case.assets[key]
    dearer = replace(asset, variable_cost=asset.variable_cost * factor)
    return replace(case, assets={**case.assets, key: dearer})


def nameplate(case: Case, key: str, factor: float) -> Case:
    asset = case.assets[key]
    larger = replace(asset, capacity=asset.capacity * factor)
    return replace(case, assets={**case.assets, key: larger})


def recipe_amount(case: Case, key: str, factor: float) -> Case:
    name, mode_name, material, direction = key.split("/")
    process = case.processes[name]
    modes = []
    for mode in process.modes:
        if mode.name == mode_name:
            inputs, outputs = dict(mode.inputs), dict(mode.outputs)
            side = inputs if direction == "in" else outputs
            side[material] *= factor
            mode = replace(mode, inputs=inputs, outputs=outputs)  # noqa: PLW2901
        modes.append(mode)
    changed = replace(process, modes=tuple(modes))
    return replace(case, processes={**case.processes, name: changed})


CHANGES: dict[tuple[str, str], Change] = {
    ("suppliers", "price"): lambda case, key, by: offers(case, key, price=by),
    ("suppliers", "offered"): lambda case, key, by: offers(case, key, offered=by),
    ("options", "capital"): option_capital,
    ("demands", "amount"): demand_amount,
    ("assets", "variable_cost"): variable_cost,
    ("assets", "nameplate_capacity"): nameplate,
    ("recipes", "amount"): recipe_amount,
}


@cache
def solved(more: float) -> tuple[PlanningModel, PlanSolution]:
    """Plan the small case with some tonnes more of civil demand. [t/year]"""
    case, _, _ = load_case(find_case("mini"))
    civil = case.demands["civil"]
    civil = replace(civil, amount=civil.amount + more)
    model = build_model(replace(case, demands={**case.demands, "civil": civil}))
    return model, solve_plan(model, PlanLimits(gap=0.0))


def cost_with(figure: Figure, factor: float, more: float) -> float:
    """Cost of the same builds if a figure were larger by a factor; infinite if none. [million]"""
    model, solution = solved(more)
    table, key, column = figure
    changed = build_model(CHANGES[table, column](model.case, key, factor)).scaled
    assert changed.matrices.columns == model.scaled.matrices.columns
    found = HighsModel(changed.matrices).solve_fixed(solution.primal)
    return math.inf if found.objective is None else found.objective * changed.unit


def one_sided(figure: Figure, more: float) -> tuple[float, float]:
    """Change of cost per share of change, to the left and to the right. [million]"""
    at = cost_with(figure, 1.0, more)
    left = (at - cost_with(figure, 1 - STEP, more)) / STEP
    right = (cost_with(figure, 1 + STEP, more) - at) / STEP
    return left, right


LISTED = [*influences(*solved(0.0))]
SMOOTH = [
    ("suppliers", "chn-magnet/1", "price"),
    ("suppliers", "chn-magnet/1", "offered"),
    ("suppliers", "chn-magnet/2", "offered"),
    ("suppliers", "jpn-magnet/1", "price"),
    ("options", "magnet-hall", "capital"),
    ("demands", "civil", "amount"),
    ("assets", "magnet-plant", "variable_cost"),
]
"""Figures with no kink nearby once civil demand ends between two steps of the offers."""


@pytest.mark.parametrize("more", [0.0, BETWEEN_STEPS])
@pytest.mark.parametrize("figure", LISTED, ids="/".join)
def test_influence_lies_between_the_changes_to_either_side(figure: Figure, more: float) -> None:
    left, right = one_sided(figure, more)
    found = influences(*solved(more))[figure]
    slack = 0.01 * abs(found) + 1e-6
    assert min(left, right) - slack <= found <= max(left, right) + slack


@pytest.mark.parametrize("figure", SMOOTH, ids="/".join)
def test_where_cost_has_no_kink_influence_is_the_change(figure: Figure) -> None:
    found = influences(*solved(BETWEEN_STEPS))[figure]
    assert abs(found) > 1
    for side in one_sided(figure, BETWEEN_STEPS):
        assert found == pytest.approx(side, rel=0.01)


def test_every_kind_of_figure_of_the_case_is_ranked() -> None:
    assert {(table, column) for table, _, column in LISTED} == set(CHANGES)


def test_the_reference_amount_of_a_recipe_is_no_figure() -> None:
    keys = {key for table, key, _ in LISTED if table == "recipes"}
    assert "make-magnets/main/ndpr-oxide/in" in keys
    assert not keys & {"make-magnets/main/magnet/out", "mine/main/concentrate/out"}


TWO_PLACES = [{"id": i, "country": "CHN", "kind": "pool"} for i in ("north", "south")]


@pytest.fixture
def shared(tmp_path: Path) -> dict[Figure, float]:
    """A cheap offer and a dear buyer, each at two places; 100 a tonne more is asked elsewhere."""
    tables = trade(
        sites=[{"id": "usa", "country": "USA", "kind": "pool"}, *TWO_PLACES],
        suppliers=[
            {"id": "cheap", "country": "CHN", "material": "good", "price": 1000, "offered": 400},
            {"id": "dear", "country": "CHN", "material": "good", "price": 1100},
        ],
        buyers=[{"id": "keen", "country": "CHN", "material": "good", "price": 1500, "most": 200}],
        link_rules=[{"id": "sea", "from": "CHN", "to": "USA", "materials": "good"}],
    )
    _, model, solution = planned(write_case_folder(tmp_path / "case", tables))
    return influences(model, solution)


def test_steps_at_several_places_have_their_rent(shared: dict[Figure, float]) -> None:
    to_million = 1e-6
    assert shared["suppliers", "cheap/1", "offered"] == pytest.approx(-400 * 100 * to_million)
    assert shared["buyers", "keen/1", "most"] == pytest.approx(-200 * 400 * to_million)
    assert shared["suppliers", "cheap/1", "price"] == pytest.approx(400 * 1000 * to_million)
    assert shared["buyers", "keen/1", "price"] == pytest.approx(-200 * 1500 * to_million)


def test_the_table_ranks_by_influence_over_half_the_range() -> None:
    case, tables, _ = load_case(find_case("mini"))
    model = build_model(case)
    frame = influence_table(model, solve_plan(model, PlanLimits(gap=0.0)), tables).frame
    half = frame["influence_musd"].abs() * frame["range"]
    assert frame["uncertainty_musd"].tolist() == pytest.approx(half.tolist())
    assert frame["uncertainty_musd"].is_monotonic_decreasing
    assert frame.loc[0, "key"] == "civil"


def test_a_range_is_read_or_assumed_by_confidence(tmp_path: Path) -> None:
    given = {"price": 1000, "price_low": 800, "price_high": 1400, "confidence": "low"}
    tables = trade(
        suppliers=[
            {"id": "told", "country": "CHN", "material": "good", "offered": 300, **given},
            {
                "id": "sure",
                "country": "CHN",
                "material": "good",
                "offered": 300,
                "price": 1000,
                "confidence": "high",
            },
            {"id": "silent", "country": "CHN", "material": "good", "price": 1100},
        ],
        link_rules=[{"id": "sea", "from": "CHN", "to": "USA", "materials": "good"}],
    )
    folder = write_case_folder(tmp_path / "case", tables)
    _, model, solution = planned(folder)
    frame = influence_table(model, solution, load_case(folder)[1]).frame
    prices = frame[(frame["table"] == "suppliers") & (frame["column"] == "price")]
    found = prices.set_index("key")[["range", "assumed"]].T.to_dict("list")
    assert found == {
        "told/1": [0.3, False],
        "sure/1": [0.05, True],
        "silent/1": [0.3, True],
    }


def test_an_amount_held_by_an_element_balance_is_off_by_no_more_than_is_lost() -> None:
    case, tables, _ = load_case(find_case("mini"))
    model = build_model(case)
    frame = influence_table(model, solve_plan(model, PlanLimits(gap=0.0)), tables).frame
    ranges = frame.set_index("key")["range"]
    assert ranges["separate/main/ndpr-oxide/out"] == pytest.approx(0.10), "recovery 0.90"
    assert ranges["make-magnets/main/ndpr-oxide/in"] == pytest.approx(1 - 0.300 / 0.306, abs=0.01)
