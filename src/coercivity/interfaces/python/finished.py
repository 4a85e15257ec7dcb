"""What every finished run gives in Python."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from coercivity.interfaces.python.reporting import brief
from coercivity.results import Run, runs_folder
from coercivity.views.chart import Chart
from coercivity.views.charts import figure


def with_units(frame: pd.DataFrame, units: dict[str, str]) -> pd.DataFrame:
    """Put the unit of each column beside its name.

    Examples
    --------
    >>> list(with_units(pd.DataFrame({"size": [1.0]}), {"size": "t/year"}))
    ['size [t/year]']
    """
    return frame.rename(columns={name: f"{name} [{unit}]" for name, unit in units.items()})


def folder_of(runs: str | Path | None) -> Path:
    """Say where runs are kept: the argument, else what the environment says, else ``runs``.

    Examples
    --------
    >>> folder_of("elsewhere").as_posix()
    'elsewhere'
    """
    return runs_folder(None if runs is None else Path(runs))


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """A finished run of any verb: its words, its numbers and its tables."""

    run: Run
    """The run folder behind it."""

    @property
    def id(self) -> str:
        """Id of the run."""
        return self.run.id

    @property
    def verb(self) -> str:
        """What was asked: ``plan``, ``assess``, ``source``, …"""
        return self.run.manifest.verb

    @property
    def result(self) -> dict[str, Any]:
        """The object that the command prints with ``--json``."""
        return dict(self.run.result)

    @property
    def answer(self) -> str:
        """The answer in a few sentences."""
        return self.run.manifest.headline

    def table(self, name: str) -> pd.DataFrame:
        """Give any table of the run, with units in the column names."""
        return with_units(self.run.table(name), dict(self.run.units(name)))

    def figure(self, name: str, *, year: int | None = None) -> Chart:
        """Draw a figure of the run: of a plan ``map``, ``sankey``, ``gantt``, ``makers``, …

        A notebook shows it; ``.svg()``, ``.png()``, ``.html()`` and ``.data`` give it otherwise.
        """
        return figure(self.run, name, year=year)

    def report(
        self,
        to: str | Path,
        *,
        static: bool = False,
        redact: bool = False,
        banner: str | None = None,
    ) -> Path:
        """Write the briefing of this run as HTML, PDF or Excel, and return its path.

        Parameters
        ----------
        to
            File that ends in ``.html``, ``.pdf`` or ``.xlsx``; one that exists is replaced.
        static, redact, banner
            As in `coercivity.report`.
        """
        return brief(self.run, to, static=static, redact=redact, banner=banner)

    def __repr__(self) -> str:
        return f"{type(self).__name__}('{self.id}'): {self.answer}"
