"""Every relation that is checked between nouns: message, place, severity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from coercivity.chain import load_case
from coercivity.foundation.codes import PAGES
from coercivity.foundation.errors import CaseError
from coercivity.foundation.problems import Problem, Severity
from tests.small_chains import ALL_GROUPS, plant, trade, years
from tests.written_cases import Rows, Tables, write_case_folder

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
GOOD: Tables = plant({"nameplate_capacity": 1000})
SEA = {"id": "sea", "from": "chn", "to": "usa"}


@dataclass(frozen=True)
class Wrong:
    """A case with one thing wrong, and how it is told."""

    name: str
    tables: Tables
    code: str
    severity: Severity
    place: str
    """As a person reads it."""
    what: str
    instead: str
    settings: Mapping[str, object] | None = None


def recipe(*parts: tuple[str, str, float], process: str = "make", mode: str = "main") -> Rows:
    return [
        {"process": process, "mode": mode, "material": m, "direction": d, "amount": a}
        for m, d, a in parts
    ]


def composed(*contents: tuple[str, str, float], **more: object) -> Rows:
    return [{"material": m, "element": e, "mass_fraction": f, **more} for m, e, f in contents]


BAR = recipe(("ore", "in", 1), ("bar", "out", 1))
SMELTER: Tables = {
    **plant({"process": "make", "nameplate_capacity": 1000}),
    "elements": [{"id": "X", "oxide_factor": 0.8}, {"id": "Y", "oxide_factor": 0.5}],
    "materials": [{"id": "ore", "basis": "oxide"}, {"id": "bar", "basis": "metal"}],
    "compositions": composed(("ore", "X", 0.6), ("bar", "X", 0.6)),
    "processes": [{"id": "make", "reference_material": "bar"}],
    "recipes": BAR,
    "suppliers": [{"id": "s", "site": "works", "material": "ore", "price": 1}],
    "demand_materials": [{"demand": "users", "material": "bar"}],
}

MAKING = (
    Wrong(
        "an element made from nothing",
        {**SMELTER, "compositions": composed(("ore", "X", 0.5), ("bar", "X", 0.6))},
        "T104",
        ERROR,
        "recipes.csv, rows 2–3",
        "process 'make' makes 0.6 t X from 0.5 t X",
        "contained element out must not exceed contained element in",
    ),
    Wrong(
        "an element made from nothing in a mode",
        {
            **SMELTER,
            "recipes": [*BAR, *recipe(("ore", "in", 0.5), ("bar", "out", 1), mode="lean")],
        },
        "T104",
        ERROR,
        "recipes.csv, rows 4–5",
        "process 'make' (mode 'lean') makes 0.6 t X from 0.3 t X",
        "Check the amounts, the compositions, and whether they count oxide or element",
    ),
    Wrong(
        "a content counted as oxide",
        {**SMELTER, "compositions": [
            *composed(("ore", "X", 0.7), counted_as="oxide"), *composed(("bar", "X", 0.6))
        ]},
        "T104",
        ERROR,
        "recipes.csv, rows 2–3",
        "process 'make' makes 0.6 t X from 0.56 t X",
        "Element balance",
    ),
    Wrong(
        "no composition at all",
        GOOD,
        "C220",
        WARNING,
        "recipes.csv, row 2",
        "no material of process 'make' has a composition",
        "Its element balance cannot be checked; list contents in compositions.csv",
    ),
    Wrong(
        "counted in something that the recipe does not have",
        {**SMELTER, "processes": [{"id": "make", "reference_material": "slag"}],
         "materials": [*SMELTER["materials"], {"id": "slag"}]},
        "C221",
        ERROR,
        "recipes.csv, rows 2–3",
        "mode 'main' of process 'make' is counted in 'slag', which its recipe neither takes nor "
        "gives",
        "Add the reference material to the recipe, or give the mode its own reference_material",
    ),
    Wrong(
        "a mode without a recipe",
        {**SMELTER, "modes": [{"process": "make", "mode": "spare"}]},
        "C221",
        ERROR,
        "processes.csv, row 2, column 'reference_material'",
        "mode 'spare' of process 'make' is counted in 'bar'",
        "Add the reference material to the recipe",
    ),
    Wrong(
        "a process without a recipe",
        {**SMELTER, "processes": [
            *SMELTER["processes"], {"id": "idle", "reference_material": "bar"}
        ]},
        "C222",
        ERROR,
        "processes.csv, row 3, column 'id'",
        "process 'idle' has no recipe",
        "List what it takes and gives in recipes.csv",
    ),
    Wrong(
        "more than the whole",
        {**SMELTER, "compositions": composed(
            ("ore", "X", 0.7), ("ore", "Y", 0.4), ("bar", "X", 0.6)
        )},
        "C223",
        ERROR,
        "compositions.csv, rows 2–3, column 'mass_fraction'",
        "'ore' contains 1.1 t per tonne",
        "Contents cannot exceed the whole; check the fractions",
    ),
    Wrong(
        "a little more than the whole",
        {**SMELTER, "compositions": composed(
            ("ore", "X", 0.62), ("ore", "Y", 0.4), ("bar", "X", 0.6)
        )},
        "C224",
        WARNING,
        "compositions.csv, rows 2–3, column 'mass_fraction'",
        "contents of 'ore' add up to 1.02",
        "write `normalise: yes` in case.yaml to have them scaled",
    ),
    Wrong(
        "oxides that nearly close",
        {**SMELTER, "compositions": [
            *composed(("ore", "X", 0.78), ("ore", "Y", 0.2), counted_as="oxide"),
            *composed(("bar", "X", 0.6)),
        ]},
        "C224",
        WARNING,
        "compositions.csv, rows 2–3, column 'mass_fraction'",
        "contents of 'ore' add up to 0.98",
        "Correct them",
    ),
)  # fmt: skip


def option(**values: object) -> Tables:
    return plant({"nameplate_capacity": 1000}, options=[{"id": "new", "capital": 1, **values}])


def two(first: Mapping[str, object], second: Mapping[str, object]) -> Tables:
    return plant(
        {"nameplate_capacity": 1000}, options=[{"id": "one", **first}, {"id": "two", **second}]
    )


TIMING = (
    Wrong(
        "an option that is never ready",
        option(permit_years=1, build_years=2),
        "C205",
        WARNING,
        "options.csv, row 2, column 'build_years'",
        "option 'new' cannot finish within the horizon: decided on in 2025 it gives its first "
        "output in 2028, but the horizon ends with 2026",
        "It can never be chosen. Shorten permit_years or build_years, or extend periods",
        years(2025, 2027),
    ),
    Wrong(
        "an option between two periods",
        option(earliest=2026, latest=2026),
        "C205",
        WARNING,
        "options.csv, row 2, column 'build_years'",
        "no period begins between its earliest and latest year",
        "Change earliest or latest, or let a period begin in between",
        years(2025, 2027, 2029),
    ),
    Wrong(
        "more years of spending than of construction",
        option(build_years=1, capital_years="0.5;0.5"),
        "C206",
        ERROR,
        "options.csv, row 2, column 'capital_years'",
        "option 'new' spends over 2 years but builds in 1",
        "Give at most one share a construction year",
        years(2025, 2026, 2027),
    ),
    Wrong(
        "spending that is not the whole",
        option(build_years=2, capital_years="0.5;0.4"),
        "C206",
        ERROR,
        "options.csv, row 2, column 'capital_years'",
        "shares of capital of option 'new' add up to 0.9, not 1",
        "coercivity never rescales for you",
        years(2025, 2026, 2027, 2028),
    ),
    Wrong(
        "a ramp above the size",
        option(ramp="0.5;1.2"),
        "C207",
        ERROR,
        "options.csv, row 2, column 'ramp'",
        "ramp of option 'new' has 1.2",
        "A share of the size lies between 0 and 1",
    ),
    Wrong(
        "half a financing",
        option(financing_years=10),
        "C208",
        ERROR,
        "options.csv, row 2, column 'financing_rate'",
        "option 'new' has only one of financing_rate and financing_years",
        "Give both, or neither to pay capital as it is spent",
    ),
    Wrong(
        "financing for less than a year",
        option(financing_years=0.5, financing_rate=0.1),
        "C208",
        ERROR,
        "options.csv, row 2, column 'financing_years'",
        "option 'new' is financed over 0.5 years",
        "Give at least one year, or leave financing empty",
    ),
    Wrong(
        "a circle of requirements",
        two({"requires": "two"}, {"requires": "one"}),
        "C209",
        WARNING,
        "options.csv, row 2, column 'requires'",
        "options require each other in a circle: one → two → one",
        "Take one of the requirements out",
    ),
    Wrong(
        "an option that requires itself",
        option(requires="new"),
        "C209",
        ERROR,
        "options.csv, row 2, column 'requires'",
        "options require each other in a circle: new → new",
        "Take one of the requirements out",
    ),
    Wrong(
        "required and excluded",
        two({"requires": "two", "excludes": "two"}, {}),
        "C210",
        ERROR,
        "options.csv, row 2, column 'excludes'",
        "option 'one' both requires and excludes 'two'",
        "Take it out of one of the two lists",
    ),
)

REACH = (
    Wrong(
        "a demand without a material",
        {**GOOD, "demand_materials": []},
        "C201",
        ERROR,
        "demands.csv, row 2, column 'id'",
        "demand 'users' names no material that serves it",
        "List at least one in demand_materials.csv",
    ),
    Wrong(
        "a demand that nothing reaches",
        trade(),
        "C202",
        ERROR,
        "demands.csv, row 2, column 'id'",
        "demand 'users' cannot be reached: nothing can bring 'good' to 'usa'",
        "Add a supplier, a link or link rule to its place",
    ),
    Wrong(
        "a plant that has no capacity",
        {**GOOD, "assets": [*GOOD["assets"], {"id": "shed", "site": "works", "process": "make"}]},
        "C203",
        WARNING,
        "assets.csv, row 3, column 'nameplate_capacity'",
        "asset 'shed' can never run: it has no capacity and no option adds any",
        "Give it a capacity (an empty cell is 0), check its years, or add an option",
    ),
    Wrong(
        "a plant that is gone before the horizon",
        {**GOOD, "assets": [
            *GOOD["assets"],
            {**GOOD["assets"][0], "id": "old", "last_year": 2024},
        ]},
        "C203",
        WARNING,
        "assets.csv, row 3, column 'nameplate_capacity'",
        "asset 'old' can never run",
        "check its years",
    ),
    Wrong(
        "a plant without its feed",
        {**SMELTER, "sites": [*SMELTER["sites"], {"id": "far", "country": "USA"}],
         "assets": [*SMELTER["assets"], {**SMELTER["assets"][0], "id": "lost", "site": "far"}]},
        "C204",
        WARNING,
        "assets.csv, row 3, column 'process'",
        "asset 'lost' can never run: 'ore' cannot reach site 'far'",
        "Add a supplier, a link or a link rule that brings it",
    ),
    Wrong(
        "an unlimited plant with a state",
        plant({"nameplate_capacity": "unlimited", "fixed_cost": 1}),
        "C219",
        ERROR,
        "assets.csv, row 2, column 'nameplate_capacity'",
        "asset 'plant' is unlimited, but can be kept or retired",
        "need a capacity: give it a number, or leave them empty",
    ),
)  # fmt: skip


def rules(**values: object) -> Tables:
    row = {"id": "r", "from": "CHN", "to": "USA", **values}
    return trade(links=[SEA], link_rules=[row])


def series(*quotes: dict[str, object]) -> Tables:
    """Quote one series of prices, a year after the other."""
    rows = [
        {"material": "good", "date": 2025 + n, "price": 10, "series": "s", "place": "CHN"} | quote
        for n, quote in enumerate(quotes)
    ]
    return trade(link_rules=[{"id": "any", "from": "chn", "to": "usa"}], prices=rows)


def taxed(**tables: Rows) -> Tables:
    duty = {"from": "CHN", "to": "USA", "material": "good", "rate": 0.1}
    other = {"id": "o", "country": "CHN", "material": "good", "price": 5}
    moved = [{"id": "s", "site": "usa", "material": "good", "price": 5, "offered": 1}]
    stock = {"id": "pile", "site": "chn", "material": "good", "opening": 500}
    base = trade(links=[SEA], tariffs=[duty], suppliers=moved, stocks=[stock])
    return {**base, **(tables or {"suppliers": [other]})}


def steps(table: str, *prices: float) -> Tables:
    rows = [
        {"id": "x", "step": n, "site": "works", "material": "good", "price": price, "most": 1}
        if table == "buyers"
        else {"id": "x", "step": n, "site": "works", "material": "good", "price": price}
        for n, price in enumerate(prices, start=1)
    ]
    return {**GOOD, table: rows}


def limit(**values: object) -> Tables:
    return {
        **plant({"nameplate_capacity": 1000, "project": "p"}, options=[{"id": "new"}]),
        "countries": ALL_GROUPS,
        "projects": [{"id": "p"}, {"id": "q"}],
        "limits": [{"id": "cap", "amount": 1, **values}],
    }


TRADING = (
    Wrong(
        "a link to itself",
        trade(links=[SEA, {"id": "loop", "from": "usa", "to": "usa"}]),
        "C211",
        ERROR,
        "links.csv, row 3, column 'to'",
        "link 'loop' leads from 'usa' to itself",
        "Name two different sites",
    ),
    Wrong(
        "a distance between nowhere and nowhere",
        rules(cost_per_km=0.1),
        "C213",
        ERROR,
        "link_rules.csv, row 2, column 'cost_per_km'",
        "rule 'r' costs by distance, but 2 of its sites have no coordinates, such as 'chn'",
        "Give lat and lon in sites.csv, or use fixed_cost",
    ),
    Wrong(
        "a share of an unknown value",
        taxed(prices=[]),
        "C214",
        ERROR,
        "tariffs.csv, column 'rate'",
        "the duty on 'good' from 'CHN' is a share of its value, but the case has no price for it",
        "Add a row to prices.csv",
    ),
    Wrong(
        "a price in another currency",
        taxed(prices=[{"material": "good", "price": 10, "unit": "EUR/t"}]),
        "C214",
        ERROR,
        "tariffs.csv, column 'rate'",
        "the duty on 'good' from 'CHN' is a share of its value",
        "in USD/t or USD/kg",
    ),
    Wrong(
        "a duty on two series",
        taxed(prices=[{"material": "good", "price": p, "series": f"s{p}"} for p in (10, 12)]),
        "C228",
        ERROR,
        "prices.csv, row 3, column 'series'",
        "the duty on 'good' from 'CHN' could be charged on 2 series of prices: s10, s12",
        "Keep one series at that place",
    ),
    Wrong(
        "a series that mixes bases",
        series({"basis": "oxide"}, {"basis": "metal"}),
        "C229",
        ERROR,
        "prices.csv, row 3, column 'basis'",
        "series 's' of 'good' has basis 'metal' here and 'oxide' in prices.csv, row 2",
        "One series keeps one basis and one unit",
    ),
    Wrong(
        "a series that mixes units",
        series({}, {"unit": "EUR/t"}),
        "C229",
        ERROR,
        "prices.csv, row 3, column 'unit'",
        "series 's' of 'good' has unit 'EUR/t' here and 'USD/t' in prices.csv, row 2",
        "Convert the quotes",
    ),
    Wrong(
        "a supplier whose later step is cheaper",
        steps("suppliers", 100, 90),
        "C215",
        WARNING,
        "suppliers.csv, row 3, column 'price'",
        "step 2 of 'x' costs 90 after 100",
        "Steps of suppliers have rising prices",
    ),
    Wrong(
        "a buyer whose later step pays more",
        steps("buyers", 90, 100),
        "C215",
        WARNING,
        "buyers.csv, row 3, column 'price'",
        "step 2 of 'x' costs 100 after 90",
        "Steps of buyers have falling prices",
    ),
    Wrong(
        "a first priority with the lower penalty",
        {
            **GOOD,
            "demands": [
                {"id": n, "site": "works", "amount": 1, "priority": rank, "penalty": penalty}
                for n, rank, penalty in (("army", 1, 100), ("cars", 2, 200))
            ],
            "demand_materials": [{"demand": n, "material": "good"} for n in ("army", "cars")],
        },
        "C216",
        WARNING,
        "demands.csv, row 2, column 'penalty'",
        "demand 'army' has priority 1 but a lower penalty than 'cars' with priority 2",
        "In a shortage the plan serves the higher penalty first; raise it",
    ),
    Wrong(
        "imports of a project",
        limit(scope="project", target="p", kind="imports"),
        "C217",
        ERROR,
        "limits.csv, row 2, column 'scope'",
        "limit 'cap' bounds imports with scope project",
        "Exports and imports have scope all or country",
    ),
    Wrong(
        "emissions of nothing",
        limit(kind="emissions"),
        "C217",
        ERROR,
        "limits.csv, row 2, column 'material'",
        "limit 'cap' bounds emissions but names no material",
        "Name the material that counts the emissions and let recipes give it",
    ),
    Wrong(
        "a project without options",
        limit(scope="project", target="q", kind="capital"),
        "C218",
        WARNING,
        "limits.csv, row 2, column 'target'",
        "no option belongs to project 'q'",
        "The limit would bound nothing; check the name",
    ),
)

TOLD_BY_THE_TABLES = {"C212"}
"""Codes whose faults the tables room refuses before the chain sees them."""
EVERY = (*MAKING, *REACH, *TIMING, *TRADING)


def problems_of(
    folder: Path, tables: Tables, settings: Mapping[str, object] | None = None
) -> list[Problem]:
    """Load a case and list what is wrong, whether or not it can be used."""
    try:
        return load_case(write_case_folder(folder / "case", tables, settings))[2]
    except CaseError as error:
        return list(error.problems)


@pytest.mark.parametrize("wrong", EVERY, ids=lambda wrong: wrong.name)
def test_what_is_wrong_is_told_where_it_stands_with_what_to_do(
    wrong: Wrong, tmp_path: Path
) -> None:
    found = [p for p in problems_of(tmp_path, wrong.tables, wrong.settings) if p.code == wrong.code]
    assert [str(problem.place) for problem in found] == [wrong.place]
    assert wrong.what in found[0].what
    assert wrong.instead in found[0].instead
    assert found[0].severity is wrong.severity


@pytest.mark.parametrize("wrong", EVERY, ids=lambda wrong: wrong.name)
def test_an_error_stops_the_case_and_a_warning_only_when_strict(
    wrong: Wrong, tmp_path: Path
) -> None:
    folder = write_case_folder(tmp_path / "case", wrong.tables, wrong.settings)
    if wrong.severity is ERROR:
        with pytest.raises(CaseError, match=rf"\[{wrong.code}\]"):
            load_case(folder)
    else:
        load_case(folder)
        with pytest.raises(CaseError, match=rf"\[{wrong.code}\]"):
            load_case(folder, strict=True)


def test_every_check_of_the_chain_is_held_by_a_case_above() -> None:
    checks = Path(load_case.__code__.co_filename).parent / "checks"
    text = "".join(path.read_text(encoding="utf-8") for path in checks.glob("*.py"))
    written = {code for code in PAGES if f'"{code}"' in text}
    elsewhere = {"C225", "C226"}  # test_varying.py, test_pricing.py
    assert written - TOLD_BY_THE_TABLES - elsewhere == {wrong.code for wrong in EVERY}


@pytest.mark.parametrize(
    ("tables", "place", "what"),
    [
        (rules(**{"from": "USB"}), "link_rules.csv, row 2, column 'from'", "'USB' selects no site"),
        (rules(to="kind:pol"), "link_rules.csv, row 2, column 'to'", "'kind:pol' selects no site"),
        (
            limit(scope="country", target="p", kind="capital"),
            "limits.csv, row 2, column 'target'",
            "'p' is not a country",
        ),
    ],
)
def test_names_that_do_not_exist_are_told_before_the_chain_is_built(
    tables: Tables, place: str, what: str, tmp_path: Path
) -> None:
    told = [p for p in problems_of(tmp_path, tables) if p.code == "T201"]
    assert [(str(p.place), p.what, p.severity) for p in told] == [(place, what, ERROR)]


def test_a_case_without_faults_has_no_problem(tmp_path: Path) -> None:
    assert [p for p in problems_of(tmp_path, SMELTER) if p.severity is not NOTE] == []


def test_all_problems_come_at_once_sorted_by_place(tmp_path: Path) -> None:
    tables = {
        **limit(kind="emissions"),
        "demand_materials": [],
        "links": [{"id": "loop", "from": "works", "to": "works"}],
    }
    codes = [p.code for p in problems_of(tmp_path, tables) if p.severity is ERROR]
    assert codes == ["C201", "C217", "C211"]


def test_normalised_contents_are_only_told(tmp_path: Path) -> None:
    nearly = composed(("ore", "X", 0.62), ("ore", "Y", 0.4), ("bar", "X", 0.6))
    tables = {**SMELTER, "compositions": nearly}
    found = [p for p in problems_of(tmp_path, tables, {"normalise": "yes"}) if p.code == "C224"]
    assert [p.severity for p in found] == [NOTE]
    assert "They were scaled to 1" in found[0].instead


@pytest.mark.parametrize(
    "tables",
    [
        pytest.param(
            {**GOOD, "recipes": recipe(("good", "out", 1))}, id="a mine takes from the ground"
        ),
        pytest.param(
            {**SMELTER, "recipes": recipe(("ore", "in", 1.2), ("bar", "out", 1))}, id="a loss"
        ),
        pytest.param(
            {
                **SMELTER,
                "recipes": recipe(("ore", "in", 1), ("bar", "out", 0.5), ("slag", "out", 0.5)),
                "materials": [*SMELTER["materials"], {"id": "slag"}],
            },
            id="a part without a composition",
        ),
    ],
)
def test_losses_mines_and_unknown_contents_make_no_element(tables: Tables, tmp_path: Path) -> None:
    assert not [p for p in problems_of(tmp_path, tables) if p.code == "T104"]


@pytest.mark.parametrize(
    "tables",
    [
        taxed(suppliers=[{"id": "o", "country": "CHN", "material": "good", "price": 5}]),
        taxed(prices=[{"material": "good", "price": 10}]),
        taxed(tariffs=[{"from": "CHN", "to": "USA", "material": "good", "rate": 0}]),
        taxed(tariffs=[{"from": "CHN", "to": "USA", "material": "good", "amount": 3}]),
        taxed(
            prices=[
                {"material": "good", "price": 10, "place": place, "series": place}
                for place in ("CHN", "Rotterdam")
            ]
        ),
    ],
)
def test_a_duty_whose_value_is_known_or_not_needed_is_no_problem(
    tables: Tables, tmp_path: Path
) -> None:
    assert not [p for p in problems_of(tmp_path, tables) if p.code in {"C214", "C228"}]
