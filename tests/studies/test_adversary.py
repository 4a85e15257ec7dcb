"""The study of an adversary: its object, its tables, and what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from coercivity.foundation.errors import UsageError
from coercivity.results import Run
from coercivity.studies.adversary import AdversaryOptions, adversary
from tests.alignment.adversary.plans import ABROAD, planned_works

NEEDED = {
    "budget_musd", "best", "coverage_lost", "projects", "drain", "threat", "ban", "coverage",
    "public_outlay_musd", "coverage_lost_if_foreseen", "tried",
}  # fmt: skip


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return planned_works(tmp_path_factory.mktemp("works"))


def asked(**more: Any) -> AdversaryOptions:
    return AdversaryOptions(**{"budget": 400.0, "paths": 100, "workers": 1, **more})


def test_the_object_has_what_was_promised(plan: Run, tmp_path: Path) -> None:
    run = adversary(plan, tmp_path, asked())
    assert set(run.result) >= NEEDED
    best = run.result["best"]
    assert set(best) == {"material", "depth_usd_per_kg", "from_year", "years", "cost_musd"}
    assert best["cost_musd"] <= 400
    (row,) = run.result["projects"]
    assert row["accepts"] == {"base": True, "attacked": False}
    assert row["standing_share"]["attacked"] < row["standing_share"]["base"]
    lost = run.result["coverage"]["base"] - run.result["coverage"]["attacked"]
    assert run.result["coverage_lost"] == pytest.approx(lost)
    assert run.result["lost_t"] == pytest.approx(lost * run.result["asked_t"])


def test_without_money_nothing_is_tried_and_nothing_falls(plan: Run, tmp_path: Path) -> None:
    result = adversary(plan, tmp_path, asked(budget=0)).result
    assert (result["tried"], result["best"], result["coverage_lost"]) == (0, None, 0.0)
    assert (result["drain"], result["threat"], result["ban"]["best"]) == ([], None, None)


def test_tables_tell_every_attack_and_what_a_budget_buys(plan: Run, tmp_path: Path) -> None:
    run = adversary(plan, tmp_path, asked())
    attacks, curve = run.table("attacks"), run.table("budget_curve")
    assert len(attacks) == run.result["tried"]
    assert (attacks["cost_musd"] <= 400).all()
    for column, direction in (("coverage", -1), ("coverage_deterred", -1), ("public_outlay", 1)):
        assert (direction * curve[column].diff().dropna() >= -1e-9).all(), column
    assert curve["cost_musd"].iloc[0] == 0
    assert curve["coverage"].iloc[-1] == pytest.approx(run.result["coverage"]["attacked"])
    assert set(run.units("attacks")) <= set(attacks.columns)


def test_the_same_seed_gives_the_same_answer_on_any_threads(plan: Run, tmp_path: Path) -> None:
    first = adversary(plan, tmp_path, asked()).result
    again = adversary(plan, tmp_path, asked(workers=2)).result
    assert first | {"run": ""} == again | {"run": ""}


def test_a_ban_takes_the_years_in_which_only_he_serves(plan: Run, tmp_path: Path) -> None:
    ban = adversary(plan, tmp_path, asked()).result["ban"]
    # The works start in 2028: in 2026 and 2027 the rival is all there is, of 12 years.
    assert ban["coverage"]["base"] == pytest.approx(1.0)
    assert ban["coverage_lost"] == pytest.approx(2 / 12)
    assert (ban["best"]["from_year"], ban["best"]["years"]) == (2026, 2)


@pytest.mark.parametrize(
    ("more", "match"),
    [
        ({"budget": -1.0}, r"--budget -1.0: write a number that is 0 or more"),
        ({"budget": float("nan")}, "--budget nan"),
        ({"own_cost": 1.0}, r"--own-cost 1.0: .*below 1"),
        ({"every": 0}, "--every 0"),
        ({"exports": 0.0}, r"--exports 0.0: .*above 0"),
        ({"materials": ("goodd",)}, r"'goodd' cannot be dumped\. Did you mean 'good'"),
        ({"paths": 5}, "--paths 5"),
        ({"segment": "user"}, "'user' has no demand"),
    ],
)
def test_what_makes_no_sense_is_refused(
    plan: Run, tmp_path: Path, more: dict[str, Any], match: str
) -> None:
    with pytest.raises(UsageError, match=match):
        adversary(plan, tmp_path, asked(**more))


def test_one_who_sells_nothing_cannot_dump(tmp_path: Path) -> None:
    allied = [
        {"id": "hill", "country": "USA"},
        {"id": "home", "country": "USA", "kind": "pool"},
        {"id": "away", "country": "AUS"},
    ]
    plan = planned_works(tmp_path, **{**ABROAD, "sites": allied})
    with pytest.raises(UsageError, match="nothing to dump"):
        adversary(plan, tmp_path / "runs", asked())
    stated = adversary(plan, tmp_path / "runs", asked(exports=2.0, materials=("good",)))
    assert stated.result["exports_kt_per_year"] == {"good": 2.0}
    assert stated.result["ban"]["best"] is None
