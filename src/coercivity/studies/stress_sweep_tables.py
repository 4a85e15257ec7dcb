"""Shocks as tables of a run and as the JSON object of the command line."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from coercivity.chain import Case
from coercivity.resilience.attack.measure import Measure
from coercivity.resilience.attack.sweep import Struck, Sweep, Untried, stocks_held
from coercivity.studies.stress_worst_tables import Tables, by_segment, yearly
from coercivity.tables import CaseTables

SHOWN = 18
"""Shocks whose years are written out, the worst first. [count]"""


@dataclass(frozen=True, slots=True, eq=False)
class Swept:
    """What was found of all shocks."""

    case: Case
    tables: CaseTables
    measure: Measure
    year: int
    found: Sweep

    @property
    def headline(self) -> str:
        """The answer in a sentence."""
        first = next(iter(self.found.struck), None)
        left = len(self.found.untried)
        told = f"{len(self.found.struck)} shocks{f' ({left} pairs not tried)' if left else ''}, "
        if first is None or first.more <= 0:
            return f"{told}none leaves more demand short"
        return f"{told}the worst is the loss of {first.shock.id}"

    def calm(self) -> dict[str, float]:
        """Give what is short undisturbed, by segment. [t]"""
        return by_segment(self.case, self.found_calm())

    def found_calm(self) -> Mapping[str, float]:
        """Give what is short undisturbed, by demand. [t]"""
        short = dict.fromkeys(self.case.demands, 0.0)
        for (demand, period), tonnes in yearly(self.found.form, self.found.calm.primal).items():
            short[demand] += tonnes * float(self.measure.years[period])
        return short


def _rows(swept: Swept) -> list[dict[str, Any]]:
    """Write every shock as the JSON object of the command line has it."""
    calm = swept.calm()
    unhurt = yearly(swept.found.form, swept.found.calm.primal)
    return [_row(swept, one, calm, unhurt) for one in swept.found.struck]


def _row(
    swept: Swept,
    one: Struck,
    calm: Mapping[str, float],
    unhurt: Mapping[tuple[str, int], float],
) -> dict[str, Any]:
    short = by_segment(swept.case, one.short)
    lasting = one.shock.duration
    return {
        "target": " + ".join(target.id for target in one.shock.targets),
        "kind": one.shock.kind,
        "name": " + ".join(target.name for target in one.shock.targets),
        "event": one.shock.event,
        "duration_years": None if math.isinf(lasting) else lasting,
        "depth": one.shock.depth,
        "shortfall_t": short,
        "more_t": {segment: tonnes - calm[segment] for segment, tonnes in short.items()},
        "measured_more": one.more,
        "cost_musd": one.cost,
        "recovered_year": _recovered(swept, one, unhurt),
    }


def _recovered(swept: Swept, one: Struck, calm: Mapping[tuple[str, int], float]) -> int | None:
    """Give the first year from which no more is short than undisturbed; None where none is."""
    hurt = yearly(swept.found.form, swept.found.primal(one))
    worse = {period for key, t in hurt.items() for period in [key[1]] if t > calm[key] + 0.5}
    starts = swept.case.horizon.starts
    if not worse:
        return swept.year
    after = max(worse) + 1
    return starts[after] if after < swept.found.form.periods else None


def sweep_result(run: str, swept: Swept, *, based_on: str) -> dict[str, Any]:
    """Write what was found as the JSON object of the command line."""
    calm = swept.calm()
    unit = "t" if swept.measure.segment is not None else "t, weighted by 1 ÷ priority"
    return {
        "run": run,
        "based_on": based_on,
        "segment": swept.measure.segment,
        "year": swept.year,
        "until": swept.case.report_until,
        "unit": unit,
        "undisturbed_t": calm,
        "undisturbed_cost_musd": swept.found.calm.value,
        "solved": swept.found.solved,
        "shocks": _rows(swept),
        "not_tried": [_untried(one) for one in swept.found.untried],
    }


def _untried(one: Untried) -> dict[str, Any]:
    return {"target": one.shock.id, "kind": one.shock.kind, "measured_more_at_least": one.least}


def sweep_tables(swept: Swept, result: Mapping[str, Any]) -> Tables:
    """Give the tables of the run, each with its units.

    Parameters
    ----------
    swept
        What was found.
    result
        The same as `sweep_result` writes it.
    """
    rows = result["shocks"]
    shocks = pd.DataFrame(
        [
            {
                **{k: row[k] for k in ("target", "kind", "name", "event", "duration_years")},
                "depth": row["depth"],
                "shortfall": sum(row["shortfall_t"].values()),
                "more": sum(row["more_t"].values()),
                "measured_more": row["measured_more"],
                "cost": row["cost_musd"],
                "recovered_year": row["recovered_year"],
            }
            for row in rows
        ],
        columns=["target", "kind", "name", "event", "duration_years", "depth", "shortfall", "more",
                 "measured_more", "cost", "recovered_year"],
    ).astype({"duration_years": "float64", "recovered_year": "Int64"})  # fmt: skip
    units = {"duration_years": "year", "depth": "fraction", "shortfall": "t", "more": "t",
             "measured_more": "t, weighted", "cost": "million"}  # fmt: skip
    return {
        "shocks": (shocks, units),
        "shock_segments": (
            _cells(swept, rows), dict.fromkeys(("shortfall", "more", "demand"), "t")
        ),
        "shock_years": (_years(swept), {"demand": "t/year", "undisturbed": "t/year",
                                        "shortfall": "t/year"}),
        "shock_stocks": (_stocks(swept), {"undisturbed": "t", "held": "t"}),
        "shocks_not_tried": (
            pd.DataFrame(result["not_tried"], columns=["target", "kind", "measured_more_at_least"])
            .astype({"target": "str", "kind": "str", "measured_more_at_least": "float64"}),
            {"measured_more_at_least": "t, weighted"},
        ),
    }  # fmt: skip


def _cells(swept: Swept, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Write out what each segment is short under each shock."""
    wanted = _asked_for(swept)
    return pd.DataFrame(
        [
            {"target": r["target"], "kind": r["kind"], "event": r["event"], "segment": segment,
             "shortfall": tonnes, "more": r["more_t"][segment], "demand": demand}
            for r in rows
            for (segment, tonnes), demand in zip(
                r["shortfall_t"].items(), wanted.values(), strict=True
            )
        ],
        columns=["target", "kind", "event", "segment", "shortfall", "more", "demand"],
    )  # fmt: skip


def _asked_for(swept: Swept) -> dict[str, float]:
    wanted = {
        name: float(swept.case.horizon.mean_by_period(demand.amount) @ swept.measure.years)
        for name, demand in swept.case.demands.items()
    }
    return by_segment(swept.case, wanted)


def _years(swept: Swept) -> pd.DataFrame:
    """Write out the years of the worst shocks: demand and what is short of it."""
    case, form = swept.case, swept.found.form
    calm, rows = yearly(form, swept.found.calm.primal), []
    for one in swept.found.struck[:SHOWN]:
        hurt = yearly(form, swept.found.primal(one))
        for demand in case.demands.values():
            wanted = case.horizon.mean_by_period(demand.amount)
            rows += [
                {
                    "shock": one.shock.id,
                    "segment": demand.segment or "none",
                    "year": case.horizon.starts[period],
                    "demand": float(wanted[period]),
                    "undisturbed": calm.get((demand.id, period), 0.0),
                    "shortfall": hurt.get((demand.id, period), 0.0),
                }
                for period in range(form.periods)
                if wanted[period] > 0
            ]
    columns = ["shock", "segment", "year", "demand", "undisturbed", "shortfall"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.groupby(["shock", "segment", "year"], as_index=False, sort=False).sum()


def _stocks(swept: Swept) -> pd.DataFrame:
    """Write out what lies in stock under the worst shocks."""
    form, starts = swept.found.form, swept.case.horizon.starts
    calm = stocks_held(form, swept.found.calm.primal)
    rows = [
        {
            "shock": one.shock.id,
            "stock": stock,
            "material": swept.case.stocks[stock].material,
            "year": starts[period],
            "undisturbed": calm[stock, period],
            "held": held,
        }
        for one in swept.found.struck[:SHOWN]
        for (stock, period), held in stocks_held(form, swept.found.primal(one)).items()
    ]
    return pd.DataFrame(rows, columns=["shock", "stock", "material", "year", "undisturbed", "held"])


def key_figures(result: Mapping[str, Any]) -> dict[str, Any]:
    """Pick the figures by which runs are compared."""
    shocks = result["shocks"]
    return {
        "shocks": len(shocks),
        "worst_more_t": sum(shocks[0]["more_t"].values()) if shocks else 0.0,
        "worst_cost_musd": max((row["cost_musd"] for row in shocks), default=0.0),
    }
