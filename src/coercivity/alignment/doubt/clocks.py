"""When promises of a kind and hazard stand for a project, on the one clock of their kind."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from coercivity.finance.compiled import Array
from coercivity.finance.political_will import PromiseKind, Standing, announced, draw_standing
from coercivity.finance.projects.position import Position

ANNOUNCED = "announcement"
SIGNING = 1.0
"""Time between an announcement and its signing. [year]"""
SIGNED_AS = "contract"
"""What an announcement is signed as."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Draws for one project; projects that share seed and kind share every lapse."""

    kinds: dict[str, PromiseKind]
    years: int
    """Of the project. [year]"""
    begins: int
    """From the first year of the case to year 0 of the project. [year]"""
    first_output: Array
    """Of each path, in years of the case; plants begun keep a grandfathered promise. [year]"""
    case_first: int
    """First year of the case. [calendar year]"""
    seed: int

    @classmethod
    def of(cls, position: Position, kinds: dict[str, PromiseKind], *, seed: int) -> Clock:
        """Set the clock of a project.

        Parameters
        ----------
        position
            The project.
        kinds
            Kinds of promises of the case.
        seed
            With which the project was drawn.
        """
        operation, drawn = position.operation, position.drawn
        begins = operation.first_year - drawn.case_first
        return cls(
            kinds=kinds,
            years=operation.years,
            begins=begins,
            first_output=begins + operation.first_output + drawn.technical.delay,
            case_first=drawn.case_first,
            seed=seed,
        )

    def pays(self, kind: str, hazard: float) -> Array:
        r"""Give the share of each year that is paid, :math:`a + \delta(1-a)`. [fraction]

        A share :math:`\delta` of what would still be due is paid on ending; it is counted as if
        it were paid year by year, as finance does.

        Parameters
        ----------
        kind
            Of promise; its dates, return, grandfathering and termination payment count.
        hazard
            In place of its own. [1/year]
        """
        if kind == ANNOUNCED and SIGNED_AS in self.kinds:
            return self._signed(hazard) * self.pays(SIGNED_AS, self.kinds[SIGNED_AS].hazard)
        stands, share = self.stands(kind, hazard), self.kinds[kind].termination_share
        return stands + share * (1 - stands)

    def stands(self, kind: str, hazard: float) -> Array:
        """Give the share of each year in which the promise itself stands. [fraction]

        An announcement has to be signed first, and then stands as what it was signed as.

        Parameters
        ----------
        kind
            Of promise.
        hazard
            In place of its own. [1/year]
        """
        if kind == ANNOUNCED and SIGNED_AS in self.kinds:
            return self._signed(hazard) * self.stands(SIGNED_AS, self.kinds[SIGNED_AS].hazard)
        made = self._standing(replace(self.kinds[kind], hazard=hazard))
        begun = self.first_output if self.kinds[kind].grandfathered else None
        return made.alive(begun=begun)[:, self.begins :]

    def _signed(self, hazard: float) -> Array:
        """Give the share of each year after an announcement has been signed. [fraction]"""
        made = self._standing(replace(self.kinds[ANNOUNCED], hazard=hazard))
        never = np.full((len(self.first_output), 1), np.inf)
        kept = Standing(never, never, self.begins + self.years)
        return announced(made, kept, signing=self.begins + SIGNING)[:, self.begins :]

    def _standing(self, kind: PromiseKind) -> Standing:
        return draw_standing(
            kind,
            years=self.begins + self.years,
            paths=len(self.first_output),
            seed=self.seed,
            start=float(self.case_first),
        )
