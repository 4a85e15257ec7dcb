"""Small chains with several futures, whose best plans can be worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from coercivity.chain import Case, load_case
from coercivity.planning.futures.preparing import Prepared, prepare
from coercivity.planning.futures.search import FutureLimits, FuturePlan, plan_for_all
from coercivity.tables import CaseTables
from coercivity.uncertainty.futures import Future
from tests.small_chains import plant
from tests.written_cases import Tables, write_case_folder

TIGHT = FutureLimits(gap=0.0)
LOW_OR_HIGH = (
    Future("low", 0.5, demand={"users": 0.5}),
    Future("high", 0.5, demand={"users": 2.0}),
)
"""A demand of 500 or 2000 t, as likely as each other."""


def two_modules(capital: float = 0.3) -> Tables:
    """Write a plant that may get two modules of 1000 t; a year's missing 1000 t costs 1 million."""
    return plant(options=[{"id": "new", "most": 2, "capital": capital}])


def loaded(
    folder: Path, tables: Tables, settings: Mapping[str, object] | None = None
) -> tuple[Case, CaseTables]:
    """Write and read a case."""
    case, read, _ = load_case(write_case_folder(folder / "case", tables, settings))
    return case, read


def prepared(
    folder: Path,
    tables: Tables,
    futures: Sequence[Future],
    settings: Mapping[str, object] | None = None,
) -> Prepared:
    """Write a case and formulate it in every future."""
    case, read = loaded(folder, tables, settings)
    return prepare(case, read, futures)


def planned(
    folder: Path,
    tables: Tables,
    futures: Sequence[Future],
    settings: Mapping[str, object] | None = None,
    *,
    limits: FutureLimits = TIGHT,
) -> FuturePlan:
    """Plan a case for every future."""
    return plan_for_all(prepared(folder, tables, futures, settings), limits)
