"""An adversary's best response as the object, the tables and the figures of its run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from coercivity.alignment.adversary import Attack, BanResponse, Exposure, Hit, Response, Side
from coercivity.chain import Case
from coercivity.studies.finance_tables import frame_of

MONEY = "million, real"
PRESENT = "million, real, present value"
MOST_DRAINS = 5
"""Attacks on the public purse that are listed. [count]"""
Laid = tuple[pd.DataFrame, dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attacked:
    """What was found of an adversary."""

    response: Response
    ban: BanResponse
    exposures: tuple[Exposure, ...]
    based_on: str
    """The plan."""
    case: Case
    refused: Mapping[str, str]
    """Why a project could not be appraised."""
    asked: float
    """Demand over reported years, weighted. [t]"""
    budget: float
    """[million, real]"""
    own_cost: float
    """Share of a long-run price. [fraction]"""
    segment: str | None
    paths: int
    seed: int


def adversary_result(run_id: str, found: Attacked) -> dict[str, Any]:
    """Write what was found as the object of the command line.

    Parameters
    ----------
    run_id
        Of the run.
    found
        What was found.
    """
    response = found.response
    base, left = response.base, response.best_outcome
    return {
        "run": run_id,
        "based_on": found.based_on,
        "segment": found.segment,
        "budget_musd": found.budget,
        "best": None if response.best is None else attack_json(response.best),
        "coverage": {"base": base.served.share, "attacked": left.served.share},
        "coverage_lost": base.served.share - left.served.share,
        "coverage_lost_if_foreseen": base.served.share - response.foreseen.share,
        "threat": None
        if response.threat is None
        else attack_json(response.threat.attack)
        | {"coverage_lost": base.served.share - response.threat.deterred},
        "lost_t": left.served.short - base.served.short,
        "asked_t": found.asked,
        "projects": [side_json(base.sides[name], left.sides[name], found) for name in base.sides],
        "public_outlay_musd": {
            "base": base.outlay,
            "attacked": left.outlay,
            "drained": response.drain_outcome.outlay,
        },
        "drain": [
            attack_json(hit.attack) | {"more_outlay_musd": hit.outlay - base.outlay}
            for hit in drains(response)
        ],
        "ban": ban_json(found.ban),
        "exports_kt_per_year": {one.material: float(one.volume.mean()) for one in found.exposures},
        "tried": len(response.hits),
        "own_cost": found.own_cost,
        "paths": found.paths,
        "seed": found.seed,
        "refused": dict(found.refused),
    }


def attack_json(attack: Attack) -> dict[str, Any]:
    """Write an attack as the command line tells it."""
    return {
        "material": attack.material,
        "depth_usd_per_kg": attack.depth,
        "from_year": attack.from_year,
        "years": attack.years,
        "cost_musd": attack.cost,
    }


def ban_json(found: BanResponse) -> dict[str, Any]:
    """Write the best export ban: counted with what the adversary sells while he does."""
    best = found.best
    return {
        "coverage": {"base": found.base.share, "banned": found.served.share},
        "coverage_lost": found.base.share - found.served.share,
        "best": None
        if best is None
        else {
            "materials": list(best.materials),
            "from_year": best.from_year,
            "years": best.years,
            "cost_musd": best.cost,
        },
    }


def side_json(before: Side, after: Side, found: Attacked) -> dict[str, Any]:
    """Write what an attack does to a project."""
    first = found.case.horizon.first_year
    reported = slice(0, found.case.report_until - first + 1)
    return {
        "project": before.project,
        "accepts": {"base": before.accepts, "attacked": after.accepts},
        "npv_musd": {"base": before.worth, "attacked": after.worth},
        "p_loss": {"base": before.loss, "attacked": after.loss},
        "idle_share": {"base": before.idle, "attacked": after.idle},
        "closed_share": {"base": before.closed, "attacked": after.closed},
        "standing_share": {
            "base": float(before.standing[reported].mean()),
            "attacked": float(after.standing[reported].mean()),
        },
        "public_outlay_musd": {"base": before.outlay, "attacked": after.outlay},
    }


def drains(response: Response) -> list[Hit]:
    """Give the attacks that cost the public most, the costliest first."""
    more = [hit for hit in response.hits if hit.outlay > response.base.outlay + 1e-6]
    return sorted(more, key=lambda hit: (-hit.outlay, hit.attack.cost))[:MOST_DRAINS]


def adversary_tables(found: Attacked) -> dict[str, Laid]:
    """Lay out what was found as tables of the run.

    Parameters
    ----------
    found
        What was found.
    """
    return {
        "attacks": _attacks(found.response),
        "attacked_projects": _projects(found),
        "standing": _standing(found),
        "budget_curve": _curve(found.response),
    }


def _attacks(response: Response) -> Laid:
    base = response.base
    rows = [
        attack_json(hit.attack)
        | {
            "coverage": hit.coverage,
            "coverage_lost": None if hit.coverage is None else base.served.share - hit.coverage,
            "coverage_deterred": hit.deterred,
            "public_outlay": hit.outlay,
            "more_outlay": hit.outlay - base.outlay,
        }
        for hit in response.hits
    ]
    columns = [
        "material", "depth_usd_per_kg", "from_year", "years", "cost_musd", "coverage",
        "coverage_lost", "coverage_deterred", "public_outlay", "more_outlay",
    ]  # fmt: skip
    units = {
        "depth_usd_per_kg": "USD/kg", "cost_musd": MONEY, "coverage": "fraction",
        "coverage_lost": "fraction", "coverage_deterred": "fraction",
        "public_outlay": PRESENT, "more_outlay": PRESENT,
        "years": "year",
    }  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    floats = [name for name in units if name != "years"]
    return frame.astype(dict.fromkeys(floats, float)), units


def _projects(found: Attacked) -> Laid:
    response, rows = found.response, []
    for name, before in response.base.sides.items():
        row = side_json(before, response.best_outcome.sides[name], found)
        rows.append(
            {"project": name}
            | {
                f"{key}_{when}": value[when]
                for key, value in row.items()
                if key not in {"project", "accepts"}
                for when in ("base", "attacked")
            }
            | {f"accepts_{w}": _word(row["accepts"][w]) for w in ("base", "attacked")}
        )
    units: dict[str, str] = {}
    for when in ("base", "attacked"):
        units |= {f"npv_musd_{when}": PRESENT, f"public_outlay_musd_{when}": PRESENT}
        for share in ("p_loss", "idle_share", "closed_share", "standing_share"):
            units[f"{share}_{when}"] = "fraction"
    return frame_of(rows, units)


def _word(value: bool | None) -> str:
    return "nothing is built" if value is None else ("yes" if value else "no")


def _standing(found: Attacked) -> Laid:
    """List year by year in which share of paths each project runs."""
    response, first = found.response, found.case.horizon.first_year
    rows = [
        {
            "project": name,
            "year": first + place,
            "base": float(before.standing[place]),
            "attacked": float(response.best_outcome.sides[name].standing[place]),
        }
        for name, before in response.base.sides.items()
        for place in range(found.case.report_until - first + 1)
    ]
    return frame_of(rows, {"base": "fraction", "attacked": "fraction"})


def _curve(response: Response) -> Laid:
    """Say what each budget buys: attacks that do more than all cheaper ones, in any of three ways.

    Plants that fall, plants that are not built, and what the public pays each have their own
    attack: a row says what the budget reaches in each by itself.
    """
    base = response.base
    lowest, deterred, most = base.served.share, base.served.share, base.outlay
    rows: list[dict[str, Any]] = [_reached(0.0, lowest, deterred, most)]
    for hit in response.hits:
        coverage = lowest if hit.coverage is None else min(lowest, hit.coverage)
        better = coverage < lowest - 1e-6 or hit.deterred < deterred - 1e-6
        if better or hit.outlay > most + 1e-6:
            lowest, deterred = coverage, min(deterred, hit.deterred)
            most = max(most, hit.outlay)
            rows.append(_reached(hit.attack.cost, lowest, deterred, most))
    units = {
        "cost_musd": MONEY, "coverage": "fraction", "coverage_deterred": "fraction",
        "public_outlay": PRESENT,
    }  # fmt: skip
    frame, _ = frame_of(rows, units)
    return frame.groupby("cost_musd", as_index=False).last(), units


def _reached(cost: float, lowest: float, deterred: float, most: float) -> dict[str, Any]:
    return {
        "cost_musd": cost,
        "coverage": lowest,
        "coverage_deterred": deterred,
        "public_outlay": most,
    }


def key_figures(found: Attacked) -> dict[str, float]:
    """Give the figures by which such runs are compared."""
    response = found.response
    base, left = response.base, response.best_outcome
    return {
        "coverage_lost": base.served.share - left.served.share,
        "coverage_attacked": left.served.share,
        "more_outlay_musd": response.drain_outcome.outlay - base.outlay,
        "worth_lost_musd": float(
            np.sum([base.sides[n].worth - left.sides[n].worth for n in base.sides])
        ),
    }


def headline(found: Attacked) -> str:
    """Say it in a line for the list of runs."""
    best, response = found.response.best, found.response
    if best is None:
        return f"no attack within {found.budget:,.0f} million takes any coverage"
    lost = response.base.served.share - response.best_outcome.served.share
    return (
        f"dumping {best.material} from {best.from_year} for {best.years} years takes "
        f"{lost:.0%} of what is served".replace("%", " %")
    )
