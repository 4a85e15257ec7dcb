"""A project of a case: its own options once, as early as may be, run at availability."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from coercivity.chain import Case
from coercivity.chain.plants import Asset, Option
from coercivity.finance.compiled import Array
from coercivity.finance.projects.chains import Plant, plants_of, run_plants
from coercivity.finance.projects.operation import WITHOUT_LIFE, Operation, Running
from coercivity.finance.refusals import FinanceError

CARE_SHARE = 0.15
"""Cost of standing still over running cost, where no asset states it: a stated assumption."""


@dataclass(frozen=True, slots=True)
class Decision:
    """An option that is taken."""

    option: Option
    year: int
    """Of the decision. [calendar year]"""
    modules: int = 1

    @property
    def first_output(self) -> int:
        """Planned first output. [calendar year]"""
        return self.option.first_output_year(self.year)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The years of a project within those of its case."""

    first_year: int
    years: int
    case_first: int
    case_years: int

    def place(self, year: int) -> int:
        """Give the place of a year of the project in series of the case, the last held on."""
        return min(max(self.first_year + year - self.case_first, 0), self.case_years - 1)

    def series(self, values: Array) -> Array:
        """Give a series of the case by year of the project.

        Parameters
        ----------
        values
            By year of the case.
        """
        return np.asarray([values[self.place(year)] for year in range(self.years)])


def own_decisions(case: Case, project: str) -> tuple[Decision, ...]:
    """Take each option of a project once, at its earliest; one that excludes another comes alone.

    Parameters
    ----------
    case
        The case.
    project
        Whose options.
    """
    taken: list[Decision] = []
    for option in case.options.values():
        if option.project != project or option.adds_to not in case.assets:
            continue
        if any(d.option.id in option.excludes or option.id in d.option.excludes for d in taken):
            continue
        taken.append(Decision(option, max(option.earliest or 0, case.horizon.first_year)))
    return tuple(taken)


def calendar_of(case: Case, decisions: Sequence[Decision]) -> Calendar:
    """Count a project's years from its first decision to the end of its longest-lived module.

    Parameters
    ----------
    case
        The case.
    decisions
        What is built.
    """
    first = min((d.year for d in decisions), default=case.horizon.first_year)
    ends = [d.first_output + round(d.option.life or WITHOUT_LIFE) for d in decisions]
    years = max(ends, default=first + WITHOUT_LIFE) - first
    return Calendar(first, years, case.horizon.first_year, len(case.horizon.years))


def operation_of_case(case: Case, project: str) -> Operation:
    """Describe a project that builds what it may and runs at availability.

    Parameters
    ----------
    case
        The case.
    project
        Id of the project.

    Raises
    ------
    FinanceError
        If the project has no plant.
    """
    decisions = own_decisions(case, project)
    assets = assets_of_project(case, project, decisions)
    calendar = calendar_of(case, decisions)
    plants = plants_of(assets, case.processes)
    ways = _ways(case, calendar, {asset.id for asset in assets})
    return operation_between(
        case,
        project,
        calendar,
        before=_running(case, plants, calendar, ways, ()),
        after=_running(case, plants, calendar, ways, decisions),
        decisions=decisions,
        assets=assets,
    )


def assets_of_project(case: Case, project: str, decisions: Sequence[Decision]) -> tuple[Asset, ...]:
    """List the plants of a project that exist or are built.

    Parameters
    ----------
    case
        The case.
    project
        Id of the project.
    decisions
        What is built.

    Raises
    ------
    FinanceError
        If there are none.
    """
    built = {d.option.adds_to for d in decisions}
    found = tuple(
        asset
        for asset in case.assets.values()
        if asset.id in built or (asset.project == project and (asset.capacity > 0).any())
    )
    if not found:
        msg = (
            f"project {project!r} has neither a plant that exists nor an option. Cash comes from "
            "plants: name a project with assets, or add its options.  [F109]"
        )
        raise FinanceError(msg, code="F109")
    return found


def operation_between(
    case: Case,
    project: str,
    calendar: Calendar,
    *,
    before: Running,
    after: Running,
    decisions: Sequence[Decision],
    assets: Sequence[Asset],
) -> Operation:
    """Put together an operation from what runs before and after building.

    Parameters
    ----------
    case
        The case.
    project
        Id of the project.
    calendar
        Its years.
    before, after
        What runs without and with what is built.
    decisions
        What is built.
    assets
        Of the project.
    """
    first_output = min((d.first_output for d in decisions), default=calendar.first_year)
    first_output -= calendar.first_year
    capital, modules = _capital(case, calendar, decisions)
    early = np.arange(calendar.years) < max(first_output, 1)
    lead = max(decisions, key=lambda d: modules[d.option.id], default=None)
    stage_of = case.assets[lead.option.adds_to] if lead else max(assets, key=_largest)
    years = tuple(range(calendar.first_year, calendar.first_year + calendar.years))
    return Operation(
        project=project,
        first_year=calendar.first_year,
        years=calendar.years,
        before=before,
        after=after,
        budget=np.where(early, capital, 0.0),
        later=np.where(early, 0.0, capital),
        first_output=first_output,
        planned_share=lead.option.output_shares(lead.year, years)
        if lead
        else np.ones(calendar.years),
        care=_care(calendar, assets, after),
        stage=case.processes[stage_of.process].stage or "",
        homes=_homes(case, assets),
        modules=modules,
        notes=_notes(before, decisions),
    )


def _largest(asset: Asset) -> float:
    finite = asset.capacity[np.isfinite(asset.capacity)]
    return float(finite.max(initial=0.0))


def _homes(case: Case, assets: Sequence[Asset]) -> dict[str, str]:
    """Give the site of each material: where it is made, or else where it is taken."""
    homes: dict[str, str] = {}
    for table in ("outputs", "inputs"):
        for asset in assets:
            for mode in case.processes[asset.process].modes:
                for material in getattr(mode, table):
                    homes.setdefault(material, asset.site)
    return homes


def _capital(
    case: Case, calendar: Calendar, decisions: Sequence[Decision]
) -> tuple[Array, dict[str, float]]:
    total, modules = np.zeros(calendar.years), dict[str, float]()
    for decision in decisions:
        index = min(max(decision.year - case.horizon.first_year, 0), calendar.case_years - 1)
        amount = float(decision.option.capital[index]) * decision.modules
        modules[decision.option.id] = modules.get(decision.option.id, 0.0) + amount
        for year, part in decision.option.spending(decision.year).items():
            total[year - calendar.first_year] += amount * part
    return total, modules


def _care(calendar: Calendar, assets: Sequence[Asset], after: Running) -> Array:
    stated = [calendar.series(a.care_cost) for a in assets if a.care_cost is not None]
    if stated:
        return np.asarray(np.sum(stated, axis=0))
    return CARE_SHARE * after.cost


def _notes(before: Running, decisions: Sequence[Decision]) -> tuple[str, ...]:
    notes = []
    running = [name for name, net in before.net.items() if net.max(initial=0.0) > 0]
    if running and decisions:
        notes.append("Plants that exist run on; what was spent on them is not counted.")
    if not decisions:
        notes.append(
            "Nothing is built: its worth is that of going on, and nobody is asked to lend."
        )
    if any(d.option.life is None for d in decisions) or not decisions:
        notes.append(f"No life is stated, so {WITHOUT_LIFE} years of output are counted.")
    return tuple(notes)


Ways = Mapping[int, tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]]
"""By year of the project: sites and materials with a way out, and with a way in."""


def _ways(case: Case, calendar: Calendar, own: Collection[str]) -> Ways:
    """Find where materials leave the project for others, and come from others."""
    made, taken = _others(case, own)
    found: dict[int, tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]] = {}
    by_place: dict[int, tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]] = {}
    for year in range(calendar.years):
        place = calendar.place(year)
        if place not in by_place:
            lanes = [lane for lane in case.lanes if lane.open[place] > 0]
            out = {(lane.start, lane.material) for lane in lanes if lane.material in taken}
            into = {(lane.end, lane.material) for lane in lanes if lane.material in made}
            out |= {(s, t.material) for t in case.takers for s in t.sites if t.price[place] > 0}
            into |= {(s, o.material) for o in case.offers for s in o.sites}
            for demand in case.demands.values():
                out |= {(s, one.material) for s in demand.sites for one in demand.alternatives}
            by_place[place] = frozenset(out), frozenset(into)
        found[year] = by_place[place]
    return found


def _others(case: Case, own: Collection[str]) -> tuple[set[str], set[str]]:
    """Give what others than these plants make, or take."""
    made = {offer.material for offer in case.offers}
    taken = {taker.material for taker in case.takers}
    taken |= {one.material for d in case.demands.values() for one in d.alternatives}
    for asset in case.assets.values():
        if asset.id not in own:
            for mode in case.processes[asset.process].modes:
                made |= set(mode.outputs)
                taken |= set(mode.inputs)
    return made, taken


def _running(
    case: Case,
    plants: Sequence[Plant],
    calendar: Calendar,
    ways: Ways,
    decisions: Sequence[Decision],
) -> Running:
    net: dict[str, Array] = {}
    costs: dict[str, Array] = {}
    left = {plant.asset.id: plant.asset.reserve for plant in plants}
    for year in range(calendar.years):
        capacity = {p.asset.id: _capacity(p.asset, calendar, year, decisions) for p in plants}
        out, into = ways[year]
        limited = {name: min(most, max(left[name], 0.0)) for name, most in capacity.items()}
        book = run_plants(plants, limited, sold=out, bought=into)
        for (name, _), amount in book.activity.items():
            left[name] -= amount
        for material, amount in book.net.items():
            net.setdefault(material, np.zeros(calendar.years))[year] = amount / 1000
        spent = yearly_cost(case, book.activity, calendar.place(year), capacity)
        for name, amount in spent.items():
            costs.setdefault(name, np.zeros(calendar.years))[year] = amount
    return running_of(case, net, costs, years=calendar.years)


def running_of(
    case: Case, net: Mapping[str, Array], costs: Mapping[str, Array], *, years: int
) -> Running:
    """Sum up the running cost of plants, and that of those that make no finished product.

    Parameters
    ----------
    case
        The case.
    net
        Made less taken of each material. [kt/year]
    costs
        Of each asset. [million/year]
    years
        Of the project. [year]
    """
    finished = {one.material for d in case.demands.values() for one in d.alternatives}
    total, credited = np.zeros(years), np.zeros(years)
    for name, spent in costs.items():
        total = total + spent
        modes = case.processes[case.assets[name].process].modes
        if not any(m in finished for mode in modes for m in mode.outputs):
            credited = credited + spent
    return Running(
        net={m: values for m, values in net.items() if np.any(values)},
        cost=total,
        credited=credited,
        by_plant={name: float(spent.mean()) for name, spent in costs.items()},
    )


def _capacity(asset: Asset, calendar: Calendar, year: int, decisions: Sequence[Decision]) -> float:
    place, when = calendar.place(year), calendar.first_year + year
    added = sum(
        d.modules * d.option.size * float(d.option.output_shares(d.year, (when,))[0])
        for d in decisions
        if d.option.adds_to == asset.id
    )
    return float((asset.capacity[place] + added) * asset.availability[place])


def yearly_cost(
    case: Case,
    activity: Mapping[tuple[str, str], float],
    place: int,
    capacity: Mapping[str, float],
) -> dict[str, float]:
    """Give the running cost of each plant in a year. [million/year]

    Parameters
    ----------
    case
        The case.
    activity
        By asset and mode. [t/year]
    place
        Place of the year in series of the case.
    capacity
        Of each asset; one that has any carries its fixed cost. [t/year]
    """
    spent = {
        name: float(case.assets[name].fixed_cost[place])
        for name, most in capacity.items()
        if most > 0
    }
    for (name, used), amount in activity.items():
        asset = case.assets[name]
        mode = next(m for m in case.processes[asset.process].modes if m.name == used)
        unit = float(asset.variable_cost[place] + mode.variable_cost[place])
        spent[name] = spent.get(name, 0.0) + unit * amount / 1e6
    return spent
