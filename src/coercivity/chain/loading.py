"""Read a case and check it from end to end."""

from __future__ import annotations

from pathlib import Path

from coercivity.chain.assembly import assemble
from coercivity.chain.case import Case
from coercivity.chain.checks import check_chain
from coercivity.foundation.errors import CaseError
from coercivity.foundation.problems import Problem, Severity
from coercivity.tables import CaseTables, read_case
from coercivity.tables.scenario import apply_scenario


def load_case(
    path: Path, *, scenario: str | None = None, strict: bool = False
) -> tuple[Case, CaseTables, list[Problem]]:
    """Read a case, apply a scenario, check everything, and build its nouns.

    Returns
    -------
    tuple
        The case, its tables with the scenario applied, and warnings and notes.

    Raises
    ------
    CaseError
        With every problem found, if there is an error (or, if ``strict``, a warning).
    """
    tables = read_case(path)
    if scenario is not None:
        tables = apply_scenario(tables, scenario)
    case = assemble(tables)
    problems = [*tables.notes, *check_chain(tables, case)]
    fatal = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    if any(problem.severity in fatal for problem in problems):
        raise CaseError(problems, case=tables.name, strict=strict)
    return case, tables, problems
