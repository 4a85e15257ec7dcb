"""Simulations in words and small tables, from their run alone."""

from __future__ import annotations

from typing import Any

from coercivity.results import Run
from coercivity.views.labels import listed, short
from coercivity.views.plan_words import TextTable

SAFE = 0.0005
"""Share of demand below which nothing is said to be lost. [fraction]"""
MOST_NAMED = 3


def answer(run: Run) -> list[str]:
    """Say who loses service, how long it takes to recover, and what prices would do."""
    found = run.result
    first = next(iter(found["demand_t"]))
    sentences = [_first(found, first)]
    others = [name for name in found["demand_t"] if name != first and _share(found, name) >= SAFE]
    if others:
        worst = max(others, key=lambda name: _share(found, name))
        sentences.append(
            f"{_capital(worst)} loses {_percent(_share(found, worst))} of its demand on average"
            f"{_bad(found, worst)}."
        )
    elif _share(found, first) < SAFE:
        sentences.append("No other segment loses more than that.")
    sentences += _prices(found)
    return [*sentences, *_difference(found, first)]


def _first(found: dict[str, Any], name: str) -> str:
    years = found["months"] / 12
    share, hurt = _share(found, name), found["recovery_months"][name]["ever_lost_share"]
    if share < SAFE:
        return (
            f"Over {years:g} years {name} is served as planned: it loses "
            f"{short(found['lost_t'][name]['mean'])} t of {short(found['demand_t'][name])} t on "
            f"average, and something in {_percent(hurt)} of replications."
        )
    recovery = found["recovery_months"][name]["mean"]
    return (
        f"Over {years:g} years {name} loses {short(found['lost_t'][name]['mean'])} t on average, "
        f"{_percent(share)} of its demand{_bad(found, name)}; the longest spell takes "
        f"{recovery:.1f} months to recover from where there is one ({_percent(hurt)} of "
        "replications)."
    )


def _bad(found: dict[str, Any], name: str) -> str:
    worst = found["lost_t"][name]["p95"] / found["demand_t"][name]
    return f", and {_percent(worst)} in one replication of twenty"


def _prices(found: dict[str, Any]) -> list[str]:
    rows = [row for row in found["prices"] if row["peak_p95"] > 1.05]
    if not rows:
        return []
    worst = max(rows, key=lambda row: float(row["peak_p95"]))
    return [
        f"By its elasticity {worst['material']} would cost {worst['mean']:.1f} times its plan on "
        f"average, and {short(worst['peak_p95'])} times at the peak of a bad replication."
    ]


def _difference(found: dict[str, Any], first: str) -> list[str]:
    if "difference_t" not in found:
        return []
    other = found["against"] or "the same chain"
    policy = f" under policy {found['against_policy']}" if found["against_policy"] else ""
    gaps = found["difference_t"]
    name = max(gaps, key=lambda one: abs(float(gaps[one]["mean"])))
    chosen = first if abs(float(gaps[first]["mean"])) > 0 else name
    gap = gaps[chosen]
    return [
        f"Beside {other}{policy}, met by the same events, {chosen} loses "
        f"{short(abs(gap['mean']))} t {'more' if gap['mean'] > 0 else 'less'} "
        f"(95 %: {short(gap['low'])} to {short(gap['high'])} t)."
    ]


def _share(found: dict[str, Any], name: str) -> float:
    demand = float(found["demand_t"][name])
    return float(found["lost_t"][name]["mean"]) / demand if demand > 0 else 0.0


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _percent(value: float) -> str:
    if 0 < value < 0.001:
        return "under 0.1 %"
    return f"{100 * value:.1f} %"


def notes(run: Run) -> list[str]:
    """Say what the routing is, what it is not, and which events hit nothing."""
    found = run.result
    said = [
        f"the routing of every month is that of {found['year']}; spare capacity is used, "
        f"{_starts(found)}, and nothing is optimised",
        f"lanes, plants and suppliers take a month each{_leads(found)}, for no table states a lead "
        f"time; tonnes are totals over {found['months']} months; {found['replications']} "
        f"replications, seed {found['seed']}",
    ]
    if found["missed"]:
        said.append(
            f"events of {listed(found['missed'], MOST_NAMED)} hit nothing that the chain has in "
            f"{found['year']}"
        )
    return said


def _starts(found: dict[str, Any]) -> str:
    """Say which plants that stand still can be started."""
    months = found.get("standing_months", {}).values()
    if not months or found["policy"] == "no-restart":
        return "plants that stand still all year are not started"
    span = f"{min(months)}" if min(months) == max(months) else f"{min(months)} to {max(months)}"
    plants = "plant that stands" if len(months) == 1 else "plants that stand"
    return f"{len(months)} {plants} still can be started by {span} months of need"


def _leads(found: dict[str, Any]) -> str:
    stated = [text for text in found.get("lead", ()) if not text.startswith("start")]
    return f" but {listed(stated, MOST_NAMED)}" if stated else ""


def tables(run: Run) -> list[TextTable]:
    """Show every segment, prices, and the difference where something is compared."""
    return [_segments(run), _price_table(run), *_compared(run)]


def _segments(run: Run) -> TextTable:
    rows = [
        (
            str(row["segment"]),
            short(row["demand_t"]),
            f"{short(row['lost_mean_t'])} ± {short(row['lost_standard_error_t'])}",
            short(row["lost_p95_t"]),
            _percent(row["ever_lost_share"]),
            f"{row['recovery_mean_months']:.1f}",
            f"{row['cover_mean_days']:.0f}",
            f"{row['cover_p5_days']:.0f}",
        )
        for row in run.table("simulated_segments").to_dict("records")
    ]
    columns = (
        ("segment", False), ("demand, t", True), ("lost, t", True), ("lost p95, t", True),
        ("ever lost", True), ("months to recover", True), ("days of cover", True),
        ("cover p5", True),
    )  # fmt: skip
    return TextTable("What is lost against the plan", columns, tuple(rows))


def _price_table(run: Run) -> TextTable:
    rows = [
        (
            str(row["material"]), f"{row['mean']:.2f}", short(row["peak_median"]),
            short(row["peak_p95"]), _percent(row["doubled_share"]),
        )
        for row in run.table("price_response").to_dict("records")
    ]  # fmt: skip
    columns = (
        ("material", False), ("mean", True), ("peak, median", True), ("peak, p95", True),
        ("months above double", True),
    )  # fmt: skip
    return TextTable("Prices by elasticity, as ratios to the plan", columns, tuple(rows))


def _compared(run: Run) -> list[TextTable]:
    if "paired_difference" not in run.tables:
        return []
    rows = [
        (
            str(row["segment"]), short(row["lost_mean_t"]), short(row["other_lost_mean_t"]),
            short(row["difference_mean_t"]),
            f"{short(row['difference_low_t'])} to {short(row['difference_high_t'])}",
        )
        for row in run.table("paired_difference").to_dict("records")
    ]  # fmt: skip
    columns = (
        ("segment", False), ("lost, t", True), ("other loses, t", True), ("difference, t", True),
        ("95 %", True),
    )  # fmt: skip
    return [TextTable("Against the other, met by the same events", columns, tuple(rows))]
