"""Materials and the processes that turn them into one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from coercivity.foundation.periods import Array


@dataclass(frozen=True, slots=True)
class Material:
    """Anything that flows."""

    id: str
    name: str
    stage: str | None
    """The step that makes it."""
    basis: str
    """``gross``, ``oxide``, ``contained`` or ``metal``."""
    gross_per_t: float
    """Gross tonnes moved per tonne counted. [t/t]"""
    tradable: bool
    """Whether link rules may move it."""
    contents: Mapping[str, float] = field(default_factory=dict)
    """Contained element per tonne, by element. [t/t]"""


@dataclass(frozen=True, slots=True)
class Mode:
    """A variant of a process: what one tonne of its reference material takes and gives."""

    process: str
    name: str
    reference_material: str
    capacity_use: float
    """Capacity taken by a tonne of this mode. [t/t]"""
    variable_cost: Array
    """Added to that of the asset, by year. [case money/t]"""
    inputs: Mapping[str, float]
    """Tonnes taken per tonne of reference, by material. [t/t]"""
    outputs: Mapping[str, float]
    """Tonnes given per tonne of reference, by material. [t/t]"""
    first_year: int | None = None
    last_year: int | None = None


@dataclass(frozen=True, slots=True)
class Process:
    """A way of turning materials into materials."""

    id: str
    name: str
    stage: str | None
    reference_material: str
    origin_at_site: bool
    """Whether the site, not the inputs, decides the class of the product."""
    modes: tuple[Mode, ...]


@dataclass(frozen=True, slots=True)
class Imbalance:
    """A recipe that makes more of an element than goes in."""

    process: str
    mode: str
    element: str
    going_in: float
    """Contained element in, per tonne of reference. [t/t]"""
    coming_out: float
    """Contained element out, per tonne of reference. [t/t]"""


BALANCE_TOLERANCE = 1e-9


def contained(
    amounts: Mapping[str, float], materials: Mapping[str, Material], element: str
) -> float:
    """Sum the contained element over some amounts of materials. [t]

    Examples
    --------
    >>> oxide = Material("o", "", None, "oxide", 1.0, True, {"Nd": 0.8574})
    >>> print(f"{contained({'o': 2.0}, {'o': oxide}, 'Nd'):.4f}")
    1.7148
    """
    return sum(
        amount * materials[material].contents.get(element, 0.0)
        for material, amount in amounts.items()
    )


def element_losses(mode: Mode, materials: Mapping[str, Material]) -> dict[str, float]:
    r"""Tell how much of each element a mode loses per tonne of reference. [t/t]

    .. math::

        \ell_e = \sum_m a^{in}_m c_{m,e} - \sum_m a^{out}_m c_{m,e}

    A negative loss would be an element made from nothing.
    """
    elements = {
        element
        for material in (*mode.inputs, *mode.outputs)
        for element in materials[material].contents
    }
    return {
        element: contained(mode.inputs, materials, element)
        - contained(mode.outputs, materials, element)
        for element in sorted(elements)
    }


def imbalances(process: Process, materials: Mapping[str, Material]) -> list[Imbalance]:
    """Find the elements a process makes from nothing.

    Mines, whose recipes have no input, take from the ground and are not checked; neither is a
    mode none of whose inputs has a composition.
    """
    found: list[Imbalance] = []
    for mode in process.modes:
        if not any(materials[material].contents for material in mode.inputs):
            continue
        for element, loss in element_losses(mode, materials).items():
            going_in = contained(mode.inputs, materials, element)
            if loss < -BALANCE_TOLERANCE * max(1.0, going_in):
                found.append(Imbalance(process.id, mode.name, element, going_in, going_in - loss))
    return found
