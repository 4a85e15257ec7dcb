"""Break-evens of options left out: by hand, by the solver's own search, by a changed case."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from coercivity.planning.explanations.rejected import Rejected, explain_rejected, verify_grant
from tests.planning.explanations.explained_chains import (
    Explained,
    explained,
    explained_tables,
    few_and_more,
    many,
    solved_afresh,
)
from tests.small_chains import Row, plant, years


def _only(folder: Path, option: Row, *more: Row, **tables: object) -> tuple[Explained, Rejected]:
    """Plan two years with options of which the first is left out, and explain it."""
    rows = [{"id": "new", **option}, *more]
    written = plant(options=rows, **tables)  # type: ignore[arg-type]
    known = explained_tables(folder, written, years(2025, 2026, 2027))
    held = known.held()
    assert not held.is_built("new")
    return known, explain_rejected(held, "new")


def test_the_grant_is_the_cost_less_what_it_saves(tmp_path: Path) -> None:
    # 3 million against two years of 1000 t that go short at 1000 a tonne: 1 million is missing.
    _, found = _only(tmp_path, {"capital": 3})
    assert found.grant == pytest.approx(1.0)
    assert found.grant_share == pytest.approx(1 / 3)
    assert found.capital_cut == pytest.approx(1 / 3)
    assert found.grant_per_tonne == pytest.approx(1e6 / 2000)
    assert found.decision_period == 0
    assert found.verified
    assert found.reason == ""


def test_what_requires_an_option_left_out_is_judged_with_it(tmp_path: Path) -> None:
    other = {"id": "first", "capital": 90}
    _, found = _only(tmp_path, {"capital": 3, "requires": "first"}, other)
    assert found.with_it == ("first",)
    assert found.grant == pytest.approx(3 + 90 - 2)
    assert found.grant_share == pytest.approx(91 / 93)
    assert found.verified


def test_what_requires_an_option_that_is_late_has_no_break_even(tmp_path: Path) -> None:
    other = {"id": "first", "capital": 90, "earliest": 2026}
    option = {"capital": 3, "latest": 2025, "requires": "first"}
    _, found = _only(tmp_path, option, other)
    assert found.grant is None
    assert found.verified is None
    assert found.reason == "it requires 'first', which is not there in time"


@pytest.mark.parametrize("most", [1, 3])
def test_what_the_plan_excludes_has_no_break_even(tmp_path: Path, most: int) -> None:
    other = {"id": "rival", "capital": 1, "most": most}
    _, found = _only(tmp_path, {"capital": 3, "most": most, "excludes": "rival"}, other)
    assert found.grant is None
    assert found.reason == "'new' and 'rival' exclude each other"


def test_a_limit_that_leaves_no_money_is_named(tmp_path: Path) -> None:
    limits = [{"id": "purse", "kind": "capital", "amount": 2}]
    _, found = _only(tmp_path, {"capital": 3}, limits=limits)
    assert found.grant is None
    assert found.reason == "limit 'purse' has no money left for it"


def test_a_limit_that_leaves_no_start_is_named(tmp_path: Path) -> None:
    limits = [{"id": "crews", "kind": "starts", "amount": 0}]
    _, found = _only(tmp_path, {"capital": 3}, limits=limits)
    assert found.grant is None
    assert found.reason == "limit 'crews' has no starts left for it"


def test_what_cannot_be_ready_has_no_break_even(tmp_path: Path) -> None:
    other = {"id": "late", "capital": 1, "build_years": 9}
    rows = [{"id": "new", "capital": 1}, other]
    known = explained_tables(tmp_path, plant(options=rows), years(2025, 2026, 2027))
    found = explain_rejected(known.held(), "late")
    assert found.grant is None
    assert "output inside the horizon" in found.reason


def test_what_would_stand_idle_needs_all_of_its_capital(tmp_path: Path) -> None:
    other = {"id": "enough", "capital": 1}
    _, found = _only(tmp_path, {"capital": 3}, other)
    assert found.grant == pytest.approx(3.0)
    assert found.grant_share == pytest.approx(1.0)
    assert found.grant_per_tonne is None
    assert found.verified
    assert "would not be used" in found.reason


def test_a_plan_that_is_not_the_cheapest_is_said_so(tmp_path: Path) -> None:
    tables = plant(options=[{"id": "new", "capital": 1}])
    known = explained_tables(tmp_path, tables, years(2025, 2026, 2027))
    worse = replace(known.solution, primal=np.zeros_like(known.solution.primal))
    held = Explained(known.case, known.model, worse).held()
    found = explain_rejected(held, "new")
    assert found.extra_cost == pytest.approx(-1.0)
    assert found.grant == 0.0
    assert "it would pay as it is" in found.reason


@pytest.mark.parametrize("number", few_and_more())
def test_a_break_even_holds_when_solved_afresh(number: int) -> None:
    known = explained(number)
    held = known.held()
    for option in known.rejected(held):
        found = explain_rejected(held, option)
        if found.grant is None or found.grant <= 100 * known.rounding:
            continue
        assert found.verified
        built = [
            solved_afresh(known, option, most=1, grant=part * found.grant, free=found.with_it)[1]
            for part in (1.01, 0.99)
        ]
        assert built == [1, 0]


@pytest.mark.parametrize("number", few_and_more())
def test_a_cut_of_capital_holds_in_a_changed_case(number: int) -> None:
    known = explained(number)
    held = known.held()
    for option in known.rejected(held):
        found = explain_rejected(held, option)
        if found.capital_cut is None or found.grant is None or found.grant <= known.rounding * 100:
            continue
        if found.with_it or 1.01 * found.capital_cut > 1:
            continue
        built = []
        for cut in (1.01 * found.capital_cut, 0.99 * found.capital_cut):
            noun = known.case.options[option]
            cheaper = replace(noun, capital=noun.capital * (1 - cut))
            case = replace(known.case, options={**known.case.options, option: cheaper})
            built.append(solved_afresh(known, option, most=1, case=case)[1])
        assert built == [1, 0]


@pytest.mark.parametrize("number", few_and_more())
def test_the_grant_spread_over_a_new_plant_is_premium_enough(number: int) -> None:
    known = explained(number)
    held = known.held()
    for option in known.rejected(held):
        found = explain_rejected(held, option)
        asset = known.case.assets.get(known.case.options[option].adds_to)
        if found.grant_per_tonne is None or asset is None or asset.capacity.any():
            continue
        premium = 1.01 * found.grant_per_tonne
        _, count = solved_afresh(known, option, most=1, premium=premium, free=found.with_it)
        assert count == 1


def test_enough_break_evens_are_tried() -> None:
    found = [
        explain_rejected(held, option)
        for known in many()
        for held in [known.held()]
        for option in known.rejected(held)
    ]
    assert sum(each.grant is not None and each.grant > 0 for each in found) >= 8


def test_a_wrong_grant_is_not_verified(tmp_path: Path) -> None:
    known, found = _only(tmp_path, {"capital": 3})
    assert found.grant is not None
    assert not verify_grant(known.held(), "new", found.grant * 1.05)
    assert not verify_grant(known.held(), "new", found.grant * 0.95)
