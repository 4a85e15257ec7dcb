"""Plan and package, each knowing the other, until neither changes or they go round."""

from coercivity.alignment.fixed_point.settling import (
    Aligned,
    Ending,
    Planned,
    Round,
    Settled,
    settle,
)

__all__ = ["Aligned", "Ending", "Planned", "Round", "Settled", "settle"]
