"""The held plan: it costs what the plan costs, and every question leaves it as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from coercivity.foundation.errors import InternalError
from coercivity.planning.explanations import HeldPlan, decisions_of
from coercivity.planning.explanations.warm import DecisionsNotAllowed
from coercivity.planning.model import build_model
from tests.planning.explanations.explained_chains import (
    SEEDS,
    explained,
    explained_tables,
    few_and_more,
    many,
    solved_afresh,
)
from tests.small_chains import plant, years


@pytest.mark.parametrize("number", SEEDS)
def test_the_plan_held_costs_what_the_plan_costs(number: int) -> None:
    known = explained(number)
    assert known.held().cost == pytest.approx(known.solution.objective, abs=known.rounding)


@pytest.mark.parametrize("number", SEEDS[:6])
def test_asking_changes_nothing(number: int) -> None:
    known = explained(number)
    held = known.held()
    before = held.highs.numbers
    for option in known.case.options:
        held.forbid(option)
        held.choose(option, grant=0.001)
        for period in held.model.investments.periods[option]:
            held.force(option, period)
    after = held.highs.numbers
    for name in ("lower", "upper", "row_upper", "cost"):
        assert (getattr(before, name) == getattr(after, name)).all()


@pytest.mark.parametrize("number", few_and_more())
def test_deciding_anew_finds_what_the_solver_finds_by_itself(number: int) -> None:
    known = explained(number)
    held = known.held()
    for option, noun in known.case.options.items():
        answer = held.choose(option)
        afresh, _ = solved_afresh(known, option, most=noun.most)
        assert answer.proven
        assert answer.cost == pytest.approx(afresh, abs=known.rounding)


def test_more_grant_never_builds_less() -> None:
    tried = 0
    for known in many():
        held = known.held()
        for option, noun in known.case.options.items():
            capital = float(noun.capital.max())
            counts = [
                held.choose(option, grant=share * capital).modules_of(option)
                for share in (0.0, 0.2, 0.45, 0.7, 1.1, 2.0)
            ]
            assert counts == sorted(counts)
            tried += counts[-1] > counts[0]
    assert tried > 3


def test_a_best_plan_cannot_be_bettered_by_one_option() -> None:
    for known in many():
        held = known.held()
        for option in known.case.options:
            answer = held.choose(option)
            assert answer.cost is not None
            assert answer.cost >= held.cost - known.rounding


def test_refuses_a_plan_of_vintages() -> None:
    known = explained(SEEDS[0])
    model = build_model(known.case, vintages=True)
    with pytest.raises(InternalError, match="cumulative modules"):
        HeldPlan(model, decisions_of(known.model, known.solution.primal))


def test_refuses_decisions_that_the_model_does_not_allow(tmp_path: Path) -> None:
    tables = plant(options=[{"id": "new", "capital": 1}], demand={"penalty": None})
    known = explained_tables(tmp_path, tables, years(2025, 2026))
    with pytest.raises(DecisionsNotAllowed, match="not allowed by its own model"):
        HeldPlan(known.model, {})
