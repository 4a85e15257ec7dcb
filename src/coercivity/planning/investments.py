"""Decisions to build: modules by option and period, and the rules between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from coercivity.chain.plants import Option
from coercivity.dispatch.builder import Block, ModelBuilder, Terms
from coercivity.dispatch.network import Network

Entry = tuple[int, float]
"""A column and its coefficient."""


@dataclass(frozen=True)
class Investments:
    """The columns of building decisions.

    They are cumulative, :math:`Y_{o,t}` modules decided on up to a period, which gives much
    smaller gaps than one column a vintage; ``vintages`` asks for the latter, for comparison.
    """

    block: Block
    vintages: bool
    periods: dict[str, list[int]] = field(default_factory=dict)
    """Periods in which each option may be decided on."""
    labels: dict[tuple[str, int], int] = field(default_factory=dict)
    """Column of an option and period."""

    def started(self, option: str, period: int) -> list[Entry]:
        """Write the modules decided on in a period as columns and coefficients."""
        label = self.labels[option, period]
        place = self.periods[option].index(period)
        if self.vintages or place == 0:
            return [(label, 1.0)]
        return [(label, 1.0), (self.labels[option, self.periods[option][place - 1]], -1.0)]

    def decided(self, option: str, period: int) -> list[Entry]:
        """Write the modules decided on up to a period as columns and coefficients."""
        until = [p for p in self.periods[option] if p <= period]
        if not until:
            return []
        if self.vintages:
            return [(self.labels[option, p], 1.0) for p in until]
        return [(self.labels[option, until[-1]], 1.0)]

    def all_starts(self) -> Iterator[tuple[str, int, list[Entry]]]:
        """Go through every option and period in which it may be decided on."""
        for option, periods in self.periods.items():
            for period in periods:
                yield option, period, self.started(option, period)

    def modules(self, primal: np.ndarray) -> dict[tuple[str, int], int]:
        """Read the modules decided on in each period from a solution."""
        found = {}
        for option, period, entries in self.all_starts():
            count = round(float(sum(value * primal[label] for label, value in entries)))
            if count:
                found[option, period] = count
        return found


def add_investments(
    builder: ModelBuilder, network: Network, *, vintages: bool = False
) -> Investments:
    r"""Add the whole number of modules of each option and period.

    There is no column for a period in which a decision is not allowed or would give its first
    output after the horizon.
    """
    options: list[str] = []
    periods: list[int] = []
    upper: list[float] = []
    allowed: dict[str, list[int]] = {}
    for option in network.case.options.values():
        allowed[option.id] = network.decisions(option)
        for period in allowed[option.id]:
            options.append(option.id)
            periods.append(period)
            upper.append(float(option.most))
    block = builder.add_columns(
        "modules", {"option": options, "period": periods}, upper=np.array(upper), integer=True
    )
    labels = {
        key: int(label)
        for key, label in zip(
            zip(options, periods, strict=True), block.labels.tolist(), strict=True
        )
    }
    return Investments(block, vintages, allowed, labels)


def order_decisions(builder: ModelBuilder, network: Network, investments: Investments) -> None:
    r"""Never take a decision back, and build no more modules than there are.

    .. math:: Y_{o,t} \ge Y_{o,t-1}, \qquad Y_{o,t} \le most_o

    Constraint name ``decisions_accumulate`` (or ``modules_at_most`` for vintages).
    """
    rows: list[list[Entry]] = []
    index: dict[str, list[object]] = {"option": [], "period": []}
    right: list[float] = []
    for name, periods in investments.periods.items():
        if investments.vintages:
            if periods:
                rows.append([(label, -value) for label, value in _all(investments, name)])
                index["option"].append(name)
                index["period"].append(periods[-1])
                right.append(-float(network.case.options[name].most))
            continue
        for period in periods[1:]:
            rows.append(investments.started(name, period))
            index["option"].append(name)
            index["period"].append(period)
            right.append(0.0)
    name = "modules_at_most" if investments.vintages else "decisions_accumulate"
    builder.add_rows(name, index, [terms_of(rows)], ">=", np.array(right))


def _all(investments: Investments, option: str) -> list[Entry]:
    return investments.decided(option, investments.periods[option][-1])


def terms_of(rows: list[list[Entry]]) -> Terms:
    """Make terms from a list of entries a row."""
    numbers = [row for row, entries in enumerate(rows) for _ in entries]
    labels = [label for entries in rows for label, _ in entries]
    values = np.array([value for entries in rows for _, value in entries], dtype=float)
    return Terms.of(numbers, labels, values)


def relate_options(builder: ModelBuilder, network: Network, investments: Investments) -> None:
    r"""Let options require and exclude each other.

    .. math::

        Y_{o,t} \le most_o\, Y_{r,t}\ \ (r \in requires_o), \qquad
        C_o + C_e \le 1\ \ (e \in excludes_o)

    with :math:`C_o = Y_{o,T}` where a single module may be built, and else a yes/no column
    ``chosen`` with :math:`Y_{o,T} \le most_o C_o`. Constraint names ``option_requires``,
    ``option_excludes``, ``option_chosen``.
    """
    options = network.case.options
    rows: list[list[Entry]] = []
    index: dict[str, list[object]] = {"option": [], "required": [], "period": []}
    for option in options.values():
        for needed in option.requires:
            for period in investments.periods[option.id]:
                scaled = [(c, -v * option.most) for c, v in investments.decided(needed, period)]
                rows.append([*investments.decided(option.id, period), *scaled])
                for key, value in (
                    ("option", option.id),
                    ("required", needed),
                    ("period", period),
                ):
                    index[key].append(value)
    builder.add_rows("option_requires", index, [terms_of(rows)], "<=", 0.0)
    pairs = sorted(
        {tuple(sorted((o.id, e))) for o in options.values() for e in o.excludes if e != o.id}
    )
    _exclude(builder, network, investments, [(p[0], p[1]) for p in pairs])


def _exclude(
    builder: ModelBuilder,
    network: Network,
    investments: Investments,
    pairs: list[tuple[str, str]],
) -> None:
    options = network.case.options
    built = [pair for pair in pairs if all(investments.periods[name] for name in pair)]
    several = sorted({name for pair in built for name in pair if options[name].most > 1})
    chosen = builder.add_columns("chosen", {"option": several}, upper=1.0, integer=True)
    column = dict(zip(several, chosen.labels.tolist(), strict=True))
    rows = [
        [*_all(investments, name), (column[name], -float(options[name].most))] for name in several
    ]
    builder.add_rows("option_chosen", {"option": several}, [terms_of(rows)], "<=", 0.0)
    rows = [[e for name in pair for e in _choice(investments, column, name)] for pair in built]
    index = {"option": [p[0] for p in built], "excluded": [p[1] for p in built]}
    builder.add_rows("option_excludes", index, [terms_of(rows)], "<=", 1.0)


def _choice(investments: Investments, column: dict[str, int], name: str) -> list[Entry]:
    return [(column[name], 1.0)] if name in column else _all(investments, name)


def expansion_of(network: Network, investments: Investments) -> dict[tuple[str, int], list[Entry]]:
    """Write the capacity that modules add to each asset or link in each period. [kt/year]"""
    found: dict[tuple[str, int], list[Entry]] = {}
    for name, decision, entries in investments.all_starts():
        option: Option = network.case.options[name]
        for period, added in enumerate(network.module_capacity(option, decision)):
            if added > 0:
                found.setdefault((option.adds_to, period), []).extend(
                    (label, value * float(added)) for label, value in entries
                )
    return found
