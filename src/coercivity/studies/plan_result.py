"""A plan as the JSON object of the command line, its key figures, and the size of its model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from coercivity.chain import Case
from coercivity.foundation.errors import CaseError
from coercivity.foundation.problems import Place, Problem
from coercivity.planning.model import PlanningModel
from coercivity.planning.outcome import PlanTable
from coercivity.planning.solve import PlanSolution
from coercivity.solvers import CoefficientRange

WIDEST_SPAN = 1e9
"""Ratio of largest to smallest coefficient beyond which a model is not solved."""


@dataclass(frozen=True, slots=True)
class ModelSize:
    """Size of a model and the range of its numbers."""

    rows: int
    columns: int
    integers: int
    nonzeros: int
    coefficients: CoefficientRange

    @property
    def span(self) -> float:
        """Ratio of the largest to the smallest entry of the matrix."""
        entries = self.coefficients.matrix
        return 1.0 if entries is None else entries[1] / entries[0]


def size_of(model: PlanningModel) -> ModelSize:
    """Measure a model."""
    matrices = model.scaled.matrices
    return ModelSize(
        rows=matrices.rows,
        columns=matrices.columns,
        integers=int(matrices.integrality.sum()),
        nonzeros=len(matrices.matrix.data),
        coefficients=matrices.coefficient_range(),
    )


def refuse_wide(size: ModelSize, case: Case) -> None:
    """Refuse a model whose numbers lie too far apart for a solver to be exact."""
    entries = size.coefficients.matrix
    if entries is None or size.span <= WIDEST_SPAN:
        return
    what = f"the coefficients of the model span from {entries[0]:.3g} to {entries[1]:.3g}"
    instead = (
        "A solver is not exact over more than nine orders of magnitude. Look for a recipe amount, "
        "size or capital with a wrong unit (tonnes, million)."
    )
    raise CaseError([Problem("N201", Place("the model"), what, instead)], case=case.name)


def plan_result(
    run: str,
    case: Case,
    solution: PlanSolution,
    size: ModelSize,
    tables: dict[str, PlanTable],
    seconds: dict[str, float],
) -> dict[str, Any]:
    """Write a plan as the JSON object of the command line."""
    builds = tables["builds"].frame
    return {
        "run": run,
        "status": solution.status.value,
        "objective": solution.objective,
        "bound": solution.bound,
        "gap": solution.gap,
        "gap_of_gain": solution.gap_of_gain,
        "gain": solution.gain,
        "currency": case.currency,
        "price_year": case.price_year,
        "seconds": seconds,
        "size": {"rows": size.rows, "columns": size.columns, "integers": size.integers},
        "builds": records(
            builds[
                [
                    "option", "asset", "site", "project", "decision_year",
                    "first_output_year", "size_t_per_year", "capital_musd",
                ]
            ]
        ),
        "coverage": _coverage(tables),
        "cost_terms": {
            str(term): float(value)
            for term, value in tables["cost_terms"].frame.itertuples(index=False)
        },
        "bottlenecks": records(
            tables["bottlenecks"].frame.drop_duplicates(["year", "stage"])[
                ["year", "stage", "asset", "value_musd_per_year"]
            ]
        ),
    }  # fmt: skip


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Write the rows of a table as JSON objects; what is missing becomes null."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [dict(zip(frame.columns, row, strict=True)) for row in plain.to_numpy().tolist()]


def _coverage(tables: dict[str, PlanTable]) -> list[dict[str, Any]]:
    served = tables["served"].frame
    by_class: dict[tuple[str, int], dict[str, float]] = {}
    for demand, year, cls, tonnes in zip(
        served["demand"], served["year"], served["class"], served["served_t"], strict=True
    ):
        held = by_class.setdefault((demand, int(year)), {})
        held[cls] = held.get(cls, 0.0) + float(tonnes)
    return [
        {
            "demand": row["demand"],
            "segment": row["segment"],
            "year": row["year"],
            "demand_t": row["demand_t"],
            "served_t": by_class.get((row["demand"], row["year"]), {}),
            "shortfall_t": row["shortfall_t"],
        }
        for row in records(tables["coverage"].frame)
    ]


def key_figures(
    case: Case, tables: dict[str, PlanTable], solution: PlanSolution
) -> dict[str, float]:
    """Give the figures by which runs are compared."""
    builds, coverage = tables["builds"].frame, tables["coverage"].frame
    reported = coverage[coverage["year"] <= case.report_until]
    weights = reported["years"]
    asked = float((reported["demand_t"] * weights).sum())
    short = float((reported["shortfall_t"] * weights).sum())
    return {
        "objective_musd": solution.objective,
        "capital_musd": float(builds["capital_musd"].sum()),
        "modules": float(builds["modules"].sum()),
        "served_share": 1 - short / asked if asked else 1.0,
        "report_until": float(case.report_until),
    }


def headline(case: Case, tables: dict[str, PlanTable]) -> str:
    """Say a plan in a line for the list of runs."""
    builds = tables["builds"].frame
    count, capital = int(builds["modules"].sum()), float(builds["capital_musd"].sum())
    year = f"{case.price_year}" if case.price_year else ""
    return f"{count} modules, {capital:,.0f} million {case.currency}{year}"
