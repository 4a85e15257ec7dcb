"""A two-way contract for difference: the price is the strike, up and down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from coercivity.finance.contracts.interface import Book, Settlement
from coercivity.finance.contracts.strip import StrikeContract


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractForDifference(StrikeContract):
    r"""Pay the strike less the benchmark, whichever is larger, quarter by quarter.

    .. math:: \text{to project} = \theta\,v\,(K - P)
    """

    KIND: ClassVar[str] = "cfd"

    def settle(self, book: Book) -> Settlement:
        """Settle every year of every path.

        Parameters
        ----------
        book
            What contracts see.
        """
        return self.settled(book, above=self.share)
