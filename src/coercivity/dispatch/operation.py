"""All columns, rows and costs of operating a chain, in one call."""

from __future__ import annotations

from coercivity.dispatch.balances import Operation, balance_materials
from coercivity.dispatch.builder import ModelBuilder
from coercivity.dispatch.capacity import Expansion, limit_activity, limit_links, oblige_activity
from coercivity.dispatch.costs import price_operation
from coercivity.dispatch.leftovers import leave_only_what_is_made
from coercivity.dispatch.network import Network
from coercivity.dispatch.storage import add_storage, carry_stock, price_storage
from coercivity.dispatch.supply import least_flows, limit_steps, reserve_limits, serve_demands
from coercivity.dispatch.variables import (
    add_activity,
    add_downgrade,
    add_flow,
    add_purchase,
    add_sale,
    add_service,
    add_shortfall,
    add_unsold,
)


def add_operation(builder: ModelBuilder, network: Network) -> Operation:
    """Add every column of operation."""
    activity = add_activity(builder, network)
    return Operation(
        activity=activity,
        flow=add_flow(builder, network),
        purchase=add_purchase(builder, network),
        sale=add_sale(builder, network),
        service=add_service(builder, network),
        shortfall=add_shortfall(builder, network),
        unsold=add_unsold(builder, network, activity),
        downgrade=add_downgrade(builder, network, activity),
        storage=add_storage(builder, network),
    )


def constrain_operation(
    builder: ModelBuilder, network: Network, columns: Operation, expansion: Expansion
) -> None:
    """Add every row of operation and register its costs."""
    balance_materials(builder, network, columns)
    leave_only_what_is_made(builder, network, columns)
    limit_activity(builder, network, columns.activity, expansion)
    oblige_activity(builder, network, columns.activity)
    limit_links(builder, network, columns.flow, expansion)
    least_flows(builder, network, columns.flow)
    limit_steps(builder, network, columns)
    serve_demands(builder, network, columns)
    reserve_limits(builder, network, columns.activity)
    carry_stock(builder, network, columns.storage)
    price_operation(builder, network, columns)
    price_storage(builder, network, columns.storage)
