from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import xlsxwriter

from coercivity.foundation.errors import UsageError
from coercivity.tables import CaseTables, read_case
from coercivity.tables.supply_list import SupplyLine, SupplyListError, read_supply_list
from tests.observed_chains import write_chain


@pytest.fixture
def case(tmp_path: Path) -> CaseTables:
    return read_case(write_chain(tmp_path))


def read(folder: Path, case: CaseTables, text: str) -> tuple[SupplyLine, ...]:
    path = folder / "list.csv"
    path.write_text(text, encoding="utf-8")
    return read_supply_list(path, case)


def problems(folder: Path, case: CaseTables, text: str) -> list[tuple[str, str]]:
    """Read a list that is wrong; give the place and code of each problem."""
    with pytest.raises(SupplyListError) as caught:
        read(folder, case, text)
    return [(str(p.place), p.code) for p in caught.value.problems if p.severity.value == "error"]


def test_origin_as_pairs_and_as_columns_say_the_same(tmp_path: Path, case: CaseTables) -> None:
    pairs = read(
        tmp_path, case, "supplier,material,amount,origin\na,part,5,dig=VNM;melt=AUS;forge=USA\n"
    )
    columns = read(
        tmp_path, case, "supplier,material,amount,dig,melt,forge\na,part,5,VNM,AUS,USA\n"
    )
    assert (
        pairs[0].origin == columns[0].origin == (("dig", "VNM"), ("melt", "AUS"), ("forge", "USA"))
    )
    assert pairs[0].amount == 5.0
    assert pairs[0].place.row == 2


def test_country_date_and_stock_are_read(tmp_path: Path, case: CaseTables) -> None:
    (line,) = read(
        tmp_path, case, "supplier,material,amount,country,date,stock\na,part,5,AUS,2027-01-01,2\n"
    )
    assert (line.country, line.day, line.stock) == ("AUS", dt.date(2027, 1, 1), 2.0)


def test_a_workbook_reads_like_a_file(tmp_path: Path, case: CaseTables) -> None:
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Suppliers")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["supplier", "material", "amount", "dig", "date"])
        sheet.write_row(1, 0, ["a", "part", 5, "VNM"])
        sheet.write_datetime(1, 4, dt.datetime(2027, 1, 1), day)  # noqa: DTZ001 - Excel has no zone
        sheet.write_row(3, 0, [12, "part", 7, "VNN"])
    with pytest.raises(SupplyListError, match=r"sheet 'Suppliers', row 4, column 'dig': 'VNN' is"):
        read_supply_list(path, case)
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Suppliers")
        sheet.write_row(0, 0, ["supplier", "material", "amount", "dig", "date"])
        sheet.write_row(1, 0, [12, "part", 5, "VNM", "2027-01-01"])
    (line,) = read_supply_list(path, case)
    assert (line.supplier, line.origin, line.day) == ("12", (("dig", "VNM"),), dt.date(2027, 1, 1))


def test_semicolons_and_decimal_commas_are_recognised(tmp_path: Path, case: CaseTables) -> None:
    (line,) = read(tmp_path, case, "supplier;material;amount;dig\na;part;5,5;VNM\n")
    assert line.amount == 5.5


def test_unknown_countries_stages_dates_and_amounts_come_all_at_once(
    tmp_path: Path, case: CaseTables
) -> None:
    text = (
        "supplier,material,amount,country,origin,digg,date\n"
        "a,prat,5,CHI,,,2027-02-30\n"
        "b,part,x,,mlt=AUS;forge=USX,CHN,soon\n"
        ",part,-1,USA,,,31.12.2026\n"
    )
    assert problems(tmp_path, case, text) == [
        ("list.csv, row 1, column 'digg'", "T106"),
        ("list.csv, row 2, column 'country'", "T201"),
        ("list.csv, row 2, column 'date'", "T209"),
        ("list.csv, row 2, column 'material'", "T201"),
        ("list.csv, row 3, column 'amount'", "T203"),
        ("list.csv, row 3, column 'date'", "T209"),
        ("list.csv, row 3, column 'origin'", "T201"),
        ("list.csv, row 3, column 'origin'", "T201"),
        ("list.csv, row 4, column 'amount'", "T204"),
        ("list.csv, row 4, column 'date'", "T209"),
        ("list.csv, row 4, column 'supplier'", "T202"),
    ]


def test_the_message_teaches(tmp_path: Path, case: CaseTables) -> None:
    path = tmp_path / "list.csv"
    path.write_text("supplier,material,amount,digg\na,part,5,CHN\n", encoding="utf-8")
    with pytest.raises(SupplyListError) as caught:
        read_supply_list(path, case)
    assert str(caught.value) == (
        "1 problem in supply list 'list.csv'\n\n"
        "  1. list.csv, row 1, column 'digg': 'digg' is neither a column of a supply list nor a "
        "stage\n     Did you mean 'dig'? Columns: supplier, material, amount, country, origin, "
        "date, stock. Stages: dig, melt, forge.  [T106]\n\nNothing was checked."
    )
    assert caught.value.exit_status == 3


HEAD = "supplier,material,amount"


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("", "", "T105"),
        (f"{HEAD}\n", "", "T114"),
        ("supplier,material\na,part\n", ", row 1, column 'amount'", "T202"),
        (f"supplier,{HEAD}\na,b,part,1\n", ", row 1, column 'supplier'", "T105"),
        (f"{HEAD}\na,part\n", ", row 2", "T107"),
        (f"{HEAD},origin\na,part,1,dig\n", ", row 2, column 'origin'", "T217"),
        (f"{HEAD},origin,dig\na,part,1,dig=USA,CHN\n", ", row 2, column 'dig'", "T219"),
    ],
)
def test_a_list_that_cannot_be_used_says_why(
    tmp_path: Path, case: CaseTables, text: str, place: str, code: str
) -> None:
    assert (f"list.csv{place}", code) in problems(tmp_path, case, text)


def test_a_missing_or_foreign_file_is_refused(tmp_path: Path, case: CaseTables) -> None:
    with pytest.raises(UsageError, match="There is no supply list"):
        read_supply_list(tmp_path / "none.csv", case)
    (tmp_path / "list.txt").write_text("x", encoding="utf-8")
    with pytest.raises(UsageError, match=r"'list\.txt' is neither a \.csv file nor an \.xlsx"):
        read_supply_list(tmp_path / "list.txt", case)
    (tmp_path / "fake.xlsx").write_text("x", encoding="utf-8")
    with pytest.raises(SupplyListError, match="T110"):
        read_supply_list(tmp_path / "fake.xlsx", case)
