"""The losses of a sweep, one by one: what each leaves short, and when."""

from __future__ import annotations

from dataclasses import dataclass

from coercivity.foundation.errors import UsageError
from coercivity.foundation.problems import quoted
from coercivity.interfaces.workbench import figures
from coercivity.results import Run
from coercivity.views.charts.shock_heatmap import shock_name
from coercivity.views.labels import short, shown

LONGEST = 40
"""Characters of a label in the heat map."""


@dataclass(frozen=True, slots=True)
class ShockLine:
    """A row of the heat map."""

    id: str
    """Its event, or its target."""
    label: str
    """What the heat map writes beside it."""
    dated: bool
    """Whether its years are written out."""
    facts: tuple[tuple[str, str], ...]
    """Name and value of what is known of it."""


def shock_lines(run: Run) -> tuple[ShockLine, ...]:
    """List the rows of the heat map of a run, from its top.

    Parameters
    ----------
    run
        A run of ``stress sweep``.
    """
    drawn = figures.chart_of(run, "shocks", {}).table
    if drawn.empty or "shock_years" not in run.tables:
        return ()
    dated = {str(one) for one in run.table("shock_years")["shock"]}
    rows = {shock_name(row): row for row in run.result["shocks"]}
    found = []
    for name in dict.fromkeys(str(one) for one in drawn["shock"]):
        row = rows[name]
        known = str(row["event"] or row["target"])
        cells = drawn[drawn["shock"] == name]
        facts = [("what is lost", str(row["name"]))]
        facts += [
            (f"more short, {segment}", f"{short(float(more))} t of {short(float(demand))} t")
            for segment, more, demand in zip(
                cells["segment"], cells["more"], cells["demand"], strict=True
            )
        ]
        facts += [("extra cost", f"{short(float(row['cost_musd']))} million")]
        if row["duration_years"] is not None:
            facts += [("lasts", f"{row['duration_years']:g} years")]
        back = row["recovered_year"]
        facts += [("no more short than undisturbed", "not in these years" if back is None
                   else f"from {back}")]  # fmt: skip
        found.append(ShockLine(known, shown(name, LONGEST), known in dated, tuple(facts)))
    return tuple(found)


def shock_line(run: Run, shock: str) -> ShockLine:
    """Find a row of the heat map.

    Parameters
    ----------
    run
        A run of ``stress sweep``.
    shock
        Its event, or its target.

    Raises
    ------
    UsageError
        If the heat map has no such row.
    """
    for line in shock_lines(run) if {"shocks", "shock_segments"} <= set(run.tables) else ():
        if line.id == shock:
            return line
    msg = f"The heat map of run '{run.id}' has no loss {quoted(shock)}.  [{UsageError.code}]"
    raise UsageError(msg)
