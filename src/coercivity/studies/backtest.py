"""The study that operates a chain in years that are over, and sets it beside what was counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from coercivity.chain import Case
from coercivity.chain.assembly import assemble
from coercivity.chain.checks import check_chain
from coercivity.foundation.errors import CaseError, UsageError
from coercivity.foundation.problems import Severity
from coercivity.planning.model import PlanningModel, build_model
from coercivity.planning.solve import PlanLimits, PlanSolution, solve_plan
from coercivity.planning.standing import read_plan
from coercivity.resilience.observed import ledger_of
from coercivity.studies.backtest_tables import (
    Operated,
    by_country,
    by_plant,
    errors,
    not_decided,
    traded,
)
from coercivity.tables import CaseTables, Row, Table, apply_scenario, read_case
from coercivity.tables.drafts import Values, draft_of, origin, row_values
from coercivity.tables.typed import row_name

HELD_BACK = ("suppliers", "buyers", "demands", "tariffs")
"""Tables of dated rows whose first value also stands for operated years before it."""
NEVER_OPERATED = ("observations", "options", "targets")
"""Tables that are emptied before a chain is operated."""


@dataclass(frozen=True, slots=True)
class Backtest:
    """A chain as operated by the model, beside what was counted."""

    countries: pd.DataFrame
    """By year, stage and country: possible, modelled and counted output. [t/year]"""
    plants: pd.DataFrame
    """The same by year, stage and plant, counted or not. [t/year]"""
    trade: pd.DataFrame
    """Imports and exports by year, stage and country. [t/year]"""
    errors: pd.DataFrame
    """By year and stage: the sum of errors as a share of what was counted."""
    not_decided: pd.DataFrame
    """What was counted in countries where the model decides nothing, by year and stage."""
    held_back: pd.DataFrame
    """Values dated later that had to stand for an operated year."""
    tables: dict[str, pd.DataFrame]
    """The tables of the dispatch, as a plan has them."""


def backtest(
    case_path: Path | str, first: int, last: int, *, scenario: str | None = None
) -> Backtest:
    """Operate a chain from one year to another and compare it with what was counted.

    Capacities, prices, offers, demands and duties are those of the case in each year. Nothing can
    be built. Observations are taken out of the case before the model is formulated.

    Parameters
    ----------
    case_path
        Folder, workbook, or name of a reference case.
    first, last
        First and last operated year. [calendar year]
    scenario
        Named scenario whose changes apply.

    Raises
    ------
    CaseError
        If the case is wrong.
    UsageError
        If the last year lies before the first, or there is no such case or scenario.
    PlanError
        If the chain cannot be operated: a demand without a penalty cannot be met, say.

    Examples
    --------
    >>> found = backtest("mini", 2026, 2026).countries
    >>> found[["year", "stage", "country"]].to_numpy().tolist()
    [[2026, 'mining', 'USA'], [2026, 'separation-light', 'USA']]
    """
    tables = read_case(case_path)
    if scenario is not None:
        tables = apply_scenario(tables, scenario)
    prepared, held = operated_tables(tables, first, last)
    case, model, solution = operate(prepared)
    plan = {name: table.frame for name, table in read_plan(model, solution).items()}
    found = Operated(case, ledger_of(tables, case), plan["activity"], plan["flows"], plan["sales"])
    countries = by_country(found)
    return Backtest(
        countries=countries,
        plants=by_plant(found),
        trade=traded(found),
        errors=errors(countries),
        not_decided=not_decided(found),
        held_back=held,
        tables=plan,
    )


def operate(tables: CaseTables) -> tuple[Case, PlanningModel, PlanSolution]:
    """Dispatch a chain at least cost.

    Raises
    ------
    CaseError
        If the chain is wrong in the operated years.
    """
    case = assemble(tables)
    problems = list(check_chain(tables, case))
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise CaseError(problems, case=tables.name)
    model = build_model(case)
    return case, model, solve_plan(model, PlanLimits(gap=0.0))


def operated_tables(tables: CaseTables, first: int, last: int) -> tuple[CaseTables, pd.DataFrame]:
    """Give a case over operated years, each a period, without options, targets or observations.

    A row of suppliers, buyers, demands or tariffs that is dated later than the first operated
    year, and has none before it, also stands for that year.

    Parameters
    ----------
    tables
        The case.
    first, last
        First and last operated year. [calendar year]

    Returns
    -------
    tuple
        The case to be operated, and the rows that were held back: table, key, year and since.

    Raises
    ------
    UsageError
        If the last year lies before the first.
    """
    if last < first:
        msg = (
            f"The last operated year, {last}, lies before the first, {first}.\n"
            "A chain is operated forward: give the earlier year first.  [R001]"
        )
        raise UsageError(msg)
    settings = replace(tables.settings, periods=tuple(range(first, last + 2)), report_until=last)
    changed, held = dict(tables.tables), []
    for name in NEVER_OPERATED:
        changed[name] = _emptied(changed[name])
    for name in HELD_BACK:
        changed[name], rows = _held_back(changed[name], first)
        held += rows
    frame = pd.DataFrame(held, columns=["table", "key", "year", "since"])
    return replace(tables, settings=settings, tables=changed), frame


def _emptied(table: Table) -> Table:
    columns: dict[str, tuple[object, ...]] = dict.fromkeys(table.columns, ())
    return Table(table.schema, table.file, columns, ())


def _held_back(table: Table, first: int) -> tuple[Table, list[dict[str, object]]]:
    """Copy the first dated row of each key to an earlier year, where it has none."""
    draft, held = draft_of(table), []
    for row, since in _begins_later(table, first):
        values: Values = row_values(row) | {"year": first}
        draft.rows.append(values)
        draft.origins.append(origin(row))
        held.append(
            {"table": table.schema.name, "key": row_name(row), "year": first, "since": since}
        )
    return draft.table(), held


def _begins_later(table: Table, first: int) -> Iterator[tuple[Row, int]]:
    by_name: dict[str, list[Row]] = {}
    for row in table.rows():
        by_name.setdefault(row_name(row), []).append(row)
    for rows in by_name.values():
        if all(row.given("year") for row in rows):
            earliest = min(rows, key=lambda row: row.whole("year"))
            if earliest.whole("year") > first:
                yield earliest, earliest.whole("year")
