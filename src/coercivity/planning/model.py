"""The planning model of a case: decisions to build over the operation they allow."""

from __future__ import annotations

from dataclasses import dataclass

from coercivity.chain.case import Case
from coercivity.chain.trade import Target
from coercivity.dispatch.balances import Operation
from coercivity.dispatch.builder import ModelBuilder
from coercivity.dispatch.export import ScaledModel, scaled_model
from coercivity.dispatch.network import Network
from coercivity.dispatch.operation import add_operation, constrain_operation
from coercivity.planning.capital import limit_capital, limit_starts, price_investments
from coercivity.planning.investments import (
    Investments,
    add_investments,
    expansion_of,
    order_decisions,
    relate_options,
)
from coercivity.planning.states import (
    States,
    add_states,
    bind_states,
    price_states,
    run_states,
)
from coercivity.planning.trade_limits import limit_trade, meet_targets


@dataclass(frozen=True)
class PlanningModel:
    """A model with everything needed to read its solution."""

    case: Case
    network: Network
    builder: ModelBuilder
    operation: Operation
    investments: Investments
    states: States
    scaled: ScaledModel


def build_model(
    case: Case,
    *,
    targets: tuple[Target, ...] = (),
    vintages: bool = False,
    named: bool = False,
) -> PlanningModel:
    """Formulate the plan of a case.

    Parameters
    ----------
    case
        The case.
    targets
        Targets besides those of the case.
    vintages
        One building column a vintage instead of cumulative ones; the same plans, larger gaps.
    named
        Give rows and columns readable names, for model files.
    """
    wanted = (*case.targets, *targets)
    network = Network(case, [(t.segment, t.origin_class) for t in wanted])
    builder = ModelBuilder(named=named)
    investments = add_investments(builder, network, vintages=vintages)
    states = add_states(builder, network)
    operation = add_operation(builder, network)
    expansion = expansion_of(network, investments)
    constrain_operation(builder, network, operation, expansion)
    order_decisions(builder, network, investments)
    relate_options(builder, network, investments)
    run_states(builder, network, states, investments)
    bind_states(builder, network, states, operation.activity, expansion)
    limit_capital(builder, network, investments)
    limit_starts(builder, network, investments)
    limit_trade(builder, network, operation)
    meet_targets(builder, network, operation, wanted)
    price_investments(builder, network, investments)
    price_states(builder, network, states)
    return PlanningModel(
        case, network, builder, operation, investments, states, scaled_model(builder)
    )
