"""Published project economics rebuilt from aggregates: Bear Lodge, Elk Creek, Nolans.

Inputs stand in `published_projects.csv`, each marked published, remembered or calibrated. No study
gives its cash year by year. The calibrated inputs of Bear Lodge (phasing of capital and of output,
later unit cost) were chosen once, among some ten combinations, so that rate and present values
agree, and are frozen since; its sensitivities follow from the present values. Phasing of the two
others was taken over from earlier notes; depreciation of Elk Creek was chosen after a first result
without any (1 619 and 20.4 %). So these tests hold arithmetic and conventions, one choice against
many published figures; they are no independent evidence of a value.

Sources: NI 43-101 pre-feasibility study of Bear Lodge, Roche, 2014 (NPV10 426, IRR 32.7 %, payback
2.9 years, table 22.9 of sensitivities, before tax); Elk Creek feasibility study, NioCorp, 2017
(NPV8 2 300 and 24.3 % before, 1 700 and 21.7 % after tax); Nolans definitive feasibility study,
Arafura, update of 2021 (NPV8 1 402 and 18.1 % after tax).
"""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from coercivity.finance.appraisal import appraise
from coercivity.finance.compiled import Array
from coercivity.finance.inputs import CashInputs, ProjectTerms
from coercivity.finance.measures import net_present_value
from coercivity.finance.waterfall.terms import NEVER, Rules

FILE = Path(__file__).with_name("published_projects.csv")


def inputs(project: str) -> dict[str, str]:
    """Read the frozen inputs of a project."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {r["quantity"]: r["value"] for r in csv.DictReader(file) if r["project"] == project}


def shares(text: str) -> Array:
    return np.array([float(word) for word in text.split(";")])


def ramped(data: dict[str, str]) -> tuple[Array, slice]:
    """Give 1 in each year of output, less in the first ones, and those years."""
    first, count = int(data["first_output"]), int(data["years_of_output"])
    made = np.zeros(first + count + 1)
    made[first : first + count] = 1.0
    ramp = shares(data["ramp"])
    made[first : first + len(ramp)] = ramp
    return made, slice(first, first + count)


def bear_lodge() -> tuple[CashInputs, ProjectTerms]:
    data = inputs("bear-lodge-2014")
    number = {key: float(value) for key, value in data.items() if ";" not in value}
    made, running = ramped(data)
    later = np.arange(len(made)) >= running.start + number["early_years"]
    tonnes = made * np.where(later, number["later_output"], number["output"])
    capex = np.zeros(len(made))
    split = shares(data["capital_shares"])
    capex[: len(split)] = split * number["initial_capital"]
    upkeep = np.zeros(len(made))
    spread = number["later_capital"] - number["expansion_capital"]
    upkeep[running] = spread / number["years_of_output"]
    upkeep[running.start + int(number["expansion_after"])] += number["expansion_capital"]
    working = np.zeros(len(made))
    working[running.start], working[running.stop] = (
        number["working_capital"],
        -number["working_capital"],
    )
    cash = CashInputs(
        produced={"basket": tonnes},
        prices={"basket": np.full(len(made), number["price"])},
        operating_cost=tonnes * np.where(later, number["later_unit_cost"], number["unit_cost"]),
        capex=capex,
        budget=capex,
        planned_first_output=running.start,
        sustaining=upkeep,
        working_capital=working,
    )
    return cash, plain_terms(number["rate"], Rules(depreciation_class="none", patience=NEVER))


def plain_terms(rate: float, rules: Rules) -> ProjectTerms:
    """Discount constant money from the first year of building, as the studies do."""
    return ProjectTerms(
        id="study", hurdle=rate, inflation=0.0, shift=0.0, debt=None, rules=rules, may_idle=False
    )


def by_result(project: str, *, taxed: bool) -> tuple[CashInputs, ProjectTerms]:
    """Rebuild a project from its yearly result before capital and tax."""
    data = inputs(project)
    made, running = ramped(data)
    capex = np.zeros(len(made))
    split = shares(data["capital_shares"])
    capex[: len(split)] = split * float(data["initial_capital"])
    upkeep = np.zeros(len(made))
    upkeep[running] = float(data["upkeep"])
    cash = CashInputs(
        produced={"all": made},
        prices={"all": np.full(len(made), float(data["ebitda"]))},
        operating_cost=0.0,
        capex=capex,
        budget=capex,
        planned_first_output=running.start,
        sustaining=upkeep,
    )
    rules = Rules(
        tax_rate=float(data["tax_rate"]) if taxed else 0.0,
        depreciation_class=data["depreciation"],
        loss_limit=1.0,
    )
    return cash, plain_terms(float(data["rate"]), rules)


def test_bear_lodge_rate_worth_and_payback() -> None:
    found = appraise(*bear_lodge())
    assert found.equity_irr.rates[0] == pytest.approx(0.327, abs=0.005)
    assert found.equity_irr.counts[0] == 1
    assert found.worth.value == pytest.approx(426, rel=0.05)
    # The study does not say from when it counts; here it is from the start of the year of first
    # output, while 40 % of initial capital is still to be spent.
    assert found.payback.years[0] == pytest.approx(2.9, abs=0.75)


def test_bear_lodge_present_values_follow_from_its_sensitivities() -> None:
    cash, terms = bear_lodge()

    def value(flows: object) -> float:
        return float(net_present_value(np.asarray(flows), rate=terms.hurdle)[0])

    revenue = np.asarray(cash.produced["basket"]) * np.asarray(cash.prices["basket"])
    capital = np.asarray(cash.capex) + np.asarray(cash.sustaining)
    assert value(revenue) == pytest.approx((735 - 117) / 0.4, rel=0.03)
    assert value(cash.operating_cost) == pytest.approx((587 - 264) / 0.4, rel=0.03)
    assert value(capital) == pytest.approx((483 - 368) / 0.4, rel=0.03)


@pytest.mark.parametrize(
    ("quantity", "factor", "published"),
    [
        ("price", 0.8, 117),
        ("price", 1.2, 735),
        ("cost", 1.2, 264),
        ("cost", 0.8, 587),
        ("capital", 0.8, 483),
        ("capital", 1.2, 368),
    ],
)
def test_bear_lodge_sensitivities(quantity: str, factor: float, published: float) -> None:
    # The rows of operating cost stand exchanged in the source. The tolerance is 3 % of the base
    # value, 13 million.
    cash, terms = bear_lodge()
    if quantity == "price":
        cash = replace(cash, prices={"basket": factor * np.asarray(cash.prices["basket"])})
    elif quantity == "cost":
        cash = replace(cash, operating_cost=factor * np.asarray(cash.operating_cost))
    else:
        cash = replace(
            cash,
            capex=factor * np.asarray(cash.capex),
            sustaining=factor * np.asarray(cash.sustaining),
        )
    assert appraise(cash, terms).worth.value == pytest.approx(published, abs=13)


@pytest.mark.parametrize(
    ("project", "taxed", "worth", "rate"),
    [
        ("elk-creek-2017", False, 2300, 0.243),
        ("elk-creek-2017", True, 1700, 0.217),
        ("nolans-2021", True, 1402, 0.181),
    ],
)
def test_studies_known_by_their_result_alone(
    project: str, taxed: bool, worth: float, rate: float
) -> None:
    found = appraise(*by_result(project, taxed=taxed))
    assert found.worth.value == pytest.approx(worth, rel=0.10)
    assert found.equity_irr.rates[0] == pytest.approx(rate, abs=0.02)


def test_every_input_says_where_it_comes_from() -> None:
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["origin"] for row in rows} == {"published", "calibrated", "remembered"}
    assert all(row["unit"] for row in rows)
