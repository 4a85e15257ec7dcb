"""Every code of the program with its page: what it means, why it is refused, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coercivity.foundation.codes.cells import CELLS
from coercivity.foundation.codes.chain import CHAIN
from coercivity.foundation.codes.files import FILES
from coercivity.foundation.codes.finance import FINANCE
from coercivity.foundation.codes.planning import PLANNING
from coercivity.foundation.codes.running import RUNNING
from coercivity.foundation.codes.simulation import SIMULATION
from coercivity.foundation.codes.uncertainty import UNCERTAINTY

ROOMS = {
    "T": "tables",
    "C": "chain",
    "U": "uncertainty",
    "F": "finance",
    "P": "planning",
    "S": "simulation",
    "N": "numbers and units",
    "R": "runs, files and jobs",
}
"""What the letter of a code stands for."""


@dataclass(frozen=True, slots=True)
class CodePage:
    """What ``coercivity explain CODE`` shows."""

    code: str
    """Letter of the room and three digits; never used for anything else later."""
    meaning: str
    """What was found, in one sentence."""
    why: str
    """Why it matters."""
    instead: str
    """What to do."""

    @property
    def room(self) -> str:
        """Part of the program that finds it."""
        return ROOMS[self.code[0]]


PAGES: Mapping[str, CodePage] = {
    code: CodePage(code, *text)
    for pages in (FILES, CELLS, CHAIN, RUNNING, PLANNING, FINANCE, UNCERTAINTY, SIMULATION)
    for code, text in sorted(pages.items())
}
"""Page of each code."""

__all__ = ["PAGES", "ROOMS", "CodePage"]
