"""What it costs not to be believed: packages at equal acceptance under every hazard.

==============  ========================================================================
file            gives
==============  ========================================================================
``clocks``      when promises of a kind and hazard stand, on one clock a kind
``support``     running support by which a package is carried, and more of it
``curve``       public cost at equal acceptance by believed hazard, and where none is enough
``project``     the curves of one project, from its package when it is fully believed
``free``        packages that may flee from doubt into money at signing
``total``       the same summed over projects, path by path
==============  ========================================================================
"""

from coercivity.alignment.doubt.clocks import Clock
from coercivity.alignment.doubt.curve import HAZARDS, Curve, Point, curve_of, factor_for
from coercivity.alignment.doubt.free import Freed
from coercivity.alignment.doubt.project import Doubted, doubt_of
from coercivity.alignment.doubt.support import Carried, carried_by, never_doubted
from coercivity.alignment.doubt.total import Total, totals

__all__ = [
    "HAZARDS",
    "Carried",
    "Clock",
    "Curve",
    "Doubted",
    "Freed",
    "Point",
    "Total",
    "carried_by",
    "curve_of",
    "doubt_of",
    "factor_for",
    "never_doubted",
    "totals",
]
