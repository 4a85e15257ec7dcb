"""Who stands behind what serves the demands, on chains that can be followed by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.small_chains import ALL_GROUPS, Found, plan_of
from tests.written_cases import Rows, Tables

EXPORT = {"id": "abroad", "country": "AUS", "material": "good", "most": 30, "price": 9000}
MINES: Rows = [
    {"id": "own", "site": "pit", "process": "mine", "nameplate_capacity": 60},
    {"id": "far", "site": "hill", "process": "mine", "nameplate_capacity": 20},
    {"id": "works", "site": "works", "process": "make", "nameplate_capacity": 80},
]


def chain(**tables: Rows) -> Tables:
    """Ore of two countries goes to one plant at home; a supplier sells goods beside it.

    The plant makes 80 t from 60 t of its own ore and 20 t of another country's.
    """
    return {
        "countries": ALL_GROUPS,
        "stages": [{"id": "mining", "order": 1}, {"id": "making", "order": 2}],
        "sites": [
            {"id": "pit", "country": "USA"},
            {"id": "hill", "country": "AUS"},
            {"id": "works", "country": "USA"},
        ],
        "materials": [{"id": "ore", "stage": "mining"}, {"id": "good", "stage": "making"}],
        "processes": [
            {"id": "mine", "stage": "mining", "reference_material": "ore"},
            {"id": "make", "stage": "making", "reference_material": "good"},
        ],
        "recipes": [
            {"process": "mine", "material": "ore", "direction": "out", "amount": 1},
            {"process": "make", "material": "ore", "direction": "in", "amount": 1},
            {"process": "make", "material": "good", "direction": "out", "amount": 1},
        ],
        "assets": MINES,
        "link_rules": [{"id": "any", "from": "kind:plant", "to": "kind:plant", "fixed_cost": 1}],
        "suppliers": [
            {"id": "shop", "site": "works", "material": "good", "price": 5000, "origin": ORIGIN}
        ],
        "demands": [{"id": "users", "site": "works", "amount": 100, "segment": "all"}],
        "segments": [{"id": "all"}],
        "demand_materials": [{"demand": "users", "material": "good"}],
        **tables,
    }


ORIGIN = "making=VNM;mining=CHN"


def of_stage(found: Found, stage: str) -> dict[tuple[str, str], tuple[float, float]]:
    """Tonnes and share by country and kind."""
    frame: pd.DataFrame = found[1]["provenance"].frame
    rows = frame[frame["stage"] == stage].fillna({"country": "?"})
    return {
        (row["country"], row["kind"]): (round(row["served_t"], 6), round(row["share"], 9))
        for row in rows.to_dict("records")
    }


def last_step(found: Found) -> dict[tuple[str, str], tuple[float, float]]:
    rows = found[1]["makers"].frame.fillna({"country": "?"}).to_dict("records")
    return {
        (row["country"], row["kind"]): (round(row["amount_t"], 6), round(row["served_t"], 6))
        for row in rows
    }


def test_each_stage_is_told_by_country_and_the_supplier_by_what_it_declares(tmp_path: Path) -> None:
    found = plan_of(tmp_path, chain())
    assert of_stage(found, "mining") == {
        ("USA", "made"): (60.0, 0.6),
        ("AUS", "made"): (20.0, 0.2),
        ("CHN", "bought"): (20.0, 0.2),
    }
    assert of_stage(found, "making") == {
        ("USA", "made"): (80.0, 0.8),
        ("VNM", "bought"): (20.0, 0.2),
    }
    assert last_step(found) == {("USA", "made"): (80.0, 80.0), ("VNM", "bought"): (20.0, 20.0)}


def test_a_supplier_that_declares_nothing_stands_for_every_stage(tmp_path: Path) -> None:
    shop = {"id": "shop", "country": "AUS", "material": "good", "price": 5000}
    found = plan_of(
        tmp_path,
        chain(
            suppliers=[shop],
            sites=[*chain()["sites"], {"id": "aus", "country": "AUS", "kind": "pool"}],
            link_rules=[{"id": "any", "from": "USA;AUS", "to": "USA;AUS", "fixed_cost": 1}],
        ),
    )
    assert of_stage(found, "mining")["AUS", "bought"] == (20.0, 0.2)


def test_what_is_sold_abroad_is_made_but_does_not_serve(tmp_path: Path) -> None:
    """The plant sells 30 of its 80 t at a better price; the shop's 50 t serve in their place."""
    found = plan_of(tmp_path, chain(buyers=[{**EXPORT, "country": "", "site": "works"}]))
    sold = float(found[1]["sales"].frame["sold_t"].sum())
    rows = last_step(found)
    assert sold == pytest.approx(30.0)
    made, bought = rows["USA", "made"], rows["VNM", "bought"]
    assert made[0] + bought[0] == pytest.approx(130.0)
    assert made[1] + bought[1] == pytest.approx(100.0)
    assert made[1] / made[0] == pytest.approx(100 / 130), "mixed in one place, so drawn in one mix"


def test_the_stock_at_the_start_is_of_unknown_origin(tmp_path: Path) -> None:
    stocks = [{"id": "bin", "site": "works", "material": "good", "opening": 10, "most": 0}]
    found = plan_of(tmp_path, chain(stocks=stocks))
    assert of_stage(found, "mining")["?", "stock"] == (10.0, 0.1)
    assert last_step(found)["?", "stock"] == (0.0, 10.0)


def test_a_stock_keeps_the_origin_of_what_went_in(tmp_path: Path) -> None:
    """The plant fills the stock in its last year; in the next the stock serves."""
    assets = [{**MINES[0], "nameplate_capacity": 200}, {**MINES[2], "nameplate_capacity": 200}]
    assets[1]["last_year"] = 2025
    found = plan_of(
        tmp_path,
        chain(
            assets=assets,
            stocks=[{"id": "bin", "site": "works", "material": "good", "most": 60}],
        ),
        {"periods": [2025, 2026, 2027]},
    )
    frame = found[1]["provenance"].frame
    second = frame[(frame["year"] == 2026) & (frame["stage"] == "mining")]
    assert dict(zip(second["country"], second["served_t"], strict=True)) == pytest.approx(
        {"USA": 60.0, "CHN": 40.0}
    )
    made = found[1]["makers"].frame.query("year == 2026 and kind == 'made'")
    assert made["amount_t"].tolist() == [0.0]
    assert made["served_t"].tolist() == pytest.approx([60.0])


def test_a_recycler_whose_site_decides_stands_in_for_the_stages_it_spares(tmp_path: Path) -> None:
    tables = chain(
        stages=[*chain()["stages"], {"id": "recycling", "order": 3}],
        materials=[*chain()["materials"], {"id": "scrap"}],
        processes=[
            *chain()["processes"],
            {
                "id": "recycle",
                "stage": "recycling",
                "reference_material": "ore",
                "origin": "site",
            },
        ],
        recipes=[
            *chain()["recipes"],
            {"process": "recycle", "material": "scrap", "direction": "in", "amount": 2},
            {"process": "recycle", "material": "ore", "direction": "out", "amount": 1},
        ],
        assets=[
            MINES[0],
            {"id": "again", "site": "hill", "process": "recycle", "nameplate_capacity": 20},
            MINES[2],
        ],
        suppliers=[
            *chain()["suppliers"],
            {"id": "bins", "site": "hill", "material": "scrap", "price": 1, "origin": ORIGIN},
        ],
    )
    found = plan_of(tmp_path, tables)
    assert of_stage(found, "mining")["AUS", "recycled"] == (20.0, 0.2)
    assert of_stage(found, "recycling") == {("AUS", "made"): (20.0, 1.0)}


def test_what_is_only_ever_recycled_stands_in_for_the_stages_behind_what_it_replaces(
    tmp_path: Path,
) -> None:
    """The plant takes 60 t of ore with 20 t of a powder of scrap: a quarter was never mined."""
    tables = chain(
        stages=[*chain()["stages"], {"id": "recycling", "order": 3}],
        materials=[
            *chain()["materials"],
            {"id": "scrap"},
            {"id": "powder", "stage": "recycling"},
        ],
        processes=[
            *chain()["processes"],
            {
                "id": "recycle",
                "stage": "recycling",
                "reference_material": "powder",
                "origin": "site",
            },
        ],
        recipes=[
            *chain()["recipes"][:1],
            {"process": "make", "material": "ore", "direction": "in", "amount": 0.75},
            {"process": "make", "material": "powder", "direction": "in", "amount": 0.25},
            {"process": "make", "material": "good", "direction": "out", "amount": 1},
            {"process": "recycle", "material": "scrap", "direction": "in", "amount": 1},
            {"process": "recycle", "material": "powder", "direction": "out", "amount": 1},
        ],
        assets=[
            MINES[0],
            {"id": "again", "site": "hill", "process": "recycle", "nameplate_capacity": 20},
            MINES[2],
        ],
        suppliers=[
            *chain()["suppliers"],
            {"id": "bins", "site": "hill", "material": "scrap", "price": 1},
        ],
    )
    found = plan_of(tmp_path, tables)
    assert of_stage(found, "mining") == {
        ("USA", "made"): (60.0, 0.6),
        ("AUS", "recycled"): (20.0, 0.2),
        ("CHN", "bought"): (20.0, 0.2),
    }
    assert of_stage(found, "recycling") == {("AUS", "made"): (80.0, 1.0)}
