"""Kilograms of key product that a kilogram of anything else in the chain stands for."""

from __future__ import annotations

from collections.abc import Mapping

from coercivity.chain import Case
from coercivity.finance.prices.processes import Quote
from coercivity.finance.refusals import FinanceError


def leads_to_demand(case: Case) -> frozenset[str]:
    """List the materials that can become a product that is asked for.

    Parameters
    ----------
    case
        The case.
    """
    found = {one.material for demand in case.demands.values() for one in demand.alternatives}
    modes = [mode for process in case.processes.values() for mode in process.modes]
    grew = True
    while grew:
        more = {
            material
            for mode in modes
            if not found.isdisjoint(mode.outputs)
            for material in mode.inputs
            if case.carries_origin(material)
        }
        grew = not more <= found
        found |= more
    return frozenset(found)


def key_equivalents(
    case: Case, key: str, *, prices: Mapping[Quote, float], year: int
) -> dict[str, float]:
    r"""Give the key product that a tonne of each material stands for.

    What contains elements of the key product counts as what it contains of them:

    .. math:: q_m = \frac{\sum_{e \in key} c_{m,e}}{\sum_{e \in key} c_{key,e}}

    A product that is asked for and contains none counts as the mean of those that do, by demand,
    so that a kilogram of each is worth the same support. Anything else on the way to such products
    counts by its price over that of the key product. What leads to no such product counts nothing.

    Parameters
    ----------
    case
        The case.
    key
        Key product.
    prices
        By material and place. [case money/t]
    year
        Whose demand counts. [calendar year]

    Raises
    ------
    FinanceError
        If there is no key product, or it is needed and has no price.

    Returns
    -------
    dict
        By material; those that count nothing are left out. [t/t]
    """
    if key not in case.materials:
        msg = (
            "case.yaml names no key_product. The field of the loop is money per kg of it: add "
            "key_product, the id of a material.  [F112]"
        )
        raise FinanceError(msg, code="F112")
    whole = case.materials[key].contents
    found = {key: 1.0}
    on_the_way = leads_to_demand(case)
    for name in sorted(on_the_way):
        share = sum(case.materials[name].contents.get(element, 0.0) for element in whole)
        if share > 0:
            found[name] = share / sum(whole.values())
    found |= _products_without(case, found, year)
    worth = _price(prices, key)
    for name in sorted(on_the_way - found.keys()):
        price = _price(prices, name)
        if price > 0 and worth > 0:
            found[name] = price / worth
    return found


def _products_without(case: Case, known: Mapping[str, float], year: int) -> dict[str, float]:
    """Give products that are asked for and contain no key product the mean of those that do."""
    place = min(max(year - case.horizon.first_year, 0), len(case.horizon.years) - 1)
    weights: dict[str, float] = {}
    for demand in case.demands.values():
        for one in demand.alternatives:
            weights[one.material] = weights.get(one.material, 0.0) + float(demand.amount[place])
    total = sum(weight for name, weight in weights.items() if name in known)
    if total <= 0:
        return {}
    mean = sum(w * known[name] for name, w in weights.items() if name in known) / total
    return {name: mean for name in weights if name not in known}


def _price(prices: Mapping[Quote, float], material: str) -> float:
    """Give the lowest price of a material, which is the one abroad; 0 where it has none."""
    return min((p for quote, p in prices.items() if quote.material == material), default=0.0)
