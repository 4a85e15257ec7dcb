"""Model files: what an LP file can hold of a name, and writing itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import highspy

from coercivity.foundation.errors import DiskError, InternalError, UsageError
from coercivity.foundation.problems import quoted
from coercivity.solvers.checks import new_highs

SUFFIXES = (".lp", ".mps")
UNWRITABLE = re.compile(r"[^A-Za-z0-9_.()#,]")
UNSAFE_START = re.compile(r"[0-9.]|[eE][0-9]")
KEYWORD = re.compile(
    r"(min|max)(imi[sz]e|imum)?|subject|such|st|s\.t\.|bounds?|free|inf(inity)?|gen(erals?)?"
    r"|bin(ary|aries)?|int(egers?)?|semis?|sos[12]?|sec|end",
    re.IGNORECASE,
)


def lp_names(names: Sequence[str]) -> list[str]:
    """Spell names so that an LP file can hold them, keeping them apart.

    Brackets become round, other signs become ``_``; a name that would read as a number or a
    keyword gets ``_`` before it, one that is taken gets ``#`` and a number after it.

    Examples
    --------
    >>> lp_names(["flow[a-b,2025]", "flow(a_b,2025)", "3x", "free"])
    ['flow(a_b,2025)', 'flow(a_b,2025)#2', '_3x', '_free']
    """
    taken: set[str] = set()
    spelt = []
    for name in names:
        plain = UNWRITABLE.sub("_", name.translate(str.maketrans("[]{}", "()()")))
        if UNSAFE_START.match(plain) or KEYWORD.fullmatch(plain):
            plain = f"_{plain}"
        free, number = plain, 1
        while free in taken:
            number += 1
            free = f"{plain}#{number}"
        taken.add(free)
        spelt.append(free)
    return spelt


def write_model(lp: highspy.HighsLp, path: Path) -> None:
    """Write a model as LP or MPS, as the ending of the path says.

    The solver itself ends the whole process when the folder is missing, and renames every
    column when one name does not suit; so the path is tried and the names are spelt before.
    """
    if path.suffix.lower() not in SUFFIXES:
        msg = (
            f"Model file {quoted(path.name)}: the ending {quoted(path.suffix)} is not known. "
            f"The ending says the format: use {' or '.join(SUFFIXES)}.  [R001]"
        )
        raise UsageError(msg)
    if path.suffix.lower() == ".lp":
        lp.col_names_, lp.row_names_ = lp_names(lp.col_names_), lp_names(lp.row_names_)
    try:
        path.write_bytes(b"")
    except OSError as error:
        msg = (
            f"Model file {quoted(path)} cannot be written: {error.strerror}. "
            "Choose a folder that exists and that you may write to.  [R003]"
        )
        raise DiskError(msg) from error
    highs = new_highs()
    for status in (highs.passModel(lp), highs.writeModel(str(path))):
        if status == highspy.HighsStatus.kError:
            msg = f"The solver did not write the model file {quoted(path)}.  [R005]"
            raise InternalError(msg)
