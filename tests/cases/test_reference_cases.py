"""The reference cases: sound, sourced to the last row, and equal to what they were read from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache

import pytest

from coercivity.chain import Case, load_case
from coercivity.chain.processes import element_losses
from coercivity.foundation.problems import Problem, Severity
from coercivity.resilience.concentration import herfindahl, shares
from coercivity.resilience.observed import counted, counted_material, ledger_of
from coercivity.tables import CaseTables, Row, find_case
from coercivity.tables.reading import reference_cases

REAL = ("us-rare-earths", "us-tungsten", "us-rare-metals")
UNNAMED = frozenset({"derived", "estimate"})
WITHOUT_SOURCE = frozenset({"sources"})
"""Tables whose rows need no source: the list of sources itself."""


@cache
def loaded(name: str) -> tuple[Case, CaseTables, list[Problem]]:
    return load_case(find_case(name))


def rows_with_source(name: str) -> Iterator[tuple[str, Row]]:
    """Go through the rows of all tables that need a source."""
    for table_name, table in loaded(name)[1].tables.items():
        if table_name not in WITHOUT_SOURCE:
            for row in table.rows():
                yield table_name, row


def told(row: Row, column: str) -> bool:
    return column in row.table.columns and row.given(column)


@pytest.mark.parametrize("name", reference_cases())
def test_it_loads_and_nothing_in_it_is_an_error(name: str) -> None:
    problems = loaded(name)[2]
    assert [p for p in problems if p.severity is Severity.ERROR] == []


@pytest.mark.parametrize("name", ["mini", "mini-tungsten", "us-rare-earths", "us-tungsten"])
def test_a_case_that_stands_alone_gives_no_warning(name: str) -> None:
    problems = loaded(name)[2]
    assert [str(p.what) for p in problems if p.severity is Severity.WARNING] == []


@pytest.mark.parametrize("name", reference_cases())
def test_every_row_has_a_source(name: str) -> None:
    without = Counter(table for table, row in rows_with_source(name) if not told(row, "source"))
    assert without == {}


@pytest.mark.parametrize("name", reference_cases())
def test_every_source_named_is_listed(name: str) -> None:
    listed = {*loaded(name)[1].tables["sources"].ids()} | UNNAMED
    named = {
        part.strip() for _, row in rows_with_source(name) for part in row.text("source").split(";")
    }
    assert named - listed == set()


@pytest.mark.parametrize("name", reference_cases())
def test_every_source_says_what_who_and_under_which_licence(name: str) -> None:
    missing = [
        (row.text("id"), column)
        for row in loaded(name)[1].tables["sources"].rows()
        for column in ("title", "publisher", "year", "licence")
        if not row.given(column)
    ]
    assert missing == []


@pytest.mark.parametrize("name", ["us-rare-earths", "us-tungsten"])
def test_what_is_derived_says_how(name: str) -> None:
    silent = Counter(
        table
        for table, row in rows_with_source(name)
        if row.text("source") == "derived" and not told(row, "note")
    )
    assert silent == {}


@pytest.mark.parametrize("name", reference_cases())
def test_nearly_every_row_says_how_sure_it_is(name: str) -> None:
    rows = [row for _, row in rows_with_source(name)]
    sure = sum(told(row, "confidence") for row in rows)
    assert sure >= 0.95 * len(rows)


@pytest.mark.parametrize("name", reference_cases())
def test_no_recipe_makes_an_element_from_nothing(name: str) -> None:
    case = loaded(name)[0]
    checked = 0
    for process in case.processes.values():
        for mode in process.modes:
            if any(case.materials[material].contents for material in mode.inputs):
                checked += 1
                gained = {
                    e: x for e, x in element_losses(mode, case.materials).items() if x < -1e-9
                }
                assert gained == {}, f"{process.id}, mode {mode.name}"
    assert checked >= 0.6 * sum(len(process.modes) for process in case.processes.values())


# Published shares of 2024, in percent, rounded as they were printed. Where a source groups
# countries, so do we.

MINING = {
    "CHN": 71.1, "USA": 12.0, "AUS": 7.6, "MMR": 7.1, "IND": 0.8, "RUS": 0.7, "THA": 0.6,
    "NGA": 0.4, "MDG": 0.4, "BRA": 0.1, "ZZZ VNM": 0.4,
}  # fmt: skip
"""USGS, Mineral Commodity Summaries 2026: tonnes of oxide over a world rounded to 380 000 t."""
MINING_WORLD = 380_000.0
SEPARATION = {"CHN": 91.0}
"""IEA, commentary of 23 October 2025: separation and refining of magnet rare earths."""
HEAVY = {"CHN": 99.0}
"""IEA and industry statements: 98 to 99 percent of heavy rare earth refining."""
METAL = {
    "CHN": 88.0, "JPN VNM": 7.0, "THA LAO": 3.0, "GBR": 0.5, "USA": 0.5, "KOR": 0.3, "ZZZ": 0.7,
}  # fmt: skip
"""Estimate anchored on U.S. Department of Energy 2022, which gave China 90 percent in 2020."""
MAGNET = {
    "CHN": 92.0, "JPN": 5.2, "VNM": 0.9, "DEU": 0.8, "PHL": 0.5, "KOR": 0.2, "USA": 0.2, "ZZZ": 0.3,
}  # fmt: skip
"""Rare Earth Exchanges 2025: NdFeB blanks, China more than 300 000 t of about 326 000 t."""
SAMARIUM_MAGNET = {"CHN": 82.0, "USA": 4.0, "JPN": 5.0, "DEU CHE": 6.0, "ZZZ": 3.0}
"""Estimate on Adamas Intelligence 2020: Chinese output of 2 400 t in 2019."""
TUNGSTEN_MINING = {
    "CHN": 82.7, "VNM": 4.2, "RUS": 2.5, "PRK": 2.1, "BOL": 2.0, "RWA": 1.5, "AUS": 1.2,
    "AUT": 1.0, "ESP": 0.9, "PRT": 0.6, "ZWE": 1.4,
}  # fmt: skip
"""USGS, Mineral Commodity Summaries 2025: tonnes of tungsten over a world of 81 000 t."""
TUNGSTEN_WORLD = 81_000.0


def agree(found: Mapping[str, float], published: Mapping[str, float], *, digits: int) -> None:
    """Hold that fractions, grouped as published, are the published percentages after rounding."""
    grouped = {key: 100 * sum(found.get(c, 0.0) for c in key.split()) for key in published}
    half = 0.5 * 10.0**-digits
    assert grouped == pytest.approx(dict(published), abs=half * 1.001)


def observed(name: str, stage: str) -> dict[str, float]:
    """Output of a stage by country in 2024, from the observations. [t]"""
    case, tables, _ = loaded(name)
    return dict(counted(ledger_of(tables, case), 2024, stage).countries)


@pytest.mark.parametrize(
    ("name", "stage", "published", "world"),
    [
        ("us-rare-earths", "mining", MINING, MINING_WORLD),
        ("us-tungsten", "mining", TUNGSTEN_MINING, TUNGSTEN_WORLD),
    ],
)
def test_mine_shares_are_those_of_the_survey(
    name: str, stage: str, published: Mapping[str, float], world: float
) -> None:
    tonnes = observed(name, stage)
    agree({c: x / world for c, x in tonnes.items()}, published, digits=1)
    assert sum(tonnes.values()) == pytest.approx(world, rel=0.0133), "the world is rounded too"


@pytest.mark.parametrize(
    ("stage", "published", "digits"),
    [
        ("separation-light", SEPARATION, 0),
        ("separation-heavy", HEAVY, 0),
        ("metal", METAL, 1),
        ("magnet", MAGNET, 1),
    ],
)
def test_shares_of_later_stages_are_the_published_ones(
    stage: str, published: Mapping[str, float], digits: int
) -> None:
    agree(shares(observed("us-rare-earths", stage)), published, digits=digits)


def test_shares_of_a_magnet_that_is_counted_apart_are_the_published_ones() -> None:
    case, tables, _ = loaded("us-rare-earths")
    tonnes = counted_material(ledger_of(tables, case), 2024, "mag-smco").countries
    agree(shares(tonnes), SAMARIUM_MAGNET, digits=0)


def test_concentration_follows_from_the_published_shares() -> None:
    by_hand = sum(share**2 for share in TUNGSTEN_MINING.values())
    assert herfindahl(observed("us-tungsten", "mining")) == pytest.approx(by_hand, rel=0.005)


def test_both_metals_under_one_budget_keep_their_rows() -> None:
    both = loaded("us-rare-metals")[0]
    for prefix, name in (("ree", "us-rare-earths"), ("w", "us-tungsten")):
        alone = loaded(name)[0]
        for noun in ("assets", "options", "demands", "processes"):
            taken = {key for key in getattr(both, noun) if key.startswith(f"{prefix}-")}
            assert taken == {f"{prefix}-{key}" for key in getattr(alone, noun)}
