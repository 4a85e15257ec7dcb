"""From a chain without decisions to what is simulated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from coercivity.chain import Case
from coercivity.foundation.errors import UsageError
from coercivity.planning.model import build_model
from coercivity.planning.solve import PlanLimits, solve_plan
from coercivity.planning.standing import read_plan
from coercivity.resilience.attack.formulation import softened
from coercivity.resilience.attack.measure import period_of
from coercivity.resilience.simulation.layout import Layout, lay_out
from coercivity.resilience.simulation.leads import MONTHS_A_YEAR, Leads
from coercivity.resilience.simulation.moves import Reader, chain_of_year
from coercivity.resilience.simulation.replications import Elasticity
from coercivity.resilience.simulation.spare import with_spare
from coercivity.tables import CaseTables

NEEDED = ("activity", "flows", "purchases", "sales", "served", "unsold", "downgrades", "stocks")
"""Tables of a plan that a routing is read from."""


def dispatched(case: Case) -> dict[str, pd.DataFrame]:
    """Operate a chain without decisions at least cost, and give its tables.

    Demands that must be met may go short here, at the highest penalty of the case.

    Parameters
    ----------
    case
        The chain, no options left.
    """
    model = build_model(softened(case))
    found = read_plan(model, solve_plan(model, PlanLimits(gap=0.0)))
    return {name: found[name].frame for name in NEEDED}


def elasticities_of(tables: CaseTables) -> tuple[Elasticity, ...]:
    """Read the elasticities of a case; a material without a demand elasticity has no price.

    Raises
    ------
    UsageError
        If demand grows with its price, or supply shrinks.
    """
    found = []
    for row in tables["elasticities"].rows():
        demand, supply = row.maybe_number("demand"), row.maybe_number("supply") or 0.0
        if demand is None:
            continue
        if not (demand < 0 <= supply):
            msg = (
                f"elasticities.csv, {row.text('material')}: demand {demand:g}, supply {supply:g}. "
                "Users take less at a higher price and suppliers offer no less: write a demand "
                "elasticity below 0 and a supply elasticity of 0 or more.  [S204]"
            )
            raise UsageError(msg)
        lag = round(MONTHS_A_YEAR * (row.maybe_number("lag_years") or 0.0))
        found.append(Elasticity(row.text("material"), demand, supply, lag))
    return tuple(found)


def layout_of(
    case: Case,
    plan: Mapping[str, pd.DataFrame],
    *,
    year: int,
    required: Iterable[tuple[str, str]] = (),
    elasticities: tuple[Elasticity, ...] = (),
    leads: Leads | None = None,
) -> Layout:
    """Lay out the chain of one year, its routing taken from the flows of that year.

    Parameters
    ----------
    case
        The chain without decisions.
    plan
        Tables of the plan or dispatch.
    year
        Which year; its period is taken. [calendar year]
    required
        Segments and classes that targets of the plan asked for.
    elasticities
        Of materials whose price responds.
    leads
        Of moves and of plants that stand still; None is one month, and no plant is started.

    Raises
    ------
    UsageError
        If the year is not reported.
    """
    reader = Reader(case, plan, period_of(case, year), required=required, leads=leads)
    chain = with_spare(chain_of_year(reader), reader)
    priority = {one.segment: one.priority for one in reversed(chain.demands)}
    segments = sorted(priority, key=lambda name: (priority[name], name))
    return lay_out(chain, segments=segments, priced=[one.material for one in elasticities])
