"""A change holds from its year until the next change, and nothing else moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.foundation.errors import CaseError, UsageError
from coercivity.tables import CaseTables, Table, apply_scenario, read_case
from coercivity.tables.drafts import interpolated
from coercivity.tables.schemas import SCHEMAS
from coercivity.tables.settings import Settings
from coercivity.tables.typed import Companion
from coercivity.tables.typing_tables import empty_table

WriteCase = Callable[..., Path]
HEADER = "scenario,table,key,column,year,set,factor\n"
YEARS = range(2025, 2041)


def changed(write: WriteCase, changes: str, **files: str) -> CaseTables:
    extra = {f"{name}.csv": text for name, text in files.items()}
    case = read_case(write({"changes.csv": HEADER + changes, **extra}))
    return apply_scenario(case, "ban")


def dated(case: CaseTables, table: str, name: str, column: str) -> dict[object, object]:
    return {row["year"]: row[column] for row in case[table].named(name)}


def test_set_then_return(write_small: WriteCase) -> None:
    case = apply_scenario(read_case(write_small()), "ban")
    offered = dated(case, "suppliers", "afar/1", "offered")
    assert offered == {2025: 100.0, 2027: 0.0, 2028: 0.0, 2029: 200.0}
    prices = dated(case, "suppliers", "afar/1", "price")
    assert prices == {2025: 5e4, 2027: 5e4, 2028: 5.5e4, 2029: 5.5e4}
    assert case["suppliers"].row(1)["origin"] == (("mining", "CHN"), ("metal", "CHN"))
    assert case.scenario == "ban"


def test_a_linear_amount_jumps_in_its_year_and_not_before(write_small: WriteCase) -> None:
    case = apply_scenario(read_case(write_small()), "falls")
    amounts = dated(case, "demands", "army", "amount")
    assert amounts == {2025: 100.0, 2027: 140.0, 2028: 80.0, 2030: 100.0}


def test_another_column_of_a_linear_table_steps(write_small: WriteCase) -> None:
    case = changed(write_small, "ban,demands,army,penalty,2028,5,\n")
    assert dated(case, "demands", "army", "penalty") == {2025: 1e5, 2028: 5.0, 2030: 5.0}
    assert dated(case, "demands", "army", "amount") == {2025: 100.0, 2028: 160.0, 2030: 200.0}


def test_a_change_without_a_year_holds_in_every_row_of_its_key(write_small: WriteCase) -> None:
    case = changed(write_small, "ban,suppliers,afar,price,,,2\n")
    assert [row["price"] for row in case["suppliers"]] == [1e5, 1.1e5, 1.8e5]


def test_a_change_without_a_year_reaches_the_companion(write_small: WriteCase) -> None:
    case = changed(write_small, "ban,assets,mill,availability,,,0.5\n")
    assert case.companions["assets", "availability"].series("mill") == {2025: 0.25, 2027: 0.5}
    assert case["assets"].row(0)["availability"] == 0.5


def test_a_column_without_years_gets_a_companion(write_small: WriteCase) -> None:
    case = changed(
        write_small,
        "ban,assets,mill,variable_cost,2027,,2\nban,assets,mill,variable_cost,2029,9,\n",
    )
    assert case.companions["assets", "variable_cost"].series("mill") == {2027: 25.0, 2029: 9.0}
    assert case["assets"].row(0)["variable_cost"] == 12.5


def test_a_companion_is_changed_from_the_year_on(write_small: WriteCase) -> None:
    case = apply_scenario(read_case(write_small()), "falls")
    assert case.companions["assets", "availability"].series("mill") == {
        2025: 0.5, 2026: 0.4, 2027: 0.4,
    }  # fmt: skip


def test_dated_rows_with_a_companion_change_together(write_small: WriteCase) -> None:
    changes = "ban,suppliers,afar/1,price,2026,,2\nban,suppliers,afar/1,price,2029,,1\n"
    companion = "year,afar/1\n2027,70000\n2030,80000\n"
    case = changed(write_small, changes, **{"suppliers-price": companion})
    rows = dated(case, "suppliers", "afar/1", "price")
    assert rows == {2025: 5e4, 2026: 1e5, 2028: 1.1e5, 2029: 5.5e4}
    series = case.companions["suppliers", "price"].series("afar/1")
    assert series == {2027: 1.4e5, 2029: 7e4, 2030: 8e4}


def test_a_companion_of_an_id_is_changed_for_one_step_alone(write_small: WriteCase) -> None:
    changes = "ban,suppliers,afar/2,price,2028,,2\n"
    case = changed(write_small, changes, **{"suppliers-price": "year,afar\n2027,70000\n"})
    companion = case.companions["suppliers", "price"]
    assert companion.series("afar/2") == {2027: 7e4, 2028: 1.4e5}
    assert companion.series("afar") == {2027: 7e4}


def test_a_row_that_always_holds_is_dated_from_the_horizon(write_small: WriteCase) -> None:
    case = changed(write_small, "ban,suppliers,afar/2,offered,2028,7,\n")
    assert dated(case, "suppliers", "afar/2", "offered") == {2025: float("inf"), 2028: 7.0}


def test_a_change_before_the_first_row_starts_with_it(write_small: WriteCase) -> None:
    demands = "id,country,year,amount\narmy,USA,2028,10\n"
    case = changed(write_small, "ban,demands,army,amount,2026,,3\n", demands=demands)
    assert dated(case, "demands", "army", "amount") == {2028: 30.0}


def test_words_and_lists_of_dated_rows_change(write_small: WriteCase) -> None:
    case = changed(write_small, "ban,suppliers,afar/1,origin,2027,mining=USA,\n")
    origins = dated(case, "suppliers", "afar/1", "origin")
    assert origins[2027] == origins[2028] == (("mining", "USA"),)
    assert origins[2025] == (("mining", "CHN"), ("metal", "CHN"))


def test_lists_of_numbers_are_multiplied(write_small: WriteCase) -> None:
    options = "id,adds_to,size,ramp\ngrow,mill,5,0.5;1\n"
    case = changed(write_small, "ban,options,grow,ramp,,,0.5\n", options=options)
    assert case["options"].row(0)["ramp"] == (0.25, 0.5)


def test_prices_change_by_year(write_small: WriteCase) -> None:
    prices = "material,date,price,place\nbar,2025,100,CHN\nbar,2029,200,CHN\n"
    case = changed(write_small, "ban,prices,bar/CHN,price,2027,,2\n", prices=prices)
    found = {row["date"]: row["price"] for row in case["prices"]}
    assert found == {"2025": 100.0, "2026": 125.0, "2027": 300.0, "2029": 400.0}


def test_prices_by_month_change_only_as_a_whole(write_small: WriteCase) -> None:
    prices = "material,date,price\nbar,2025-03,100\n"
    case = changed(write_small, "ban,prices,bar,price,,,2\n", prices=prices)
    assert case["prices"].row(0)["price"] == 200.0
    with pytest.raises(CaseError, match="dated by month"):
        read_case(
            write_small(
                {"prices.csv": prices, "changes.csv": HEADER + "ban,prices,bar,price,2027,,2\n"},
                name="other",
            )
        )


def test_whole_numbers_stay_whole(write_small: WriteCase) -> None:
    case = changed(write_small, "ban,options,grow,build_years,,,1.5\n")
    assert case["options"].row(0).whole("build_years") == 3
    bad = write_small(
        {"changes.csv": HEADER + "ban,options,grow,build_years,,,0.75\n"}, name="other"
    )
    with pytest.raises(CaseError, match="'build_years' 1.5") as caught:
        read_case(bad)
    assert caught.value.problems[0].place.row == 2


def test_the_case_itself_does_not_change(write_small: WriteCase) -> None:
    case = read_case(write_small())
    before = case.content()
    apply_scenario(case, "ban")
    assert case.content() == before
    assert apply_scenario(case, "calm").content() == before


def test_an_unknown_scenario_is_a_wrong_call(write_small: WriteCase) -> None:
    with pytest.raises(UsageError, match="Did you mean 'ban'"):
        apply_scenario(read_case(write_small()), "bann")


def test_two_scenarios_follow_one_another(write_small: WriteCase) -> None:
    case = apply_scenario(apply_scenario(read_case(write_small()), "ban"), "falls")
    assert case.scenario == "ban+falls"


# Laws

SETTINGS = Settings("x", "USD", 2025, (2025, 2041), 2036, 0.05)
POINTS = st.dictionaries(st.sampled_from(YEARS), st.integers(0, 1000).map(float), min_size=1)
CHANGES = st.dictionaries(
    st.sampled_from(YEARS),
    st.one_of(
        st.tuples(st.just("set"), st.integers(0, 1000).map(float)),
        st.tuples(st.just("factor"), st.sampled_from([0.0, 0.5, 1.0, 2.0])),
    ),
)


def case_of(table: Table, changes: dict[int, tuple[str, float]], column: str) -> CaseTables:
    tables = {name: empty_table(schema) for name, schema in SCHEMAS.items()}
    rows = sorted(changes.items(), reverse=True)
    tables[table.schema.name] = table
    tables["scenarios"] = Table(SCHEMAS["scenarios"], "scenarios.csv", {"id": ("s",)}, (2,))
    tables["changes"] = Table(
        SCHEMAS["changes"],
        "changes.csv",
        {
            "scenario": ("s",) * len(rows),
            "table": (table.schema.name,) * len(rows),
            "key": ("x",) * len(rows),
            "column": (column,) * len(rows),
            "year": tuple(year for year, _ in rows),
            "set": tuple(f"{value}" if how == "set" else None for _, (how, value) in rows),
            "factor": tuple(value if how == "factor" else None for _, (how, value) in rows),
        },
        tuple(range(2, len(rows) + 2)),
    )
    return CaseTables("x", SETTINGS, tables)


def dated_table(name: str, points: dict[int, float], column: str) -> Table:
    columns = {"id": ("x",) * len(points), "year": tuple(points), column: tuple(points.values())}
    return Table(SCHEMAS[name], f"{name}.csv", columns, tuple(range(2, len(points) + 2)))


def stepped(points: dict[int, float], year: int) -> float | None:
    held = [points[since] for since in sorted(points) if since <= year]
    return held[-1] if held else None


def expected(base: float | None, changes: dict[int, tuple[str, float]], year: int) -> float | None:
    holding = [changes[since] for since in sorted(changes) if since <= year]
    if base is None or not holding:
        return base
    how, value = holding[-1]
    return value if how == "set" else base * value


def values_of(table: Table, column: str) -> dict[int, float]:
    return {row.whole("year"): row.number(column) for row in table}


@given(points=POINTS, changes=CHANGES)
def test_law_of_dated_steps(
    points: dict[int, float], changes: dict[int, tuple[str, float]]
) -> None:
    case = case_of(dated_table("limits", points, "amount"), changes, "amount")
    after = values_of(apply_scenario(case, "s")["limits"], "amount")
    for year in range(2020, 2050):
        assert stepped(after, year) == expected(stepped(points, year), changes, year)


@given(points=POINTS, changes=CHANGES)
def test_law_of_linear_amounts(
    points: dict[int, float], changes: dict[int, tuple[str, float]]
) -> None:
    case = case_of(dated_table("demands", points, "amount"), changes, "amount")
    after = sorted(values_of(apply_scenario(case, "s")["demands"], "amount").items())
    for year in range(2020, 2050):
        base = interpolated(sorted(points.items()), year)
        wanted = expected(base, changes, year)
        found = interpolated(after, year)
        assert (found is None) == (wanted is None)
        assert found is None or found == pytest.approx(wanted, rel=1e-12, abs=1e-9)


@given(points=st.one_of(st.just({}), POINTS), changes=CHANGES, before=st.integers(0, 9).map(float))
def test_law_of_companions(
    points: dict[int, float], changes: dict[int, tuple[str, float]], before: float
) -> None:
    table = Table(SCHEMAS["assets"], "assets.csv", {"id": ("x",), "variable_cost": (before,)}, (2,))
    case = case_of(table, changes, "variable_cost")
    years = tuple(sorted(points))
    held = Companion("assets", "variable_cost", "f", years, {"x": tuple(points[y] for y in years)})
    case = replace(case, companions={("assets", "variable_cost"): held})
    after = apply_scenario(case, "s")
    for year in range(2020, 2050):
        base = held.value("x", year, before=before)
        found = after.held(after["assets"].row(0), "variable_cost", year)
        assert found == expected(base, changes, year)
