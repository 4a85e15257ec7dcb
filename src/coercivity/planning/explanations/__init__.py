"""Why a plan is what it is: what it leaves out, what it builds, what time and tonnes are worth."""

from coercivity.planning.explanations.explain import Explanations, explain_plan
from coercivity.planning.explanations.warm import Answer, HeldPlan, decisions_of

__all__ = ["Answer", "Explanations", "HeldPlan", "decisions_of", "explain_plan"]
