"""Where a chain hangs on one country, company, plant or supplier."""

from __future__ import annotations

from dataclasses import dataclass, replace

from coercivity.chain import Case
from coercivity.resilience.observed import Counted
from coercivity.resilience.qualified import (
    offers_in,
    running_modes,
    year_in_horizon,
)
from coercivity.resilience.single_points import SinglePoint, single_points

COVERED = "covered"


@dataclass(frozen=True, slots=True)
class Exposure:
    """One maker without whom less than half is left."""

    kind: str
    """``country``, ``company``, ``asset`` or ``supplier``."""
    stage: str | None
    material: str | None
    """None where the whole stage was counted."""
    point: SinglePoint

    def as_json(self) -> dict[str, object]:
        """Give it as plain data."""
        return {
            "kind": self.kind,
            "id": self.point.maker,
            "stage": self.stage,
            "material": self.material,
            "share": self.point.share,
            "left_t": None if self.point.left == float("inf") else self.point.left,
        }


def observed_exposures(stages: dict[str, Counted]) -> list[Exposure]:
    """Find the countries and companies with more than half of the observed output of a stage.

    Parameters
    ----------
    stages
        What was counted, by stage. [t/year]
    """
    found = []
    for stage, output in stages.items():
        rest = {f"rest of {country}": x for country, x in output.unnamed.items()}
        for kind, makers in (
            ("country", dict(output.countries)),
            ("company", {**output.companies, **rest}),
        ):
            found += [
                Exposure(kind, stage, None, point)
                for point in single_points(makers)
                if kind == "country" or point.maker in output.companies
            ]
    return found


def capacity_exposures(case: Case, year: int) -> list[Exposure]:
    """Find, for each material no demand can do without, the plant or supplier it hangs on.

    Counted are plants with capacity and offers outside covered countries, options left aside.

    Parameters
    ----------
    case
        The case.
    year
        The year; where the case says nothing of it, its nearest year counts. [calendar year]
    """
    makers = _makers(case, year_in_horizon(case, year))
    wanted = essential_materials(case)
    found = []
    for material in (m for m in case.materials if m in wanted and m in makers):
        for point in single_points(makers[material]):
            kind, _, name = point.maker.partition(" ")
            named = replace(point, maker=name)
            found.append(Exposure(kind, case.materials[material].stage, material, named))
    return found


def essential_materials(case: Case) -> frozenset[str]:
    """Find the materials without which some demand cannot be served by any recipe of the case.

    Materials that no process makes are taken to be there.

    Parameters
    ----------
    case
        The case.
    """
    served = [[c.material for c in d.alternatives] for d in case.demands.values()]
    everything = _makeable(case, without=None)
    wanted = [choices for choices in served if everything & set(choices)]
    return frozenset(
        material
        for material in everything
        if (left := _makeable(case, without=material)) != everything
        and any(not left & set(choices) for choices in wanted)
    )


def _makeable(case: Case, *, without: str | None) -> set[str]:
    modes = [mode for process in case.processes.values() for mode in process.modes]
    made = {material for mode in modes for material in mode.outputs}
    found = set(case.materials) - made - {without}
    grown = True
    while grown:
        new = {
            material
            for mode in modes
            if found.issuperset(mode.inputs)
            for material in mode.outputs
            if material != without
        }
        grown = not new <= found
        found |= new
    return found


def _makers(case: Case, year: int) -> dict[str, dict[str, float]]:
    """Give what each plant and supplier outside covered countries can make. [t/year]"""
    makers: dict[str, dict[str, float]] = {}
    for run in running_modes(case, year):
        if case.group_of_site(run.asset.site) == COVERED:
            continue
        for material in run.mode.outputs:
            held, key = makers.setdefault(material, {}), f"asset {run.asset.id}"
            held[key] = max(held.get(key, 0.0), run.output(material))
    for offer in offers_in(case, year):
        through = {*offer.origin.values(), *([offer.country] if offer.country else [])}
        if any(case.countries[country].group == COVERED for country in through):
            continue
        held, key = makers.setdefault(offer.material, {}), f"supplier {offer.supplier}"
        amount = float(offer.offered[year - case.horizon.first_year])
        held[key] = held.get(key, 0.0) + amount
    return makers
