"""Which paths are drawn, which projects are asked, and packages to begin with."""

from __future__ import annotations

from pathlib import Path

from coercivity.foundation.errors import UsageError
from coercivity.foundation.identifiers import suggestion
from coercivity.foundation.problems import quoted
from coercivity.results import Run, open_run
from coercivity.results.catalogue import run_by_id
from coercivity.results.manifest import MANIFEST
from coercivity.studies.align_options import AlignOptions
from coercivity.studies.plan_positions import PlanPositions, plan_positions

SAMPLES = 4
"""Sets of paths, each with a seed of its own."""


def found_run(subject: str | Path, runs: Path) -> Run:
    """Open a run by its folder or its id.

    Parameters
    ----------
    subject
        Id or folder.
    runs
        Folder of runs.
    """
    named = (Path(subject) / MANIFEST).is_file()
    return open_run(Path(subject)) if named else run_by_id(str(subject), runs=runs)


def starts_of(subject: str | None, runs: Path) -> dict[str, dict[str, float]]:
    """Read the packages of an earlier run, to begin the search with: level by column, by project.

    Parameters
    ----------
    subject
        Id or folder of an ``align`` run; None begins with nothing.
    runs
        Folder of runs.

    Raises
    ------
    UsageError
        If the run is not one of ``align``.
    """
    if subject is None:
        return {}
    run = found_run(subject, runs)
    if run.manifest.verb != "align":
        msg = (
            f"--start {subject}: run '{run.id}' is of '{run.manifest.verb}', which has no "
            f"packages. Name a run of 'align' of the same plan.  [{UsageError.code}]"
        )
        raise UsageError(msg)
    found: dict[str, dict[str, float]] = {}
    for row in run.result["package"]:
        found.setdefault(row["project"], {})[row["contract"]] = float(row["level"])
    return found


def drawn(run: Run, options: AlignOptions) -> list[PlanPositions]:
    """Draw four sets of paths: two to make packages on, two to judge them on.

    Parameters
    ----------
    run
        A plan.
    options
        What is asked.
    """
    half = options.paths // 2
    return [
        plan_positions(run, paths=paths, seed=seed_of(options.seed, number), workers=None)
        for number, paths in enumerate((half, half, options.paths, options.paths))
    ]


def seed_of(seed: int, sample: int) -> int:
    """Give the seed of one of the sets of paths.

    Parameters
    ----------
    seed
        Of the study.
    sample
        Number of the set.

    Examples
    --------
    >>> [seed_of(7, sample) for sample in range(4)]
    [28, 29, 30, 31]
    """
    return SAMPLES * seed + sample


def asked(plan: PlanPositions, options: AlignOptions, run: Run) -> tuple[str, ...]:
    """Say which projects are looked at: those named, or all that build something.

    Parameters
    ----------
    plan
        On any paths.
    options
        What is asked.
    run
        The plan.

    Raises
    ------
    UsageError
        If a project is not known or builds nothing, or none builds anything.
    """
    known = plan.tables["projects"].ids()
    for name in options.projects:
        if name not in known:
            near = suggestion(name, known, listed_in="projects.csv")
            msg = f"--project: {quoted(name)} is not a project. {near}  [{UsageError.code}]"
            raise UsageError(msg)
    building = tuple(name for name in known if plan.decided.decisions[name])
    names = tuple(dict.fromkeys(options.projects)) or building
    if idle := [name for name in names if name not in building]:
        msg = (
            f"plan '{run.id}' builds nothing for {', '.join(idle)}, so there is nothing to agree "
            f"to. It builds for: {', '.join(building) or 'no project'}.  [{UsageError.code}]"
        )
        raise UsageError(msg)
    if not names:
        msg = (
            f"plan '{run.id}' builds for no project, so nobody is asked to invest. Name a plan "
            f"that builds.  [{UsageError.code}]"
        )
        raise UsageError(msg)
    return names
