"""The simulation against closed forms and published traces."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from coercivity.foundation.errors import UsageError
from coercivity.resilience.simulation.base_stock import Pause, SerialChain, on_off, run_serial
from coercivity.resilience.simulation.replications import run_batch
from coercivity.uncertainty.sampling_events import EventRule
from tests.known.published import published
from tests.resilience.simulation.chains import ONE_SITE, laid_out, trial_on

EXAMPLE = SerialChain((6.49, 5.53, 10.69), (1, 1, 2))
"""Example 6.1 of Snyder and Shen (2019): three places, the first serves the customer."""
COLUMNS = {"IL:": "level", "OQ:": "ordered", "IS:": "received", "OS:": "sent"}


def columns(header: list[str], start: str) -> list[int]:
    """Find the first column of a name in the part of each place."""
    edges = [*(header.index(f"i={place}") for place in (1, 2, 3)), len(header)]
    return [
        next(n for n in range(edges[place], edges[place + 1]) if header[n].startswith(start))
        for place in range(3)
    ]


@pytest.mark.parametrize(("kind", "pause"), [("OP", Pause.ORDERS), ("RP", Pause.RECEIPTS)])
def test_a_disrupted_serial_system_follows_its_published_trace(kind: str, pause: Pause) -> None:
    """Period by period: `test_sim_disruption_example_6_1_OP.csv` and `..._RP.csv` of stockpyl."""
    path = published("stockpyl-resilience", f"test_sim_disruption_example_6_1_{kind}.csv")
    with path.open(encoding="utf-8") as stream:
        header, *rows = list(csv.reader(stream))
    first = columns(header, "IO:")[0]
    demand = [float(row[first]) for row in rows]
    stopped = [[row[n] == "True" for n in columns(header, "DISR")] for row in rows]
    found = run_serial(replace(EXAMPLE, pause=pause), [demand], [stopped])
    assert np.array(stopped).any()
    for name, field in COLUMNS.items():
        known = np.array([[float(row[n]) for n in columns(header, name)] for row in rows])
        assert getattr(found, field)[0] == pytest.approx(known, abs=1e-10), name


# The first four periods of both traces, as facts: demand, and level of each place.
DEMAND = [3.8881198819530796, 5.318902184689383, 5.279041292200137, 6.010515284806527]
LEVELS = {
    Pause.ORDERS: [
        [2.6018801180469207, 1.6418801180469207, 6.80188011804692],
        [1.1710978153106169, 0.2110978153106169, 1.482977933357537],
        [1.210958707799863, 0.25095870779986296, 5.371097815310616],
        [0.4794847151934736, -5.759556577006664, -0.5995565770066644],
    ],
    Pause.RECEIPTS: [
        [2.6018801180469207, 1.6418801180469207, 6.80188011804692],
        [1.1710978153106169, 0.2110978153106169, 1.482977933357537],
        [1.210958707799863, -5.06794347688952, 0.09205652311047885],
        [-4.588458761696047, -0.4805152848065264, -0.5995565770066644],
    ],
}


@pytest.mark.parametrize("pause", list(Pause))
def test_the_first_periods_of_both_traces(pause: Pause) -> None:
    stopped = np.zeros((1, 4, 3), dtype=bool)
    stopped[0, 2, 1] = True
    found = run_serial(replace(EXAMPLE, pause=pause), [DEMAND], stopped)
    assert found.level[0] == pytest.approx(np.array(LEVELS[pause]), abs=1e-12)


@pytest.mark.parametrize(("level", "cost"), [(8000, 2737.068965490435), (2000, 3310.344827558603)])
def test_a_base_stock_with_disruptions_costs_what_the_book_says(level: float, cost: float) -> None:
    """Example 9.3 of Snyder and Shen (2019); `example_9_3` of stockpyl's answers."""
    paths, periods, warm = 400, 1500, 100
    rng = np.random.default_rng(1)
    stopped = on_off(0.04, 0.25, shape=(paths, periods), rng=rng)[:, :, None]
    chain = SerialChain((level,), (1,))
    seen = run_serial(chain, np.full((paths, periods), 2000.0), stopped).level[:, warm:, 0]
    costs = (0.25 * np.maximum(seen, 0) + 3.0 * np.maximum(-seen, 0)).mean(axis=1)
    error = costs.std(ddof=1) / np.sqrt(paths)
    assert abs(costs.mean() - cost) < 3.5 * error
    assert error < 0.02 * cost


def test_one_site_that_fails_and_is_repaired_is_short_as_the_closed_form_says(
    tmp_path: Path,
) -> None:
    r"""Mean shortfall is demand times :math:`\frac{\lambda}{\lambda+\mu}(T - \dots)`."""
    layout, _ = laid_out(tmp_path, ONE_SITE)
    rule = EventRule("outage", ("asset", "plant"), 1.5, "exponential", 0.2, 0.0, 1.0, "")
    trial = replace(trial_on(layout, months=60), rules=(rule,))
    seen = run_batch(trial, first=0, count=4000).short.sum(axis=(1, 2))
    rate, repair, years = 1.5, 5.0, 59 / 12  # what is made in the last month serves nobody
    total = rate + repair
    known = 1200 * rate / total * (years - (1 - np.exp(-total * years)) / total)
    error = seen.std(ddof=1) / np.sqrt(len(seen))
    assert abs(seen.mean() - known) < 3.5 * error
    assert error < 0.03 * known


def test_a_chain_without_as_many_leads_as_stocks_is_refused() -> None:
    with pytest.raises(UsageError, match=r"has 1 base stocks and lead times \[1, 2\].*\[S208\]"):
        SerialChain((1.0,), (1, 2))
    with pytest.raises(UsageError, match=r"finite and at least 0.*\[S208\]"):
        run_serial(SerialChain((1.0,), (1,)), [-1.0])
    with pytest.raises(UsageError, match=r"has no \['sold'\] to keep.*level, ordered.*\[S208\]"):
        run_serial(SerialChain((1.0,), (1,)), [1.0], keep=["sold"])


def test_what_is_not_kept_changes_nothing() -> None:
    demand = np.random.default_rng(4).gamma(9.0, 0.6, (3, 40))
    whole, part = run_serial(EXAMPLE, demand), run_serial(EXAMPLE, demand, keep=["level"])
    assert (whole.level == part.level).all()
    assert part.ordered.size == part.received.size == part.sent.size == 0
