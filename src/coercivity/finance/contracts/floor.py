"""A price floor: the payer makes up what the price lacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from coercivity.finance.contracts.interface import Book, Settlement
from coercivity.finance.contracts.strip import StrikeContract


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor(StrikeContract):
    r"""Pay what the benchmark lacks of the strike, quarter by quarter.

    .. math:: \text{to project} = \theta\,v\,(K - P)^{+}
    """

    KIND: ClassVar[str] = "floor"

    def settle(self, book: Book) -> Settlement:
        """Settle every year of every path.

        Parameters
        ----------
        book
            What contracts see.
        """
        return self.settled(book, above=0.0)
