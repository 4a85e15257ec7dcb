"""The verbs that look for what could break a chain, called in this process."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coercivity.interfaces.cli.stress import VERBS
from tests.interfaces.cli.conftest import Call
from tests.small_chains import plant, years
from tests.written_cases import write_case_folder


@pytest.fixture
def two_plants(here: Path) -> str:
    """Two plants of 600 and 700 t serve 1000 t a year; each row could fail."""
    tables = plant(
        {"nameplate_capacity": 600, "time_to_recover": 2},
        assets=[
            {"id": "small", "site": "works", "process": "make", "nameplate_capacity": 600,
             "time_to_recover": 2},
            {"id": "large", "site": "works", "process": "make", "nameplate_capacity": 1400,
             "group_of": 2},
        ],
        demand={"amount": 1000, "penalty": 1000},
        stocks=[{"id": "pile", "site": "works", "material": "good", "opening": 150, "most": 150}],
        events=[{"id": "strike", "scope": "asset", "target": "large", "rate": 0.1,
                 "duration_law": "exponential", "duration_mean": 0.5, "depth": 0.8}],
    )  # fmt: skip
    settings = years(2025, 2026, 2027, 2028, report_until=2027, discount_rate=0)
    return str(write_case_folder(here / "two", tables, settings))


def test_the_group_lists_its_verbs_and_meets_wrong_ones(call: Call) -> None:
    shown = call("stress", "--help").out
    for verb in VERBS:
        assert re.search(rf"^  {verb.name} +\S", shown, re.MULTILINE)
    assert call("stress").out == shown
    wrong = call("stress", "wurst", "mini")
    assert wrong.exit == 2
    assert "Did you mean 'worst'?" in wrong.err


def test_the_worst_counts_plants_of_a_row(call: Call, two_plants: str) -> None:
    # One of the two large plants gone: 700 + 600 t serve 1000 t. All lines but one pair spare it.
    one = call("stress", "worst", two_plants, "--k", "1", "--json").json
    assert one["shortfall_t"] == pytest.approx(0, abs=1e-3)
    # Both gone: 600 t a year and 150 t in stock for three years of 1000 t.
    two = call("stress", "worst", two_plants, "--k", "2", "--json").json
    assert two["shortfall_t"] == pytest.approx(1200 - 150, abs=1e-3)
    assert [(row["target"], row["plants"]) for row in two["failed"]] == [("large", 2)]
    assert two["status"] == "optimal"
    assert two["bound_t"] == two["shortfall_t"]
    none = call("stress", "worst", two_plants, "--k", "0", "--json").json
    assert (none["failed"], none["shortfall_t"]) == ([], pytest.approx(0, abs=1e-3))


def test_protecting_moves_the_worst_elsewhere(call: Call, two_plants: str) -> None:
    found = call("stress", "worst", two_plants, "--k", "2", "--protect", "2", "--json").json
    assert [row["target"] for row in found["protect"]["protected"]] == ["large"]
    assert found["protect"]["value"] == pytest.approx(0, abs=1e-3)
    shown = call("stress", "worst", two_plants, "--k", "2", "--protect", "2").out
    assert "Protect large first" in shown
    assert "This is proven" in shown


def test_one_year_is_counted_alone(call: Call, two_plants: str) -> None:
    found = call("stress", "worst", two_plants, "--k", "3", "--year", "2026", "--json").json
    # Nothing runs in any year; the stock of 150 t may wait for the year that counts.
    assert found["shortfall_t"] == pytest.approx(850, abs=1e-3)


def test_a_sweep_loses_each_thing_for_good_and_by_its_event(call: Call, two_plants: str) -> None:
    found = call("stress", "sweep", two_plants, "--json").json
    by_id = {(row["target"], row["event"]): row for row in found["shocks"]}
    assert sum(by_id["large", None]["shortfall_t"].values()) == pytest.approx(1050, abs=1e-3)
    assert by_id["small", None]["cost_musd"] == pytest.approx(0, abs=1e-9)
    strike = by_id["large", "strike"]
    # Half a year at a fifth leaves 1400 x (1 - 0.8 x 0.5) = 840 t beside the 600 t.
    assert (strike["duration_years"], strike["depth"]) == (0.5, 0.8)
    assert sum(strike["shortfall_t"].values()) == pytest.approx(0, abs=1e-3)
    assert found["shocks"][0]["target"] in {"large", "USA"}
    assert "leaves most unserved" in call("stress", "sweep", two_plants).out


def test_pairs_that_were_not_tried_are_told(call: Call, two_plants: str) -> None:
    whole = call("stress", "sweep", two_plants, "--pairs", "--workers", "2", "--json").json
    pairs = {row["target"]: row for row in whole["shocks"] if " + " in row["target"]}
    # Nothing runs without both: 3 years of 1000 t, of which 150 t lie in stock.
    assert sum(pairs["small + large"]["shortfall_t"].values()) == pytest.approx(2850, abs=1e-3)
    assert whole["not_tried"] == []
    cut = call("stress", "sweep", two_plants, "--pairs", "--time-limit", "1e-9", "--json").json
    assert [row["target"] for row in cut["not_tried"]] == ["small + large"]
    assert cut["not_tried"][0]["measured_more_at_least"] == pytest.approx(1050, abs=1e-3)


def test_survival_is_the_stock_over_what_is_missing(call: Call, two_plants: str) -> None:
    found = call("stress", "survive", two_plants, "--json").json
    rows = {row["asset"]: row for row in found["assets"]}
    # Without the large plant 400 t a year are missing; 150 t lie in stock.
    assert rows["large"]["time_to_survive_years"] == pytest.approx(150 / 400, abs=1e-6)
    assert rows["large"]["time_to_recover_years"] is None
    assert rows["large"]["at_risk"] is False
    assert rows["large"]["reason"]
    assert rows["small"]["censored"] is True


def test_the_stock_that_closes_a_gap_is_what_is_missing_meanwhile(call: Call, here: Path) -> None:
    tables = plant(
        {"nameplate_capacity": 600},
        assets=[
            {"id": "small", "site": "works", "process": "make", "nameplate_capacity": 600},
            {"id": "large", "site": "works", "process": "make", "nameplate_capacity": 700,
             "time_to_recover": 2},
        ],
        demand={"amount": 1000, "penalty": 1000},
        stocks=[{"id": "pile", "site": "works", "material": "good", "opening": 150, "most": 150}],
        suppliers=[{"id": "shop", "site": "works", "material": "good", "offered": 1e-6,
                    "price": 100}],
    )  # fmt: skip
    pools = [{**row, "kind": "pool"} for row in tables["sites"]]
    settings = years(
        2025, 2026, 2027, 2028, report_until=2027, discount_rate=0, perspective="USA"
    )  # fmt: skip
    case = str(write_case_folder(here / "gap", {**tables, "sites": pools}, settings))
    rows = {
        row["asset"]: row for row in call("stress", "survive", case, "--json").json["assets"]
    }  # fmt: skip
    large = rows["large"]
    assert large["at_risk"] is True
    # In two years 800 t are missing, of which 150 t lie there.
    assert [(p["material"], p["site"]) for p in large["stock"]] == [("good", "works")]
    assert large["stock"][0]["stock_t"] == pytest.approx(650, abs=1e-3)
    # 100 a tonne to buy, and a tenth of it a year for the three years of the report.
    assert large["stock_cost_musd"] == pytest.approx(650 * 130 / 1e6, rel=1e-6)
    assert (rows["small"]["stock"], rows["small"]["stock_cost_musd"]) == ([], None)
    assert "650 t of good" in call("stress", "survive", case).out


def test_a_stock_bought_ahead_keeps_its_class_when_rules_grow_stricter(call: Call) -> None:
    assert call("plan", "mini", "--name", "built").exit == 0
    found = call("stress", "survive", "built", "--asset", "magnet-plant", "--json").json
    [row] = found["assets"]
    # From 2026 on it is missed for two years; in the second 400 t of defence need a class that
    # only the plant gives, by rules that begin then.
    assert (found["year"], row["time_to_recover_years"]) == (2026, 2.0)
    assert sum(pile["stock_t"] for pile in row["stock"]) == pytest.approx(400, abs=1e-3)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("worst", "--k", "9"), "--k 9 is more than can fail: all 3 plants"),
        (("worst", "--k", "-1"), "less than no failure"),
        (("worst", "--segment", "defense"), "has no demand"),
        (("worst", "--measure", "money"), "Write shortfall or cost"),
        (("worst", "--protect", "0"), "Protect between 1 and 3"),
        (("worst", "--year", "1999"), "--year 1999 is not reported"),
        (("sweep", "--year", "2028"), "Ask for 2025 to 2027"),
        (("sweep", "--target", "smal"), "Did you mean 'small'?"),
        (("survive", "--asset", "larg"), "Did you mean 'large'?"),
        (("survive", "--workers", "0"), "Give at least 1"),
        (("sweep", "--workers", "0"), "Give at least 1"),
        (("sweep", "--time-limit", "0"), "Give more than 0"),
    ],
)
def test_a_wrong_call_is_told_once(
    call: Call, two_plants: str, words: tuple[str, ...], told: str
) -> None:
    shown = call("stress", words[0], two_plants, *words[1:])
    assert shown.exit == 2
    assert told in shown.err


def test_an_event_without_length_is_a_wrong_case(call: Call, here: Path) -> None:
    tables = plant(
        {"nameplate_capacity": 1000},
        events=[{"id": "blink", "scope": "asset", "target": "plant", "rate": 0.1,
                 "duration_law": "exponential", "duration_mean": 0, "depth": 1}],
    )  # fmt: skip
    shown = call(
        "stress", "sweep", str(write_case_folder(here / "blink", tables, years(2025, 2026)))
    )
    assert shown.exit == 3
    assert "blink" in shown.err


def test_cost_without_penalties_is_a_wrong_case(call: Call, here: Path) -> None:
    tables = plant({"nameplate_capacity": 1000}, demand={"penalty": ""})
    case = str(write_case_folder(here / "free", tables, years(2025, 2026)))
    shown = call("stress", "worst", case, "--measure", "cost")
    assert shown.exit == 3
    assert "S102" in shown.err
