"""What is asked of leads in words, and what the tables say of plants that stand still."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from coercivity.chain import Case
from coercivity.foundation.errors import UsageError
from coercivity.foundation.identifiers import suggestion
from coercivity.foundation.problems import quoted
from coercivity.planning.built import decided, with_builds
from coercivity.resilience.simulation.leads import LONGEST, MONTHS_A_YEAR, ONE_MONTH, Leads
from coercivity.studies.subject import Subject
from coercivity.tables import CaseTables

LISTED = {
    "link": ("links", "id"),
    "rule": ("link_rules", "id"),
    "mode": ("link_rules", "mode"),
    "supplier": ("suppliers", "id"),
    "asset": ("assets", "id"),
    "start": ("assets", "id"),
}
"""Table and column in which the targets of each scope are listed."""
LEAD = re.compile(r"(?P<scope>[a-z]+)(?::(?P<target>.+))?=(?P<months>\d+|never)")
EXPLAINED = (
    "Write SCOPE:TARGET=MONTHS in whole months, such as mode:sea=2 or supplier:mill=3, and "
    "start:plant=12 for a plant that stands still, or start=never for all of them; scopes are "
    f"{', '.join(LISTED)}"
)


def read_leads(texts: Sequence[str], tables: CaseTables) -> Leads:
    r"""Read leads that differ from one month, and how long standing plants need until they run.

    Unless it is told, a plant that stands still needs its ``time_to_recover``,
    :math:`\lceil 12\,y \rceil` months; one without is never started.

    Parameters
    ----------
    texts
        ``SCOPE:TARGET=MONTHS``; later ones hold against earlier ones.
    tables
        The case.

    Raises
    ------
    UsageError
        If one cannot be read, has no such target, or is out of range.
    """
    found: dict[str, dict[str, int]] = {scope: {} for scope in LISTED}
    found["start"] = dict(stated_starts(tables))
    for text in texts:
        parts = LEAD.fullmatch(text)
        scope = "" if parts is None else parts["scope"]
        if parts is None or scope not in LISTED or (parts["target"] is None and scope != "start"):
            msg = f"--lead {quoted(text)} cannot be read. {EXPLAINED}.  [S209]"
            raise UsageError(msg)
        months = _months(text, scope, parts["months"])
        for target in _targets(scope, parts["target"], tables):
            found[scope].pop(target, None)
            if months is not None:
                found[scope][target] = months
    modes = {
        row.text("id"): found["mode"][mode]
        for row in tables["link_rules"].rows()
        if (mode := row.maybe_text("mode")) in found["mode"]
    }
    return Leads(
        links=found["link"], rules=modes | found["rule"], suppliers=found["supplier"],
        assets=found["asset"], starts=found["start"],
    )  # fmt: skip


def stated_starts(tables: CaseTables) -> Mapping[str, int]:
    """Give how long plants need until they run, where ``assets.csv`` says. [month]"""
    return {
        row.text("id"): math.ceil(MONTHS_A_YEAR * years)
        for row in tables["assets"].rows()
        if (years := row.maybe_number("time_to_recover")) is not None
    }


def _months(text: str, scope: str, written: str) -> int | None:
    """Read a number of months; None is never."""
    if written == "never" and scope == "start":
        return None
    least = 0 if scope == "start" else ONE_MONTH
    if written == "never" or not least <= int(written) <= LONGEST:
        msg = (
            f"--lead {quoted(text)} is not from {least} to {LONGEST} months. What moves takes "
            "whole months and at least one; only a start may take none, or be never. "
            f"{EXPLAINED}.  [S209]"
        )
        raise UsageError(msg)
    return int(written)


def _targets(scope: str, target: str | None, tables: CaseTables) -> list[str]:
    table, column = LISTED[scope]
    listed = (row.maybe_text(column) for row in tables[table].rows())
    known = dict.fromkeys(name for name in listed if name)
    if target is None:
        return list(known)
    if target not in known:
        near = suggestion(target, sorted(known), listed_in=f"{table}.csv")
        msg = f"--lead: {quoted(target)} is no {scope}. {near}  [S209]"
        raise UsageError(msg)
    return [target]


def standing_chain(read: Subject) -> Case:
    """Give the chain without decisions, with what a plan mothballs still there to be started.

    What a plan retires is gone.
    """
    if read.run is None:
        return with_builds(read.case, {})
    modules, idle = decided(read.case, read.run)
    if "states" in read.run.tables:
        states, horizon = read.run.table("states"), read.case.horizon
        period = {year: number for number, year in enumerate(horizon.starts)}
        for row in states[states["state"] == "mothballed"].to_dict("records"):
            years = horizon.period_of_year == period[int(row["year"])]
            idle[str(row["asset"])][years] = 0.0
    return with_builds(read.case, modules, idle=idle)
