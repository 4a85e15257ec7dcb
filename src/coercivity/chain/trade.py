"""Lanes, offers, takers, demands, stocks, limits and targets. Arrays run over years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coercivity.foundation.periods import Array


@dataclass(frozen=True, slots=True)
class Link:
    """A directed way whose capacity and least flow are shared by its materials."""

    id: str
    start: str
    end: str
    capacity: Array
    """Most it moves; may be infinite. [t/year]"""
    least: Array
    """Least it moves. [t/year]"""


@dataclass(frozen=True, slots=True)
class Lane:
    """One material on one way, from an explicit link or from a rule."""

    id: str
    link: str | None
    """The explicit link whose capacity it shares; None for a rule."""
    start: str
    end: str
    material: str
    cost: Array
    """Freight per tonne counted. [case money/t]"""
    tariff: Array
    """Duty per tonne counted. [case money/t]"""
    open: Array
    """1 in years in which it is open, else 0."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One price step of an outside supplier."""

    supplier: str
    step: int
    sites: tuple[str, ...]
    country: str | None
    material: str
    offered: Array
    """Most it delivers; 0 while it does not exist. [t/year]"""
    price: Array
    """Price of the step. [case money/t]"""
    origin: Mapping[str, str]
    """Country in which each stage ran."""


@dataclass(frozen=True, slots=True)
class Taker:
    """One price step of an outside buyer."""

    buyer: str
    step: int
    sites: tuple[str, ...]
    country: str | None
    material: str
    most: Array
    """Most it takes; 0 while it does not exist. [t/year]"""
    price: Array
    """Price it pays; negative = cost of disposal. [case money/t]"""


@dataclass(frozen=True, slots=True)
class Alternative:
    """A material that can serve a demand."""

    material: str
    amount: float
    """Tonnes per tonne of demand. [t/t]"""
    extra_cost: Array
    """Cost of serving it this way. [case money/t of demand]"""
    first_year: int | None


@dataclass(frozen=True, slots=True)
class Demand:
    """What has to be served."""

    id: str
    segment: str | None
    sites: tuple[str, ...]
    amount: Array
    """What is asked for. [t/year]"""
    origin_class: str
    priority: int
    penalty: Array | None
    """Cost of not serving; None = must be met. [case money/t]"""
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Stock:
    """A place where material is kept."""

    id: str
    site: str
    material: str
    opening: float
    """Stock at the start. [t]"""
    most: Array
    """Most that is kept. [t]"""
    holding_cost: Array
    """Cost of keeping. [case money/t/year]"""
    fill_cost: Array
    """Cost of putting in. [case money/t]"""
    owner: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound on what a plan may do."""

    id: str
    scope: str
    target: str | None
    material: str | None
    kind: str
    amount: Array
    """Most in a year; infinite while it does not hold. [million/year, 1/year or t/year]"""


@dataclass(frozen=True, slots=True)
class Target:
    """A share of a segment's demand that must be served from a year on."""

    id: str
    segment: str
    share: float
    """Least share served. [fraction]"""
    origin_class: str
    year: int
