"""Identifiers and the nearest known name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz import fuzz, process

IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
NEAR_ENOUGH = 60
LONGEST = 200


def is_identifier(text: str) -> bool:
    """Tell whether a text can be an id: letters, digits, dot, underscore, hyphen.

    Examples
    --------
    >>> is_identifier("mp-mine"), is_identifier("NA"), is_identifier("-x"), is_identifier("")
    (True, True, False, False)
    """
    return len(text) <= LONGEST and IDENTIFIER.fullmatch(text) is not None


def nearest(text: str, known: Iterable[str]) -> str | None:
    """Find the known name most like ``text``, or None where nothing comes near.

    Examples
    --------
    >>> nearest("seperation-light", ["mining", "separation-light"])
    'separation-light'
    >>> nearest("zzz", ["mining"]) is None
    True
    """
    names = sorted(known)
    if not names or not text.strip():
        return None
    found = process.extractOne(
        text[:LONGEST].lower(),
        [name.lower() for name in names],
        scorer=fuzz.ratio,
        score_cutoff=NEAR_ENOUGH,
    )
    return None if found is None else names[found[2]]


def suggestion(text: str, known: Iterable[str], *, listed_in: str) -> str:
    """Say which name may have been meant and where the names are listed.

    Examples
    --------
    >>> suggestion("minin", ["mining"], listed_in="stages.csv")
    "Did you mean 'mining'? Names are listed in stages.csv."
    """
    near = nearest(text, known)
    start = f"Did you mean '{near}'? " if near is not None else ""
    return f"{start}Names are listed in {listed_in}."
