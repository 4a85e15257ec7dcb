"""Pieces of unfinished work, kept so that a killed run goes on where it was."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coercivity.foundation.identifiers import is_identifier
from coercivity.foundation.problems import quoted
from coercivity.results.claim import Request
from coercivity.results.disk import disk_errors, read_json, run_error, write_json, write_whole
from coercivity.results.manifest import MANIFEST, plain_json, versions
from coercivity.results.status import is_being_written

ASKED = "asked.json"
PARTS = "parts"


def asked(request: Request) -> dict[str, Any]:
    """Write down what a run is asked, so that the same question is known again."""
    return plain_json(
        {
            "verb": request.verb,
            "case": request.case,
            "options": dict(request.options),
            "seed": request.seed,
            "coercivity": versions().get("coercivity", ""),
        },
        key=ASKED,
    )


def may_go_on(folder: Path, request: Request) -> bool:
    """Tell whether an unfinished run was asked the same, and nobody works on it."""
    if (folder / MANIFEST).exists() or is_being_written(folder):
        return False
    file = folder / ASKED
    return file.is_file() and read_json(file, run=folder.name) == asked(request)


@dataclass(frozen=True, slots=True)
class Parts:
    """The pieces of one unfinished run, each whole or not there.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     parts = Parts(Path(folder), run="first")
    ...     parts.keep("point-1", {"cost": 2.5})
    ...     parts.names(), parts.known("point-1"), parts.known("point-2")
    (('point-1',), {'cost': 2.5}, None)
    """

    folder: Path
    """Where they lie."""
    run: str
    """Id of the run."""

    def keep(self, name: str, content: Mapping[str, Any]) -> None:
        """Keep a piece as one JSON object with finite numbers.

        Raises
        ------
        DiskError
            If the disk refuses.
        """
        plain = plain_json(content, key=name)
        with disk_errors(f"cannot keep part {quoted(name)} of run '{self.run}'"):
            self.folder.mkdir(exist_ok=True)
            write_json(self._file(name), plain)

    def known(self, name: str) -> dict[str, Any] | None:
        """Read a piece; None where it was not kept.

        Raises
        ------
        RunError
            If it is damaged.
        """
        file = self._file(name)
        return read_json(file, run=self.run) if file.is_file() else None

    def names(self) -> tuple[str, ...]:
        """List the pieces, sorted."""
        if not self.folder.is_dir():
            return ()
        return tuple(sorted(file.stem for file in self.folder.glob("*.json")))

    def keep_file(self, name: str, write: Callable[[Path], object]) -> None:
        """Keep a piece in a file of any format, which appears once it is whole.

        Parameters
        ----------
        name
            File name with its ending.
        write
            Writes the content to the path it is given.
        """
        with disk_errors(f"cannot keep part {quoted(name)} of run '{self.run}'"):
            self.folder.mkdir(exist_ok=True)
            write_whole(self.folder / name, write)

    def forget(self) -> None:
        """Remove every piece; the run no longer needs them."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _file(self, name: str) -> Path:
        if not is_identifier(name):
            msg = f"{quoted(name)} cannot name a part"
            raise run_error(msg, instead="Use letters and digits.")
        return self.folder / f"{name}.json"
