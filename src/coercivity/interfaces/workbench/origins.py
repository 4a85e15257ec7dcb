"""Of which data a run was made: those that a project holds now, or others.

A run freezes its case and keeps the fingerprint of what it froze. A project is frozen here in the
same way, without a run, so that the two can be told apart: copies of an example share its name, and
a case goes on being edited after it was run.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from coercivity.interfaces.workbench.case_files import content_digest, stamp
from coercivity.interfaces.workbench.workspace import Project
from coercivity.results import Run, RunSummary, digest_of
from coercivity.results.disk import disk_errors
from coercivity.tables import apply_scenario, read_tables
from coercivity.tables.csv_writer import write_case

KEPT = 64
AS_IT_IS, OTHER_DATA = "as it is", "other data"
"""Words for what a run was made of: the case as it stands now, or anything else."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """A case as a run would freeze it."""

    digest: str
    """Fingerprint of all of it. [SHA-256]"""
    files: Mapping[str, str]
    """Fingerprint of each file. [SHA-256]"""


def frozen(folder: Path, scenario: str = "") -> Frozen | None:
    """Freeze a case; None where it holds errors, or has no such scenario.

    Parameters
    ----------
    folder
        Folder of the case.
    scenario
        Named scenario whose changes apply; empty for the case as it stands.
    """
    return _frozen(folder, scenario, stamp(folder))


@lru_cache(maxsize=KEPT)
def _frozen(folder: Path, scenario: str, _stamp: tuple[tuple[str, int, int], ...]) -> Frozen | None:
    tables, _ = read_tables(folder)
    if tables is None or (scenario and scenario not in tables["scenarios"].ids()):
        return None
    held = apply_scenario(tables, scenario) if scenario else tables
    with tempfile.TemporaryDirectory(prefix="coercivity-") as place:
        target = Path(place) / "case"
        write_case(held, target)
        return Frozen(digest_of(target), _fingerprints(target))


def _fingerprints(folder: Path) -> dict[str, str]:
    with disk_errors(f"cannot read folder '{folder.name}'"):
        return {
            path.name: content_digest(path.read_bytes())
            for path in folder.iterdir()
            if path.is_file()
        }


def fingerprints(project: Project, summaries: Iterable[RunSummary]) -> frozenset[str]:
    """Give the fingerprints that runs of a project have as it stands, whatever their scenario.

    Parameters
    ----------
    project
        The project.
    summaries
        Runs that may be its own; of their scenarios fingerprints are made.
    """
    runs = [one for one in summaries if one.digest and one.case == project.case]
    names = {"", *(one.scenario for one in runs)} if runs else set()
    held = [frozen(project.folder, name) for name in sorted(names)]
    return frozenset(one.digest for one in held if one is not None)


def changed_files(run: Run, project: Project) -> tuple[str, ...]:
    """Name the tables in which the data of a run differ from those of a project as it stands.

    Parameters
    ----------
    run
        The run.
    project
        The project.
    """
    now = frozen(project.folder, str(run.manifest.options.get("scenario") or ""))
    if now is None:
        return ()
    then = _fingerprints(run.inputs)
    names = {name for name in {*now.files, *then} if now.files.get(name) != then.get(name)}
    return tuple(sorted("settings" if name == "case.yaml" else Path(name).stem for name in names))
