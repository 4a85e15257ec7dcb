"""Tables and JSON object of ``stress simulate``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from coercivity.resilience.simulation.outcomes import (
    cover_table,
    fan_table,
    lost_service,
    paired,
    price_table,
    segment_table,
)
from coercivity.resilience.simulation.replications import (
    Batch,
    Trial,
    demand_by_month,
    never_served,
    wanted_by_month,
)

Tables = dict[str, tuple[pd.DataFrame, dict[str, str]]]
SHARES = ("mean", "p50", "p75", "p90", "p95", "p99")


def simulate_tables(trial: Trial, seen: Batch, other: Trial | None, beside: Batch | None) -> Tables:
    """Give every table of a simulation with the units of its columns.

    Parameters
    ----------
    trial, seen
        What was simulated, and what was seen.
    other, beside
        What met the same draws, and what was seen of it; None where nothing did.
    """
    segments = trial.layout.segments
    planned = never_served(trial, wanted_by_month(trial))
    demand = demand_by_month(trial)
    segment = segment_table(seen, segments, planned, demand)
    found: Tables = {
        "simulated_segments": (segment, _units(segment)),
        "shortfall_fan": (
            fan_table(seen, segments, planned, demand),
            {"month": "month"} | dict.fromkeys(SHARES, "fraction of demand"),
        ),
        "cover_histogram": (
            cover_table(seen, segments),
            {"from": "day", "to": "day", "share": "fraction"},
        ),
        "price_response": (
            price_table(seen, trial.layout.materials),
            dict.fromkeys(("mean", "peak_median", "peak_p95"), "ratio to plan")
            | {"doubled_share": "fraction"},
        ),
        "happens": (_happens(trial), {"rate": "1/year", "mean": "year", "depth": "fraction"}),
    }
    if other is not None and beside is not None:
        gone = lost_service(beside.short, never_served(other, wanted_by_month(other)))
        own = lost_service(seen.short, planned)
        frame = _differences(segments, own, gone)
        found["paired_difference"] = (frame, _units(frame))
    return found


def _units(frame: pd.DataFrame) -> dict[str, str]:
    ends = {"_t": "t", "_months": "month", "_days": "day", "_share": "fraction"}
    return {
        str(column): unit
        for column in frame.columns
        for end, unit in ends.items()
        if str(column).endswith(end)
    } | ({"months_lost_mean": "month"} if "months_lost_mean" in frame else {})


def _differences(segments: tuple[str, ...], own: np.ndarray, gone: np.ndarray) -> pd.DataFrame:
    rows = []
    for place, segment in enumerate(segments):
        first, second = own[:, place].sum(axis=1), gone[:, place].sum(axis=1)
        found = paired(first, second)
        rows.append(
            {
                "segment": segment,
                "lost_mean_t": float(first.mean()),
                "other_lost_mean_t": float(second.mean()),
                "difference_mean_t": found.mean,
                "difference_low_t": found.low,
                "difference_high_t": found.high,
                "difference_standard_error_t": found.standard_error,
            }
        )
    return pd.DataFrame(rows)


def _happens(trial: Trial) -> pd.DataFrame:
    """List what may happen, and whether it hits anything the chain of the year has."""
    hit = {target for one in trial.layout.limits for target in (*one.own, *one.widest)}
    rows = [
        {
            "event": rule.id, "scope": rule.target[0], "target": rule.target[1],
            "rate": rule.rate, "mean": rule.mean, "depth": rule.depth,
            "hits": rule.target in hit,
        }
        for rule in trial.rules
    ]  # fmt: skip
    rows += [
        {
            "event": f"month {one.first}", "scope": one.target[0], "target": one.target[1],
            "rate": None, "mean": one.months / 12, "depth": one.depth,
            "hits": one.target in hit,
        }
        for one in trial.scheduled
    ]  # fmt: skip
    columns = ["event", "scope", "target", "rate", "mean", "depth", "hits"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"rate": "float64", "mean": "float64", "depth": "float64", "hits": "bool"})


def standing(trial: Trial) -> dict[str, int]:
    """Give how long each plant that stands still must be asked for, by its limit. [month]"""
    moves = trial.layout.chain.moves
    planned = {move.limit.key for move in moves if move.limit and move.planned > 0}
    return {
        move.limit.key: move.limit.start
        for move in moves
        if move.kind == "activity" and move.limit and move.limit.key not in planned
    }


def simulate_result(
    run: str, trial: Trial, tables: Tables, asked: Mapping[str, Any]
) -> dict[str, Any]:
    """Give the JSON object; tonnes are totals over the months of a replication."""
    rows = tables["simulated_segments"][0].to_dict("records")
    keys = ("months", "replications", "seed", "year", "policy", "lead", "based_on", "against",
            "against_policy")  # fmt: skip
    result: dict[str, Any] = {"run": run, "status": "ok", **{key: asked[key] for key in keys}}
    result |= {
        "shortfall_t": _amounts(rows, "shortfall"),
        "planned_shortfall_t": {row["segment"]: row["planned_shortfall_t"] for row in rows},
        "lost_t": _amounts(rows, "lost"),
        "demand_t": {row["segment"]: row["demand_t"] for row in rows},
        "days_of_cover": {
            row["segment"]: {"mean": row["cover_mean_days"], "p5": row["cover_p5_days"]}
            for row in rows
        },
        "recovery_months": {
            row["segment"]: {
                "mean": row["recovery_mean_months"],
                "p95": row["recovery_p95_months"],
                "ever_lost_share": row["ever_lost_share"],
            }
            for row in rows
        },
    }
    result["standing_months"] = {
        key.removeprefix("asset/"): months for key, months in sorted(standing(trial).items())
    }
    result["prices"] = tables["price_response"][0].to_dict("records")
    if "paired_difference" in tables:
        result["difference_t"] = _gaps(tables["paired_difference"][0])
    unhit = tables["happens"][0]
    result["missed"] = [str(name) for name in unhit.loc[~unhit["hits"], "target"].unique()]
    return result


def _amounts(rows: Sequence[Mapping[Any, Any]], name: str) -> dict[str, dict[str, float]]:
    return {
        row["segment"]: {
            "mean": row[f"{name}_mean_t"],
            "p95": row[f"{name}_p95_t"],
            "standard_error": row[f"{name}_standard_error_t"],
        }
        for row in rows
    }


def _gaps(frame: pd.DataFrame) -> dict[str, dict[str, float]]:
    return {
        row["segment"]: {
            key: row[f"difference_{key}_t"] for key in ("mean", "low", "high", "standard_error")
        }
        for row in frame.to_dict("records")
    }


def headline(result: Mapping[str, Any]) -> str:
    """Say the most hurt segment in one line."""
    shares = {
        name: found["mean"] / result["demand_t"][name]
        for name, found in result["lost_t"].items()
        if result["demand_t"][name] > 0
    }
    worst = max(shares, key=lambda name: shares[name])
    return f"{worst} loses {100 * shares[worst]:.1f} % of its demand on average"
