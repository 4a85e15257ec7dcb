from __future__ import annotations

import datetime as dt

import pytest

from coercivity.chain.origin import OriginException, OriginRule, OriginRules
from coercivity.chain.places import Country
from coercivity.resilience.rules import Check, RulesOfDay, Verdict

COUNTRIES = {
    "USA": Country("USA", "", "domestic"),
    "VNM": Country("VNM", "", "neutral"),
    "CHN": Country("CHN", "", "covered"),
}
EARLY, LATE = dt.date(2020, 1, 1), dt.date(2027, 1, 1)


def rules_on(day: dt.date, *exceptions: OriginException, origin_class: str = "clean") -> RulesOfDay:
    wide, narrow = frozenset({"domestic", "neutral"}), frozenset({"domestic"})
    origin = OriginRules(
        ("clean", "any"),
        (
            OriginRule("clean", "melt", wide, None),
            OriginRule("clean", "dig", wide, EARLY),
            OriginRule("clean", "dig", narrow, LATE),
        ),
        exceptions,
        {"dig": 1, "melt": 2},
    )
    return RulesOfDay(origin, COUNTRIES, origin_class, day)


def test_a_rule_begins_on_its_day_and_not_before() -> None:
    before = rules_on(EARLY - dt.timedelta(days=1))
    assert before.stages() == ("melt",)
    assert before.check_stage("dig", "CHN", "bar").passes
    assert not rules_on(EARLY).check_stage("dig", "CHN", "bar").passes


def test_a_later_rule_of_a_stage_replaces_the_earlier() -> None:
    assert rules_on(EARLY).check_stage("dig", "VNM", "bar").passes
    assert not rules_on(LATE).check_stage("dig", "VNM", "bar").passes


def test_the_class_any_asks_nothing() -> None:
    assert rules_on(LATE, origin_class="any").stages() == ()


def test_a_stage_of_unknown_place_fails() -> None:
    found = rules_on(LATE).check_stage("melt", None, "bar")
    assert found.verdict is Verdict.FAILS
    assert found.failures[0].country is None


@pytest.mark.parametrize("reverse", [False, True])
def test_failures_come_in_the_order_of_the_chain(reverse: bool) -> None:
    rules = rules_on(LATE)
    checks = [rules.check_stage(stage, "CHN", "bar") for stage in ("dig", "melt")]
    joined = rules.joined(reversed(checks) if reverse else checks)
    assert [failure.stage for failure in joined.failures] == ["dig", "melt"]
    assert joined.first == joined.failures[0]


def test_joining_passing_checks_passes() -> None:
    assert rules_on(LATE).joined([Check(), Check()]) == Check()


def test_a_condition_of_an_input_and_one_of_the_product_both_serve() -> None:
    of_input = OriginException("clean", "dig", "bar", "scrap", None, None)
    of_product = OriginException("clean", "dig", "part", "small", None, None)
    rules = rules_on(LATE, of_input, of_product)
    made = rules.check_stage("dig", "CHN", "bar")
    assert made.passes_if == "scrap"
    assert rules.relieved(made, "part").passes_if == "scrap or small"
    assert rules.relieved(made, "other").passes_if == "scrap"


def test_an_exception_of_the_product_lifts_what_failed_before_it() -> None:
    lifted = OriginException("clean", None, "part", None, None, None)
    rules = rules_on(LATE, lifted)
    made = rules.check_stage("dig", "CHN", "bar")
    assert made.verdict is Verdict.FAILS
    assert rules.relieved(made, "part").passes
