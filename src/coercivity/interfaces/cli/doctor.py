"""``coercivity doctor``: is this machine ready."""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import typer

from coercivity.interfaces.cli.options import Json, RunsFolder, Verbose
from coercivity.interfaces.cli.screen import show, show_json, show_table
from coercivity.interfaces.cli.verbs import Verb

PACKAGES = (
    "coercivity", "highspy", "linopy", "numpy", "pandas", "pyarrow", "python-calamine", "rich",
    "typer", "xlsxwriter",
)  # fmt: skip
GIGABYTE = 1e9
LEAST_FREE = 1e9
"""Free disk below which a run may not fit. [byte]"""
CLOSE = 1e-6
OUR_FAULT, YOUR_FAULT = 1, 2


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look at the machine gave."""

    check: str
    ok: bool
    told: str
    """What was found, in words."""
    exit: int = YOUR_FAULT
    """Exit status if it is not well."""


def doctor(folder: RunsFolder = None, as_json: Json = False, verbose: Verbose = False) -> None:
    """Check this machine: versions, solver, memory, disk, runs."""
    from coercivity.results import runs_folder

    place = runs_folder(folder)
    versions = {"python": platform.python_version()} | {name: _version(name) for name in PACKAGES}
    findings = (
        Finding("packages", "missing" not in versions.values(), _told(versions), OUR_FAULT),
        _tried("solver, linear", _solve_linear),
        _tried("solver, whole numbers", _solve_whole),
        Finding("threads", True, f"{usable_threads()} usable"),
        Finding("memory", True, memory()),
        free_disk(place),
        writable(place),
    )
    status = max((finding.exit for finding in findings if not finding.ok), default=0)
    if as_json:
        show_json(
            {
                "status": "error" if status else "ok",
                "exit": status,
                "versions": versions,
                "checks": [asdict(finding) for finding in findings],
                "problems": [_problem(finding) for finding in findings if not finding.ok],
            }
        )
    else:
        rows = [(f.check, "ok" if f.ok else "FAILED", f.told) for f in findings]
        show_table((("check", False), ("", False), ("found", False)), rows)
        show("" if status else "\nAll is well.")
    if status:
        raise typer.Exit(status)


def _problem(finding: Finding) -> dict[str, object]:
    code = "R005" if finding.exit == OUR_FAULT else "R003"
    nowhere = {"file": None, "row": None, "column": None, "instead": ""}
    return {"code": code, "severity": "error", **nowhere, "what": finding.told}


def _told(versions: dict[str, str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in versions.items())


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"


def _tried(check: str, work: Callable[[], tuple[float, float]]) -> Finding:
    """Solve a tiny model whose answer is known; whatever goes wrong is told, not raised."""
    try:
        found, known = work()
    except Exception as error:  # noqa: BLE001 - a broken installation can raise anything
        return Finding(check, False, f"{type(error).__name__}: {error}", OUR_FAULT)
    if not abs(found - known) <= CLOSE:
        return Finding(check, False, f"{found:g} instead of {known:g}", OUR_FAULT)
    return Finding(check, True, f"the known answer, {known:g}")


def _solve_linear() -> tuple[float, float]:
    return _tiny(needed=4.0, whole=False), 9.0


def _solve_whole() -> tuple[float, float]:
    return _tiny(needed=3.5, whole=True), 8.0


def _tiny(*, needed: float, whole: bool) -> float:
    """Buy ``needed`` of two goods at 2 and 3, at most 3 of the first, the second perhaps whole."""
    import numpy as np

    from coercivity.solvers import HighsModel, Matrices

    sparse = import_module("scipy.sparse")
    matrices = Matrices.of(
        sparse.csc_array([[1.0, 1.0]]),
        cost=[2, 3],
        upper=[3, np.inf],
        row_lower=[needed],
        integrality=[False, whole],
    )
    objective = HighsModel(matrices).solve().objective
    return float("nan") if objective is None else objective


def usable_threads() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory() -> str:
    """Tell how much memory there is, where the system says so."""
    try:
        page, pages = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_PHYS_PAGES")
        free = os.sysconf("SC_AVPHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return "not told by this system"
    return f"{page * pages / GIGABYTE:.1f} GB, {page * free / GIGABYTE:.1f} GB free"


def _nearest_folder(place: Path) -> Path:
    """Find the folder in which a folder would be made."""
    place = place.absolute()
    return next(folder for folder in (place, *place.parents) if folder.exists())


def free_disk(place: Path) -> Finding:
    """Tell how much room the disk of the runs folder has. [byte]"""
    free = shutil.disk_usage(_nearest_folder(place)).free
    told = f"{free / GIGABYTE:.1f} GB free for {place}"
    return Finding("disk", free >= LEAST_FREE, told)


def writable(place: Path) -> Finding:
    """Try to write where runs are kept, without leaving anything there."""
    folder = _nearest_folder(place)
    if not folder.is_dir():
        return Finding("runs folder", False, f"{folder} is a file, not a folder")
    try:
        with tempfile.TemporaryDirectory(prefix=".doctor-", dir=folder):
            pass
    except OSError as error:
        return Finding("runs folder", False, f"{folder} cannot be written: {error.strerror}")
    exists = "" if folder == place.absolute() else " (made by the first run)"
    return Finding("runs folder", True, f"{place}{exists} can be written")


VERB = Verb(
    "doctor",
    doctor,
    (
        ("coercivity doctor", "check versions, solver, memory, disk"),
        ("coercivity doctor --json", "the same for programs"),
    ),
)
