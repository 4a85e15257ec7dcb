"""Origin rules on a given day: what is in force, what fails, what an exception lifts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from coercivity.chain.origin import ANY, OriginException, OriginRule, OriginRules
from coercivity.chain.places import Country


class Verdict(Enum):
    """What a check of origin says."""

    PASSES = "passes"
    PASSES_IF = "passes if"
    """An exception would lift what fails, on a condition stated in words."""
    FAILS = "fails"


@dataclass(frozen=True, slots=True)
class Failure:
    """A stage that ran where the rule does not accept it."""

    stage: str
    country: str | None
    """Where it ran; None = not known."""
    rule: str
    """The rule in words, or why nothing can be said."""

    def as_json(self) -> dict[str, str]:
        """Give stage and rule."""
        return {"stage": self.stage, "rule": self.rule}


@dataclass(frozen=True, slots=True)
class Check:
    """The stages that fail and the conditions under which others were let pass."""

    failures: tuple[Failure, ...] = ()
    """In the order of the chain."""
    conditions: tuple[str, ...] = ()
    """Conditions of the exceptions on which it hangs."""

    @property
    def verdict(self) -> Verdict:
        """Tell whether it passes."""
        if self.failures:
            return Verdict.FAILS
        return Verdict.PASSES_IF if self.conditions else Verdict.PASSES

    @property
    def passes(self) -> bool:
        """Whether it passes without any condition."""
        return self.verdict is Verdict.PASSES

    @property
    def size(self) -> tuple[int, int]:
        """How far it is from passing: failures, then conditions."""
        return len(self.failures), len(self.conditions)


@dataclass(frozen=True, slots=True)
class RulesOfDay:
    """The rules of one class on one day.

    Examples
    --------
    >>> start = dt.date(2027, 1, 1)
    >>> rule = OriginRule("strict", "mining", frozenset({"domestic"}), start)
    >>> rules = OriginRules(("strict", "any"), (rule,), (), {"mining": 1})
    >>> places = {"X": Country("X", "", "covered")}
    >>> [
    ...     RulesOfDay(rules, places, "strict", day).check_stage("mining", "X", "ore").verdict.value
    ...     for day in (dt.date(2026, 12, 31), start)
    ... ]
    ['passes', 'fails']
    """

    origin: OriginRules
    countries: Mapping[str, Country]
    origin_class: str
    day: dt.date

    def in_force(self, stage: str) -> OriginRule | None:
        """Find the rule of a stage that holds on the day: the latest that has begun."""
        if self.origin_class == ANY:
            return None
        begun = [
            rule
            for rule in self.origin.rules
            if rule.origin_class == self.origin_class
            and rule.stage == stage
            and (rule.from_date is None or rule.from_date <= self.day)
        ]
        return max(begun, key=lambda rule: rule.from_date or dt.date.min, default=None)

    def stages(self) -> tuple[str, ...]:
        """List the stages with a rule in force, in the order of the chain."""
        ordered = sorted(self.origin.stage_order, key=self.origin.stage_order.__getitem__)
        return tuple(stage for stage in ordered if self.in_force(stage) is not None)

    def words(self, rule: OriginRule) -> str:
        """Say a rule in words."""
        since = f" since {rule.from_date}" if rule.from_date is not None else ""
        order = ("domestic", "allied", "neutral", "covered")
        groups = ", ".join(sorted(rule.groups, key=order.index))
        return f"{rule.origin_class}: {rule.stage} in {groups} countries only{since}"

    def check_stage(self, stage: str | None, country: str | None, material: str) -> Check:
        """Check where one stage ran.

        Parameters
        ----------
        stage
            The stage; None is of no stage and passes.
        country
            Where it ran; None = not known, which fails.
        material
            What is delivered in the end, for exceptions.
        """
        rule = None if stage is None else self.in_force(stage)
        if stage is None or rule is None:
            return Check()
        if country is not None and self.countries[country].group in rule.groups:
            return Check()
        return self.lifted((Failure(stage, country, self.words(rule)),), material)

    def check_stages(
        self, origin: Mapping[str, str | None], stages: Iterable[str], material: str
    ) -> Check:
        """Check where each of some stages ran; one that ``origin`` lacks is not known."""
        return self.joined(
            [self.check_stage(stage, origin.get(stage), material) for stage in stages]
        )

    def lifted(self, failures: Collection[Failure], material: str) -> Check:
        """Apply the exceptions of the day: one without a condition lifts, others lift if."""
        left: list[Failure] = []
        conditions: list[str] = []
        for failure in failures:
            found = [e for e in self.origin.exceptions if self._covers(e, failure.stage, material)]
            if any(exception.condition is None for exception in found):
                continue
            if found:
                conditions += [exception.condition or "" for exception in found]
            else:
                left.append(failure)
        return Check(tuple(left), tuple(dict.fromkeys(conditions)))

    def joined(self, checks: Iterable[Check]) -> Check:
        """Join checks of one delivery: every failure and every condition counts."""
        parts = list(checks)
        failures = dict.fromkeys(failure for part in parts for failure in part.failures)
        order = self.origin.stage_order
        return Check(
            tuple(sorted(failures, key=lambda f: (order.get(f.stage, 0), f.country or ""))),
            tuple(dict.fromkeys(words for part in parts for words in part.conditions)),
        )

    def relieved(self, check: Check, material: str) -> Check:
        """Apply the exceptions for a material to what failed on the way to it."""
        again = self.lifted(check.failures, material)
        return replace(again, conditions=tuple(dict.fromkeys(check.conditions + again.conditions)))

    def _covers(self, exception: OriginException, stage: str, material: str) -> bool:
        return (
            exception.origin_class == self.origin_class
            and exception.stage in {None, stage}
            and exception.material in {None, material}
            and (exception.from_date is None or exception.from_date <= self.day)
            and (exception.to_date is None or self.day <= exception.to_date)
        )
