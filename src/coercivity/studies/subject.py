"""What a stress looks at: the chain that a plan leaves behind, or a case as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from coercivity.chain import Case, load_case
from coercivity.foundation.errors import UsageError
from coercivity.foundation.identifiers import is_identifier
from coercivity.planning.built import built_case, with_builds
from coercivity.results import Run, open_run
from coercivity.results.catalogue import run_by_id
from coercivity.results.manifest import MANIFEST
from coercivity.tables import CaseTables, find_case


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A plan or a case, read."""

    case: Case
    """With its options, as it was planned or as it stands."""
    tables: CaseTables
    run: Run | None
    """The plan; None for a case."""

    @property
    def based_on(self) -> str:
        """``case``, or the id of the plan."""
        return "case" if self.run is None else self.run.id

    def chain(self) -> Case:
        """Give the chain without decisions: with the builds of the plan, or with none."""
        return with_builds(self.case, {}) if self.run is None else built_case(self.run)


def read_subject(
    subject: str | Path, runs: Path, *, scenario: str | None = None, strict: bool = False
) -> Subject:
    """Read a plan or a case, whichever is named.

    A name that is a run of the folder is that run; anything else is looked for among cases.

    Parameters
    ----------
    subject
        Id or folder of a plan; or folder, workbook or name of a case.
    runs
        Folder of runs.
    scenario
        Named scenario whose changes apply; only of a case.
    strict
        Whether warnings about the case are errors.

    Raises
    ------
    CaseError
        If the case is wrong; all problems at once.
    UsageError
        If the run is not a plan, or a scenario is asked of a plan.
    """
    run = named_run(subject, runs)
    if run is None:
        case, tables, _ = load_case(find_case(subject), scenario=scenario, strict=strict)
        return Subject(case=case, tables=tables, run=None)
    if scenario is not None:
        msg = (
            f"--scenario belongs to a case; the plan '{subject}' has its own already. Plan the "
            f"scenario and name that run.  [{UsageError.code}]"
        )
        raise UsageError(msg)
    if "builds" not in run.tables:
        msg = (
            f"'{run.id}' is a run of {run.manifest.verb}, which builds nothing. Name a run of "
            f"plan, or a case.  [{UsageError.code}]"
        )
        raise UsageError(msg)
    case, tables, _ = load_case(run.inputs, strict=strict)
    return Subject(case=case, tables=tables, run=run)


def named_run(subject: str | Path, runs: Path) -> Run | None:
    """Open the run that is named by its id or folder; None where no run is.

    Parameters
    ----------
    subject
        What was named.
    runs
        Folder of runs.
    """
    if (Path(subject) / MANIFEST).is_file():
        return open_run(Path(subject))
    name = str(subject)
    if is_identifier(name) and (runs / name).is_dir():
        return run_by_id(name, runs=runs)
    return None
