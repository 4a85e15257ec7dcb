"""A serial base-stock system without disruption is stockpyl's, period by period."""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.resilience.simulation.base_stock import SerialChain, run_serial

sim = pytest.importorskip("stockpyl.sim", reason="the extra `peers` is not installed")
networks = pytest.importorskip("stockpyl.supply_chain_network")
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.mark.parametrize(
    ("base_stock", "lead"),
    [((6.49, 5.53, 10.69), (1, 1, 2)), ((20.0, 4.0), (3, 1)), ((7.0,), (1,))],
)
def test_a_serial_system_moves_as_stockpyl_says(
    base_stock: tuple[float, ...], lead: tuple[int, ...]
) -> None:
    periods, places = 60, len(base_stock)
    demand = np.round(np.random.default_rng(8).gamma(9.0, 0.6, periods), 3)
    order = list(range(1, places + 1))
    network = networks.serial_system(
        num_nodes=places, node_order_in_system=order[::-1], node_order_in_lists=order,
        local_holding_cost=[1.0] * places, stockout_cost=[0.0] * places,
        shipment_lead_time=list(lead), demand_type="D", demand_list=demand.tolist(),
        policy_type="BS", base_stock_level=list(base_stock),
    )  # fmt: skip
    sim.simulation(network, periods, rand_seed=1, progress_bar=False)
    found = run_serial(SerialChain(base_stock, lead), [demand])
    for place in range(places):
        node = network.get_node_from_index(place + 1)
        levels = [node.state_vars[t].inventory_level[node.product_indices[0]]
                  for t in range(periods)]  # fmt: skip
        assert found.level[0, :, place] == pytest.approx(np.array(levels), abs=1e-9)
