"""What is asked of a simulation in words: certain disruptions, surges, price shocks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coercivity.foundation.errors import UsageError
from coercivity.foundation.identifiers import suggestion
from coercivity.foundation.problems import quoted
from coercivity.resilience.simulation.replications import PriceShock, Surge, Trial
from coercivity.studies.subject import Subject
from coercivity.tables import CaseTables
from coercivity.uncertainty.disruptions import Scheduled

SCOPES = {
    "asset": "assets",
    "project": "projects",
    "country": "countries",
    "link": "links",
    "material": "materials",
    "supplier": "suppliers",
}
"""Table in which the targets of each scope are listed."""
NUMBER = r"\d+(?:\.\d+)?"
LOSE = re.compile(
    rf"(?P<scope>[a-z]+):(?P<target>.+)@(?P<first>\d+)\+(?P<months>{NUMBER})"
    rf"(?:x(?P<depth>{NUMBER}))?"
)
FACTOR = re.compile(rf"(?P<name>.+)=(?P<factor>-?{NUMBER})@(?P<first>\d+)\+(?P<months>\d+)")


def read_scheduled(
    texts: Sequence[str], tables: CaseTables, *, months: int
) -> tuple[Scheduled, ...]:
    """Read certain disruptions.

    Parameters
    ----------
    texts
        ``SCOPE:TARGET@MONTH+MONTHS``, or with ``xSHARE`` behind it where not all is lost.
    tables
        The case, for the targets.
    months
        Length of a replication. [month]

    Raises
    ------
    UsageError
        If one cannot be read, has no such target, no length, or begins after the end.
    """
    found = []
    for text in texts:
        parts = LOSE.fullmatch(text)
        if parts is None or parts["scope"] not in SCOPES:
            msg = (
                f"--lose {quoted(text)} cannot be read. Write SCOPE:TARGET@MONTH+MONTHS, such as "
                f"country:CHN@13+12, or asset:plant@1+6x0.5 where half is lost; scopes are "
                f"{', '.join(SCOPES)}.  [S201]"
            )
            raise UsageError(msg)
        known = set(tables[SCOPES[parts["scope"]]].ids())
        if parts["target"] not in known:
            where = f"{SCOPES[parts['scope']]}.csv"
            near = suggestion(parts["target"], sorted(known), listed_in=where)
            msg = f"--lose: {quoted(parts['target'])} is no {parts['scope']}. {near}  [S201]"
            raise UsageError(msg)
        one = Scheduled(
            (parts["scope"], parts["target"]),
            int(parts["first"]),
            float(parts["months"]),
            float(parts["depth"] or 1.0),
        )
        _expect_inside("--lose", text, one.first, months)
        found.append(one)
    return tuple(found)


def read_surges(texts: Sequence[str], segments: Sequence[str], *, months: int) -> tuple[Surge, ...]:
    """Read surges, ``SEGMENT=FACTOR@MONTH+MONTHS``.

    Raises
    ------
    UsageError
        If one cannot be read, or has no such segment.

    Examples
    --------
    >>> read_surges(["defence=1.5@3+6"], ["defence"], months=12)[0].factor
    1.5
    """
    found = _factors("--surge", texts, segments, "segment", months)
    return tuple(Surge(*one) for one in found)


def read_shocks(
    texts: Sequence[str], materials: Sequence[str], *, months: int
) -> tuple[PriceShock, ...]:
    """Read price shocks, ``MATERIAL=FACTOR@MONTH+MONTHS``, of materials with an elasticity.

    Raises
    ------
    UsageError
        If one cannot be read, or the material has no elasticity.
    """
    found = _factors("--price-shock", texts, materials, "material with an elasticity", months)
    return tuple(PriceShock(*one) for one in found)


def _factors(
    option: str, texts: Sequence[str], known: Sequence[str], noun: str, months: int
) -> list[tuple[str, float, int, int]]:
    found = []
    for text in texts:
        parts = FACTOR.fullmatch(text)
        if parts is None or float(parts["factor"]) <= 0 or int(parts["months"]) < 1:
            msg = (
                f"{option} {quoted(text)} cannot be read. Write NAME=FACTOR@MONTH+MONTHS, such as "
                f"{next(iter(known), 'name')}=1.5@13+12, with a factor above 0 and at least one "
                "month.  [S201]"
            )
            raise UsageError(msg)
        if parts["name"] not in known:
            near = suggestion(parts["name"], known, listed_in="the case")
            msg = f"{option}: {quoted(parts['name'])} is no {noun}. {near}  [S201]"
            raise UsageError(msg)
        first = int(parts["first"])
        _expect_inside(option, text, first, months)
        found.append((parts["name"], float(parts["factor"]), first, int(parts["months"])))
    return found


def _expect_inside(option: str, text: str, first: int, months: int) -> None:
    if not 1 <= first <= months:
        msg = (
            f"{option} {quoted(text)} begins in month {first} of {months}. Months are counted "
            "from 1: begin earlier, or ask for more --months.  [S201]"
        )
        raise UsageError(msg)


def expect_targets(trial: Trial, read: Subject) -> None:
    """Refuse a simulation in which nothing can happen.

    Raises
    ------
    UsageError
        If there is neither an event, a disruption, a surge nor a price shock.
    """
    if not (trial.rules or trial.scheduled or trial.surges or trial.shocks):
        msg = (
            f"Nothing can happen to '{read.case.name}': no event of the case has a rate and a "
            "length, and nothing is asked. Fill events.csv, or name a disruption with --lose, "
            "--surge or --price-shock.  [S207]"
        )
        raise UsageError(msg)
