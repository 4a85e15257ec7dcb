"""A project whose prices an adversary pushes down."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from coercivity.alignment.adversary.attacks import Attack
from coercivity.finance.compiled import Array
from coercivity.finance.prices.processes import Quote
from coercivity.finance.prices.simulation import PricePaths
from coercivity.finance.projects.position import Position


def pushed_down(price: Array, *, depth: float, floor: float) -> Array:
    r"""Take a depth off a price, but not below what the adversary sells at.

    .. math:: P' = \max(P - h,\ \min(P, c))

    Parameters
    ----------
    price
        Any shape. [USD/kg]
    depth
        Taken off. [USD/kg]
    floor
        His own cost; a price that is below it already stays. [USD/kg]

    Examples
    --------
    >>> pushed_down(np.array([50.0, 20.0, 8.0]), depth=25.0, floor=10.0).tolist()
    [25.0, 10.0, 8.0]
    """
    return np.asarray(np.maximum(price - depth, np.minimum(price, floor)), dtype=np.float64)


def is_exposed(position: Position, material: str) -> bool:
    """Tell whether a project buys or sells a product, or something that follows its price.

    Parameters
    ----------
    position
        The project.
    material
        The product.
    """
    wanted = position.pricing.quotes.values()
    traded = {quote.material for quote in wanted}
    return material in traded | {link.follows for link in position.book.needed(wanted)}


def under_attack(position: Position, attack: Attack, *, floor: float) -> Position:
    """Give a project with the prices of an attack; what follows the product follows it down.

    Parameters
    ----------
    position
        The project.
    attack
        What the adversary does.
    floor
        His own cost. [USD/kg]

    Returns
    -------
    Position
        On the same paths of everything else; the same project where the product moves none of its
        prices.
    """
    if not is_exposed(position, attack.material) or attack.depth == 0:
        return position
    drawn, book = position.drawn, position.book
    followed = {link.quote for link in book.needed(position.pricing.quotes.values())}
    begin = drawn.paths.steps_a_year * (attack.from_year - drawn.case_first)
    end = begin + drawn.paths.steps_a_year * attack.years
    prices: dict[Quote, Array] = {}
    for quote, table in drawn.paths.prices.items():
        if quote.material == attack.material:
            pushed = np.array(table)
            low = pushed_down(
                table[:, begin:end], depth=1000.0 * attack.depth, floor=1000.0 * floor
            )
            pushed[:, begin:end] = low
            prices[quote] = pushed
        elif quote not in followed:
            prices[quote] = table
    links = tuple(link for link in book.links if link.quote.material != attack.material)
    paths = PricePaths(prices, drawn.paths.steps_a_year, {}, drawn.paths.margins)
    moved = position.with_prices(paths, replace(book, links=links))
    return replace(moved, book=book)
