"""A finished run, read-only."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from coercivity.foundation.identifiers import is_identifier, suggestion
from coercivity.foundation.problems import quoted
from coercivity.results.disk import broken, disk_error, run_error
from coercivity.results.frames import units_of
from coercivity.results.manifest import MANIFEST, Manifest, read_manifest
from coercivity.results.status import STATUS, RunState, Status, read_status

INPUTS = "inputs"
TABLES = "tables"
LOG = "log.txt"
UNREADABLE = (pa.ArrowException, ValueError, TypeError, KeyError, AttributeError, MemoryError)


@dataclass(frozen=True, slots=True)
class Run:
    """A complete run folder. Tables are read when asked for, afresh each time."""

    path: Path
    """The folder."""
    manifest: Manifest
    """What the run says about itself."""

    @property
    def id(self) -> str:
        """Name of the folder, by which commands find it."""
        return self.path.name

    @property
    def inputs(self) -> Path:
        """Folder of the frozen case."""
        return self.path / INPUTS

    @property
    def log(self) -> Path:
        """File of what was told while it ran."""
        return self.path / LOG

    @property
    def state(self) -> RunState:
        """Whether it came to its end or was stopped."""
        return state_of(self.manifest)

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables, sorted."""
        return self.manifest.tables

    @property
    def result(self) -> dict[str, Any]:
        """The JSON object of the verb; a copy, the run itself never changes."""
        return copy.deepcopy(dict(self.manifest.result))

    @property
    def kpis(self) -> dict[str, Any]:
        """Key figures by name; a copy."""
        return copy.deepcopy(dict(self.manifest.kpis))

    def table(self, name: str) -> pd.DataFrame:
        """Read a table.

        Raises
        ------
        RunError
            If the run has no such table, or its file is missing or damaged.
        DiskError
            If it cannot be read.
        """
        with self._table_file(name) as file:
            table = pq.read_table(file, page_checksum_verification=True)
            frame: pd.DataFrame = table.to_pandas()
            return frame

    def units(self, name: str) -> dict[str, str]:
        """Read the unit of each column of a table that has one.

        Raises
        ------
        RunError
            If the run has no such table, or its file is missing or damaged.
        DiskError
            If it cannot be read.
        """
        with self._table_file(name) as file:
            return units_of(pq.read_schema(file))

    @contextmanager
    def _table_file(self, name: str) -> Iterator[Path]:
        """Lend the file of a table; what goes wrong while it is read names that file."""
        if name not in self.tables or not is_identifier(name):
            listed = suggestion(name, self.tables, listed_in=MANIFEST)
            msg = f"run '{self.id}' has no table {quoted(name)}"
            raise run_error(msg, instead=listed)
        file = f"{TABLES}/{name}.parquet"
        try:
            yield self.path / file
        except FileNotFoundError as error:
            raise broken(file, run=self.id, because="the file is missing") from error
        except UNREADABLE as error:
            raise broken(file, run=self.id, because=_first_line(error)) from error
        except OSError as error:
            # Arrow reports damaged bytes as an OSError without a number.
            if error.errno is None:
                raise broken(file, run=self.id, because=_first_line(error)) from error
            raise disk_error(error, doing=f"cannot read {file} of run '{self.id}'") from error


def open_run(folder: Path) -> Run:
    """Open a complete run folder.

    Raises
    ------
    RunError
        If the folder is not a run, is not complete, is damaged or of a newer layout.
    DiskError
        If it cannot be read.
    """
    try:
        path = folder.resolve()
        if (path / MANIFEST).is_file():
            return Run(path, read_manifest(path))
        has_status = (path / STATUS).is_file()
    except OSError as error:
        raise disk_error(error, doing=f"cannot read folder {quoted(folder)}") from error
    if not has_status:
        msg = f"{quoted(folder)} is not a run: it has no {MANIFEST}"
        raise run_error(
            msg,
            instead="`coercivity runs` lists the runs.",
        )
    status = read_status(path)
    if (path / MANIFEST).is_file():  # it was finished while we looked
        return Run(path, read_manifest(path))
    raise run_error(_incomplete(path.name, status), instead=_WAYS_OUT[status.state])


def state_of(manifest: Manifest) -> RunState:
    """Tell the state of a complete run from how it ended."""
    return RunState.STOPPED if manifest.status == RunState.STOPPED.value else RunState.DONE


_WAYS_OUT = {
    RunState.RUNNING: "Wait for it to end, or stop it.",
    RunState.STOPPED: "Run it again.",
    RunState.FAILED: f"Its {LOG} tells more; mend the cause and run it again.",
    RunState.LOST: "Run it again; the folder may be deleted.",
    RunState.DONE: "The folder was changed afterwards: restore it from a copy, or run it again.",
}


def _incomplete(run: str, status: Status) -> str:
    where = (
        f"in phase '{status.phase}' at {status.progress:.0%}" if status.phase else "at its start"
    )
    detail = f": {status.message}" if status.message else ""
    words = {
        RunState.RUNNING: f"run '{run}' is still running, {where}",
        RunState.STOPPED: f"run '{run}' was stopped before it had a result, {where}",
        RunState.FAILED: f"run '{run}' failed {where}{detail}",
        RunState.LOST: f"run '{run}' is lost: its process ended {where} without a word",
        RunState.DONE: f"run '{run}' says it is done but has no {MANIFEST}",
    }
    return words[status.state].removesuffix(".")


def _first_line(error: BaseException) -> str:
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0]
