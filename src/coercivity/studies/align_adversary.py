"""Packages for owners who expect an adversary's best answer to them, wired to runs of a plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from coercivity.alignment.adversary import (
    Answered,
    Attack,
    Exposure,
    Response,
    Round,
    Service,
    answered,
    attack_grid,
    best_response,
    under_attack,
)
from coercivity.alignment.adversary.dumping import is_exposed
from coercivity.alignment.package import Aligned, Samples, align_project, helped
from coercivity.alignment.package.bench import LEAST
from coercivity.alignment.package.instruments import UNITS
from coercivity.finance.projects.position import Position
from coercivity.foundation.errors import UsageError
from coercivity.planning.built import built_case
from coercivity.results import Run
from coercivity.studies.adversary import (
    AdversaryOptions,
    field_of,
    starts_in,
    traded_exposures,
)
from coercivity.studies.adversary_tables import attack_json
from coercivity.studies.align_options import AlignOptions, package_options
from coercivity.studies.finance_tables import Laid, frame_of
from coercivity.studies.plan_positions import PlanPositions

ROUNDS = 5
"""Packages made at most, those without him included. [count]"""
PATHS = 200
"""On which his attacks are tried. [path]"""
EVERY = 3
"""Years between the first years that he tries. [year]"""
MONEY = "million, real, present value"
Packages = dict[str, Aligned]
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """What an adversary does to acceptance and packages."""

    budget: float
    """[million, real]"""
    own_cost: float
    """Share of the long-run price below which he does not sell. [fraction]"""
    answered: Answered[Packages]


def met_by_adversary(
    run: Run,
    samples: Sequence[PlanPositions],
    aligned: Sequence[Aligned],
    options: AlignOptions,
    *,
    tell: Progress | None = None,
) -> Met:
    """Let packages and an adversary answer each other.

    Packages are asked to hold whether he comes or not; what they cost if he does is made small.
    Caps and strikes on offer stay those without him.

    Parameters
    ----------
    run
        The plan.
    samples
        Its projects on four sets of paths; his attacks are tried on the first.
    aligned
        Packages made without him.
    options
        What is asked.
    tell
        Is told phase and share of the work done.

    Raises
    ------
    UsageError
        If no budget is asked, or he sells nothing that a project trades.
    """
    if options.adversary is None:
        msg = f"--adversary: say how much margin he may give up.  [{UsageError.code}]"
        raise UsageError(msg)
    asked = AdversaryOptions(budget=options.adversary, every=EVERY, paths=PATHS)
    exposures = traded_exposures(samples[0], asked)
    floors = {one.material: one.own_cost for one in exposures}
    first = {one.project: one for one in aligned}

    def refit(attack: Attack) -> Packages:
        if tell is not None:
            tell(f"packages that expect an attack on {attack.material} in {attack.from_year}", 0.99)
        return {
            name: _expecting(name, one, samples, options, attack, floor=floors[attack.material])
            for name, one in first.items()
        }

    found = answered(first, _respond(run, samples[0], exposures, asked), refit, rounds=ROUNDS)
    return Met(budget=options.adversary, own_cost=asked.own_cost, answered=found)


def _respond(
    run: Run, plan: PlanPositions, exposures: Sequence[Exposure], asked: AdversaryOptions
) -> Callable[[Packages], Response]:
    """Give what tries every attack within the budget on a plan with its packages signed."""
    field = field_of(plan, Service(built_case(run)), exposures, workers=1)
    ready = {name: one.first_paths(asked.paths) for name, one in field.positions.items()}
    grid = attack_grid(
        exposures,
        first_year=field.first_year,
        starts=starts_in(plan.case, every=asked.every),
    )
    attacks = [one for one in grid if one.cost <= asked.budget]

    def respond(packages: Packages) -> Response:
        signed = {
            name: helped(position, packages[name].contracts) if name in packages else position
            for name, position in ready.items()
        }
        return best_response(replace(field, positions=signed), attacks)

    return respond


def _expecting(
    name: str,
    before: Aligned,
    samples: Sequence[PlanPositions],
    options: AlignOptions,
    attack: Attack,
    *,
    floor: float,
) -> Aligned:
    """Make a package again for owners who expect an attack; others keep theirs."""
    calm = [one.positions.ready[name] for one in samples]
    if not is_exposed(calm[0], attack.material) or before.failing is not None:
        return before

    def sampled(positions: Sequence[Position]) -> Samples:
        train, check, fresh, further = positions
        return Samples(train=train, check=check, fresh=fresh, further=further)

    attacked = sampled([under_attack(one, attack, floor=floor) for one in calm])
    ids = [column.id for column in before.menu.columns]
    start = dict(zip(ids, before.levels, strict=True))
    return align_project(
        attacked, package_options(options, start), workers=1, calm=(sampled(calm), before.menu)
    )


def adversary_json(met: Met) -> dict[str, Any]:
    """Write what an adversary does to acceptance and packages as a JSON object.

    Parameters
    ----------
    met
        As `met_by_adversary` gives it.
    """
    found, rounds = met.answered, met.answered.rounds
    first, last = rounds[0], rounds[-1]
    return {
        "budget_musd": met.budget,
        "own_cost": met.own_cost,
        "ending": found.ending.value,
        "cycle": list(found.cycle),
        "rounds": [_round(found, number) for number in range(len(rounds))],
        "projects": [
            _project(first.packages[name], one, _under(found, 0, name))
            for name, one in last.packages.items()
        ],
        "package": [row for one in last.packages.values() for row in _rows(one)],
    }


def _under(found: Answered[Packages], number: int, name: str) -> Aligned | None:
    """Give a project where his answer to a round comes; None where nobody looked at that."""
    rounds = found.rounds
    this = rounds[number]
    if this.answer is None or this.answer == this.expected:
        return this.packages[name]
    other = next((one for one in rounds if one.expected == this.answer), None)
    return None if other is None else other.packages[name]


def _round(found: Answered[Packages], number: int) -> dict[str, Any]:
    one: Round[Packages] = found.rounds[number]
    refuse, costs = [], []
    known = True
    for name, held in one.packages.items():
        there = _under(found, number, name)
        known = known and there is not None
        if there is None or not held.accepts:
            continue
        costs.append(float(there.fresh.cost(held.levels).mean()))
        if not there.fresh.agrees(held.levels):
            refuse.append(name)
    response = one.response
    return {
        "expected": None if one.expected is None else attack_json(one.expected),
        "answer": None if one.answer is None else attack_json(one.answer),
        "coverage": {
            "base": response.base.served.share,
            "attacked": response.best_outcome.served.share,
        },
        "public_cost_musd": {
            "calm": sum(calm_cost(each) for each in one.packages.values()),
            "answered": sum(costs) if known else None,
        },
        "accepts": {name: each.accepts for name, each in one.packages.items()},
        "refuse_if_expected": refuse if known else None,
    }


def calm_cost(one: Aligned) -> float:
    """Give the mean public cost of a package if the adversary does not come. [million]

    Parameters
    ----------
    one
        A project with a package made with or without him.
    """
    bench = one.fresh.also[0] if one.fresh.also else one.fresh
    return float(bench.cost(one.levels).mean())


def _project(before: Aligned, after: Aligned, there: Aligned | None) -> dict[str, Any]:
    accepts = None if there is None else bool(there.fresh.agrees(before.levels))
    return {
        "project": before.project,
        "accepts": {"base": before.accepts, "expecting": after.accepts},
        "base_holds_under_answer": accepts if before.accepts else None,
        "public_cost_musd": {
            "base": float(before.cost.mean()),
            "calm": calm_cost(after),
            "attacked": float(after.cost.mean()),
        },
        "alone_musd": {
            "base": {} if before.package is None else dict(before.package.alone),
            "expecting": {} if after.package is None else dict(after.package.alone),
        },
    }


def _rows(one: Aligned) -> list[dict[str, Any]]:
    return [
        {
            "project": one.project,
            "contract": column.id,
            "kind": column.kind,
            "promise": column.promise,
            "terms": column.words(level),
            "level": level,
            "level_unit": UNITS[column.kind],
        }
        for column, level in zip(one.menu.columns, one.levels, strict=True)
        if level > LEAST
    ]


def adversary_rows(met: Met) -> dict[str, Laid]:
    """Lay out rounds, projects and kinds as tables of the run.

    Parameters
    ----------
    met
        As `met_by_adversary` gives it.
    """
    told = adversary_json(met)
    rounds = [
        {
            "round": number,
            "expected": _attack_words(row["expected"]),
            "answer": _attack_words(row["answer"]),
            "coverage": row["coverage"]["base"],
            "coverage_attacked": row["coverage"]["attacked"],
            "calm_musd": row["public_cost_musd"]["calm"],
            "answered_musd": row["public_cost_musd"]["answered"],
        }
        for number, row in enumerate(told["rounds"])
    ]
    projects = [
        {"project": row["project"]} | {f"{k}_musd": v for k, v in row["public_cost_musd"].items()}
        for row in told["projects"]
    ]
    return {
        "adversary_rounds": frame_of(
            rounds,
            {"coverage": "fraction", "coverage_attacked": "fraction"}
            | dict.fromkeys(("calm_musd", "answered_musd"), MONEY),
        ),
        "adversary_projects": frame_of(
            projects, dict.fromkeys(("base_musd", "calm_musd", "attacked_musd"), MONEY)
        ),
        "adversary_alone": frame_of(_alone(told), {"public_cost_musd": MONEY}),
    }


def _alone(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"project": row["project"], "when": when, "kind": kind, "public_cost_musd": cost}
        for row in told["projects"]
        for when, kinds in row["alone_musd"].items()
        for kind, cost in kinds.items()
    ]


def _attack_words(attack: Mapping[str, Any] | None) -> str:
    if attack is None:
        return "none"
    return (
        f"{attack['material']} by {attack['depth_usd_per_kg']:.3g} USD/kg from "
        f"{attack['from_year']} for {attack['years']}"
    )
