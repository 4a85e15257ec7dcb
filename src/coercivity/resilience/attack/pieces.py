"""Answers to many shocks, kept in pieces so that work that is broken off goes on where it was."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from coercivity.resilience.attack.outages import Outages
from coercivity.resilience.attack.striking import Answer, Strike, Strikes, digest_of

PIECE = 16
"""Shocks whose answers are kept together. [count]"""


class Keeper(Protocol):
    """Keeps pieces of answers, each with a fingerprint of what was asked."""

    def known(self, name: str, asked: str) -> list[Answer] | None:
        """Give a piece back; None where there is none that was asked just this."""

    def keep(self, name: str, asked: str, answers: Sequence[Answer]) -> None:
        """Keep a piece in place of any that has its name."""


@dataclass(frozen=True, slots=True, eq=False)
class Asking:
    """Asks about shocks, in which processes, keeping what, and until when."""

    outages: Outages
    """Where models are solved."""
    keeper: Keeper | None = None
    """Where answers are kept; None keeps none."""
    deadline: float | None = None
    """Clock (`time.monotonic`) after which no further piece is begun; None for no end. [s]"""

    @property
    def late(self) -> bool:
        """Whether time is over."""
        return self.deadline is not None and time.monotonic() >= self.deadline

    def answers(self, name: str, question: Strikes, strikes: Sequence[Strike]) -> Iterator[Answer]:
        """Answer shocks in the order in which they are given, fewer of them if time runs out.

        Parameters
        ----------
        name
            Begins the names of the pieces.
        question
            The model.
        strikes
            The shocks.
        """
        key = question.digest() if self.keeper is not None else ""
        pieces = [
            (f"{name}-{begin}", strikes[begin : begin + PIECE])
            for begin in range(0, len(strikes), PIECE)
        ]
        known = {piece: self._known(piece, key, part) for piece, part in pieces}
        missing = [one for piece, part in pieces if known[piece] is None for one in part]
        coming = self.outages.answers(question, missing)
        for piece, part in pieces:
            found = known.pop(piece)
            if found is None:
                if self.late:
                    return
                found = list(islice(coming, len(part)))
                if self.keeper is not None:
                    self.keeper.keep(piece, fingerprint(key, part), found)
            yield from found

    def _known(self, piece: str, key: str, part: Sequence[Strike]) -> list[Answer] | None:
        if self.keeper is None:
            return None
        found = self.keeper.known(piece, fingerprint(key, part))
        return found if found is not None and len(found) == len(part) else None


def fingerprint(key: str, strikes: Sequence[Strike]) -> str:
    """Give a fingerprint of a piece: of the model and of its shocks.

    Parameters
    ----------
    key
        Fingerprint of the model.
    strikes
        The shocks.
    """
    arrays: list[object] = [list(key.encode())]
    for one in strikes:
        arrays += [one.rows, one.row_upper, one.columns, one.column_upper]
    return digest_of(arrays, [value for one in strikes for value in (one.least, one.start)])


__all__ = ["PIECE", "Asking", "Keeper", "fingerprint"]
