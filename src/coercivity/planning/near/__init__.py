"""Plans that cost nearly the same: what all of them build, what some build, what none builds."""

from coercivity.planning.near.outcome import NearOption, NearPlans
from coercivity.planning.near.search import near_plans

__all__ = ["NearOption", "NearPlans", "near_plans"]
