from __future__ import annotations

from pathlib import Path

import pytest

from tests.interfaces.cli.conftest import Call


@pytest.fixture
def planned(call: Call) -> None:
    assert call("plan", "mini", "--name", "base").exit == 0


@pytest.mark.usefixtures("planned")
def test_a_briefing_is_written_here_unless_told_elsewhere(call: Call, here: Path) -> None:
    answer = call("report", "base")
    assert answer.exit == 0
    assert "Build 2 modules" in answer.out
    assert "Wrote base.html (interactive HTML, " in answer.out
    text = (here / "base.html").read_text(encoding="utf-8")
    assert "echarts.registerMap" in text


@pytest.mark.usefixtures("planned")
def test_json_tells_what_was_written(call: Call, here: Path) -> None:
    answer = call(
        "report", "base", "--to", "brief.html", "--static", "--banner", "DRAFT", "--json"
    ).json
    assert answer["status"] == "ok"
    assert answer["form"] == "static HTML"
    assert answer["bytes"] == (here / "brief.html").stat().st_size
    assert answer["runs"] == ["base"]
    assert answer["banner"] == "DRAFT"
    assert answer["redacted"] is False
    assert len(answer["answer"]) == 3
    assert "<script" not in (here / "brief.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("planned")
def test_redacting_leaves_maps_and_sources_out(call: Call, here: Path) -> None:
    assert call("report", "base", "--to", "cut.html", "--static", "--redact").exit == 0
    text = (here / "cut.html").read_text(encoding="utf-8")
    assert "Inputs are left out of this copy." in text
    assert "Base map" not in text


@pytest.mark.usefixtures("planned")
def test_a_wrong_ending_is_told_before_any_work(call: Call, here: Path) -> None:
    answer = call("report", "base", "--to", "brief.doc", "--json")
    assert answer.exit == 2
    assert answer.json["problems"][0]["code"] == "R001"
    assert not (here / "brief.doc").exists()


def test_a_run_that_is_not_there_is_told(call: Call) -> None:
    for verb in ("report", "compare"):
        answer = call(verb, "nothing", "nowhere")
        assert answer.exit == 2
        assert "[R002]" in answer.err


@pytest.mark.usefixtures("planned")
def test_two_runs_are_compared_in_words_tables_and_json(call: Call) -> None:
    assert call("plan", "mini", "--gap", "0.5", "--name", "loose").exit == 0
    told = call("compare", "base", "loose")
    assert told.exit == 0
    assert "Their inputs differ in 1 value of options." in told.out
    assert "Key figures" in told.out
    found = call("compare", "base", "loose", "--json").json
    assert found["inputs"] == [
        {"table": "options", "row": "", "column": "gap", "values": ["0.01", "0.5"]}
    ]
    assert [one["run"] for one in found["runs"]] == ["base", "loose"]
    assert {one["name"] for one in found["figures"]} >= {"objective_musd", "served_share"}
    assert found["outputs"] == []


@pytest.mark.usefixtures("planned")
def test_one_run_alone_cannot_be_compared(call: Call) -> None:
    answer = call("compare", "base")
    assert answer.exit == 2
    assert "two to 4 runs can be compared, got 1." in answer.err
