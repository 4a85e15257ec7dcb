"""The nouns of the chain, built from valid tables and checked against one another."""

from coercivity.chain.case import Case
from coercivity.chain.loading import load_case

__all__ = ["Case", "load_case"]
