"""Writing a run folder, once and whole."""

from __future__ import annotations

import os
import shutil
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pandas as pd
import pyarrow.parquet as pq

from coercivity.foundation.errors import CoercivityError, DiskError, InternalError, Stopped
from coercivity.foundation.identifiers import is_identifier
from coercivity.foundation.problems import quoted
from coercivity.results.claim import Request, claim_folder
from coercivity.results.disk import disk_errors, run_error, write_json, write_whole
from coercivity.results.frames import arrow_table
from coercivity.results.manifest import (
    MANIFEST,
    SCHEMA_VERSION,
    Manifest,
    digest_of,
    plain_json,
    versions,
)
from coercivity.results.parts import ASKED, PARTS, Parts, asked, may_go_on
from coercivity.results.run import INPUTS, LOG, TABLES, Run, open_run, state_of
from coercivity.results.status import (
    STATUS,
    RunState,
    Status,
    lock_of,
    now,
    write_status,
)

STATUS_EVERY_SECONDS = 0.2
LOCK_SECONDS = 5.0


class RunWriter:
    """Context in which one run folder is written.

    On entry the folder is claimed and the case frozen; on leaving without
    :meth:`finish` the run is marked stopped or failed. Nothing half-written ever
    stands under a final name, and ``run.json`` comes last: a folder with it is complete.

    Parameters
    ----------
    runs
        Folder of the runs; made if missing.
    request
        What the run is asked to do.
    write_inputs
        Writes the frozen case into the folder it is given.

    Examples
    --------
    >>> import tempfile
    >>> request = Request("plan", "mini", {"gap": 0.01}, name="first")
    >>> builds = pd.DataFrame({"asset": ["a"], "size": [5.0]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with RunWriter(Path(folder), request, write_inputs=lambda inputs: None) as writer:
    ...         writer.progress("solve", 0.5)
    ...         writer.table("builds", builds, units={"size": "t/year"})
    ...         run = writer.finish("optimal", result={"objective": 1.5})
    ...     run.id, run.tables, run.units("builds"), run.result
    ('first', ('builds',), {'size': 't/year'}, {'objective': 1.5})
    """

    def __init__(
        self, runs: Path, request: Request, *, write_inputs: Callable[[Path], object]
    ) -> None:
        if not is_identifier(request.verb):
            msg = f"{quoted(request.verb)} cannot be a verb  [{InternalError.code}]"
            raise InternalError(msg)
        self._runs = runs
        self._request = replace(request, options=plain_json(request.options, key="options"))
        self._write_inputs = write_inputs
        self._tables: set[str] = set()
        self._digest = ""
        self._finished = False
        self._told = -STATUS_EVERY_SECONDS

    @property
    def id(self) -> str:
        """Id of the run."""
        return self.path.name

    def __enter__(self) -> Self:
        self._clock = time.monotonic()
        request, moment = self._request, now()
        self.path = claim_folder(
            self._runs, request, goes_on=lambda folder: may_go_on(folder, request)
        )
        self._lock = lock_of(self.path)
        self.parts = Parts(self.path / PARTS, run=self.id)
        self._status = Status(
            RunState.RUNNING, request.verb, request.case, moment, moment, os.getpid(), "start"
        )
        try:
            with self._disk("start"):
                self._lock.acquire(timeout=LOCK_SECONDS)
                write_status(self.path, self._status)
                write_json(self.path / ASKED, asked(request))
                # Tables of an attempt that was broken off are written anew.
                shutil.rmtree(self.path / TABLES, ignore_errors=True)
            self._freeze_inputs()
        except BaseException as error:
            self._leave(error)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        unfinished = error is None and not self._finished
        if unfinished:
            msg = f"run '{self.id}' was left without a result  [{InternalError.code}]"
            error = InternalError(msg)
        self._leave(error)
        if unfinished and error is not None:
            raise error

    def progress(self, phase: str, share: float | None = None, message: str = "") -> None:
        """Tell how far the run is; at most five times a second reach the disk.

        Parameters
        ----------
        phase
            What is being done; a new phase is always written, and logged.
        share
            Share of the whole work done; None leaves it as it was. [fraction]
        message
            A detail for people.

        Raises
        ------
        DiskError
            If the disk refuses.
        """
        share = self._status.progress if share is None else share
        if not 0 <= share <= 1:
            msg = f"progress must be in [0, 1], got {share!r}  [{InternalError.code}]"
            raise InternalError(msg)
        fresh = phase != self._status.phase
        self._status = replace(
            self._status, phase=phase, progress=float(share), message=message, updated=now()
        )
        if fresh:
            self.log(phase)
        elif time.monotonic() - self._told < STATUS_EVERY_SECONDS:
            return
        with self._disk(STATUS):
            write_status(self.path, self._status)
        self._told = time.monotonic()

    def log(self, text: str) -> None:
        """Add to ``log.txt``, each line with its moment.

        Raises
        ------
        DiskError
            If the disk refuses.
        """
        moment = now()
        lines = "".join(f"{moment}  {line}\n" for line in text.splitlines())
        with self._disk(LOG), (self.path / LOG).open("a", encoding="utf-8") as stream:
            stream.write(lines)

    def table(self, name: str, frame: pd.DataFrame, *, units: Mapping[str, str]) -> None:
        """Write a table; it appears under its name once it is whole.

        Parameters
        ----------
        name
            Name of the table.
        frame
            Its rows; the index carries no meaning and must be the default one.
        units
            Unit of each column that has one, by column.

        Raises
        ------
        InternalError
            If the name is taken or impossible, or the frame cannot be kept as it is.
        DiskError
            If the disk refuses.
        """
        if not is_identifier(name) or name in self._tables or self._finished:
            why = "the run is finished" if self._finished else "the name is taken or impossible"
            msg = f"cannot write table {quoted(name)}: {why}  [{InternalError.code}]"
            raise InternalError(msg)
        content = arrow_table(name, frame, units=units)
        file = f"{TABLES}/{name}.parquet"
        with self._disk(file):
            (self.path / TABLES).mkdir(exist_ok=True)
            write_whole(
                self.path / file,
                lambda path: pq.write_table(content, path, write_page_checksum=True),
            )
        self._tables.add(name)

    def finish(
        self,
        status: str,
        *,
        result: Mapping[str, Any],
        kpis: Mapping[str, Any] | None = None,
        seconds: Mapping[str, float] | None = None,
        solver: str | None = None,
        gap: float | None = None,
        headline: str = "",
    ) -> Run:
        """Write ``run.json``, after which the run is complete and never changes.

        Parameters
        ----------
        status
            How it ended; ``stopped`` keeps what is done of a run the user stopped.
        result
            The JSON object of the verb.
        kpis
            Key figures by name; the name carries the unit.
        seconds
            Time spent by part; ``total`` is added. [s]
        solver
            Solver with version and algorithm.
        gap
            What the proof left open, of the objective. [fraction]
        headline
            The answer in one line, for listings.

        Raises
        ------
        InternalError
            If a value is not JSON or not finite, or the run is already finished.
        DiskError
            If the disk refuses.
        """
        if self._finished:
            msg = f"run '{self.id}' is finished already  [{InternalError.code}]"
            raise InternalError(msg)
        request = self._request
        manifest = Manifest(
            run=self.id,
            verb=request.verb,
            case=request.case,
            status=status,
            schema_version=SCHEMA_VERSION,
            digest=self._digest,
            started=self._status.started,
            finished=now(),
            options=request.options,
            versions=versions(),
            seconds={"total": round(time.monotonic() - self._clock, 3)} | dict(seconds or {}),
            kpis=kpis or {},
            result=result,
            tables=tuple(sorted(self._tables)),
            headline=headline,
            seed=request.seed,
            solver=solver,
            gap=gap,
        )
        self._keep(manifest)
        return open_run(self.path)

    def _keep(self, manifest: Manifest) -> None:
        content = manifest.as_json()
        with self._disk(MANIFEST):
            write_json(self.path / MANIFEST, content)
        self._finished = True
        self.parts.forget()
        (self.path / ASKED).unlink(missing_ok=True)
        # The run is complete; a status that cannot be told any more takes nothing away.
        with suppress(DiskError):
            self._end(state_of(manifest), progress=1.0, message=manifest.headline)

    def _freeze_inputs(self) -> None:
        unfinished = self.path / f".{INPUTS}.tmp"
        try:
            shutil.rmtree(unfinished, ignore_errors=True)
            with self._disk(INPUTS):
                unfinished.mkdir()
                self._write_inputs(unfinished)
                self._digest = digest_of(unfinished)
                self._expect_the_same_inputs()
                unfinished.rename(self.path / INPUTS)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise

    def _expect_the_same_inputs(self) -> None:
        frozen = self.path / INPUTS
        if not frozen.exists():
            return
        if digest_of(frozen) != self._digest:
            what = f"run '{self.id}' is unfinished work on other inputs"
            raise run_error(what, instead="Choose another --name, or delete its folder first.")
        shutil.rmtree(frozen)

    def _leave(self, error: BaseException | None) -> None:
        try:
            if error is not None and not self._finished:
                self._tell_why(error)
        finally:
            self._lock.release()
        if not (self.path / STATUS).exists() and not self._finished:
            # Not even its first file could be written: the name stays free.
            shutil.rmtree(self.path, ignore_errors=True)

    def _tell_why(self, error: BaseException) -> None:
        if isinstance(error, Stopped | KeyboardInterrupt):
            state, message = RunState.STOPPED, "stopped by the user"
        else:
            state = RunState.FAILED
            message = (str(error).strip() or type(error).__name__).splitlines()[0]
        told = isinstance(error, CoercivityError) and not isinstance(error, InternalError)
        story = str(error) if told else anonymous_traceback(error)
        # What happened already has its own error; that it cannot be noted must not hide it.
        with suppress(DiskError):
            self._end(state, progress=self._status.progress, message=message)
        with suppress(DiskError):
            self.log(message if state is RunState.STOPPED else story)

    def _end(self, state: RunState, *, progress: float, message: str) -> None:
        self._status = replace(
            self._status, state=state, progress=progress, message=message, updated=now()
        )
        with self._disk(STATUS):
            write_status(self.path, self._status)

    @contextmanager
    def _disk(self, file: str) -> Iterator[None]:
        with disk_errors(f"cannot write {file} of run '{self.id}'"):
            yield


def anonymous_traceback(error: BaseException) -> str:
    """Lay out a traceback without the folders of this machine, fit to be sent to others."""
    story = traceback.TracebackException.from_exception(error)
    part: traceback.TracebackException | None = story
    while part is not None:
        for frame in part.stack:
            frame.filename = _short(frame.filename)
        part = part.__cause__ or part.__context__
    return "".join(story.format())


def _short(filename: str) -> str:
    parts = Path(filename).parts
    return "/".join(parts[parts.index("coercivity") :]) if "coercivity" in parts else parts[-1]
