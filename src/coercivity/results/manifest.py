"""The manifest of a run, ``run.json``: what was asked, with what, and what came out."""

from __future__ import annotations

import hashlib
import math
import platform
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from coercivity.foundation.errors import InternalError
from coercivity.foundation.problems import quoted
from coercivity.results.disk import broken, disk_errors, read_json, run_error

SCHEMA_VERSION = 1
"""Version of the layout of a run folder; readers refuse a newer one."""
MANIFEST = "run.json"
PACKAGES = ("coercivity", "highspy", "linopy", "numpy", "pandas")
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything a run says about itself; every verb fills the same fields."""

    run: str
    """Id the run was written under."""
    verb: str
    """What was asked: ``plan``, ``assess``, ``stress-sweep``, …"""
    case: str
    """Name of the case as the user gave it."""
    status: str
    """How it ended: ``optimal``, ``feasible``, ``stopped``, ``infeasible``, … or ``ok``."""
    schema_version: int
    """Layout of the folder."""
    digest: str
    """SHA-256 of the frozen inputs, see :func:`digest_of`."""
    started: str
    """Start, ISO 8601. [UTC]"""
    finished: str
    """End, ISO 8601. [UTC]"""
    options: Mapping[str, Any]
    """Options of the verb as they were understood, defaults included."""
    versions: Mapping[str, str]
    """Version of every program that can move a number."""
    seconds: Mapping[str, float]
    """Time spent by part; ``total`` is always there. [s]"""
    kpis: Mapping[str, Any]
    """Key figures by name; the name carries the unit."""
    result: Mapping[str, Any]
    """The JSON object of the verb."""
    tables: tuple[str, ...]
    """Names of the tables, sorted."""
    headline: str = ""
    """The answer in one line, for listings."""
    seed: int | None = None
    """Seed of every random number; None where none was drawn."""
    solver: str | None = None
    """Solver with its version and algorithm; None where none was used."""
    gap: float | None = None
    """What the proof left open, of the objective; None where undefined. [fraction]"""

    def as_json(self) -> dict[str, Any]:
        """Give the manifest as plain data, every number finite.

        Raises
        ------
        InternalError
            If a value is not JSON or not finite; the message names its key.
        """
        return plain_json({field.name: getattr(self, field.name) for field in fields(self)})


TYPES: Mapping[str, tuple[type, ...]] = {
    "run": (str,),
    "verb": (str,),
    "case": (str,),
    "status": (str,),
    "schema_version": (int,),
    "digest": (str,),
    "started": (str,),
    "finished": (str,),
    "options": (dict,),
    "versions": (dict,),
    "seconds": (dict,),
    "kpis": (dict,),
    "result": (dict,),
    "tables": (list,),
    "headline": (str,),
    "seed": (int, type(None)),
    "solver": (str, type(None)),
    "gap": (int, float, type(None)),
}


def read_manifest(folder: Path) -> Manifest:
    """Read ``run.json``. Keys this version does not know are left aside.

    Raises
    ------
    RunError
        If the file is missing, damaged or of a newer layout.
    DiskError
        If it cannot be read.
    """
    name = folder.name
    content = read_json(folder / MANIFEST, run=name)
    written_by = content.get("schema_version")
    if type(written_by) is int and written_by > SCHEMA_VERSION:
        msg = f"run '{name}' has layout {written_by}, this program reads up to {SCHEMA_VERSION}"
        raise run_error(
            msg,
            instead="It was written by a newer coercivity: upgrade yours to read it.",
        )
    for key, types in TYPES.items():
        if key not in content or type(content[key]) not in types:
            because = f"'{key}' is {quoted(content[key]) if key in content else 'missing'}"
            raise broken(MANIFEST, run=name, because=because)
    if not all(isinstance(table, str) for table in content["tables"]):
        raise broken(MANIFEST, run=name, because="'tables' must list names")
    if type(content["seconds"].get("total")) not in (int, float):
        raise broken(MANIFEST, run=name, because="'seconds' has no number 'total'")
    known = {key: content[key] for key in TYPES}
    return Manifest(**known | {"tables": tuple(content["tables"])})


def versions() -> dict[str, str]:
    """List the version of every program that can move a number.

    Examples
    --------
    >>> sorted(versions())
    ['coercivity', 'highspy', 'linopy', 'numpy', 'pandas', 'python']
    """
    return {"python": platform.python_version()} | {name: _version(name) for name in PACKAGES}


def digest_of(folder: Path) -> str:
    r"""Fingerprint a folder: its file names and their contents, in any order of writing.

    It is the SHA-256 of the lines ``<sha256 of the file>  <name>`` sorted by name, so that
    ``find -type f -printf '%P\n' | LC_ALL=C sort | xargs sha256sum | sha256sum`` gives the same.

    Raises
    ------
    DiskError
        If a file cannot be read.
    """
    outer = hashlib.sha256()
    with disk_errors(f"cannot read folder '{folder.name}'"):
        files = {
            path.relative_to(folder).as_posix(): path
            for path in folder.rglob("*")
            if path.is_file() and not path.is_symlink()
        }
        for name in sorted(files):
            with files[name].open("rb") as stream:
                inner = hashlib.file_digest(stream, "sha256").hexdigest()
            outer.update(f"{inner}  {name}\n".encode())
    return outer.hexdigest()


def plain_json(content: Mapping[str, Any], *, key: str = "") -> dict[str, Any]:
    """Turn mappings and lists into plain JSON data; numbers of numpy become numbers of Python.

    Parameters
    ----------
    content
        Texts, numbers, yes/no, None, and mappings and lists of them.
    key
        Where the content stands, for messages.

    Raises
    ------
    InternalError
        If a number is not finite, a key is not a text, or a value is of another kind.

    Examples
    --------
    >>> plain_json({"served_t": (np.float64(0.5), np.int64(2))})
    {'served_t': [0.5, 2]}
    >>> plain_json({"gap": float("nan")})
    Traceback (most recent call last):
    coercivity.foundation.errors.InternalError: 'gap' is nan; numbers in run.json must be finite,
    write null for an undefined one  [R005]
    """
    return {
        _text_key(name, key=key): _plain(part, key=f"{key}.{name}" if key else str(name))
        for name, part in content.items()
    }


def _plain(value: object, *, key: str) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, np.bool_):
        return bool(value)
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, float | np.floating):
        return _finite(float(value), key=key)
    if isinstance(value, Mapping):
        return plain_json(value, key=key)
    if isinstance(value, list | tuple):
        return [_plain(part, key=f"{key}[{place}]") for place, part in enumerate(value)]
    msg = f"'{key}' is a {type(value).__name__}, which run.json cannot hold  [{InternalError.code}]"
    raise InternalError(msg)


def _finite(number: float, *, key: str) -> float:
    if not math.isfinite(number):
        msg = (
            f"'{key}' is {number}; numbers in run.json must be finite, "
            f"write null for an undefined one  [{InternalError.code}]"
        )
        raise InternalError(msg)
    return number


def _text_key(name: object, *, key: str) -> str:
    if not isinstance(name, str):
        msg = f"'{key}' has the key {name!r}; keys must be texts  [{InternalError.code}]"
        raise InternalError(msg)
    return str(name)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return UNKNOWN
