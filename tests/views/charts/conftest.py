from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from coercivity.results import Run
from coercivity.studies.adversary import AdversaryOptions, adversary
from coercivity.studies.align import AlignOptions, align_of_run
from coercivity.studies.align_months import MonthsBought, months_table
from coercivity.studies.assess import AssessOptions, assess
from coercivity.studies.finance import FinanceOptions, finance_of_case
from coercivity.studies.loop import LoopOptions, loop_of_run
from coercivity.studies.plan import PlanOptions, plan
from coercivity.studies.simulate import SimulateOptions, simulate
from coercivity.studies.stockpile import StockpileOptions, stockpile
from coercivity.studies.stress_survive import SurviveOptions, survive
from coercivity.studies.stress_sweep import SweepOptions, sweep
from tests.alignment.adversary.plans import planned_works as dumped_works
from tests.alignment.coordination.told import chain_game, plan_game, told_run
from tests.finance.projects.test_position import MOVING, RISKY
from tests.finance.projects.works import SETTINGS, works
from tests.observed_chains import observed, write_chain
from tests.stripped_cases import without_owners
from tests.studies.loops import planned_works
from tests.studies.unfunded_works import unfunded_works
from tests.views.conftest import FORMULA, IMAGE, LONG, RIGHT_TO_LEFT, rename
from tests.views.made import FRONTIER_UNITS, frontier_rows, with_tables
from tests.written_cases import write_case_folder

RunOf = Callable[[str, str], Run]
"""Gives a run that has the tables of a figure, with plain (``mini``) or ``hostile`` names."""
STRESSED: tuple[tuple[str, Callable[[Path], Run]], ...] = (
    ("shocks", lambda runs: sweep(calm(runs), runs, SweepOptions(name="swept"))),
    ("shock-years", lambda runs: sweep("mini", runs, SweepOptions(name="swept-years"))),
    ("survival", lambda runs: survive("mini-tungsten", runs, SurviveOptions(name="lasting"))),
    ("stockpile", lambda runs: stockpile("mini", runs, StockpileOptions(year=2026, gap=0.0))),
    ("shortfall", lambda runs: simulated(runs, "short")),
    ("cover", lambda runs: simulated(runs, "covered")),
    ("loop", lambda runs: looped(runs / "loop")),
    ("endurance", lambda runs: looped(runs / "endurance")),
    ("package", lambda runs: packaged(runs / "package")),
    ("doubt", lambda runs: packaged(runs / "doubt")),
    ("months", lambda runs: with_months(runs / "months")),
    ("adversary", lambda runs: attacked(runs / "adversary")),
    ("standing", lambda runs: attacked(runs / "standing")),
    ("waits", lambda runs: waiting(runs / "waits")),
    ("owners", lambda runs: waiting(runs / "owners")),
)
"""Figures of a stress run, each with what makes its run in a folder; add a line for a new one."""
FINANCED = ("npv", "cash", "tornado", "prices", "dscr", "terms")
"""Figures of a finance run."""
DIGGERS = (("CHN", 800), ("VNM", 150), ("USA", 50))
SMELTERS = (("CHN", 60), ("AUS", 40))


def frontier_of_two() -> pd.DataFrame:
    """Give a frontier of two segments: one point without a plan, one not proven to the gap."""
    defence = frontier_rows(
        "defence",
        "dfars",
        {0.0: 540.25, 50.0: 500.0, 120.0: 480.5, 400.0: 470.0},
        {2027: 640.0, 2028: 540.0, 2030: 480.0},
    )
    industry = frontier_rows("industry", None, {0.0: 900.0, 500.0: 600.0}, {2026: 0.0, 2029: 610.0})
    table = pd.concat([defence, industry], ignore_index=True)
    open_point = (table["segment"] == "defence") & (table["limit_t"] == 50.0)
    table.loc[open_point, "status"] = "feasible"
    table.loc[open_point, "bound_musd"] = 482.0
    nothing = (table["segment"] == "industry") & (table["year"] == 2026).fillna(False)
    table.loc[nothing, "status"] = "infeasible"
    table.loc[nothing, ["cost_musd", "bound_musd"]] = None
    return table


def with_frontier(run: Run, folder: Path) -> Run:
    return with_tables(run, folder, {"frontier": (frontier_of_two(), FRONTIER_UNITS)})


def counted_case(folder: Path) -> Path:
    """Write a case of which the output of two stages was counted."""
    rows = [
        {"country": country, "stage": stage, "material": material, "amount": amount}
        for stage, material, makers in (("dig", "ore", DIGGERS), ("melt", "bar", SMELTERS))
        for country, amount in makers
    ]
    return write_chain(folder, observations=observed(*rows))


def financed(folder: Path, runs: Path) -> Run:
    """Appraise a project whose price moves, with a floor."""
    tables = works(
        price_models=MOVING,
        overruns=RISKY,
        contracts=[{"id": "deal", "kind": "floor", "project": "works"}],
        contract_terms=[{"contract": "deal", "term": "strike", "value": 30, "unit": "USD/kg"}],
    )
    case = write_case_folder(folder, tables, SETTINGS)
    return finance_of_case(case, runs, FinanceOptions(paths=300, name="financed", workers=1))


def packaged(folder: Path) -> Run:
    """Find the package of a plan of one project that nobody would fund."""
    planned = unfunded_works(folder / "case", folder / "runs")
    options = AlignOptions(
        paths=400, allow=("grant", "floor", "ebitda-floor"), caps={"grant": 0.2}, name="packaged"
    )
    return align_of_run(planned, folder / "runs", options)


def calm(runs: Path) -> Path:
    """Plan the small case without owners and events: what is lost is lost for good."""
    case = without_owners(runs / "calm" / "case", "events")
    return plan(case, runs / "calm", PlanOptions(name="base")).path


def simulated(runs: Path, name: str) -> Run:
    """Simulate three years of the small case without a country; nothing else happens."""
    options = SimulateOptions(
        months=36, replications=60, lose=("country:CHN@7+12",), events=False, seed=3, name=name
    )
    return simulate("mini", runs / name, options)


def with_months(folder: Path) -> Run:
    """Add to an align run what three packages would buy."""
    points = [(None, 0.0, 1.5, 6.0), ("works", 40.0, 2.5, 9.0), ("shop", 95.0, 4.0, 12.0)]
    rows = tuple(
        {"added": added, "public_cost_musd": cost, "months": {"all": every, "defence": first}}
        for added, cost, every, first in points
    )
    run = packaged(folder)
    return with_tables(
        run, folder / "bought", {"months_served": months_table(MonthsBought(2036, rows))}
    )


def looped(folder: Path) -> Run:
    """Draw the loop of a plan of one project that needs support."""
    options = LoopOptions(paths=20, hazards=(), name="looped", workers=1)
    return loop_of_run(planned_works(folder), folder / "runs", options)


def attacked(folder: Path) -> Run:
    """Attack the plan of one project with money enough to close it on some paths."""
    options = AdversaryOptions(budget=400, paths=100, workers=1, name="attacked")
    return adversary(dumped_works(folder), folder / "runs", options)


def waiting(folder: Path) -> Run:
    """Tell of a chain whose owners wait for each other."""
    game = plan_game(chain_game(), refinery=(12.0, 15.0), outpost=(-80.0, -60.0))
    return told_run(folder, game, name="waiting")


def with_hostile_names(run: Run, folder: Path) -> Run:
    """Copy a finance run and let its names try to be more than names."""
    names = {
        "project": IMAGE,
        "product": LONG,
        "material": LONG,
        "place": RIGHT_TO_LEFT,
        "input": FORMULA,
        "item": IMAGE,
        "kind": LONG,
        "terms": RIGHT_TO_LEFT,
    }
    tables = {}
    for name in run.tables:
        frame = run.table(name)
        for column in names.keys() & set(frame.columns):
            known = frame[column].astype(str)
            ends = "" if column in {"project", "product", "material", "place"} else known
            frame[column] = names[column] + ends
        tables[name] = (frame, run.units(name))
    return with_tables(run, folder, tables)


@pytest.fixture(scope="session")
def run_of(mini: Run, hostile: Run, runs: Path, tmp_path_factory: pytest.TempPathFactory) -> RunOf:
    made = tmp_path_factory.mktemp("made")
    evil = counted_case(tmp_path_factory.mktemp("evil"))
    rename(evil / "stages.csv", {"dig": FORMULA, "melt": LONG, "forge": IMAGE})
    file = evil / "countries.csv"
    countries = pd.read_csv(file, dtype=str, keep_default_na=False)
    names = {"CHN": IMAGE, "VNM": RIGHT_TO_LEFT, "USA": LONG}
    known = countries["name"] if "name" in countries else countries["id"]
    countries["name"] = countries["id"].map(names).fillna(known)
    countries.to_csv(file, index=False)
    kept = {
        ("mini", "frontier"): with_frontier(mini, made / "frontier"),
        ("hostile", "frontier"): with_frontier(hostile, made / "hostile-frontier"),
        ("mini", "concentration"): assess(
            counted_case(tmp_path_factory.mktemp("seen")), runs, AssessOptions(name="counted")
        ),
        ("hostile", "concentration"): assess(evil, runs, AssessOptions(name="hostile-counted")),
    }
    money = financed(made / "works", runs)
    evil_money = with_hostile_names(money, made / "hostile-financed")
    kept |= {("mini", name): money for name in FINANCED}
    kept |= {("hostile", name): evil_money for name in FINANCED}
    for name, make in STRESSED:
        run = make(runs)
        kept["mini", name] = run
        kept["hostile", name] = with_hostile_names(run, made / f"hostile-{name}")
    plain = {"mini": mini, "hostile": hostile}
    return lambda case, name: kept.get((case, name), plain[case])
