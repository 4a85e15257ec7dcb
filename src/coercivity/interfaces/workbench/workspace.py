"""What a workbench shows: the folder it was started in, its projects and its runs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from coercivity.foundation.errors import UsageError
from coercivity.foundation.identifiers import is_identifier
from coercivity.foundation.problems import quoted
from coercivity.tables.csv_reader import LARGEST_SETTINGS, read_text
from coercivity.tables.raw import SETTINGS_FILE
from coercivity.tables.reading import REFERENCE_CASES, reference_cases
from coercivity.tables.yaml_reader import parse_yaml

EXAMPLE = "example~"
"""What the id of a reference case begins with; no folder's id can."""
HERE = "here~"
"""Id of the folder itself, where it is a case."""
WORKBENCH = ".workbench"
"""Folder under the runs that holds records of jobs and uploads; no listing of runs shows it."""


@dataclass(frozen=True, slots=True)
class Project:
    """A case that can be looked at, changed and run."""

    id: str
    """How addresses name it."""
    folder: Path
    """Where it is; never told to a browser."""
    case: str
    """Name that its runs carry."""
    title: str
    """Title for people."""
    banner: str
    """Handling banner; empty where it has none."""
    reference: bool
    """Whether it came with the program and cannot be changed."""

    @property
    def name(self) -> str:
        """Name for people: that of its folder."""
        return self.folder.name


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with cases, and the folder of their runs."""

    folder: Path
    """Folder whose cases are the projects."""
    runs: Path
    """Folder of the runs."""
    read_only: bool = False
    """Whether nothing may be started or changed."""
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    """Environment of the jobs."""

    @property
    def records(self) -> Path:
        """Folder of what the workbench itself keeps."""
        return self.runs / WORKBENCH

    def projects(self) -> tuple[Project, ...]:
        """List the cases of the folder, then those that come with the program."""
        own = [_project(HERE, self.folder)] if _is_case(self.folder) else []
        try:
            entries = sorted(self.folder.iterdir())
        except OSError:
            entries = []
        own += [
            _project(entry.name, entry)
            for entry in entries
            if is_identifier(entry.name) and not entry.is_symlink() and _is_case(entry)
        ]
        given = [
            _project(f"{EXAMPLE}{name}", REFERENCE_CASES / name, reference=True)
            for name in reference_cases()
        ]
        return (*own, *given)

    def project(self, name: str) -> Project:
        """Find a project by its id.

        Raises
        ------
        UsageError
            If there is no such project.
        """
        for project in self.projects():
            if project.id == name:
                return project
        msg = f"There is no project {quoted(name)}. Home lists the projects.  [R001]"
        raise UsageError(msg)

    def without_paths(self, text: str) -> str:
        """Take the folders of this machine out of a text, so that no page tells them.

        Examples
        --------
        >>> Workspace(Path("/home/me/work"), Path("/home/me/work/runs")).without_paths(
        ...     "there is no run 'a' in '/home/me/work/runs'; /home/me/work/x.csv"
        ... )
        "there is no run 'a' in 'runs'; x.csv"
        """
        for path in (self.records / "uploads", self.runs, REFERENCE_CASES, self.folder):
            text = text.replace(f"{path}{os.sep}", "").replace(str(path), path.name)
        return text

    def argument(self, project: Project) -> str:
        """Name a project as a command line that runs in the folder does."""
        if project.reference and not (self.folder / project.name).exists():
            return project.name
        if project.id == HERE or project.reference:
            return str(project.folder)
        return f".{os.sep}{project.name}"


def _is_case(folder: Path) -> bool:
    try:
        return (folder / SETTINGS_FILE).is_file()
    except OSError:
        return False


def _project(name: str, folder: Path, *, reference: bool = False) -> Project:
    text, _ = read_text(folder / SETTINGS_FILE, largest=LARGEST_SETTINGS)
    settings = parse_yaml(text)[0] if text is not None else {}
    case = str(settings.get("name") or folder.resolve().name)
    title, banner = (str(settings.get(key) or "") for key in ("title", "banner"))
    return Project(name, folder, case, title or case, banner, reference)
