"""What owners, lenders and law ask of a project, from the table of projects."""

from __future__ import annotations

import math

from coercivity.finance.acceptance import AcceptanceRule
from coercivity.finance.debt import DebtTerms
from coercivity.finance.inputs import ProjectTerms
from coercivity.finance.refusals import FinanceError
from coercivity.finance.waterfall.terms import Rules
from coercivity.tables import CaseTables, Row


def project_row(tables: CaseTables, project: str) -> Row:
    """Find the row of a project.

    Parameters
    ----------
    tables
        Of the case.
    project
        Its id.

    Raises
    ------
    FinanceError
        If there is none, or it states no hurdle.
    """
    row = tables["projects"].find(project)
    if row is None or row.maybe_number("hurdle") is None:
        where = "projects.csv" if row is None else str(row.place("hurdle"))
        what = f"there is no project {project!r}" if row is None else f"{project!r} has no hurdle"
        msg = (
            f"{where}: {what}. Whether owners would say yes depends on the return they ask: "
            "write the row with its hurdle, real, as a fraction.  [F110]"
        )
        raise FinanceError(msg, code="F110")
    return row


def terms_of_project(
    tables: CaseTables, project: str, *, first_year: int, builds: bool
) -> ProjectTerms:
    """Gather the terms of a project.

    Parameters
    ----------
    tables
        Of the case.
    project
        Its id.
    first_year
        Year 0 of its cash. [calendar year]
    builds
        Whether anything is built; otherwise nobody is asked to lend.

    Notes
    -----
    A blank gearing limit asks no lender. Other blank cells keep the defaults of `DebtTerms` and
    of `Rules`.
    """
    row = project_row(tables, project)
    settings = tables.settings
    rules: dict[str, float | str] = {
        name: row.number(name)
        for name in ("tax_rate", "depletion_rate", "royalty")
        if row.maybe_number(name) is not None
    }
    if row.maybe_text("depreciation_class"):
        rules["depreciation_class"] = row.text("depreciation_class")
    return ProjectTerms(
        id=project,
        hurdle=row.number("hurdle"),
        years_after_price_year=float(first_year - (settings.price_year or first_year)),
        shift=settings.discounting.shift,
        rules=Rules(**rules),  # type: ignore[arg-type]
        debt=_debt(row) if builds else None,
        # Without building no capital is at stake that could be lost.
        acceptance=AcceptanceRule() if builds else AcceptanceRule(loss_limit=1.0),
    )


def _debt(row: Row) -> DebtTerms | None:
    gearing = row.maybe_number("gearing_limit")
    if gearing is None:
        return None
    base = DebtTerms()
    rate, cover = row.maybe_number("debt_rate"), row.maybe_number("dscr")
    tenor, grace = row.maybe_number("tenor"), row.maybe_number("grace")
    return DebtTerms(
        gearing_limit=gearing,
        rate=base.rate if rate is None else rate,
        dscr=base.dscr if cover is None else cover,
        tenor=base.tenor if tenor is None else max(1, math.ceil(tenor)),
        grace=base.grace if grace is None else math.ceil(grace),
    )
