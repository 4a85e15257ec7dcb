"""Origin rules on a given day: what is in force, what fails, what an exception lifts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

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
    """The stages that fail, with or without a condition that would let them pass."""

    failures: tuple[Failure, ...] = ()
    """What fails whatever is claimed, in the order of the chain."""
    waivable: tuple[tuple[Failure, tuple[str, ...]], ...] = ()
    """What fails unless one of the conditions holds, in the order of the chain."""

    @property
    def verdict(self) -> Verdict:
        """Tell whether it passes."""
        if self.failures:
            return Verdict.FAILS
        return Verdict.PASSES_IF if self.waivable else Verdict.PASSES

    @property
    def passes(self) -> bool:
        """Whether it passes without any condition."""
        return not self.failures and not self.waivable

    @property
    def size(self) -> tuple[int, int]:
        """How far it is from passing: what fails for good, then what fails on conditions."""
        return len(self.failures), len(self.waivable)

    @property
    def first(self) -> Failure | None:
        """The first failure for good; without any, the first that a condition would lift."""
        if self.failures:
            return self.failures[0]
        return self.waivable[0][0] if self.waivable else None

    @property
    def passes_if(self) -> str | None:
        """The conditions under which it would pass, in words; None where none would do.

        Examples
        --------
        >>> late, early = Failure("metal", "X", ""), Failure("mining", "X", "")
        >>> Check((), ((early, ("waived", "recycled")), (late, ("waived",)))).passes_if
        'waived'
        >>> Check((), ((early, ("recycled",)), (late, ("waived",)))).passes_if
        'recycled, and waived'
        """
        groups = self.conditions
        return ", and ".join(" or ".join(group) for group in groups) if groups else None

    @property
    def conditions(self) -> tuple[tuple[str, ...], ...]:
        """Groups of conditions: one of each group has to hold. Empty where none would do."""
        if self.failures or not self.waivable:
            return ()
        each = [conditions for _, conditions in self.waivable]
        for_all = tuple(c for c in each[0] if all(c in others for others in each))
        return (for_all,) if for_all else tuple(dict.fromkeys(each))


@dataclass(frozen=True)
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

    @cached_property
    def _in_force(self) -> dict[str, OriginRule]:
        begun = [
            rule
            for rule in self.origin.rules
            if rule.origin_class == self.origin_class != ANY
            and (rule.from_date is None or rule.from_date <= self.day)
        ]
        begun.sort(key=lambda rule: rule.from_date or dt.date.min)
        return {rule.stage: rule for rule in begun}

    def in_force(self, stage: str) -> OriginRule | None:
        """Find the rule of a stage that holds on the day: the latest that has begun."""
        return self._in_force.get(stage)

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
        unknown = "" if country is not None else "; where it ran is not said"
        return self.lifted((Failure(stage, country, self.words(rule) + unknown),), material)

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
        waivable: list[tuple[Failure, tuple[str, ...]]] = []
        for failure in failures:
            found = [e for e in self.origin.exceptions if self._covers(e, failure.stage, material)]
            if any(exception.condition is None for exception in found):
                continue
            conditions = tuple(dict.fromkeys(exception.condition or "" for exception in found))
            if conditions:
                waivable.append((failure, conditions))
            else:
                left.append(failure)
        return Check(tuple(left), tuple(waivable))

    def joined(self, checks: Iterable[Check]) -> Check:
        """Join checks of one delivery: every failure counts, the harder reading of each stage."""
        parts = [check for check in checks if not check.passes]
        if len(parts) < 2:
            return parts[0] if parts else Check()
        hard = dict.fromkeys(failure for part in parts for failure in part.failures)
        soft = dict(pair for part in parts for pair in part.waivable if pair[0] not in hard)
        return Check(
            tuple(sorted(hard, key=self._place)),
            tuple(sorted(soft.items(), key=lambda pair: self._place(pair[0]))),
        )

    def relieved(self, check: Check, material: str) -> Check:
        """Apply the exceptions for a material to what failed on the way to it."""
        if check.passes:
            return check
        again = self.lifted(check.failures, material)
        waived = self.lifted([failure for failure, _ in check.waivable], material)
        known = dict(check.waivable)
        # An exception of an input stays; one of the material itself is added.
        kept = {f: known[f] for f in waived.failures}
        more = {f: tuple(dict.fromkeys(known[f] + words)) for f, words in waived.waivable}
        pairs = sorted({**kept, **more, **dict(again.waivable)}.items(), key=self._of_pair)
        return Check(again.failures, tuple(pairs))

    def _of_pair(self, pair: tuple[Failure, tuple[str, ...]]) -> tuple[int, str]:
        return self._place(pair[0])

    def _place(self, failure: Failure) -> tuple[int, str]:
        return self.origin.stage_order.get(failure.stage, 0), failure.country or ""

    def _covers(self, exception: OriginException, stage: str, material: str) -> bool:
        return (
            exception.origin_class == self.origin_class
            and exception.stage in {None, stage}
            and exception.material in {None, material}
            and (exception.from_date is None or exception.from_date <= self.day)
            and (exception.to_date is None or self.day <= exception.to_date)
        )
