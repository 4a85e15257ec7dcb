"""Which part of its paths a plant runs in, year by year."""

from __future__ import annotations

import numpy as np

from coercivity.finance.appraisal import Appraisal
from coercivity.finance.compiled import Array
from coercivity.finance.projects.operation import Operation


def standing_share(found: Appraisal, operation: Operation, *, first_year: int, years: int) -> Array:
    r"""Give the share of paths in which a started plant neither idles nor has closed.

    .. math:: s_y = \frac{\#\{n : y \ge o_n,\ \text{runs in } y\}}{\#\{n : y \ge o_n\}}

    with :math:`o_n` the year of first output; 1 where no path has started, and after the years of
    the project. Delays are left out: they are the plan's risk, not the adversary's doing.

    Parameters
    ----------
    found
        The appraisal.
    operation
        Of the project: its first year.
    first_year, years
        Of the case. [calendar year], [year]
    """
    when = np.arange(operation.years)
    started = when[None, :] >= found.operations.book.first_output[:, None]
    runs = started & ~found.operations.idle & found.accounts.open_years()
    total = started.sum(axis=0)
    share = np.divide(runs.sum(axis=0), total, out=np.ones(operation.years), where=total > 0)
    by_year = np.ones(years)
    begin = operation.first_year - first_year
    held = share[: max(0, years - begin)]
    by_year[begin : begin + len(held)] = held
    return by_year
