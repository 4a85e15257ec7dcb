"""Relations between the nouns of a case, each check a small function."""

from __future__ import annotations

from coercivity.chain.case import Case
from coercivity.chain.checks.making import check_making
from coercivity.chain.checks.pricing import check_pricing
from coercivity.chain.checks.reach import check_reach
from coercivity.chain.checks.timing import check_timing
from coercivity.chain.checks.trading import check_trading
from coercivity.chain.checks.varying import check_varying
from coercivity.foundation.problems import Problem
from coercivity.tables import CaseTables


def check_chain(tables: CaseTables, case: Case) -> list[Problem]:
    """Find everything that is wrong between the nouns of a case."""
    return [
        *check_making(tables, case),
        *check_reach(tables, case),
        *check_timing(tables, case),
        *check_trading(tables, case),
        *check_varying(tables),
        *check_pricing(tables),
    ]


__all__ = ["check_chain"]
