"""What is wrong with a case is told with its place, the value and what to do instead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from coercivity.foundation.errors import CaseError
from coercivity.foundation.problems import Severity
from coercivity.tables import read_case, read_tables
from coercivity.tables.codes import CODES

WriteCase = Callable[..., Path]


@dataclass(frozen=True)
class Bad:
    """One broken file and the problem it has to give."""

    file: str
    content: str | bytes | None
    code: str
    row: int | None
    column: str | None
    what: str
    instead: str
    severity: Severity = Severity.ERROR
    told_in: str | None = None


YAML = "format: 1\ncurrency: USD\nprice_year: 2025\nperiods: [2025, 2026]\ndiscount_rate: 0.07\n"
SITES = "id,country\nhill,USA\nusa,USA\nchn,CHN\n"
ASSETS = "id,site,process,nameplate_capacity,variable_cost\n"
MATERIALS = "id,stage,basis\nore,mining,gross\nbar,metal,metal\n"
CHANGES = "scenario,table,key,column,year,set,factor\n"

BAD = {
    # the file
    "empty file": Bad("sites.csv", "", "T105", None, None, "empty", "first row names"),
    "blank lines alone": Bad("sites.csv", "\n\n", "T105", None, None, "empty", "first row"),
    "no header": Bad("sites.csv", "hill,USA\n", "T105", 1, None, "hill, USA", "id, name, country"),
    "header twice": Bad("sites.csv", "id,id,country\n", "T105", 1, "id", "2 times", "Keep one"),
    "nameless column": Bad("sites.csv", "id,,country\n", "T105", 1, None, "no name", "Name it"),
    "not utf-8": Bad("sites.csv", b"id,country\nh\xe9,USA\n", "T103", 2, None, "0xe9", "UTF-8"),
    "utf-16": Bad("sites.csv", SITES.encode("utf-16"), "T103", 1, None, "0xff", "UTF-8"),
    "nul byte": Bad("sites.csv", b"id,country\nh\0,USA\n", "T103", 2, None, r"\x00", "UTF-8"),
    "unclosed quote": Bad("sites.csv", 'id,country\n"hill,USA\n', "T107", 2, None, "cut", "quote"),
    "quote inside": Bad("sites.csv", 'id,country\n"h"x,USA\n', "T107", 2, None, "cut", "quote"),
    "extra cell": Bad("sites.csv", SITES + "x,USA,1\n", "T107", 5, None, "3 cells", "quotes"),
    "missing cell": Bad("sites.csv", SITES + "x\n", "T107", 5, None, "1 cell", "separators"),
    "long cell": Bad(
        "sites.csv", f"id,country\n{'x' * 200_000},USA\n", "T108", 2, None, "too long", "quote"
    ),
    "unknown column": Bad(
        "sites.csv", "id,contry\nhill,USA\n", "T106", 1, "contry", "'contry'", "'country'"
    ),
    "unknown table": Bad("asets.csv", "id\n", "T102", None, None, "'asets'", "'assets'"),
    "unknown companion": Bad(
        "assets-availibility.csv", "year,mill\n", "T102", None, None, "availibility", "availability"
    ),
    "companion of words": Bad("assets-status.csv", "year,mill\n", "T102", None, None, "status", ""),
    "capital letters": Bad("MODES.CSV", "process,mode\n", "T102", None, None, "'MODES'", "'modes'"),
    "extension": Bad("modes.CSV", "process,mode\n", "T102", None, None, "'.CSV'", "modes.csv"),
    "other workbook": Bad(
        "old.xlsx", b"PK", "T102", None, None, "not read", "case.yaml", Severity.WARNING
    ),
    "case.yml": Bad(
        "case.yml", YAML, "T102", None, None, "not read", "case.yaml", Severity.WARNING
    ),
    "byte order mark": Bad(
        "sites.csv",
        b"\xef\xbb\xbf" + SITES.encode(),
        "T109",
        None,
        None,
        "byte order",
        "",
        Severity.NOTE,
    ),
    "semicolons": Bad(
        "sites.csv", SITES.replace(",", ";"), "T109", None, None, "';'", "", Severity.NOTE
    ),
    "decimal commas": Bad(
        "assets.csv",
        ASSETS.replace(",", ";") + "mill;hill;smelt;1000;12,5\n",
        "T109",
        None,
        None,
        "decimal comma",
        "",
        Severity.NOTE,
    ),
    "point among commas": Bad(
        "assets.csv",
        ASSETS.replace(",", ";") + "mill;hill;smelt;1.000;12,5\n",
        "T203",
        2,
        "nameplate_capacity",
        "'1.000'",
        "1234,5",
    ),
    "missing table": Bad("materials.csv", None, "T114", None, None, "materials", "schema"),
    # the cells
    "unknown site": Bad(
        "assets.csv", ASSETS + "mill,hil,smelt,1,1\n", "T201", 2, "site", "'hil'", "'hill'"
    ),
    "unknown of a list": Bad(
        "links.csv",
        "id,from,to,materials\nout,hill,usa,bar; bra\n",
        "T201",
        2,
        "materials",
        "'bra' is not a material",
        "'bar'",
    ),
    "selector": Bad(
        "link_rules.csv", "id,from,to\nr,kind:plant&UAS,usa\n", "T201", 2, "from", "'UAS'", "'USA'"
    ),
    "origin of an unknown stage": Bad(
        "suppliers.csv",
        "id,country,material,price,origin\nx,CHN,bar,1,minig=CHN\n",
        "T201",
        2,
        "origin",
        "'minig' is not a stage",
        "'mining'",
    ),
    "origin without sign": Bad(
        "suppliers.csv",
        "id,country,material,price,origin\nx,CHN,bar,1,mining\n",
        "T217",
        2,
        "origin",
        "'mining'",
        "mining=CHN",
    ),
    "empty id": Bad("sites.csv", SITES + ",USA\n", "T202", 5, "id", "empty", "needed"),
    "missing needed column": Bad(
        "sites.csv", "id\nhill\n", "T202", 1, "country", "missing", "every"
    ),
    "thousands": Bad(
        "assets.csv",
        ASSETS + 'mill,hill,smelt,"1,000",1\n',
        "T203",
        2,
        "nameplate_capacity",
        "'1,000'",
        "Write 1000",
    ),
    "percent": Bad(
        "assets.csv",
        ASSETS + "mill,hill,smelt,1,12%\n",
        "T203",
        2,
        "variable_cost",
        "'12%'",
        "0.12",
    ),
    "nan": Bad(
        "assets.csv",
        ASSETS + "mill,hill,smelt,nan,1\n",
        "T203",
        2,
        "nameplate_capacity",
        "'nan'",
        "unlimited",
    ),
    "infinite": Bad(
        "assets.csv",
        ASSETS + "mill,hill,smelt,inf,1\n",
        "T203",
        2,
        "nameplate_capacity",
        "'inf'",
        "unlimited",
    ),
    "too large": Bad(
        "assets.csv",
        ASSETS + "mill,hill,smelt,1,1e400\n",
        "T203",
        2,
        "variable_cost",
        "'1e400'",
        "finite",
    ),
    "unlimited cost": Bad(
        "assets.csv",
        ASSETS + "mill,hill,smelt,1,unlimited\n",
        "T203",
        2,
        "variable_cost",
        "'unlimited'",
        "case money/t",
    ),
    "python": Bad(
        "assets.csv",
        ASSETS + "mill,hill,smelt,1+1,1\n",
        "T203",
        2,
        "nameplate_capacity",
        "'1+1'",
        "number",
    ),
    "negative": Bad(
        "assets.csv",
        ASSETS + "mill,hill,smelt,-5,1\n",
        "T204",
        2,
        "nameplate_capacity",
        "-5",
        "0 or more",
    ),
    "not above zero": Bad(
        "options.csv", "id,adds_to,size\ngrow,mill,0\n", "T204", 2, "size", "0", "above 0"
    ),
    "latitude": Bad(
        "sites.csv",
        "id,country,lat\nhill,USA,91\nusa,USA,\nchn,CHN,\n",
        "T204",
        2,
        "lat",
        "91",
        "-90 to 90",
    ),
    "half a year": Bad(
        "options.csv",
        "id,adds_to,size,build_years\ngrow,mill,1,1.5\n",
        "T203",
        2,
        "build_years",
        "'1.5'",
        "whole",
    ),
    "year in words": Bad(
        "options.csv",
        "id,adds_to,size,earliest\ngrow,mill,1,2030.5\n",
        "T209",
        2,
        "earliest",
        "'2030.5'",
        "whole",
    ),
    "word": Bad(
        "materials.csv", MATERIALS.replace("gross", "grss"), "T205", 2, "basis", "'grss'", "'gross'"
    ),
    "yes or no": Bad(
        "materials.csv",
        "id,tradable\nore,1\nbar,maybe\n",
        "T215",
        3,
        "tradable",
        "'maybe'",
        "yes or no",
    ),
    "date": Bad(
        "origin_rules.csv",
        "class,stage,groups,from_date\nany,mining,domestic,31/12/2026\n",
        "T209",
        2,
        "from_date",
        "'31/12/2026'",
        "2026-12-31",
    ),
    "no such day": Bad(
        "origin_rules.csv",
        "class,stage,groups,from_date\nx,mining,allied,2026-02-30\n",
        "T209",
        2,
        "from_date",
        "'2026-02-30'",
        "YYYY-MM-DD",
    ),
    "date of a price": Bad(
        "prices.csv",
        "material,date,price\nbar,Q1 2025,1\n",
        "T209",
        2,
        "date",
        "'Q1 2025'",
        "2025-03",
    ),
    "id": Bad("sites.csv", SITES + "a b,USA\n", "T208", 5, "id", "'a b'", "letters"),
    "country": Bad(
        "countries.csv",
        "id,group\nUSA,domestic\nCHN,covered\nger,allied\n",
        "T213",
        4,
        "id",
        "'ger'",
        "ISO 3166",
    ),
    # the rows
    "same key": Bad("sites.csv", SITES + "hill,CHN\n", "T206", 5, "id", "'hill'", "One row a key"),
    "same key by default": Bad(
        "recipes.csv",
        "process,mode,material,direction,amount\nsmelt,,bar,out,1\nsmelt,main,bar,out,2\n",
        "T206",
        3,
        "process",
        "row 2",
        "One row a key",
    ),
    "asset and link": Bad(
        "links.csv", "id,from,to\nmill,hill,usa\n", "T206", 2, "id", "'mill'", "rename"
    ),
    "neither": Bad(
        "demands.csv",
        "id,amount\narmy,1\n",
        "T207",
        2,
        None,
        "neither site nor country",
        "exactly one",
    ),
    "both": Bad(
        "demands.csv",
        "id,amount,site,country\narmy,1,usa,USA\n",
        "T207",
        2,
        None,
        "both filled",
        "exactly one",
    ),
    "range": Bad(
        "assets.csv",
        "id,site,process,availability,availability_low\nmill,hill,smelt,0.5,0.6\n",
        "T210",
        2,
        "availability_low",
        "0.6",
        "low <= value",
    ),
    "range above the default": Bad(
        "assets.csv",
        "id,site,process,availability_high\nmill,hill,smelt,0.9\n",
        "T210",
        2,
        "availability",
        "above 'availability_high'",
        "low <= value",
    ),
    "life backwards": Bad(
        "assets.csv",
        "id,site,process,first_year,last_year\nmill,hill,smelt,2030,2029\n",
        "T219",
        2,
        "last_year",
        "2029",
        "Swap",
    ),
    "with and without year": Bad(
        "demands.csv",
        "id,country,year,amount\narmy,USA,,1\narmy,USA,2030,2\n",
        "T218",
        3,
        "year",
        "'army'",
        "row 2",
    ),
    "years out of order": Bad(
        "demands.csv",
        "id,country,year,amount\narmy,USA,2030,1\narmy,USA,2025,2\n",
        "T218",
        3,
        "year",
        "'army'",
        "sort",
        Severity.WARNING,
    ),
    "target without scope": Bad(
        "limits.csv",
        "id,target,kind,amount\nx,USA,capital,1\n",
        "T219",
        2,
        "target",
        "'USA'",
        "scope",
    ),
    "target of another table": Bad(
        "events.csv",
        "id,scope,target\nx,country,mill\n",
        "T201",
        2,
        "target",
        "'mill' is not a country",
        "countries.csv",
    ),
    "probabilities": Bad(
        "scenarios.csv",
        "id,probability\ncalm,0.5\nban,0.45\nfalls,\n",
        "U301",
        None,
        None,
        "sum to 0.95, not 1",
        "add the missing 0.05",
    ),
    "source": Bad(
        "segments.csv",
        "id,source\ndefence,reprt\n",
        "T214",
        2,
        "source",
        "'reprt'",
        "'report'",
        Severity.WARNING,
    ),
    "unlimited told": Bad(
        "suppliers.csv",
        "id,country,material,price\nafar,CHN,bar,1\n",
        "T212",
        None,
        "offered",
        "1 row is unlimited",
        "",
        Severity.NOTE,
    ),
    # companions and changes
    "companion of an unknown id": Bad(
        "assets-availability.csv", "year,mil\n2025,1\n", "T211", 1, "mil", "'mil'", "'mill'"
    ),
    "companion falling": Bad(
        "assets-availability.csv",
        "year,mill\n2027,1\n2025,1\n",
        "T211",
        3,
        "year",
        "2025",
        "rising",
    ),
    "companion without year": Bad(
        "assets-availability.csv", "yr,mill\n2025,1\n", "T105", 1, None, "'yr'", "'year'"
    ),
    "companion out of range": Bad(
        "assets-availability.csv", "year,mill\n2025,1.5\n", "T204", 2, "mill", "1.5", "0 to 1"
    ),
    "change of an unknown table": Bad(
        "changes.csv",
        CHANGES + "ban,suplier,afar,price,,1,\n",
        "T216",
        2,
        "table",
        "'suplier'",
        "'suppliers'",
    ),
    "change of an unknown column": Bad(
        "changes.csv",
        CHANGES + "ban,suppliers,afar,pryce,,1,\n",
        "T216",
        2,
        "column",
        "'pryce'",
        "'price'",
    ),
    "change of an unknown row": Bad(
        "changes.csv",
        CHANGES + "ban,suppliers,afra/1,price,,1,\n",
        "T216",
        2,
        "key",
        "'afra/1'",
        "'afar/1'",
    ),
    "change of a key": Bad(
        "changes.csv", CHANGES + "ban,suppliers,afar,step,,1,\n", "T216", 2, "column", "'step'", ""
    ),
    "change to a word": Bad(
        "changes.csv",
        CHANGES + "ban,suppliers,afar,price,,dear,\n",
        "T216",
        2,
        "set",
        "'dear'",
        "number",
    ),
    "factor on a word": Bad(
        "changes.csv",
        CHANGES + "ban,assets,mill,status,,,2\n",
        "T216",
        2,
        "factor",
        "'status'",
        "'set'",
    ),
    "word from a year": Bad(
        "changes.csv",
        CHANGES + "ban,assets,mill,status,2028,closed,\n",
        "T216",
        2,
        "year",
        "'status'",
        "Leave the year empty",
    ),
    "set and factor": Bad(
        "changes.csv",
        CHANGES + "ban,suppliers,afar,price,,1,2\n",
        "T207",
        2,
        None,
        "both filled",
        "exactly one",
    ),
    "factor out of range": Bad(
        "changes.csv",
        CHANGES + "ban,assets,mill,turndown,,1.5,\n",
        "T216",
        2,
        "set",
        "1.5",
        "0 to 1",
    ),
    "factor beyond one": Bad(
        "changes.csv",
        CHANGES + "ban,assets,mill,availability,,,2\n",
        "T216",
        2,
        "factor",
        "2",
        "0 to 1",
    ),
    "factor on unlimited": Bad(
        "changes.csv",
        CHANGES + "ban,suppliers,afar/2,offered,,,0\n",
        "T216",
        2,
        "factor",
        "unlimited",
        "'set'",
    ),
    "change to an unknown id": Bad(
        "changes.csv",
        CHANGES + "ban,assets,mill,site,,nowhere,\n",
        "T201",
        2,
        "site",
        "'nowhere'",
        "sites.csv",
        told_in="assets.csv",
    ),
    # case.yaml
    "no settings": Bad("case.yaml", None, "T302", None, None, "missing", "format"),
    "unknown key": Bad(
        "case.yaml",
        YAML + "perspektive: USA\n",
        "T301",
        6,
        "perspektive",
        "'perspektive'",
        "'perspective'",
    ),
    "key twice": Bad(
        "case.yaml", YAML + "currency: EUR\n", "T304", 6, "currency", "twice", "row 2"
    ),
    "not yaml": Bad("case.yaml", YAML + "title: [a\n", "T304", 7, None, "YAML", "key: value"),
    "a list": Bad("case.yaml", "- a\n- b\n", "T304", 1, None, "YAML", "key: value"),
    "missing key": Bad(
        "case.yaml",
        YAML.replace("currency: USD\n", ""),
        "T302",
        None,
        "currency",
        "'currency' is missing",
        "Every case",
    ),
    "newer": Bad(
        "case.yaml",
        YAML.replace("format: 1", "format: 2"),
        "T305",
        1,
        "format",
        "format 2",
        "upgrade coercivity",
    ),
    "older": Bad(
        "case.yaml",
        YAML.replace("format: 1", "format: 0"),
        "T305",
        1,
        "format",
        "format 0",
        "coercivity convert",
    ),
    "no format": Bad(
        "case.yaml",
        YAML.replace("format: 1\n", ""),
        "T305",
        None,
        "format",
        "no format",
        "coercivity convert",
    ),
    "falling periods": Bad(
        "case.yaml",
        YAML.replace("2025, 2026", "2026, 2025"),
        "T303",
        4,
        "periods",
        "2026, 2025",
        "first year",
    ),
    "one period": Bad(
        "case.yaml",
        YAML.replace("2025, 2026", "2025"),
        "T303",
        4,
        "periods",
        "2025",
        "first year after",
    ),
    "report outside": Bad(
        "case.yaml",
        YAML + "report_until: 2040\n",
        "T303",
        6,
        "report_until",
        "2040",
        "2025 to 2026",
    ),
    "discounting": Bad(
        "case.yaml", YAML + "discounting: middle\n", "T303", 6, "discounting", "'middle'", "'mid'"
    ),
    "rate in percent": Bad(
        "case.yaml", YAML.replace("0.07", "7%"), "T303", 5, "discount_rate", "'7%'", "0.07"
    ),
    "rate above one": Bad(
        "case.yaml", YAML.replace("0.07", "7"), "T303", 5, "discount_rate", "7", "0 to 1"
    ),
    "unknown perspective": Bad(
        "case.yaml", YAML + "perspective: UAS\n", "T306", 6, "perspective", "'UAS'", "'USA'"
    ),
    "unknown key product": Bad(
        "case.yaml", YAML + "key_product: bat\n", "T306", 6, "key_product", "'bat'", "'bar'"
    ),
    "a list for a word": Bad(
        "case.yaml", YAML + "title: [a, b]\n", "T303", 6, "title", "list", "one"
    ),
    "a nested list": Bad(
        "case.yaml", YAML + "title: [[a]]\n", "T304", 6, None, "nested", "key: value"
    ),
    "import of nothing": Bad(
        "case.yaml", YAML + "imports: {t: nowhere}\n", "T401", 6, "imports", "'nowhere'", "beside"
    ),
    "import of itself": Bad(
        "case.yaml", YAML + "imports: {t: ../small}\n", "T402", 6, "imports", "'../small'", "Take"
    ),
    "absolute import": Bad(
        "case.yaml", YAML + "imports: {t: /etc}\n", "T401", 6, "imports", "absolute", "beside"
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_input_is_told_with_its_place(name: str, write_small: WriteCase) -> None:
    bad = BAD[name]
    case, problems = read_tables(write_small({bad.file: bad.content}))
    found = [p for p in problems if p.code == bad.code and p.place.column == bad.column]
    found = [p for p in found if p.place.file == (bad.told_in or bad.file)]
    found = [p for p in found if p.place.row == bad.row and bad.what in p.what]
    listed = [f"{p.severity.value} {p.code} {p.place}: {p.what} | {p.instead}" for p in problems]
    assert found, listed
    assert bad.instead in found[0].instead, listed
    assert found[0].severity is bad.severity
    assert (case is None) == any(p.severity is Severity.ERROR for p in problems)
    assert all(p.code in CODES for p in problems)


def test_the_small_case_is_sound(write_small: WriteCase) -> None:
    case, problems = read_tables(write_small())
    assert case is not None
    assert {p.severity for p in problems} == {Severity.NOTE}


def test_all_problems_come_at_once(write_small: WriteCase) -> None:
    folder = write_small(
        {
            "sites.csv": "id,country\nhill,UAS\n",
            "materials.csv": "id,basis\nore,x\n",
            "x.csv": "a\n",
        }
    )
    with pytest.raises(CaseError) as caught:
        read_case(folder)
    codes = {problem.code for problem in caught.value.problems}
    assert {"T201", "T205", "T102"} <= codes
    assert str(caught.value).endswith("Nothing was solved.")
    assert caught.value.exit_status == 3


def test_strict_makes_warnings_errors(write_small: WriteCase) -> None:
    folder = write_small({"segments.csv": "id,source\ndefence,nowhere\n"})
    assert read_case(folder).notes
    with pytest.raises(CaseError, match="1 problem in case"):
        read_case(folder, strict=True)


def test_a_flood_of_problems_is_cut(write_small: WriteCase) -> None:
    rows = "".join(f"a{number},UAS,x\n" for number in range(3000))
    _, problems = read_tables(write_small({"sites.csv": f"id,country,lat\n{rows}"}))
    assert 1000 <= sum(p.code == "T203" for p in problems) <= 1001


@pytest.mark.parametrize(
    "id_text", ["NA", "NaN", "null", "None", "nan", "no", "TRUE", "1e5", "007"]
)
def test_text_is_only_ever_text(id_text: str, write_small: WriteCase) -> None:
    sites = f"id,country\nhill,USA\nusa,USA\nchn,CHN\n{id_text},USA\n"
    case = read_case(write_small({"sites.csv": sites}))
    assert case["sites"].ids()[-1] == id_text
