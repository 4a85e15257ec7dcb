"""Kinds of promise read from a case, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from coercivity.finance.political_will import PromiseKind, Renewal, promise_kinds
from coercivity.finance.refusals import FinanceError
from coercivity.tables import read_case

CASES = Path(__file__).parents[2] / "src" / "coercivity" / "cases"


@pytest.mark.parametrize("case", ["us-rare-earths", "us-tungsten"])
def test_the_kinds_of_the_cases_are_read(case: str) -> None:
    kinds = promise_kinds(read_case(CASES / case))
    assert kinds["appropriation"].renewal is Renewal.FISCAL_YEAR
    assert kinds["statute"].renewal is Renewal.ELECTION
    assert kinds["statute"].grandfathered
    assert kinds["contract"].termination_share > 0.5
    assert kinds["obligated"].hazard == 0
    hazards = [kinds[name].hazard for name in ("obligated", "contract", "announcement")]
    assert hazards == sorted(hazards)


@pytest.mark.parametrize(
    "fields",
    [
        {"hazard": -0.1},
        {"hazard": 0.1, "reprovision": float("inf")},
        {"hazard": float("nan")},
        {"hazard": 0.1, "termination_share": 80.0},
    ],
)
def test_rates_and_shares_that_cannot_be_are_refused(fields: dict[str, float]) -> None:
    with pytest.raises(FinanceError, match=r"promise 'kind' has hazard .*F207"):
        PromiseKind(id="kind", **fields)  # type: ignore[arg-type]
