"""Imported cases come in under their prefix; countries are shared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from coercivity.foundation.errors import CaseError
from coercivity.foundation.problems import Problem
from coercivity.tables import apply_scenario, read_case, read_tables
from coercivity.tables.csv_writer import write_case

WriteCase = Callable[..., Path]
HEAD = "format: 1\ncurrency: USD\nprice_year: 2025\ndiscount_rate: 0.07\n"
PERIODS = "periods: [2025, 2026, 2028, 2031]\n"
IMPORTING = HEAD + PERIODS + "imports: {t: ../other}\n"


def found(folder: Path, code: str) -> list[Problem]:
    return [problem for problem in read_tables(folder)[1] if problem.code == code]


def test_ids_get_the_prefix_and_countries_merge(write_small: WriteCase) -> None:
    rules = "id,from,to\nr,kind:plant&USA;hill,usa\n"
    segments = "id,source\ndefence,report\n"
    write_small({"link_rules.csv": rules, "segments.csv": segments}, name="other")
    case = read_case(write_small({"case.yaml": IMPORTING}))
    assert case["countries"].ids() == ("USA", "CHN")
    assert case["sites"].ids() == ("hill", "usa", "chn", "t-hill", "t-usa", "t-chn")
    assert case["stages"].ids() == ("mining", "metal", "t-mining", "t-metal")
    mill = case["assets"].find("t-mill")
    assert mill is not None
    assert (mill["site"], mill["process"]) == ("t-hill", "t-smelt")
    assert case["suppliers"].named("t-afar/1")[0]["origin"] == (
        ("t-mining", "CHN"),
        ("t-metal", "CHN"),
    )
    assert case["link_rules"].row(0)["from"] == (("kind:plant", "USA"), ("t-hill",))
    assert case["segments"].row(1)["source"] == "t-report"
    assert case.companions["assets", "availability"].ids == ("mill", "t-mill")
    assert case.settings.imports == ()


def test_places_name_the_imported_file(write_small: WriteCase) -> None:
    write_small({"sites.csv": "id,country\nhill,UAS\nusa,USA\n"}, name="other")
    (problem,) = found(write_small({"case.yaml": IMPORTING}), "T201")
    assert str(problem.place) == "t: sites.csv, row 2, column 'country'"


def test_imported_scenarios_are_used_only_when_named(write_small: WriteCase) -> None:
    write_small(name="other")
    case = read_case(write_small({"case.yaml": IMPORTING}))
    assert not any(row.given("probability") for row in case["scenarios"].named("t-ban"))
    changed = apply_scenario(case, "t-ban")
    assert [row["offered"] for row in changed["suppliers"].named("t-afar/1")] == [100, 0, 0, 200]
    assert [row["offered"] for row in changed["suppliers"].named("afar/1")] == [100, 200]


def test_a_merged_case_is_complete_by_itself(write_small: WriteCase, tmp_path: Path) -> None:
    write_small(name="other")
    case = read_case(write_small({"case.yaml": IMPORTING}))
    assert read_case(write_case(case, tmp_path / "far" / "away")).content() == case.content()


def test_imports_of_imports(write_small: WriteCase) -> None:
    write_small(name="third")
    write_small({"case.yaml": HEAD + PERIODS + "imports: {u: ../third}\n"}, name="other")
    case = read_case(write_small({"case.yaml": IMPORTING}))
    assert {"hill", "t-hill", "t-u-hill"} <= set(case["sites"].ids())


def test_a_circle_is_refused(write_small: WriteCase) -> None:
    write_small({"case.yaml": HEAD + PERIODS + "imports: {u: ../small}\n"}, name="other")
    (problem,) = found(write_small({"case.yaml": IMPORTING}), "T402")
    assert problem.place.file == "t: case.yaml"


@pytest.mark.parametrize(
    "line", ["periods: [2025, 2026]\n", PERIODS + "currency: EUR\n", PERIODS + "price_year: 2020\n"]
)
def test_periods_currency_and_price_year_agree(line: str, write_small: WriteCase) -> None:
    key = line.removeprefix(PERIODS).partition(":")[0]
    head = "".join(part for part in HEAD.splitlines(keepends=True) if not part.startswith(key))
    write_small({"case.yaml": head + line}, name="other")
    (problem,) = found(write_small({"case.yaml": IMPORTING}), "T403")
    assert f"'{key}'" in problem.what


def test_countries_that_differ_are_refused(write_small: WriteCase) -> None:
    write_small(
        {"countries.csv": "id,group\nUSA,domestic\nCHN,neutral\nDEU,allied\n"}, name="other"
    )
    (problem,) = found(write_small({"case.yaml": IMPORTING}), "T404")
    assert "'neutral'" in problem.what
    assert "'covered'" in problem.what


def test_an_id_that_collides_is_told(write_small: WriteCase) -> None:
    write_small(name="other")
    sites = "id,country\nhill,USA\nusa,USA\nchn,CHN\nt-usa,USA\n"
    with pytest.raises(CaseError, match="'t-usa' stands in row 5 already"):
        read_case(write_small({"case.yaml": IMPORTING, "sites.csv": sites}))


def test_a_broken_import_tells_all_its_problems(write_small: WriteCase) -> None:
    write_small({"case.yaml": "format: 9\n", "sites.csv": "id,contry\n"}, name="other")
    _, problems = read_tables(write_small({"case.yaml": IMPORTING}))
    assert {("t: case.yaml", "T305"), ("t: sites.csv", "T106")} <= {
        (problem.place.file, problem.code) for problem in problems
    }
