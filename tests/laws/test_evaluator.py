"""The second opinion agrees with the planner, and disagrees with every plan that was altered."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import pandas as pd
import pytest

from coercivity.studies.plan import PlanOptions, plan
from tests.evaluator import evaluate
from tests.laws.generated_cases import case_of
from tests.laws.workshop import SETTINGS, TABLES
from tests.written_cases import write_case_folder

CASES = Path(__file__).parents[2] / "src" / "coercivity" / "cases"


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workshop")
    case = write_case_folder(folder / "case", TABLES, SETTINGS)
    return plan(case, folder / "runs", PlanOptions(gap=0.0)).path


@pytest.fixture
def copied(workshop: Path, tmp_path: Path) -> Path:
    return shutil.copytree(workshop, tmp_path / "run")


def test_a_plan_that_uses_everything_passes(workshop: Path) -> None:
    assert evaluate(workshop) == []
    for name in ("builds", "activity", "flows", "purchases", "sales", "served", "unsold", "stocks"):
        assert len(pd.read_parquet(workshop / "tables" / f"{name}.parquet")), name
    terms = pd.read_parquet(workshop / "tables" / "cost_terms.parquet")
    assert (terms["value_musd"].abs() > 1e-6).all()
    assert len(terms) == 14


@pytest.mark.parametrize("name", ["mini", "mini-tungsten"])
def test_the_small_reference_cases_pass(name: str, tmp_path: Path) -> None:
    assert evaluate(plan(CASES / name, tmp_path, PlanOptions(gap=0.0)).path) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["us-rare-earths", "us-tungsten"])
def test_the_large_reference_cases_pass(name: str, tmp_path: Path) -> None:
    assert evaluate(plan(CASES / name, tmp_path, PlanOptions(gap=0.02)).path) == []


@pytest.mark.slow
def test_two_hundred_generated_plans_pass(tmp_path: Path) -> None:
    wrong = {}
    for number in range(200):
        folder = tmp_path / str(number)
        case = case_of(Random(number)).write(folder / "case")
        wrong[number] = evaluate(plan(case, folder / "runs", PlanOptions(gap=0.0)).path)
        shutil.rmtree(folder)
    assert {number: found for number, found in wrong.items() if found} == {}


Change = Callable[[pd.DataFrame], pd.DataFrame]


def _row(frame: pd.DataFrame, where: dict[str, object]) -> int:
    chosen = pd.Series(data=True, index=frame.index)
    for name, wanted in where.items():
        chosen &= frame[name.rstrip("_")] == wanted
    return int(frame.index[chosen][0])


def _set(column: str, value: object, **where: object) -> Change:
    """Set a cell in the first row in which other cells have some values."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        row = _row(frame, where)
        values = frame[column].tolist()
        assert values[row] != value
        values[row] = value
        return frame.assign(**{column: values})

    return change


def _add(column: str, amount: float, **where: object) -> Change:
    """Add to a cell in the first row in which other cells have some values."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        row = _row(frame, where)
        values = frame[column].tolist()
        values[row] += amount
        return frame.assign(**{column: values})

    return change


def _drop(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.iloc[1:].reset_index(drop=True)


ALTERED_TABLES: dict[str, tuple[str, Change, str]] = {
    "a tonne more moves": ("flows", _add("flow_t", 1, link="ship"), "balance of"),
    "a gram more moves": ("flows", _add("flow_t", 0.001, link="ship"), "balance of"),
    "a way is taken that closed": ("flows", _set("year", 2027, link="old"), "link not open"),
    "no rule opens a way": ("flows", _set("to", "pit", lane="sea:port>home"), "no rule opens"),
    "a link moves what it cannot": ("flows", _set("material", "mid", link="line"), "not carry"),
    "a flow claims a class": ("flows", _set("class", "pure", link="line", class_="any"), "class"),
    "a plant runs more": ("activity", _add("activity_t", 100, asset="works-refine"), "capacity"),
    "a plant runs less": ("activity", _add("activity_t", -60, asset="pit-mine"), "least activity"),
    "a product claims a class": (
        "activity",
        _set("class", "pure", asset="works-make", class_="any", year=2029),
        "class pure of",
    ),
    "a closed plant runs": ("activity", _set("asset", "shut"), "runs but cannot"),
    "a mode runs too early": (
        "activity",
        _set("mode", "sour", asset="works-refine", year=2025),
        "not open",
    ),
    "a demand is served with something else": ("served", _set("material", "ore"), "cannot serve"),
    "a decision falls earlier": ("builds", _set("decision_year", 2026, option="o-refine"), "first"),
    "a decision falls too late": ("builds", _set("decision_year", 2031, option="o-make"), "period"),
    "a module is forgotten": ("builds", _drop, "capacity"),
    "a module comes on earlier": (
        "builds",
        _set("first_output_year", 2026, option="o-make"),
        "first output",
    ),
    "modules come free": ("builds", _set("capital_musd", 0.0, option="o-make"), "capital of"),
    "half a module is built": ("builds", _set("modules", 0.5, option="o-make"), "whole"),
    "a module more is built": ("builds", _set("modules", 2, option="o-make"), "modules of"),
    "an excluded option is built": ("builds", _set("option", "o-tram", option="o-make"), "exclud"),
    "a required option is missing": (
        "builds",
        _set("option", "o-make", option="o-refine"),
        "o-line requires o-refine",
    ),
    "a supply claims a class": ("purchases", _set("class", "pure", supplier="abroad"), "supply"),
    "a supplier sells more": ("purchases", _add("bought_t", 5, supplier="abroad"), "suppliers"),
    "a supplier sells elsewhere": (
        "purchases",
        _set("site", "home", supplier="abroad"),
        "trades at",
    ),
    "a buyer takes more": ("sales", _add("sold_t", 5, buyer="sides"), "buyers"),
    "what costs to dump is dumped": ("unsold", _set("material", "smoke", site="works"), "disposal"),
    "unsold where nothing makes it": ("unsold", _set("site", "home"), "unsold where"),
    "a demand takes a worse class": ("served", _set("class", "any", demand="guard"), "worse class"),
    "a demand is served early": ("served", _set("year", 2025, material="mid"), "too early"),
    "a demand is served elsewhere": ("served", _set("site", "works"), "served elsewhere"),
    "a shortfall is hidden": (
        "coverage",
        _set("shortfall_t", 0.0, year=2026, demand="cars"),
        "sho",
    ),
    "a demand is told smaller": ("coverage", _add("demand_t", -1.0), "as told"),
    "stock appears": ("stocks", _add("level_t", 1, stock="bin"), "carried"),
    "old stock claims a class": (
        "stocks",
        _set("class", "pure", stock="heap", class_="any"),
        "keeps class pure",
    ),
    "a full stock is overfilled": ("stocks", _set("level_t", 60.0, stock="heap"), "room"),
    "a plant asleep runs": ("states", _set("state", "mothballed", year=2025, state="kept"), "runs"),
    "a plant that cannot sleeps": (
        "states",
        _set("state", "mothballed", asset="works-refine"),
        "cannot be mothballed",
    ),
    "a plant comes back from the dead": (
        "states",
        _set("state", "retired", asset="works-spare", year=2026),
        "came back",
    ),
}


@pytest.mark.parametrize("name", ALTERED_TABLES)
def test_an_altered_table_is_found(name: str, copied: Path) -> None:
    table, change, word = ALTERED_TABLES[name]
    path = copied / "tables" / f"{table}.parquet"
    change(pd.read_parquet(path)).to_parquet(path)
    assert any(word in text for text in evaluate(copied)), evaluate(copied)[:5]


@pytest.mark.parametrize("row", range(14))
def test_every_altered_cost_term_is_found(row: int, copied: Path) -> None:
    path = copied / "tables" / "cost_terms.parquet"
    frame = pd.read_parquet(path)
    values = frame["value_musd"].tolist()
    values[row] += 1e-5
    frame.assign(value_musd=values).to_parquet(path)
    wrong = evaluate(copied)
    assert any(f"cost term {frame['term'].tolist()[row]}" in text for text in wrong)
    assert any("sum of the terms told" in text for text in wrong)


def test_an_altered_objective_is_found(copied: Path) -> None:
    path = copied / "run.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["result"]["objective"] *= 1 + 1e-4
    path.write_text(json.dumps(document), encoding="utf-8")
    assert any("sum of the terms recomputed" in text for text in evaluate(copied))


ALTERED_INPUTS: dict[str, tuple[str, str, str, str, str]] = {
    "less capacity": ("assets", "works-refine", "nameplate_capacity", "20", "capacity"),
    "less availability": ("assets-availability", "2027", "works-make", "0.2", "capacity"),
    "capacity that ends": ("assets", "pit-mine", "last_year", "2026", "capacity"),
    "a slower ramp": ("options", "o-make", "ramp", "0.1", "capacity"),
    "a longer permit": ("options", "o-make", "permit_years", "1", "first output"),
    "a module that cannot finish": ("options", "o-refine", "build_years", "9", "horizon"),
    "a decision not before": ("options", "o-make", "earliest", "2027", "too early"),
    "a decision not after": ("options", "o-refine", "latest", "2026", "too late"),
    "a greater duty to run": ("assets", "pit-mine", "least_activity", "101", "least activity"),
    "a smaller reserve": ("assets", "pit-mine", "reserve", "300", "reserve"),
    "a higher turndown": ("assets", "works-spare", "turndown", "0.9", "turndown"),
    "a thinner link": ("links", "line", "capacity", "30", "capacity"),
    "a greater duty to move": ("links", "ship", "least", "60", "least"),
    "a smaller offer": ("suppliers", "abroad", "offered", "20", "suppliers"),
    "a smaller taker": ("buyers", "sides", "most", "4", "buyers"),
    "a greater demand": ("demands", "cars", "amount", "41", "as told"),
    "a stricter demand": ("demands", "guard", "class", "pure", "worse class"),
    "a smaller stock": ("stocks", "heap", "most", "13", "room"),
    "a tighter budget": ("limits", "money", "amount", "0.01", "limit money"),
    "a tighter public budget": ("limits", "state", "amount", "0.001", "limit state"),
    "a tighter project budget": ("limits", "owners", "amount", "0.009", "limit owners"),
    "fewer crews": ("limits", "crews", "amount", "0.4", "limit crews"),
    "fewer imports": ("limits", "ships", "amount", "15", "limit ships"),
    "fewer exports": ("limits", "sold", "amount", "7", "limit sold"),
    "less smoke": ("limits", "air", "amount", "7", "limit air"),
    "a higher target": ("targets", "t1", "share", "0.9", "target t1"),
    "a rule that begins earlier": ("origin_rules", "rule", "groups", "allied", "claims a class"),
    "a covered country": ("countries", "AUS", "group", "covered", "claims a class"),
    "a poorer ore": ("compositions", "ore", "mass_fraction", "0.1", "made"),
    "a lower recovery": ("recipes", "make", "amount", "0.7", "balance"),
    "a banned way": ("link_rules", "ban", "from", "domestic", "no rule opens"),
    "a way that opens later": ("link_rules", "sea", "first_year", "2026", "no rule opens"),
    "a material that no rule moves": ("materials", "good", "tradable", "no", "no rule opens"),
    "a link beside the rule": ("links", "old", "materials", "good", "no rule opens"),
}


def _rewrite(run: Path, place: tuple[str, str, str], new: Callable[[str], str]) -> None:
    """Change one cell of the frozen inputs: in the first row of a key, filled if any is."""
    table, key, column = place
    path = run / "inputs" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    named = [row for row in rows if key in list(row.values())[:2]]
    chosen = next((row for row in named if row.get(column)), named[0])
    value = new(chosen.get(column) or "")
    assert chosen.get(column) != value
    chosen[column] = value
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(dict.fromkeys(c for row in rows for c in row)))
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize("name", ALTERED_INPUTS)
def test_a_plan_for_other_inputs_is_found(name: str, copied: Path) -> None:
    table, key, column, value, word = ALTERED_INPUTS[name]
    _rewrite(copied, (table, key, column), lambda _: value)
    wrong = evaluate(copied)
    assert any(word in text for text in wrong), wrong[:5]


COSTS = {
    ("assets", "pit-mine", "variable_cost"): "variable",
    ("assets", "works-refine", "fixed_cost"): "fixed",
    ("assets", "hill-mine", "care_cost"): "care",
    ("assets", "hill-mine", "restart_cost"): "restart",
    ("options", "o-refine", "capital"): "capital",
    ("options", "o-refine", "financing_rate"): "capital",
    ("options", "o-refine", "life"): "salvage",
    ("options", "o-make", "capital_years"): "capital",
    ("links", "line", "cost"): "freight",
    ("link_rules", "out", "cost_per_km"): "freight",
    ("link_rules", "sea", "fixed_cost"): "freight",
    ("materials", "ore", "gross_per_t"): "freight",
    ("tariffs", "covered", "rate"): "tariff",
    ("tariffs", "allied", "amount"): "tariff",
    ("prices", "good", "price"): "tariff",
    ("suppliers", "abroad", "price"): "purchase",
    ("buyers", "sides", "price"): "sales",
    ("demands", "cars", "penalty"): "shortfall",
    ("demand_materials", "cars", "extra_cost"): "substitution",
    ("stocks", "heap", "holding_cost"): "holding",
    ("stocks", "heap", "fill_cost"): "filling",
}


@pytest.mark.parametrize("place", COSTS)
def test_every_price_in_the_inputs_counts(place: tuple[str, str, str], copied: Path) -> None:
    _rewrite(copied, place, lambda old: "0.5;0.5" if ";" in old else str(2 * float(old)))
    wrong = evaluate(copied)
    assert any(f"cost term {COSTS[place]}" in text for text in wrong), wrong[:5]
