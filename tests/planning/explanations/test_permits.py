"""A permit year: by hand, and as the same plan in a case that is written with the shorter one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from coercivity.chain.origin import ANY
from coercivity.chain.trade import Target
from coercivity.foundation.errors import InternalError
from coercivity.planning.explanations import HeldPlan, decisions_of
from coercivity.planning.explanations.permits import PermitYears, explain_permit
from coercivity.planning.explanations.shorter import with_shorter_permits
from tests.planning.explanations.explained_chains import (
    SEEDS,
    Explained,
    explained,
    explained_tables,
    few_and_more,
    solved_afresh,
)
from tests.small_chains import Row, plant, years


def _permits(known: Explained) -> dict[str, PermitYears]:
    shorter = with_shorter_permits(known.model)
    held = HeldPlan(shorter.model, decisions_of(known.model, known.solution.primal))
    found = [explain_permit(held, shorter, option) for option in known.case.options]
    return {each.option: each for each in found if each is not None}


def _one(folder: Path, option: Row, *more: Row) -> dict[str, PermitYears]:
    rows = [{"id": "new", **option}, *more]
    return _permits(explained_tables(folder, plant(options=rows), years(2025, 2026, 2027, 2028)))


@pytest.mark.parametrize("number", [*few_and_more(), 19])
def test_quicker_twins_at_rest_leave_the_plan_as_it_was(number: int) -> None:
    known = explained(number, delay=1)
    larger = with_shorter_permits(known.model).model
    held = HeldPlan(larger, decisions_of(known.model, known.solution.primal))
    assert held.cost == pytest.approx(known.solution.objective, abs=known.rounding)


@pytest.mark.parametrize("number", [*few_and_more(), 19])
def test_a_year_saved_is_worth_what_a_rewritten_case_gives(number: int) -> None:
    known = explained(number, delay=1)
    for option, found in _permits(known).items():
        noun = known.case.options[option]
        quicker = replace(noun, permit_years=noun.permit_years - 1)
        case = replace(known.case, options={**known.case.options, option: quicker})
        as_it_is, _ = solved_afresh(known, option, most=noun.most)
        cut, _ = solved_afresh(known, option, most=noun.most, case=case)
        assert found.proven
        assert found.year_saved >= 0
        assert found.year_saved == pytest.approx(max(0.0, as_it_is - cut), abs=2 * known.rounding)


def test_enough_permits_are_worth_something() -> None:
    found = [each for number in SEEDS for each in _permits(explained(number, delay=1)).values()]
    assert sum(each.year_saved > 0 for each in found) >= 4


def test_a_built_option_gains_a_year_of_output(tmp_path: Path) -> None:
    found = _one(tmp_path, {"capital": 0.5, "permit_years": 1})["new"]
    assert found.built
    assert found.year_saved == pytest.approx(1.0)
    assert found.years_earlier is None


def test_a_rejected_option_is_built_once_it_has_enough_years(tmp_path: Path) -> None:
    # 2.5 million: one year of output (1 million) does not pay, nor do two; three do.
    found = _one(tmp_path, {"capital": 2.5, "permit_years": 2})["new"]
    assert not found.built
    assert found.year_saved == 0.0
    assert found.years_earlier == 2


def test_no_cut_helps_what_costs_too_much(tmp_path: Path) -> None:
    found = _one(tmp_path, {"capital": 9, "permit_years": 2})["new"]
    assert found.years_earlier is None
    assert found.year_saved == 0.0


def test_what_requires_an_option_may_rely_on_its_quicker_twin(tmp_path: Path) -> None:
    # Half the demand each; the second can only follow the first, which comes a year sooner.
    first = {"size": 500, "capital": 0.1, "permit_years": 1}
    second = {"id": "second", "size": 500, "capital": 0.1, "requires": "new"}
    found = _one(tmp_path, first, second)
    assert found["new"].year_saved == pytest.approx(0.5)


def test_an_option_without_permit_is_left_out(tmp_path: Path) -> None:
    assert _one(tmp_path, {"capital": 0.5}) == {}


def test_targets_other_than_those_of_the_plan_are_refused() -> None:
    known = explained(SEEDS[0])
    target = Target("late", "", 0.1, ANY, 2025)
    with pytest.raises(InternalError, match="are not those of its plan"):
        with_shorter_permits(known.model, targets=(target,))
