"""A project with its package signed: the package is for those who build."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from coercivity.finance.contracts import Contract
from coercivity.finance.projects.position import Position


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpedPosition(Position):
    """A project whose package falls away if nothing is built."""

    given: tuple[Contract, ...] = ()
    """The package; part of `contracts`."""

    def without_building(self) -> Position:
        """Let the plants that exist run on, with nothing built and no package."""
        kept = tuple(one for one in self.contracts if one not in self.given)
        return Position.without_building(replace(self, contracts=kept, given=()))


def helped(position: Position, given: Sequence[Contract]) -> HelpedPosition:
    """Sign a package.

    Parameters
    ----------
    position
        The project with the contracts in force.
    given
        The package.
    """
    held = {one.name: getattr(position, one.name) for one in fields(Position)}
    held["contracts"] = (*position.contracts, *given)
    return HelpedPosition(**held, given=tuple(given))
