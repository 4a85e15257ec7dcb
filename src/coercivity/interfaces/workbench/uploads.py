"""Files that a browser sends: capped, looked into, kept under names the workbench makes."""

from __future__ import annotations

import secrets
import shutil
import time
import zipfile
from pathlib import Path

from coercivity.foundation.errors import CaseError, UsageError
from coercivity.foundation.identifiers import is_identifier
from coercivity.foundation.problems import Place, Problem
from coercivity.results.disk import disk_errors
from coercivity.tables.workbook_scan import WorkbookRefused, scan_workbook

LARGEST_UNPACKED = 100_000_000
"""Largest content of a workbook that is taken. [byte]"""
LARGEST_TEXT = 20_000_000
KEPT_SECONDS = 7 * 24 * 3600
"""How long an upload is kept; runs hold what they used of it. [s]"""
ENDINGS = (".csv", ".xlsx")


class Uploads:
    """The uploads of a workspace.

    Parameters
    ----------
    folder
        Where they are kept; made when the first one comes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, name: str, content: bytes, *, stem: str = "upload") -> str:
        """Keep an upload and give the id by which it is found again.

        Parameters
        ----------
        name
            Its name on the machine it comes from; only its ending is used.
        content
            Its bytes.
        stem
            Name of the file that is made; its ending is that of the upload.

        Raises
        ------
        UsageError
            If it is neither CSV nor a workbook, or holds nothing.
        CaseError
            If it is a workbook that must not be opened.
        DiskError
            If it cannot be kept.
        """
        ending = next((one for one in ENDINGS if name.lower().endswith(one)), None)
        if ending is None:
            msg = (
                "Only .csv files and .xlsx workbooks are taken: save a workbook with macros, or "
                "one in the old form, as .xlsx.  [T110]"
            )
            raise UsageError(msg)
        if not content:
            msg = "The file is empty, or none was chosen.  [R001]"
            raise UsageError(msg)
        self._forget_old()
        own = secrets.token_hex(12)
        folder = self._folder / own
        with disk_errors("cannot keep what was sent"):
            folder.mkdir(parents=True)
            file = folder / f"{stem}{ending}"
            file.write_bytes(content)
        try:
            _look_into(file)
        except CaseError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return own

    def find(self, own: str) -> Path:
        """Find an upload by its id.

        Raises
        ------
        UsageError
            If there is none of that id.
        """
        folder = self._folder / own
        files = sorted(folder.iterdir()) if is_identifier(own) and folder.is_dir() else []
        if not files:
            msg = "What was sent is no longer kept: send it again.  [R001]"
            raise UsageError(msg)
        return files[0]

    def _forget_old(self) -> None:
        if not self._folder.is_dir():
            return
        for entry in self._folder.iterdir():
            if entry.is_dir() and entry.stat().st_mtime < time.time() - KEPT_SECONDS:
                shutil.rmtree(entry, ignore_errors=True)


def _look_into(file: Path) -> None:
    """Refuse a workbook that unpacks to too much, holds macros or links to others."""
    if file.suffix != ".xlsx":
        return
    try:
        _check_size(file)
        scan_workbook(file)
    except WorkbookRefused as refused:
        problem = Problem("T110", Place(file.name), refused.what, refused.instead)
        raise CaseError([problem], case=file.stem) from refused


def _check_size(file: Path) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError):
        return  # the scan says what it is
    if size > LARGEST_UNPACKED:
        what = f"the workbook unpacks to {size / 1e6:.0f} MB"
        raise WorkbookRefused(what, "No case needs that much; use the command line if yours does.")
