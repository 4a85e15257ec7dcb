"""Requirements are read strictly, met when they can be, and quarrels are named minimally."""

from __future__ import annotations

from pathlib import Path

import pytest

from coercivity.chain import load_case
from coercivity.foundation.errors import InfeasiblePlan, UsageError
from coercivity.planning.model import PlanningModel, build_model
from coercivity.planning.requirements import contradictions
from coercivity.planning.solve import PlanLimits, solve_plan
from coercivity.planning.standing import read_plan
from coercivity.planning.targets import parse_requirement
from coercivity.tables import CaseTables, find_case


def loaded(*required: str, scenario: str | None = None) -> tuple[PlanningModel, CaseTables]:
    case, tables, _ = load_case(find_case("mini"), scenario=scenario)
    targets = tuple(parse_requirement(text, case) for text in required)
    return build_model(case, targets=targets), tables


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("industry>90%@2028", "cannot be read"),
        ("industry>=90%", "cannot be read"),
        ("industri>=90%@2028", "Did you mean 'industry'"),
        ("industry>=190%@2028", "more than the whole"),
        ("industry>=90%@2031", "the case reports 2025 to 2030"),
        ("industry>=90%@2028:dfar", "Did you mean 'dfars'"),
    ],
)
def test_a_requirement_that_cannot_be_used_is_refused(text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        loaded(text)


def test_percent_and_fraction_say_the_same() -> None:
    case, _, _ = load_case(find_case("mini"))
    first, second = (parse_requirement(f"industry>={s}@2028", case) for s in ("90%", "0.9"))
    assert first.share == pytest.approx(second.share)
    assert (first.year, first.origin_class) == (2028, "any")


def test_a_target_that_can_be_met_is_met_and_never_costs_less() -> None:
    free, _ = loaded()
    bound, _ = loaded("industry>=40%@2028:dfars")
    cheap, dear = (solve_plan(model, PlanLimits(gap=0.0)) for model in (free, bound))
    tables = read_plan(bound, dear)
    coverage, served = tables["coverage"].frame, tables["served"].frame
    chosen = served[(served["segment"] == "industry") & (served["class"] == "dfars")]
    compliant = chosen.groupby("year")["served_t"].sum()
    asked = coverage[coverage["segment"] == "industry"].set_index("year")["demand_t"]
    for year in (2028, 2029, 2030):
        assert compliant[year] >= 0.4 * asked[year] - 1e-6
    assert dear.objective >= cheap.objective - 1e-9


def test_a_quarrel_names_what_matters_and_nothing_else() -> None:
    model, tables = loaded("industry>=100%@2026")
    with pytest.raises(InfeasiblePlan):
        solve_plan(model)
    found = contradictions(model, tables)
    assert found is not None
    told = [one.requirement for one in found]
    assert "target 'industry>=100%@2026'" in told
    assert len(told) == len(set(told))
    assert {one.place for one in found} >= {"--require"}


def test_leaving_out_the_quarrelling_target_makes_a_plan_possible() -> None:
    held, broken = "defence>=100%@2027:dfars", "industry>=100%@2026"
    found = contradictions(*loaded(held, broken))
    assert found is not None
    assert f"target '{broken}'" in [one.requirement for one in found]
    rest, _ = loaded(held)
    assert solve_plan(rest).objective > 0


def test_what_can_hold_is_no_quarrel() -> None:
    assert contradictions(*loaded("industry>=50%@2028")) is None


def test_the_command_line_tells_the_quarrel(tmp_path: Path) -> None:
    from coercivity.studies.plan import PlanOptions, plan

    options = PlanOptions(require=("industry>=100%@2026",))
    with pytest.raises(InfeasiblePlan, match="cannot all hold") as caught:
        plan(find_case("mini"), tmp_path, options)
    assert any(place == "--require" for _, place in caught.value.conflict)
