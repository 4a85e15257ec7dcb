"""What may fail: plants, ways and suppliers, and groups of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from coercivity.chain import Case
from coercivity.foundation.errors import UsageError
from coercivity.foundation.identifiers import nearest
from coercivity.foundation.problems import quoted
from coercivity.tables import CaseTables


class TargetKind(Enum):
    """What a target is."""

    ASSET = "asset"
    LINK = "link"
    SUPPLIER = "supplier"
    PROJECT = "project"
    COUNTRY = "country"
    MATERIAL = "material"


ATTACKED = (TargetKind.ASSET, TargetKind.LINK, TargetKind.SUPPLIER)
"""Kinds that can be attacked one by one; the others are groups of them."""


@dataclass(frozen=True, slots=True)
class Target:
    """Something that may fail."""

    kind: TargetKind
    id: str
    name: str = ""
    plants: int = 1
    """Plants behind the row; each fails alone and takes its share of the capacity. [count]"""
    attack_cost: float = 1.0
    """What making one of its plants fail takes of an attacker's budget. [points]"""
    attackable: bool = True
    """Whether an adversary can make it fail; chance always can."""

    @property
    def key(self) -> str:
        """Kind and id, which together name it.

        Examples
        --------
        >>> Target(TargetKind.ASSET, "mill").key
        'asset/mill'
        """
        return f"{self.kind.value}/{self.id}"


def single_targets(case: Case, tables: CaseTables) -> tuple[Target, ...]:
    """List every plant, way and supplier of a case, in the order of its tables.

    Parameters
    ----------
    case
        The case; what cannot be dispatched is left out.
    tables
        Its tables, which say what can be attacked and at what cost.
    """
    known: Mapping[TargetKind, Iterable[str]] = {
        TargetKind.ASSET: case.assets,
        TargetKind.LINK: case.links,
        TargetKind.SUPPLIER: dict.fromkeys(offer.supplier for offer in case.offers),
    }
    sheets = {kind: f"{kind.value}s" for kind in known}
    found = [_of_rows(tables, sheets[kind], kind, names) for kind, names in known.items()]
    return tuple(target for part in found for target in part)


def _of_rows(
    tables: CaseTables, sheet: str, kind: TargetKind, names: Iterable[str]
) -> Iterator[Target]:
    table, known = tables[sheet], set(names)
    seen: set[str] = set()
    for row in table.rows():
        name = row.text("id")
        if name not in known or name in seen:
            continue
        seen.add(name)
        rows = [one for one in table.named(name) if one["id"] == name] or [row]
        yield Target(
            kind,
            name,
            (row.maybe_text("name") or "") if "name" in table.defaults else "",
            row.whole("group_of") if kind is TargetKind.ASSET else 1,
            max(one.number("attack_cost") for one in rows),
            any(one.flag("attackable") for one in rows),
        )


def group_targets(case: Case, tables: CaseTables) -> tuple[Target, ...]:
    """List every project, country and material of which something can be lost."""
    projects = dict.fromkeys(a.project for a in case.assets.values() if a.project is not None)
    countries = dict.fromkeys(
        [case.sites[a.site].country for a in case.assets.values()]
        + [name for offer in case.offers for name in _named(offer.country, offer.origin)]
    )
    materials = dict.fromkeys(offer.material for offer in case.offers)
    return (
        *(_named_in(tables, "projects", TargetKind.PROJECT, name) for name in projects),
        *(_named_in(tables, "countries", TargetKind.COUNTRY, name) for name in countries),
        *(_named_in(tables, "materials", TargetKind.MATERIAL, name) for name in materials),
    )


def _named(country: str | None, origin: Mapping[str, str]) -> list[str]:
    return [*([] if country is None else [country]), *origin.values()]


def _named_in(tables: CaseTables, sheet: str, kind: TargetKind, name: str) -> Target:
    row = tables[sheet].find(name)
    return Target(kind, name, (row.maybe_text("name") or "") if row is not None else "")


def find_target(name: str, targets: Iterable[Target]) -> Target:
    """Find a target by ``kind/id``, or by its id where only one kind has it.

    Raises
    ------
    UsageError
        If there is none of that name, or several.

    Examples
    --------
    >>> find_target("mill", [Target(TargetKind.ASSET, "mill")]).key
    'asset/mill'
    """
    listed = tuple(targets)
    found = [one for one in listed if name in {one.id, one.key}]
    if len(found) == 1:
        return found[0]
    if found:
        keys = ", ".join(one.key for one in found)
        msg = f"{quoted(name)} names several things: {keys}. Write one of these.  [S101]"
        raise UsageError(msg)
    near = nearest(name, {text for one in listed for text in (one.id, one.key)})
    meant = f"Did you mean '{near}'? " if near is not None else ""
    msg = (
        f"{quoted(name)} is nothing that can fail. {meant}What can is an asset that runs, a link, "
        "a supplier, a project, a country or a material bought outside.  [S101]"
    )
    raise UsageError(msg)
