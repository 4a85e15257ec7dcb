"""Projects of a plan, those with nothing to build included, ready to be appraised."""

from __future__ import annotations

from dataclasses import dataclass

from coercivity.chain import Case, load_case
from coercivity.finance.projects.from_activity import operation_of_activity
from coercivity.finance.projects.operation import Operation
from coercivity.foundation.errors import UsageError
from coercivity.results import Run
from coercivity.studies.finance_decisions import Decided, read_decisions, refuse_other_runs
from coercivity.studies.finance_positions import Positions, positions_of
from coercivity.tables import CaseTables

FEWEST_PATHS = 100
"""Fewer give no tenth percentile and no small probability. [path]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPositions:
    """A plan with its projects."""

    case: Case
    """As it was planned, with its options."""
    tables: CaseTables
    decided: Decided
    positions: Positions


def plan_positions(run: Run, *, paths: int, seed: int, workers: int | None = None) -> PlanPositions:
    """Make the projects of a plan ready that build something or run.

    Parameters
    ----------
    run
        A plan.
    paths, seed
        How many paths, and the seed of all draws.
    workers
        Threads; the bits do not depend on them.

    Raises
    ------
    UsageError
        If the run is not a plan, asks for too few paths, or has no project with a price.
    """
    refuse_other_runs(run)
    if paths < FEWEST_PATHS:
        msg = (
            f"--paths {paths}: a mean over prices and a probability need paths. Ask for at least "
            f"{FEWEST_PATHS}.  [{UsageError.code}]"
        )
        raise UsageError(msg)
    case, tables, _ = load_case(run.inputs)
    decided = read_decisions(case, run, tables["projects"].ids())

    def describe(name: str) -> Operation:
        return operation_of_activity(
            case,
            name,
            decisions=decided.decisions[name],
            activity=decided.activity,
            built_share=decided.built_share,
        )

    positions = positions_of(
        case,
        tables,
        names=_at_work(run, case, tables, decided),
        decisions=decided.decisions,
        describe=describe,
        paths=paths,
        seed=seed,
        workers=workers,
    )
    if not positions.ready:
        raise positions.reasons[0]
    return PlanPositions(case=case, tables=tables, decided=decided, positions=positions)


def _at_work(run: Run, case: Case, tables: CaseTables, decided: Decided) -> list[str]:
    """List the projects that build something or run."""
    runs = {case.assets[asset].project for asset, _ in decided.activity if asset in case.assets}
    names = [n for n in tables["projects"].ids() if decided.decisions[n] or n in runs]
    if not names:
        msg = (
            f"plan '{run.id}' has no project that builds or runs, so nobody earns and nobody can "
            "be hurt. Give the assets of the case a project (tables projects and assets).  "
            f"[{UsageError.code}]"
        )
        raise UsageError(msg)
    return names
