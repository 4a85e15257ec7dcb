"""The inputs of the hindcast are those that were published, and its answer follows from them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.known.published import published

RESULTS = Path(__file__).resolve().parents[2] / "docs" / "results"


def values(name: str) -> dict[tuple[str, str], float]:
    with (RESULTS / name).open(encoding="utf-8") as stream:
        return {(row["item"], row["year"]): float(row["value"]) for row in csv.DictReader(stream)}


def test_quotas_and_prices_are_those_published() -> None:
    known = json.loads(published("hindcast-2010", "answers.json").read_text())
    inputs = values("hindcast-2010.csv")
    for year, quota in known["china_export_quota_t"].items():
        assert inputs["quota", year] == quota
    assert inputs["quota-first-half", "2010"] == known["quota_batches"]["2010H1"]
    averages = known["price_annual_avg_usd_kg_Lynas"]
    assert inputs["price-light", "2009"] == averages["Nd2O3"]["2009"]
    assert inputs["price-heavy", "2009"] == averages["Dy2O3"]["2009"]


def test_what_happened_is_what_was_published() -> None:
    known = json.loads(published("hindcast-2010", "answers.json").read_text())
    seen = values("hindcast-2010-observed.csv")
    for kind, oxide in (("light", "Nd2O3"), ("heavy", "Dy2O3")):
        for year in ("2011", "2012", "2013"):
            low, high = known["price_yearend_usd_kg"][oxide][year]
            assert seen[f"price-{kind}", year] == pytest.approx((low + high) / 2)
    for year in ("2011", "2012"):
        assert seen["exports", year] == known["china_actual_exports_t"][year]
    for year in ("2011", "2012", "2013"):
        assert seen["us-output", year] == known["us_bastnaesite_t"][year]


def test_the_price_after_the_cut_is_that_of_the_elasticity() -> None:
    """In 2011 a share of the market is gone; at the elasticity the price is as the page shows."""
    inputs = values("hindcast-2010.csv")
    market = inputs["quota", "2009"] + inputs["outside", "2009"]
    left = (inputs["quota", "2011"] + inputs["outside", "2009"]) / market
    price = inputs["price-light", "2009"] * left ** (1 / inputs["demand-light", ""])
    assert price == pytest.approx(97.5, abs=1.5)
