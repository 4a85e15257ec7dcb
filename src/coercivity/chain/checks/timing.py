"""Options: can they finish in time, and do their lists add up."""

from __future__ import annotations

from collections.abc import Iterator

import networkx as nx

from coercivity.chain.case import Case
from coercivity.chain.plants import Option
from coercivity.foundation.problems import Problem, Severity
from coercivity.tables import CaseTables, Row

EXACT = 1e-6


def check_timing(tables: CaseTables, case: Case) -> Iterator[Problem]:
    """Check lead times, spending and requirements of options."""
    rows = {row.text("id"): row for row in tables.tables["options"].rows()}
    for name, row in rows.items():
        option = case.options[name]
        yield from _finishes(option, row, case)
        yield from _spending(option, row)
        yield from _shares(option, row)
        yield from _financing(option, row)
    yield from _cycles(rows, case)


def _finishes(option: Option, row: Row, case: Case) -> Iterator[Problem]:
    end = case.horizon.end
    if option.most == 0:
        return
    if any(option.may_be_decided(year, horizon_end=end) for year in case.horizon.starts):
        return
    allowed = [
        year
        for year in case.horizon.starts
        if (option.earliest is None or year >= option.earliest)
        and (option.latest is None or year <= option.latest)
    ]
    if not allowed:
        what = "no period begins between its earliest and latest year"
        instead = "Change earliest or latest, or let a period begin in between."
    else:
        what = (
            f"decided on in {allowed[0]} it gives its first output in "
            f"{option.first_output_year(allowed[0])}, but the horizon ends with {end - 1}"
        )
        instead = "It can never be chosen. Shorten permit_years or build_years, or extend periods."
    yield Problem(
        "C205",
        row.place("build_years"),
        f"option '{option.id}' cannot finish within the horizon: {what}",
        instead,
        Severity.WARNING,
    )


def _spending(option: Option, row: Row) -> Iterator[Problem]:
    if not row.given("capital_years"):
        return
    if option.build_years and len(option.capital_shares) > option.build_years:
        yield Problem(
            "C206",
            row.place("capital_years"),
            f"option '{option.id}' spends over {len(option.capital_shares)} years but builds in "
            f"{option.build_years}",
            "Give at most one share a construction year.",
        )
    total = sum(option.capital_shares)
    if abs(total - 1) > EXACT:
        yield Problem(
            "C206",
            row.place("capital_years"),
            f"shares of capital of option '{option.id}' add up to {total:.6g}, not 1",
            "Scale them; coercivity never rescales for you.",
        )


def _shares(option: Option, row: Row) -> Iterator[Problem]:
    wrong = [share for share in option.ramp if not 0 <= share <= 1]
    if wrong:
        yield Problem(
            "C207",
            row.place("ramp"),
            f"ramp of option '{option.id}' has {wrong[0]:g}",
            "A share of the size lies between 0 and 1.",
        )


def _financing(option: Option, row: Row) -> Iterator[Problem]:
    if (option.financing_rate is None) != (option.financing_years is None):
        yield Problem(
            "C208",
            row.place("financing_rate"),
            f"option '{option.id}' has only one of financing_rate and financing_years",
            "Give both, or neither to pay capital as it is spent.",
        )
    elif option.financing_years is not None and option.financing_years < 1:
        yield Problem(
            "C208",
            row.place("financing_years"),
            f"option '{option.id}' is financed over {option.financing_years:g} years",
            "Give at least one year, or leave financing empty.",
        )


def _cycles(rows: dict[str, Row], case: Case) -> Iterator[Problem]:
    graph = nx.DiGraph(
        (option.id, needed) for option in case.options.values() for needed in option.requires
    )
    order = {name: place for place, name in enumerate(rows)}
    for found in nx.simple_cycles(graph):
        first = found.index(min(found, key=order.__getitem__))
        group = [*found[first:], *found[:first]]
        names = " → ".join((*group, group[0]))
        yield Problem(
            "C209",
            rows[group[0]].place("requires"),
            f"options require each other in a circle: {names}",
            "Take one of the requirements out.",
            Severity.ERROR if len(group) == 1 else Severity.WARNING,
        )
    for option in case.options.values():
        both = sorted(set(option.requires) & set(option.excludes))
        if both:
            yield Problem(
                "C210",
                rows[option.id].place("excludes"),
                f"option '{option.id}' both requires and excludes '{both[0]}'",
                "Take it out of one of the two lists.",
            )
