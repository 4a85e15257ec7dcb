"""The registry of policies checks itself."""

from __future__ import annotations

import pytest

from coercivity.foundation.errors import InternalError, UsageError
from coercivity.resilience.simulation.policies import (
    POLICIES,
    USUAL,
    Policy,
    policy_of,
    registered,
)


def test_every_policy_is_in_range_and_the_usual_one_is_first() -> None:
    assert all(policy.problems() == () for policy in POLICIES.values())
    assert USUAL == "defence-first"


def test_a_policy_out_of_range_or_named_twice_is_refused_at_once() -> None:
    with pytest.raises(InternalError, match=r"refill is 2, not in \[0, 1\]"):
        registered(Policy(name="odd", words="odd", refill=2.0))
    same = Policy(name="same", words="same")
    with pytest.raises(InternalError, match="its name is taken"):
        registered(same, same)


def test_an_unknown_policy_gets_the_nearest_name() -> None:
    with pytest.raises(UsageError, match=r"Did you mean 'ration'\?.*\[S203\]"):
        policy_of("rations")
