"""The contracts of least public cost at which every investor and lender of a project says yes.

==================  ====================================================================
file                gives
==================  ====================================================================
``instruments``     a `Column`: one contract at one set of terms, of which more or less is given
``columns``         the makers of columns
``menu``            the columns that make sense for a project
``bench``           a project on its paths, on which any package is appraised in full
``linear``          the effects of columns on every path, and the linear program over them
``measure``         what is made small of public cost
``starts``          packages from which the search begins
``polish``          a package made cheaper by exchange of its contracts
``fewer``           what one contract fewer costs
``search``          the package: many beginnings, full appraisals, then exchanges
``failing``         why no package exists, by how much, and the smallest change that would do
``exchange``        what the public pays per unit of value to owners
``verification``    the same package on paths that nobody has seen
``aligned``         one project from its menu to its package on fresh paths
``helped``          the project with its package signed
``budget``          packages of several projects under one yearly budget
``fitting``         the same by full appraisal
==================  ====================================================================
"""

from coercivity.alignment.package.aligned import (
    Aligned,
    PackageOptions,
    Samples,
    align_project,
)
from coercivity.alignment.package.bench import Bench, Levels, Outcome
from coercivity.alignment.package.helped import helped
from coercivity.alignment.package.instruments import CAPS, Column
from coercivity.alignment.package.measure import Measure, cost_of
from coercivity.alignment.package.menu import Menu, menu_of
from coercivity.alignment.package.search import Package, package_for

__all__ = [
    "CAPS",
    "Aligned",
    "Bench",
    "Column",
    "Levels",
    "Measure",
    "Menu",
    "Outcome",
    "Package",
    "PackageOptions",
    "Samples",
    "align_project",
    "cost_of",
    "helped",
    "menu_of",
    "package_for",
]
