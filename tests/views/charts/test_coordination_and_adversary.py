"""Figures and words of owners who wait, and of an adversary, from runs alone."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from coercivity.alignment.coordination import Payoffs
from coercivity.results import Run
from coercivity.studies.adversary import AdversaryOptions
from coercivity.studies.adversary import adversary as study
from coercivity.views import adversary_words, coordination_words
from coercivity.views.briefing.sections import adversary as adversary_section
from coercivity.views.briefing.sections import coordination as coordination_section
from coercivity.views.charts import available, figure
from tests.alignment.adversary.plans import planned_works
from tests.alignment.coordination.games import MATCHING, RIVALS, alike
from tests.alignment.coordination.told import chain_game, plan_game, told_run


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("attacked")
    options = AdversaryOptions(budget=400, paths=100, workers=1, name="hit")
    return study(planned_works(folder), folder / "runs", options)


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Run:
    game = plan_game(chain_game(), refinery=(12.0, 15.0), outpost=(-80.0, -60.0))
    return told_run(tmp_path_factory.mktemp("waiting"), game)


def told(folder: Path, payoffs: Payoffs | None, **worth: tuple[float, float]) -> Run:
    return told_run(folder, plan_game(payoffs, **worth))


def test_arrows_lead_from_who_waits_to_whom(waiting: Run) -> None:
    chart = figure(waiting, "waits")
    (series,) = chart.option["series"]
    names = {node["id"]: node["name"].split(" ")[0] for node in series["data"]}
    pairs = {(names[edge["source"]], names[edge["target"]]) for edge in series["edges"]}
    assert pairs == {("separation", "mine"), ("metal", "separation"), ("magnet", "metal")}
    assert set(names.values()) == {name for pair in pairs for name in pair}
    assert "60 million of guarantees" in chart.title
    assert json.loads(json.dumps(dict(chart.option)))
    assert "<svg" in chart.svg()


def test_worth_is_drawn_alone_and_with_all(waiting: Run) -> None:
    chart = figure(waiting, "owners")
    alone, with_all = chart.option["series"]
    assert alone["data"] == chart.table["alone"].tolist()
    assert with_all["data"] == chart.table["with_all"].tolist()
    assert chart.option["yAxis"]["data"][-1] == "outpost: does not invest"
    assert chart.units["alone"] == "million, real, present value"


def test_where_nobody_waits_the_figure_says_so(tmp_path: Path) -> None:
    run = told(tmp_path, None, one=(1.0, 2.0), two=(-3.0, -1.0))
    assert figure(run, "waits").title == "No owner waits for another; 1 of 2 projects invest."
    (said,) = coordination_words.answer(run)
    assert said.startswith("Nobody waits for anybody: owners of one invest")


def test_words_of_complements_name_the_gap_and_what_tips_it(waiting: Run) -> None:
    said = coordination_words.answer(waiting)
    assert said[0].startswith("One more investor never hurts another here.")
    assert "By themselves owners build refinery" in said[0]
    assert "exposes the public to 60 million (40 to mine and 20 to separation" in said[-1]
    assert "pays nothing" in said[-1]


def test_words_of_rivals_never_say_least_or_greatest_is(tmp_path: Path) -> None:
    said = " ".join(coordination_words.answer(told(tmp_path / "rivals", RIVALS)))
    assert "no least and no greatest equilibrium" in said
    assert "the worst serves least with east" in said
    none = " ".join(coordination_words.answer(told(tmp_path / "none", MATCHING)))
    assert "no set at all in which nobody regrets" in none


def test_one_common_fate_is_told_without_rivals(tmp_path: Path) -> None:
    said = coordination_words.answer(told(tmp_path, alike(2, -3.0, 5.0)))
    assert "owners build nothing" in said[0]
    assert "3 to mine" in said[-1]


def test_every_row_of_the_owners_is_told(waiting: Run) -> None:
    owners, pairs = coordination_words.tables(waiting)
    assert [row[0] for row in owners.rows] == waiting.table("owners")["project"].tolist()
    assert {row[3] for row in owners.rows} == {
        "yes, whatever the others do",
        "no, whatever the others do",
        "if others do",
    }
    assert len(pairs.rows) == 3


def test_lines_fall_or_rise_and_end_at_the_budget(attacked: Run) -> None:
    chart = figure(attacked, "adversary")
    fallen, deterred, outlay = (np.array(one["data"]) for one in chart.option["series"])
    for line, sign in ((fallen, -1), (deterred, -1), (outlay, 1)):
        assert (np.diff(line[:, 0]) >= 0).all()
        assert (sign * np.diff(line[:, 1]) >= 0).all()
        assert line[-1, 0] == 400
    assert fallen[-1, 1] == pytest.approx(100 * attacked.result["coverage"]["attacked"], rel=1e-3)
    assert "<svg" in chart.svg()


def test_the_hardest_hit_stand_first(attacked: Run) -> None:
    chart = figure(attacked, "standing")
    assert chart.table["project"].tolist() == ["works"]
    assert chart.title.startswith("Under dumping good by")
    assert {"adversary", "standing"} <= set(available(attacked))


def test_the_answer_names_attack_threat_and_ban(attacked: Run) -> None:
    said = adversary_words.answer(attacked)
    assert said[0].startswith("Within 400 million of lost margin")
    assert any("Expecting it is enough" in text for text in said)
    assert any("a ban on good" in text for text in said)
    (projects, drains) = adversary_words.tables(attacked)
    assert projects.rows[0][0] == "works"
    assert drains.rows == ()


def test_briefings_have_a_section_of_both(attacked: Run, waiting: Run, tmp_path: Path) -> None:
    answer = adversary_section.answer(attacked)
    assert len(answer.sentences) == 3
    assert len(adversary_section.section(attacked).charts) == 2
    assert "works" not in " ".join(adversary_section.cut_answer(attacked))
    section = coordination_section.section(waiting)
    assert [chart.name for chart in section.charts] == ["waits", "owners"]
    assert section.paragraphs
    assert not coordination_section.section(attacked).charts
