"""From valid tables to the nouns of the chain."""

from coercivity.chain.assembly.whole import assemble

__all__ = ["assemble"]
