"""Small chains for tests of the simulation, as cases and as layouts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from coercivity.chain import load_case
from coercivity.planning.built import with_builds
from coercivity.resilience.simulation.layout import Layout, lay_out
from coercivity.resilience.simulation.leads import Leads
from coercivity.resilience.simulation.moves import Chain, Kept
from coercivity.resilience.simulation.policies import POLICIES
from coercivity.resilience.simulation.reading import dispatched, layout_of
from coercivity.resilience.simulation.replications import Trial
from coercivity.tables import CaseTables
from tests.written_cases import Tables, write_case_folder

ONE_SITE: Tables = {
    "segments": [
        {"id": "guard", "name": "Guard", "priority": 1},
        {"id": "trade", "name": "Trade", "priority": 2},
    ],
    "stages": [{"id": "making", "name": "Making", "order": 1}],
    "materials": [{"id": "good", "stage": "making"}],
    "processes": [{"id": "make", "stage": "making", "reference_material": "good"}],
    "recipes": [{"process": "make", "material": "good", "direction": "out", "amount": 1}],
    "sites": [{"id": "town", "country": "USA", "kind": "plant"}],
    "assets": [
        {
            "id": "plant",
            "site": "town",
            "process": "make",
            "status": "operating",
            "nameplate_capacity": 1200,
            "variable_cost": 10,
        }
    ],
    "demands": [
        {"id": "first", "segment": "guard", "site": "town", "amount": 360, "penalty": 9000},
        {"id": "second", "segment": "trade", "site": "town", "amount": 840, "penalty": 900},
    ],
    "demand_materials": [
        {"demand": "first", "material": "good", "amount": 1},
        {"demand": "second", "material": "good", "amount": 1},
    ],
}
"""One plant that serves two segments: 30 and 70 t a month."""
FOUR_YEARS = {"periods": [2025, 2026, 2027, 2028, 2029], "report_until": 2028}


def with_rows(tables: Tables, **more: object) -> Tables:
    """Give tables with others beside them."""
    return {**tables, **more}  # type: ignore[dict-item]


def laid_out(
    folder: Path, tables: Tables, *, year: int = 2025, leads: Leads | None = None
) -> tuple[Layout, CaseTables]:
    """Write a case, dispatch it as it stands and lay out one year."""
    write_case_folder(folder, tables, FOUR_YEARS)
    case, read, _ = load_case(folder)
    chain = with_builds(case, {})
    return layout_of(chain, dispatched(chain), year=year, leads=leads), read


def trial_on(layout: Layout, *, policy: str = "defence-first", months: int = 24) -> Trial:
    """Give a trial on which nothing happens yet."""
    return replace(Trial(layout=layout, months=months), policy=POLICIES[policy])


def with_pile(layout: Layout, tonnes: float) -> Layout:
    """Put a stock beside the plant that no plan has ever drawn on."""
    chain = layout.chain
    node = next(iter(next(one for one in chain.moves if one.kind == "activity").outputs))
    piled = Chain(chain.year, chain.moves, chain.demands, [Kept(node, tonnes, tonnes)])
    return lay_out(piled, segments=layout.segments)
