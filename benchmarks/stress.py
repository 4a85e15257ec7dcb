"""Measure attacks: a model that stays loaded against rebuilding, pairs, endurance, worst k.

Run ``python -m benchmarks.stress [RUN]``; figures need an idle machine. RUN is a plan of the
reference case; without it the case as it stands is attacked.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from coercivity.chain import Case, load_case
from coercivity.planning.built import built_case, with_builds
from coercivity.resilience.attack.defender import Defender
from coercivity.resilience.attack.formulation import formulate
from coercivity.resilience.attack.measure import measure_of
from coercivity.resilience.attack.outages import Outages
from coercivity.resilience.attack.pieces import Asking
from coercivity.resilience.attack.shocks import pairs_of, plain_shocks
from coercivity.resilience.attack.survive import endurance
from coercivity.resilience.attack.sweep import Sweeper
from coercivity.resilience.attack.targets import Target, TargetKind, single_targets
from coercivity.results import open_run
from coercivity.studies.stress_worst import attackable, search_of
from coercivity.tables import CaseTables, find_case

__all__ = ["main", "three_tiers"]
SAMPLE = 12
"""Shocks that are used and are looked at both ways."""
LATE = 2032
"""Year in which the modules of the plan run at full size. [calendar year]"""
TIERS = (200, 500, 1000)


def say(what: str, value: float, unit: str, target: str) -> None:
    """Print one figure beside its target."""
    print(f"{what:<62} {value:>10.2f} {unit:<6} target {target}")


def reference(run: str | None) -> tuple[Case, CaseTables]:
    """Read the chain of a plan, or of the reference case as it stands."""
    if run is None:
        case, tables, _ = load_case(find_case("us-rare-earths"))
        return with_builds(case, {}), tables
    opened = open_run(Path(run))
    _, tables, _ = load_case(opened.inputs)
    return built_case(opened), tables


def persistent(case: Case, tables: CaseTables) -> None:
    """Answer the same shocks on models that stay loaded, and on models built for each."""
    measure = measure_of(case)
    year = case.horizon.first_year
    targets = single_targets(case, tables)
    sweeper = Sweeper(case, measure, year=year, targets=targets)
    shocks = [
        shock
        for shock in plain_shocks(targets)
        if not sweeper.defender.keeps(sweeper.calm.primal, sweeper.losses(shock))
    ][:SAMPLE]
    began = time.process_time()
    with Outages() as outages:
        swept = sweeper.sweep(shocks, Asking(outages))
    kept = {one.shock.id: one.value for one in swept.struck}
    loaded = time.process_time() - began
    began = time.process_time()
    for shock in shocks:
        defender = Defender(formulate(case, periods=measure.last + 1), measure)
        value = defender.respond(sweeper.losses(shock)).value
        defender.cheapest(sweeper.losses(shock), value)
        assert abs(kept[shock.id] - value) < 1e-2
    rebuilt = time.process_time() - began
    say(f"{len(shocks)} shocks, models kept loaded, processor time", loaded, "s", "-")
    say("the same, built anew for each", rebuilt, "s", "-")
    say("ratio", rebuilt / loaded, "x", ">= 4")


def all_pairs(case: Case, tables: CaseTables, year: int) -> None:
    """Lose every two plants, ways or suppliers at once, in two processes."""
    measure, targets = measure_of(case), single_targets(case, tables)
    began, spent = time.perf_counter(), processor_time()
    sweeper = Sweeper(case, measure, year=year, targets=targets)
    pairs = pairs_of(targets)
    with Outages(workers=2) as outages:
        swept = sweeper.sweep(plain_shocks(targets), Asking(outages), pairs=pairs)
    wall, spent = time.perf_counter() - began, processor_time() - spent
    print(f"{len(pairs)} pairs from {year} on; {swept.solved} shocks had to be solved")
    say("all pairs, 2 processes", wall, "s", "< 300")
    say("the same, processor time of all processes", spent, "s", "-")


def worst_attacks(case: Case, tables: CaseTables) -> None:
    """Prove the worst attacks on the reference case."""
    targets = attackable(case, tables)
    for segment in ("defence", None):
        for k in (1, 2, 3):
            began = time.perf_counter()
            found = search_of(case, measure_of(case, segment=segment), targets, k).solve()
            wall = time.perf_counter() - began
            assert found.proven
            say(f"worst {k} of {len(targets)}, {segment or 'all demand'}", wall, "s", "< 120")


def three_tiers(folder: Path, *, seed: int = 1) -> Path:
    """Write a network of 200 sources, 500 makers of parts and 1000 makers of goods, with stocks."""
    dice = random.Random(seed)  # noqa: S311 - nothing secret
    raw, parts, goods = ([f"{kind}{n}" for n in range(size)] for kind, size in
                         zip(("raw", "part", "good"), TIERS, strict=True))  # fmt: skip
    needs = {name: dice.sample(raw, dice.randint(1, 3)) for name in parts}
    needs |= {name: dice.sample(parts, dice.randint(1, 3)) for name in goods}
    load = {name: float(dice.randint(10, 100)) for name in goods}
    for name in [*reversed(goods), *reversed(parts)]:
        for needed in needs[name]:
            load[needed] = load.get(needed, 0.0) + load.get(name, 0.0)
    rows: Mapping[str, list[str]] = {
        "countries": ["id,group", "USA,domestic"],
        "sites": ["id,country", "works,USA"],
        "materials": ["id", *raw, *parts, *goods],
        "processes": ["id,reference_material", *(f"m-{n},{n}" for n in (*raw, *parts, *goods))],
        "recipes": [
            "process,material,direction,amount",
            *(f"m-{name},{name},out,1" for name in (*raw, *parts, *goods)),
            *(f"m-{name},{needed},in,1" for name in needs for needed in needs[name]),
        ],
        "assets": [
            "id,site,process,nameplate_capacity,time_to_recover",
            *(
                f"{name},works,m-{name},{1.2 * load.get(name, 0.0) + 1},{dice.randint(1, 20) / 10}"
                for name in (*raw, *parts, *goods)
            ),
        ],
        "stocks": [
            "id,site,material,opening,most",
            *(
                f"s-{name},works,{name},{(amount := load.get(name, 0.0) * dice.random())},{amount}"
                for name in (*raw, *parts, *goods)
            ),
        ],
        "demands": ["id,site,amount,penalty", *(f"d-{n},works,{load[n]},1000" for n in goods)],
        "demand_materials": ["demand,material", *(f"d-{n},{n}" for n in goods)],
    }
    folder.mkdir(parents=True)
    for table, lines in rows.items():
        (folder / f"{table}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    settings = "format: 1\nname: tiers\ncurrency: USD\nprice_year: 2025\nperiods: [2025, 2028]\n"
    more = "report_until: 2027\ndiscount_rate: 0.0\n"
    (folder / "case.yaml").write_text(settings + more, encoding="utf-8")
    return folder


def processor_time() -> float:
    """Give the processor time of this process and of those that it has ended. [s]"""
    now = os.times()
    return now.user + now.system + now.children_user + now.children_system


def endurance_of_many() -> None:
    """Find recover and survive of all makers of parts and goods."""
    with tempfile.TemporaryDirectory() as folder:
        case, tables, _ = load_case(three_tiers(Path(folder) / "tiers"))
    chain = with_builds(case, {})
    targets: tuple[Target, ...] = tuple(
        target
        for target in single_targets(chain, tables)
        if target.kind is TargetKind.ASSET and not target.id.startswith("raw")
    )
    began, spent = time.perf_counter(), processor_time()
    measure = measure_of(chain)
    whole = formulate(chain, periods=1)
    defender = Defender(whole, measure)
    calm = defender.cheapest([], defender.respond().value)
    found = endurance(whole, calm.primal, measure, first=0).all(targets, workers=2)
    recover = [row.number("time_to_recover") for row in tables["assets"].rows()]
    wall, spent = time.perf_counter() - began, processor_time() - spent
    short = sum(not one.censored for one in found)
    print(f"{len(recover)} nodes, {len(found)} disruptions, {short} of them missed")
    say("recover and survive of all, 2 processes", wall, "s", "< 60")
    say("the same, processor time of all processes", spent, "s", "-")


def main() -> None:
    """Print every figure."""
    case, tables = reference(sys.argv[1] if len(sys.argv) > 1 else None)
    endurance_of_many()
    persistent(case, tables)
    all_pairs(case, tables, LATE)
    worst_attacks(case, tables)


if __name__ == "__main__":
    main()
