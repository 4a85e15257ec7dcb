"""What a redacted briefing leaves out: every number, name, source and option of the inputs.

The case has numbers that no other could be taken for, so one that is told gives itself away.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from coercivity.results import Run
from coercivity.studies.plan import PlanOptions, plan
from coercivity.tables import find_case, read_tables
from coercivity.tables.columns import Kind
from coercivity.tables.schemas import SCHEMAS
from coercivity.views.briefing import Briefing, make_briefing
from coercivity.views.briefing.page import interactive_page, static_page
from coercivity.views.briefing.paper import paper
from coercivity.views.briefing.workbook import workbook
from tests.views.briefing.conftest import rows_of, write_rows
from tests.views.briefing.reading import page, pdf_text, workbook_cells, workbook_parts

MARKED = re.compile(r"-?\d[\d\u202f,]*\.?\d*")
SEGMENT, SHARE = "defence", "91.23457"
DIGITS = 6
"""Significant digits from which a number says where it comes from."""
CASE_TITLE = "The Umbra deposit and the Penumbra works"
SECRETS = {
    "title": "A confidential letter of intent",
    "publisher": "Ministry of Shadows",
    "address": "https://umbra.invalid/letter",
    "note": "heard over lunch",
}
KEPT_ROUND = {"compositions", "stocks"}
"""Tables whose numbers must fit each other."""
SPLIT = {
    "demands": ("id", "amount"),
    "demand_materials": ("demand", ""),
    "suppliers": ("id", "offered"),
}
"""Tables whose rows are split: column of the id, and of what is halved."""
Inputs = dict[tuple[str, str, str], float]
"""Numbers of a case by table, row and column."""


def mark(folder: Path, *, split: bool) -> Path:
    """Write the small case with numbers of seven digits, no two alike, and secret words.

    Split, each demand and each supplier becomes two of about half its size.
    """
    case = folder / "marked"
    shutil.copytree(find_case("mini"), case)
    count = 0
    for file in sorted(case.glob("*.csv")):
        rows = rows_of(file)
        if split and file.stem in SPLIT:
            rows = [half for row in rows for half in halves(row, *SPLIT[file.stem])]
        for row in rows:
            for name in row:
                if file.stem not in KEPT_ROUND and is_measured(file.stem, name) and row[name]:
                    count += 1
                    row[name] = marked(float(row[name]), count)
            hidden = SECRETS if file.stem == "sources" else {"note": SECRETS["note"]}
            row.update({name: words for name, words in hidden.items() if name in row})
        write_rows(file, rows)
    settings = case / "case.yaml"
    text = settings.read_text(encoding="utf-8").replace("0.10", "0.102346")
    settings.write_text(re.sub(r"title: .*", f"title: {CASE_TITLE}", text), encoding="utf-8")
    return case


def halves(row: dict[str, str], key: str, amount: str) -> list[dict[str, str]]:
    """Split a row in two of its kind."""
    half = f"{float(row[amount]) / 2:g}" if amount else ""
    return [
        row | {key: f"{row[key]}-{name}"} | ({amount: half} if amount else {})
        for name in ("one", "two")
    ]


def is_measured(table: str, column: str) -> bool:
    found = [one for one in SCHEMAS[table].columns if one.name == column]
    return bool(found) and found[0].kind is Kind.NUMBER


def marked(value: float, number: int) -> str:
    """Move a number by about a thousandth, each by another amount."""
    if value in {0.0, 1.0}:
        return f"{value:g}"
    return f"{value * (1 + 1e-4 * (2 + number) ** 0.51):.7g}"


def numbers_of(run: Run) -> Inputs:
    """List the numbers of the frozen case that have enough digits to be known again."""
    tables, _ = read_tables(run.inputs)
    assert tables is not None
    found: Inputs = {("case", "", "discount_rate"): tables.settings.discount_rate}
    for name in tables.tables:
        for number, row in enumerate(tables[name]):
            for column in SCHEMAS[name].columns:
                if column.kind is not Kind.NUMBER or not row.given(column.name):
                    continue
                value = row.maybe_number(column.name)
                if value is not None and len(f"{value:.7g}".replace(".", "").strip("-0")) >= DIGITS:
                    found[name, str(number), column.name] = value
    return found


def told_numbers(briefing: Briefing) -> set[str]:
    """Read every number back from the workbook, the page with its live data, and the paper."""
    cells = [c for rows in workbook_cells(workbook(briefing)).values() for row in rows for c in row]
    texts = [str(cell) for cell in cells if isinstance(cell, str)]
    texts += page(static_page(briefing)).texts
    live = interactive_page(briefing).split('id="held">')[1].split("</script>")[0]
    texts += [live, pdf_text(paper(briefing))]
    full = {digits_of(f"{cell:.7g}") for cell in cells if isinstance(cell, float)}
    return full | {digits_of(match) for text in texts for match in MARKED.findall(text)}


def digits_of(number: str) -> str:
    """Give the significant digits of a number, whatever its power of ten."""
    if "e" in number:
        number = number.split("e", maxsplit=1)[0]
    return re.sub(r"[^0-9]", "", number).lstrip("0")


def given_away(inputs: Inputs, told: set[str]) -> set[tuple[str, str, str]]:
    """List the inputs that were told, rounded to six digits or more."""
    return {
        place
        for place, value in inputs.items()
        if any(
            digits_of(f"{value:.{digits}g}").rstrip("0") == one.rstrip("0")
            for digits in range(DIGITS, 9)
            for one in told
            if len(one.rstrip("0")) >= DIGITS
        )
    }


def planned(folder: Path, runs: Path, *, split: bool) -> Run:
    target = f"{SEGMENT}>={SHARE}%@2029:dfars"
    options = PlanOptions(name=folder.name, gap=0.0123457, require=(target,))
    return plan(mark(folder, split=split), runs, options)


@pytest.fixture(scope="module")
def single(runs: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return planned(tmp_path_factory.mktemp("single"), runs, split=False)


@pytest.fixture(scope="module")
def several(runs: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return planned(tmp_path_factory.mktemp("several"), runs, split=True)


def test_the_whole_briefing_gives_inputs_away(several: Run) -> None:
    """What the next tests look for would be seen."""
    briefing = make_briefing([several])
    found = given_away(numbers_of(several), told_numbers(briefing))
    assert ("case", "", "discount_rate") in found
    assert {table for table, _, _ in found} >= {"options", "assets"}
    words = static_page(briefing)
    assert CASE_TITLE in words
    assert all(SECRETS[name] in words for name in ("title", "publisher", "address"))
    assert SHARE in words


def test_no_number_of_the_inputs_is_told(several: Run) -> None:
    cut = make_briefing([several], redact=True)
    assert given_away(numbers_of(several), told_numbers(cut)) == set()


def test_a_sum_over_one_is_that_one(single: Run) -> None:
    """As the page says: one demand of a class, one user outside it, one allied supplier."""
    cut = make_briefing([single], redact=True)
    found = given_away(numbers_of(single), told_numbers(cut))
    assert {(table, column) for table, _, column in found} == {
        ("demands", "amount"),
        ("suppliers", "offered"),
    }


def test_no_source_title_note_or_option_is_told(several: Run) -> None:
    cut = make_briefing([several], redact=True)
    written = [
        static_page(cut),
        interactive_page(cut),
        pdf_text(paper(cut)),
        *workbook_parts(workbook(cut)).values(),
    ]
    for text in written:
        for secret in (CASE_TITLE, *SECRETS.values(), SHARE, "0.0123457", "illustrative"):
            assert secret not in text


def test_no_single_demand_is_told_of(several: Run) -> None:
    whole, cut = make_briefing([several]), make_briefing([several], redact=True)
    assert any("the largest shortfall is" in sentence for sentence in whole.answer)
    assert not any("shortfall" in sentence for sentence in cut.answer)
    assert cut.answer[1].endswith("of demand is served up to 2030.")


def test_what_it_takes_to_compute_it_again_stays(several: Run) -> None:
    text = static_page(make_briefing([several], redact=True))
    assert several.id in text
    assert several.manifest.digest in text
    assert "version of coercivity" in text
    for heading in ("Sources", "The assumptions that matter"):
        assert heading in text
    assert text.count("left out") >= 3
