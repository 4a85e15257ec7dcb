"""What replications say: shortfall, lost service, recovery, cover and prices, as distributions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coercivity.finance.compiled import Array
from coercivity.resilience.simulation.replications import Batch
from coercivity.uncertainty.intervals import mean_interval

NOTICED = 0.01
"""Share of a month's demand short beyond the plan from which service counts as lost. [fraction]"""
BINS = 40


@dataclass(frozen=True, slots=True)
class Distribution:
    """A sample of one number.

    Examples
    --------
    >>> one = Distribution.of(np.array([0.0, 10.0, 2.0, 4.0]))
    >>> one.mean, round(one.standard_error, 4)
    (4.0, 2.1602)
    """

    mean: float
    median: float
    p95: float
    highest: float
    standard_error: float

    @classmethod
    def of(cls, sample: Array) -> Distribution:
        """Describe a sample; the standard error of a single number is 0."""
        error = float(sample.std(ddof=1) / np.sqrt(len(sample))) if len(sample) > 1 else 0.0
        median, high = np.quantile(sample, [0.5, 0.95])
        mean = float(sample.mean())
        return cls(mean, float(median), float(high), float(sample.max()), error)


@dataclass(frozen=True, slots=True)
class Difference:
    """A paired difference with its interval."""

    mean: float
    low: float
    high: float
    standard_error: float


def paired(first: Array, second: Array) -> Difference:
    r"""Compare two samples that share their random numbers, first less second.

    .. math:: \bar d \pm t_{0.975,\,n-1}\, s_d / \sqrt n

    The interval is that of the differences, which is narrower than that of two samples on their
    own as far as the same events hurt both.

    Parameters
    ----------
    first, second
        One number a replication, in the same order.

    Examples
    --------
    >>> found = paired(np.array([3.0, 5.0, 4.0]), np.array([1.0, 2.0, 3.0]))
    >>> found.mean, found.low < 2.0 < found.high
    (2.0, True)
    """
    gaps = np.asarray(first, dtype=np.float64) - second
    found = mean_interval(gaps)
    error = float(gaps.std(ddof=1) / np.sqrt(len(gaps)))
    return Difference(found.mean, found.lower, found.upper, error)


def lost_service(short: Array, planned: Array) -> Array:
    """Give what is short beyond the plan: the area between planned and disrupted service. [t]

    Parameters
    ----------
    short
        By replication, segment and month. [t]
    planned
        What the plan itself leaves short, by segment and month. [t]
    """
    return np.maximum(0.0, short - planned)


def spells(lost: Array, demand: Array) -> tuple[Array, Array]:
    """Count how often service was lost, and how long the longest spell took to recover from.

    Parameters
    ----------
    lost
        By replication and month. [t]
    demand
        By month. [t]

    Returns
    -------
    tuple
        By replication: months with loss, and months of the longest spell. [month]

    Examples
    --------
    >>> months, longest = spells(np.array([[0.0, 1.0, 1.0, 0.0, 1.0]]), np.full(5, 10.0))
    >>> months.tolist(), longest.tolist()
    ([3.0], [2.0])
    """
    noticed = lost > NOTICED * demand
    running, longest = np.zeros(len(lost)), np.zeros(len(lost))
    for month in range(lost.shape[1]):
        running = np.where(noticed[:, month], running + 1, 0.0)
        longest = np.maximum(longest, running)
    return noticed.sum(axis=1).astype(np.float64), longest


def segment_table(
    seen: Batch, segments: Sequence[str], planned: Array, demand: Array
) -> pd.DataFrame:
    """Describe shortfall, lost service, recovery and cover of every segment."""
    rows = []
    for place, segment in enumerate(segments):
        short = seen.short[:, place]
        lost = lost_service(short, planned[place])
        total, gone = Distribution.of(short.sum(axis=1)), Distribution.of(lost.sum(axis=1))
        months, longest = spells(lost, demand[place])
        hit = months > 0
        cover = seen.cover[:, place]
        rows.append(
            {
                "segment": segment,
                "demand_t": float(demand[place].sum()),
                "planned_shortfall_t": float(planned[place].sum()),
                "shortfall_mean_t": total.mean,
                "shortfall_p95_t": total.p95,
                "shortfall_standard_error_t": total.standard_error,
                "lost_mean_t": gone.mean,
                "lost_p95_t": gone.p95,
                "lost_standard_error_t": gone.standard_error,
                "ever_lost_share": float(hit.mean()),
                "months_lost_mean": float(months.mean()),
                "recovery_mean_months": float(longest[hit].mean()) if hit.any() else 0.0,
                "recovery_p95_months": float(np.quantile(longest, 0.95)),
                "cover_mean_days": float(cover.mean()),
                "cover_p5_days": float(np.quantile(cover, 0.05)),
            }
        )
    return pd.DataFrame(rows)


def fan_table(seen: Batch, segments: Sequence[str], planned: Array, demand: Array) -> pd.DataFrame:
    """Give percentiles over replications of the share of demand lost, by segment and month."""
    parts = []
    for place, segment in enumerate(segments):
        asked = np.where(demand[place] > 0, demand[place], 1.0)
        share = lost_service(seen.short[:, place], planned[place]) / asked
        p50, p75, p90, p95, p99 = np.quantile(share, [0.5, 0.75, 0.9, 0.95, 0.99], axis=0)
        parts.append(
            pd.DataFrame(
                {
                    "segment": segment,
                    "month": np.arange(1, share.shape[1] + 1),
                    "mean": share.mean(axis=0),
                    "p50": p50, "p75": p75, "p90": p90, "p95": p95, "p99": p99,
                }
            )
        )  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def cover_table(seen: Batch, segments: Sequence[str]) -> pd.DataFrame:
    """Count replications by the lowest cover of each segment, in steps of whole days."""
    parts = []
    for place, segment in enumerate(segments):
        lowest = seen.cover[:, place].min(axis=1)
        width = max(1.0, float(np.ceil(lowest.max() / BINS)))
        counts, edges = np.histogram(lowest, bins=width * np.arange(BINS + 1))
        parts.append(
            pd.DataFrame(
                {
                    "segment": segment,
                    "from": edges[:-1],
                    "to": edges[1:],
                    "share": counts / len(lowest),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def price_table(seen: Batch, materials: Sequence[str]) -> pd.DataFrame:
    """Describe the price of each material that responds, relative to the plan."""
    rows = []
    for place, material in enumerate(materials):
        price = seen.price[:, place]
        rows.append(
            {
                "material": material,
                "mean": float(price.mean()),
                "peak_median": float(np.median(price.max(axis=1))),
                "peak_p95": float(np.quantile(price.max(axis=1), 0.95)),
                "doubled_share": float((price > 2).mean()),
            }
        )
    columns = ["material", "mean", "peak_median", "peak_p95", "doubled_share"]
    return pd.DataFrame(rows, columns=columns)
