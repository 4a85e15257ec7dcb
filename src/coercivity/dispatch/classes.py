"""Which origin classes are worth tracking for which material."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from coercivity.chain.case import Case
from coercivity.chain.origin import ANY
from coercivity.chain.plants import Asset
from coercivity.chain.processes import Mode


def asked_classes(case: Case, required: Iterable[tuple[str, str]] = ()) -> set[tuple[str, str]]:
    """List every material and class that a demand or target asks for.

    Parameters
    ----------
    case
        The case.
    required
        Further segments and classes asked for.
    """
    wanted = {(target.segment, target.origin_class) for target in case.targets} | set(required)
    asked = set()
    for demand in case.demands.values():
        classes = {demand.origin_class} | {c for s, c in wanted if s == demand.segment}
        for choice in demand.alternatives:
            asked |= {(choice.material, c) for c in classes if c != ANY}
    return asked


def _with_stricter(case: Case, asked: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Add the next better class of one whose rules change, so that stock can keep its worth."""
    if not any((stock.most > 0).any() for stock in case.stocks.values()):
        return asked
    found = set(asked)
    periods = [case.period_years(p) for p in range(case.horizon.count)]
    for material, name in asked:
        rank = case.origin.rank(name)
        changes = any(
            case.origin.grows_stricter(name, before, after)
            for before, after in zip(periods[:-1], periods[1:], strict=True)
        )
        if changes and rank > 0:
            found.add((material, case.origin.classes[rank - 1]))
    return found


def tracked_classes(
    case: Case, required: Iterable[tuple[str, str]] = ()
) -> Mapping[str, tuple[str, ...]]:
    """Find the classes tracked for each material, the best first and ``any`` last.

    A class is tracked only along chains that can end in a demand asking for it; elsewhere tonnes
    are of class ``any``. Materials that carry no tracked element have ``any`` alone.
    """
    makers: dict[str, list[tuple[Mode, bool]]] = {}
    for process in case.processes.values():
        for mode in process.modes:
            for made in mode.outputs:
                makers.setdefault(made, []).append((mode, process.origin_at_site))
    found: set[tuple[str, str]] = set()
    queue = sorted(_with_stricter(case, asked_classes(case, required)))
    while queue:
        material, name = queue.pop()
        if (material, name) in found or not case.carries_origin(material):
            continue
        found.add((material, name))
        for mode, at_site in makers.get(material, ()):
            if not at_site:
                queue.extend((needed, name) for needed in mode.inputs)
    rank = case.origin.rank
    return {
        material: (
            *sorted((c for m, c in found if m == material), key=rank),
            ANY,
        )
        for material in case.materials
    }


class ClassBook:
    """Answers which class a process may run in, and what a supply is worth."""

    def __init__(self, case: Case, required: Iterable[tuple[str, str]] = ()) -> None:
        self._case = case
        self.tracked = tracked_classes(case, required)
        self._years = [case.period_years(p) for p in range(case.horizon.count)]
        self._known: dict[tuple[str, str, str, str], tuple[bool, ...]] = {}

    def of_mode(self, mode: Mode) -> tuple[str, ...]:
        """List the classes in which a mode may be run, the best first."""
        names = {name for made in mode.outputs for name in self.tracked[made]} | {ANY}
        return tuple(sorted(names, key=self._case.origin.rank))

    def landing(self, material: str, name: str) -> str:
        """Give the best tracked class of a material that is not better than ``name``."""
        rank = self._case.origin.rank
        return next(c for c in self.tracked[material] if rank(c) >= rank(name))

    def accepted(self, material: str, name: str) -> tuple[str, ...]:
        """List the tracked classes of a material that may serve a demand of class ``name``."""
        rank = self._case.origin.rank
        return tuple(c for c in self.tracked[material] if rank(c) <= rank(name))

    def may_run(self, asset: Asset, mode: Mode, name: str) -> tuple[bool, ...]:
        """Tell for each period whether an asset may run a mode in a class."""
        if name == ANY:
            return (True,) * len(self._years)
        process = self._case.processes[asset.process]
        group = self._case.group_of_site(asset.site)
        made = mode.reference_material
        if made not in mode.outputs:
            made = next(iter(mode.outputs), made)
        key = (process.id, group, made, name)
        if key not in self._known:
            origin = self._case.origin
            self._known[key] = tuple(
                origin.accepts_every_stage(name, {}, group, up_to=None, years=y, material=made)
                if process.origin_at_site
                else origin.accepts(name, process.stage, group, y, made)
                for y in self._years
            )
        return self._known[key]

    def of_supply(self, material: str, country: str | None, origin: Mapping[str, str]) -> list[str]:
        """Give for each period the best tracked class that a supply satisfies."""
        case = self._case
        groups = {stage: case.countries[c].group for stage, c in origin.items()}
        default = None if country is None else case.countries[country].group
        return [
            next(
                name
                for name in self.tracked[material]
                if case.origin.accepts_every_stage(
                    name,
                    groups,
                    default,
                    up_to=case.materials[material].stage,
                    years=years,
                    material=material,
                )
            )
            for years in self._years
        ]
