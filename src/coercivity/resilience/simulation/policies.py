"""Policies: rules that are followed month by month when there is less than was planned.

A policy is a row of numbers that the compiled loop reads, so that a new one is one more entry of
`POLICIES`. It is checked at import: every field has its range, every name is told once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coercivity.foundation.errors import InternalError, UsageError
from coercivity.foundation.identifiers import is_identifier, suggestion
from coercivity.foundation.problems import quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What is done when there is less than was planned.

    Examples
    --------
    >>> Policy(name="mine", words="as an example", refill=1.5).problems()
    ('refill is 1.5, not in [0, 1]',)
    """

    name: str
    words: str
    """What it does, in one sentence."""
    rated: bool = True
    """Whether orders of a better priority are filled first, from the ore on."""
    reserve: float = 0.0
    """Share of planned stocks that only the first priority may touch. [fraction]"""
    refill: float = 1 / 3
    """Share of what is missing to the planned level that is ordered again a month. [1/month]"""
    search: float = 1.0
    """Share of what planned sources lack that is asked of spare ones. [fraction]"""
    restart: bool = True
    """Whether plants that stand still are started once they are asked for."""

    def problems(self) -> tuple[str, ...]:
        """Say which fields are out of their range."""
        found = [
            f"{name} is {value:g}, not in [0, 1]"
            for name, value in self.numbers().items()
            if not 0 <= value <= 1
        ]
        if not is_identifier(self.name):
            found.append(f"name is {quoted(self.name)}, not an identifier")
        if not self.words:
            found.append("it has no words")
        return tuple(found)

    def numbers(self) -> dict[str, float]:
        """Give what the compiled loop reads."""
        return {
            "rated": float(self.rated),
            "reserve": self.reserve,
            "refill": self.refill,
            "search": self.search,
            "restart": float(self.restart),
        }


def registered(*policies: Policy) -> Mapping[str, Policy]:
    """Check policies and list them by name.

    Raises
    ------
    InternalError
        If one is out of range, or two have one name.
    """
    found: dict[str, Policy] = {}
    for policy in policies:
        wrong = policy.problems()
        if wrong or policy.name in found:
            why = "; ".join(wrong) or "its name is taken"
            msg = f"policy {quoted(policy.name)}: {why}  [{InternalError.code}]"
            raise InternalError(msg)
        found[policy.name] = policy
    return found


POLICIES = registered(
    Policy(
        name="defence-first",
        words="better priorities are filled first, stocks serve whoever is short, spare sources "
        "are asked, plants that stand still are started, and stocks are filled again",
    ),
    Policy(
        name="reserve",
        words="as defence-first, but stocks are kept for the first priority",
        reserve=1.0,
    ),
    Policy(
        name="ration",
        words="everybody gets the same share; spare sources are asked",
        rated=False,
    ),
    Policy(
        name="as-planned",
        words="as defence-first, but nobody looks for another source",
        search=0.0,
    ),
    Policy(
        name="no-refill",
        words="as defence-first, but stocks are not filled again",
        refill=0.0,
    ),
    Policy(
        name="no-restart",
        words="as defence-first, but no plant that stands still is started",
        restart=False,
    ),
)
"""Every policy by name; the first is what is done unless another is asked for."""
USUAL = next(iter(POLICIES))


def policy_of(name: str) -> Policy:
    """Find a policy by its name.

    Raises
    ------
    UsageError
        If there is none of that name.

    Examples
    --------
    >>> policy_of("ration").rated
    False
    """
    if name not in POLICIES:
        near = suggestion(name, tuple(POLICIES), listed_in="the policies")
        msg = f"{quoted(name)} is not a policy. {near} Policies: {', '.join(POLICIES)}.  [S203]"
        raise UsageError(msg)
    return POLICIES[name]
