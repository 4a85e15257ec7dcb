"""Headline results of the reference cases: planned, summarised, kept.

Run ``python -m tests.known.headline`` from the top folder to renew the summary; say what moved, by
how much and why under *Results* in ``CHANGELOG.md``.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from coercivity.results import Run
from coercivity.studies.plan import PlanOptions, plan
from coercivity.tables import find_case

SUMMARY = Path(__file__).with_name("headline_results.json")
CASES = ("us-rare-earths", "us-tungsten")
GAP = 0.01
"""Gap to which the cases are planned. [fraction of the gain]"""


@dataclass(frozen=True, slots=True)
class Headline:
    """What is quoted of a plan; decisions are those up to the last reported year."""

    objective: float
    """Cost of the plan. [million, present value]"""
    bound: float
    """Proven: no plan costs less. [million, present value]"""
    gain: float
    """What the builds save. [million, present value]"""
    modules: int
    """Modules decided on. [count]"""
    capital: float
    """Their capital. [million]"""
    served_share: float
    """Share of demand served. [fraction]"""


def headline_of(run: Run) -> Headline:
    """Take the headline results from a run."""
    builds, result = run.table("builds"), run.result
    reported = builds[builds["decision_year"] <= run.kpis["report_until"]]
    return Headline(
        objective=round(float(result["objective"]), 2),
        bound=round(float(result["bound"]), 2),
        gain=round(float(result["gain"]), 2),
        modules=int(reported["modules"].sum()),
        capital=round(float(reported["capital_musd"].sum()), 2),
        served_share=round(float(run.kpis["served_share"]), 6),
    )


def planned_headline(case: str, folder: Path) -> Headline:
    """Plan a case and take its headline results."""
    return headline_of(plan(find_case(case), folder, PlanOptions(gap=GAP)))


def kept_headlines() -> dict[str, Headline]:
    """Read the summary that was committed."""
    kept = json.loads(SUMMARY.read_text(encoding="utf-8"))
    return {case: Headline(**figures) for case, figures in kept.items()}


def renew() -> None:
    """Plan every case and write the summary."""
    with tempfile.TemporaryDirectory() as folder:
        found = {case: asdict(planned_headline(case, Path(folder))) for case in CASES}
    SUMMARY.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    renew()
