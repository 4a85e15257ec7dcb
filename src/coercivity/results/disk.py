"""Files that appear whole or not at all, and disk troubles put into words."""

from __future__ import annotations

import errno
import json
import math
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from coercivity.foundation.errors import DiskError, RunError

TEMPORARY = ".tmp"
FREE_SPACE = "Free some space, or choose another folder with --runs, and run it again."
GET_RIGHTS = "Choose a folder you may write to with --runs, or ask its owner for the right."
REASONS = {
    errno.ENOSPC: ("the disk is full", FREE_SPACE),
    errno.EDQUOT: ("your share of the disk is used up", FREE_SPACE),
    errno.EFBIG: ("the file grew beyond the largest size allowed", FREE_SPACE),
    errno.EACCES: ("permission was denied", GET_RIGHTS),
    errno.EPERM: ("permission was denied", GET_RIGHTS),
    errno.EROFS: ("the disk is read-only", GET_RIGHTS),
    errno.ENOTDIR: ("a file stands where a folder is needed", "Move the file, or choose --runs."),
    errno.EEXIST: ("a file stands where a folder is needed", "Move the file, or choose --runs."),
}


def disk_error(error: OSError, *, doing: str) -> DiskError:
    """Say which file met which trouble and what to do.

    Examples
    --------
    >>> print(disk_error(OSError(28, "No space left"), doing="cannot write run.json of run 'a'"))
    cannot write run.json of run 'a': the disk is full. Free some space, or choose
    another folder with --runs, and run it again.  [R003]
    """
    otherwise = (error.strerror or str(error), "Check the folder and the disk, and try again.")
    reason, instead = REASONS.get(error.errno or 0, otherwise)
    return DiskError(f"{doing}: {reason}. {instead}  [{DiskError.code}]")


@contextmanager
def disk_errors(doing: str) -> Iterator[None]:
    """Turn every ``OSError`` of the block into a ``DiskError`` that says what was being done."""
    try:
        yield
    except OSError as error:
        raise disk_error(error, doing=doing) from error


def write_whole(target: Path, write: Callable[[Path], object], *, synced: bool = True) -> None:
    """Write a file under a temporary name and rename it once it is whole.

    Parameters
    ----------
    target
        Final path; replaced if it exists.
    write
        Writes the content to the path it is given.
    synced
        Whether the content must be on the disk, not only in memory, before the rename.

    Raises
    ------
    OSError
        If the disk refuses; the target is then untouched and the temporary file gone.
    """
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}{TEMPORARY}")
    try:
        write(temporary)
        if synced:
            with temporary.open("rb+") as stream:
                os.fsync(stream.fileno())
        temporary.replace(target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def write_json(target: Path, content: Mapping[str, Any], *, synced: bool = True) -> None:
    """Write one JSON object, readable by eye, whole or not at all.

    Raises
    ------
    OSError
        If the disk refuses.
    """
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    data = text.encode("utf-8")
    write_whole(target, lambda path: path.write_bytes(data), synced=synced)


def read_json(file: Path, *, run: str) -> dict[str, Any]:
    """Read one JSON object of a run.

    Raises
    ------
    RunError
        If the file is missing or is not one JSON object with finite numbers.
    DiskError
        If it cannot be read.
    """
    try:
        content = json.loads(file.read_bytes(), parse_constant=_finite, parse_float=_finite)
    except (FileNotFoundError, NotADirectoryError) as error:
        msg = f"run '{run}' has no {file.name}"
        raise run_error(msg, instead="`coercivity runs` lists the runs.") from error
    except OSError as error:
        raise disk_error(error, doing=f"cannot read {file.name} of run '{run}'") from error
    except (ValueError, RecursionError) as error:
        raise broken(file.name, run=run, because=str(error)) from error
    if not isinstance(content, dict):
        raise broken(file.name, run=run, because="it does not hold one JSON object")
    return content


def run_error(what: str, *, instead: str) -> RunError:
    """Say what is wrong with a run and what to do.

    Examples
    --------
    >>> print(run_error("run 'a' is lost", instead="Run it again."))
    run 'a' is lost. Run it again.  [R002]
    """
    return RunError(f"{what}. {instead}  [{RunError.code}]")


def broken(file: str, *, run: str, because: str) -> RunError:
    """Say that a file of a run was damaged.

    Examples
    --------
    >>> print(broken("run.json", run="a", because="it does not hold one JSON object"))
    run 'a': run.json is damaged (it does not hold one JSON object). Runs are never
    changed after they are written: restore the folder from a copy, or run it again.  [R002]
    """
    return run_error(
        f"run '{run}': {file} is damaged ({because})",
        instead="Runs are never changed after they are written: "
        "restore the folder from a copy, or run it again.",
    )


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        msg = f"{text} is not a finite number"
        raise ValueError(msg)
    return number
