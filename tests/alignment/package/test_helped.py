"""A package is for those who build: it falls away if nothing is built."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from coercivity.alignment.package import helped
from coercivity.finance.contracts import EbitdaFloor, Floor, Starts, Window
from tests.finance.projects.works import load_works, position


def test_going_on_does_not_get_what_building_gets(tmp_path: Path) -> None:
    case, tables = load_works(tmp_path)
    bare = position(case, tables)
    window = Window(Starts.FIRST_OUTPUT, 0.0, 5.0)
    given = EbitdaFloor(id="given", amount=50.0, window=window)
    signed = helped(bare, [given])
    assert signed.contracts == (*bare.contracts, given)
    assert signed.without_building().contracts == bare.without_building().contracts
    assert signed.appraise(workers=1).worth.value > bare.appraise(workers=1).worth.value


def test_what_was_in_force_stays_in_force_without_building(tmp_path: Path) -> None:
    case, tables = load_works(tmp_path)
    held = Floor(id="held", material="good", strike=30.0)
    in_force = replace(position(case, tables), contracts=(held,))
    again = helped(in_force, [Floor(id="more", material="good", strike=20.0, share=0.0)])
    assert [one.id for one in again.without_building().contracts] == ["held"]


def test_the_first_paths_of_a_helped_project_are_still_helped(tmp_path: Path) -> None:
    case, tables = load_works(tmp_path)
    given = Floor(id="given", material="good", strike=30.0)
    few = helped(position(case, tables), [given]).first_paths(50)
    assert few.without_building().contracts == ()
    assert few.contracts == (given,)
