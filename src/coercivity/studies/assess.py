"""The study behind ``assess``: where a chain stands, from what was counted and what exists."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from coercivity.chain import Case, load_case
from coercivity.foundation.errors import CaseError, UsageError
from coercivity.foundation.problems import Place, Problem
from coercivity.resilience.compliance import compliance_by_date
from coercivity.resilience.exposure import capacity_exposures, observed_exposures
from coercivity.resilience.home import cover_at_home, home_balances
from coercivity.resilience.observed import Counted, Ledger, counted, ledger_of, of_world
from coercivity.resilience.ores import ore_baskets
from coercivity.results import Request, Run, RunWriter
from coercivity.studies.assess_tables import Standing, assess_result, assess_tables
from coercivity.tables import CaseTables
from coercivity.tables.csv_writer import write_case


@dataclass(frozen=True, slots=True)
class AssessOptions:
    """What an assessment is asked for."""

    year: int | None = None
    """The year; None is the last one with observations. [calendar year]"""
    scenario: str | None = None
    """Named scenario whose changes apply; None is the case as it stands."""
    strict: bool = False
    """Whether warnings about the case are errors."""
    name: str | None = None
    """Id of the run; None makes one from verb and time."""


def assess(case_path: Path, runs: Path, options: AssessOptions | None = None) -> Run:
    """Assess a case and write the run.

    Parameters
    ----------
    case_path
        Folder or workbook of the case.
    runs
        Folder in which the run folder is made.
    options
        What is asked.

    Raises
    ------
    CaseError
        If the case is wrong, or holds no observations.
    UsageError
        If nothing was counted in the year.
    """
    options = options or AssessOptions()
    case, tables, _ = load_case(case_path, scenario=options.scenario, strict=options.strict)
    ledger = ledger_of(tables, case)
    year = _year(ledger, case, options.year)
    asked = Request("assess", case.name, asdict(options) | {"year": year}, name=options.name)
    with RunWriter(runs, asked, write_inputs=lambda folder: write_case(tables, folder)) as writer:
        writer.progress("counting", 0.2)
        found = stand(tables, case, ledger, year=year)
        for name, (frame, units) in assess_tables(case, found).items():
            writer.table(name, frame, units=units)
        result = assess_result(writer.id, case, found)
        return writer.finish(
            "ok", result=result, kpis=key_figures(result), headline=_headline(result)
        )


def stand(tables: CaseTables, case: Case, ledger: Ledger, *, year: int) -> Standing:
    """Gather all that an assessment says.

    Parameters
    ----------
    tables, case
        The case.
    ledger
        Its observations.
    year
        The year asked about. [calendar year]
    """
    by_year = {when: _stages(ledger, when) for when in ledger.years}
    names = {r.text("id"): r.maybe_text("name") or r.text("id") for r in tables["stages"]}
    return Standing(
        year=year,
        by_year=by_year,
        balances=tuple(b for when in ledger.years for b in home_balances(ledger, case, when)),
        covers=tuple(cover_at_home(ledger, case, year)),
        exposures=(*observed_exposures(of_world(by_year, year)), *capacity_exposures(case, year)),
        compliance=tuple(compliance_by_date(case, year)),
        baskets=tuple(ore_baskets(tables, case, year)),
        governance={
            row.text("id"): row.number("governance")
            for row in tables["countries"]
            if row.given("governance")
        },
        stage_names={stage: names[stage] for stage in ledger.measures},
    )


def _stages(ledger: Ledger, year: int) -> dict[str, Counted]:
    found = {stage: counted(ledger, year, stage) for stage in ledger.measures}
    return {stage: one for stage, one in found.items() if sum(one.countries.values()) > 0}


def _year(ledger: Ledger, case: Case, year: int | None) -> int:
    if not ledger.years:
        problem = Problem(
            "T114",
            Place("observations.csv"),
            "the table observations has no rows",
            "To say where a chain stands, output has to be counted: add rows with country or "
            "asset, stage or material, year, kind and amount. `coercivity schema observations` "
            "shows the columns.",
        )
        raise CaseError([problem], case=case.name)
    if year is None:
        return ledger.years[-1]
    if year not in ledger.years:
        listed = ", ".join(map(str, ledger.years))
        msg = f"Nothing was counted in {year}. Years with observations: {listed}.  [R001]"
        raise UsageError(msg)
    return year


def key_figures(result: dict[str, Any]) -> dict[str, float]:
    """Give the figures by which assessments are compared: the extremes over all stages."""
    found = {"year": float(result["year"])}
    for name, values in (
        ("largest_hhi", result["hhi"]),
        ("largest_covered_share", result["covered_share"]),
        ("largest_import_reliance", result["import_reliance"]),
    ):
        if values:
            found[name] = max(values.values())
    if result["days_of_cover"]:
        found["fewest_days_of_cover"] = min(result["days_of_cover"].values())
    return found | {"single_points": float(len(result["single_points"]))}


def _headline(result: dict[str, Any]) -> str:
    """Say an assessment in a line for the list of runs."""
    shares = result["covered_share"]
    if not shares:
        return f"{result['year']}: no output counted"
    stage = max(shares, key=lambda name: float(shares[name]))
    return f"{result['year']}: covered countries make {shares[stage]:.0%} at stage {stage}"
