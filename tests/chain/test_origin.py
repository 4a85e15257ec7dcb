from __future__ import annotations

import datetime

import pytest

from coercivity.chain.origin import ANY, OriginException, OriginRule, OriginRules

D = datetime.date


def rules(*some: OriginRule, exceptions: tuple[OriginException, ...] = ()) -> OriginRules:
    return OriginRules(
        ("best", "clean", ANY), tuple(some), exceptions, {"mining": 1, "making": 2, "using": 3}
    )


def rule(stage: str, *groups: str, since: D | None = None, name: str = "clean") -> OriginRule:
    return OriginRule(name, stage, frozenset(groups), since)


def test_a_class_further_up_is_better() -> None:
    found = rules()
    assert found.rank("best") < found.rank("clean") < found.rank(ANY)


@pytest.mark.parametrize(
    ("since", "year", "holds"),
    [
        (None, 1990, True),
        (D(2027, 1, 1), 2026, False),
        (D(2027, 1, 1), 2027, True),
        (D(2026, 12, 31), 2026, True),
        (D(2026, 12, 31), 2025, False),
    ],
)
def test_a_rule_holds_in_every_year_with_a_day_of_it(
    since: D | None, year: int, holds: bool
) -> None:
    found = rules(rule("mining", "domestic", since=since))
    assert (found.groups_in_force("clean", "mining", year) is not None) is holds
    assert found.accepts("clean", "mining", "covered", [year]) is not holds


def test_a_later_rule_replaces_the_one_before() -> None:
    found = rules(
        rule("mining", "domestic", "allied", "neutral"),
        rule("mining", "domestic", since=D(2027, 1, 1)),
    )
    assert found.accepts("clean", "mining", "neutral", [2026])
    assert not found.accepts("clean", "mining", "neutral", [2027])
    assert found.accepts("clean", "mining", "domestic", [2027])


def test_a_period_is_refused_if_one_of_its_years_is() -> None:
    found = rules(rule("mining", "domestic", since=D(2027, 6, 1)))
    assert not found.accepts("clean", "mining", "covered", [2025, 2026, 2027])


def test_any_accepts_everything_and_so_does_a_stage_without_rule() -> None:
    found = rules(rule("mining", "domestic"))
    assert found.accepts(ANY, "mining", "covered", [2026])
    assert found.accepts("clean", "making", "covered", [2026])
    assert found.accepts("clean", None, "covered", [2026])


def test_stages_up_to_the_last_one_run_have_to_be_accepted() -> None:
    found = rules(rule("mining", "domestic"), rule("making", "domestic"))
    origins = {"mining": "domestic", "making": "covered"}
    ask = {"years": [2026], "default": None}
    assert found.accepts_every_stage("clean", origins, up_to="mining", **ask)  # type: ignore[arg-type]
    assert not found.accepts_every_stage("clean", origins, up_to="making", **ask)  # type: ignore[arg-type]
    assert not found.accepts_every_stage("clean", origins, up_to=None, **ask)  # type: ignore[arg-type]


def test_stages_that_are_not_named_ran_in_the_supplier_s_country() -> None:
    found = rules(rule("mining", "domestic"), rule("making", "domestic"))

    def accepted(default: str | None) -> bool:
        return found.accepts_every_stage(
            "clean", {"making": "domestic"}, default, up_to="making", years=[2026]
        )

    assert accepted("domestic")
    assert not accepted("covered")
    assert not accepted(None)


def exception(**changes: object) -> OriginException:
    values = {
        "origin_class": "clean",
        "stage": "mining",
        "material": "ore",
        "condition": None,
        "from_date": None,
        "to_date": None,
    }
    return OriginException(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "lifted"),
    [
        ({}, True),
        ({"stage": None}, True),
        ({"material": None}, True),
        ({"material": "scrap"}, False),
        ({"stage": "making"}, False),
        ({"origin_class": "best"}, False),
        ({"condition": "if approved"}, False),
        ({"from_date": D(2026, 1, 1), "to_date": D(2026, 12, 31)}, True),
        ({"from_date": D(2026, 1, 2)}, False),
        ({"to_date": D(2026, 12, 30)}, False),
    ],
)
def test_an_exception_lifts_a_rule_for_its_material_in_whole_years(
    changes: dict[str, object], lifted: bool
) -> None:
    found = rules(rule("mining", "domestic"), exceptions=(exception(**changes),))
    assert found.accepts("clean", "mining", "covered", [2026], "ore") is lifted


BEFORE, AFTER = [2025, 2026], [2027]


@pytest.mark.parametrize(
    ("earlier", "later", "stricter"),
    [
        (None, ("domestic",), True),
        (("domestic",), ("domestic",), False),
        (("domestic", "allied"), ("domestic",), True),
        (("domestic",), ("domestic", "allied"), False),
        (("domestic",), ("allied",), True),
    ],
)
def test_rules_grow_stricter_when_they_refuse_what_they_accepted(
    earlier: tuple[str, ...] | None, later: tuple[str, ...], stricter: bool
) -> None:
    some = [rule("making", *later, since=D(2027, 1, 1))]
    if earlier is not None:
        some.append(rule("making", *earlier))
    found = rules(*some)
    assert found.grows_stricter("clean", BEFORE, AFTER) is stricter
    assert found.grows_stricter("clean", BEFORE, AFTER, up_to="using") is stricter
    assert not found.grows_stricter("clean", BEFORE, AFTER, up_to="mining")
    assert not found.grows_stricter("best", BEFORE, AFTER)
