"""Every screen answers, whatever is open, and states what it shows."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from starlette.testclient import TestClient

from coercivity.interfaces.workbench.pages import SCREENS
from coercivity.interfaces.workbench.workspace import Workspace
from coercivity.results import Request, RunWriter
from coercivity.results.status import Status, now, write_status
from tests.interfaces.workbench.conftest import Opened

PATHS = [screen.path for screen in SCREENS] + ["/buy", "/help"]


def main_of(page: str) -> str:
    found = re.search(r"<main.*?</main>", page, re.DOTALL)
    assert found is not None
    return found.group()


def heading(page: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page, re.DOTALL)
    assert found is not None
    return found.group(1)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("query", ["", "?project=mine", "?project=example~mini"])
def test_every_screen_answers(client: TestClient, path: str, query: str) -> None:
    answer = client.get(path + query)
    assert answer.status_code == 200
    assert heading(answer.text)
    assert answer.text.count("<h1>") == 1


@pytest.mark.parametrize("path", PATHS)
def test_every_screen_answers_where_nothing_is(
    opened: Opened, workspace: Workspace, path: str
) -> None:
    client = opened(workspace)
    for query in ("", "?project=example~us-tungsten"):
        answer = client.get(path + query)
        assert answer.status_code == 200
        assert len(main_of(answer.text)) > 200


@pytest.mark.parametrize("path", PATHS)
def test_every_tab_is_a_plain_link(client: TestClient, path: str) -> None:
    for page in (client.get("/").text, client.get("/runs/first").text):
        assert f'<a href="{path}"' in page
    assert f'<a href="{path}?project=mine"' in client.get("/?project=mine").text


def test_the_screen_that_is_open_is_marked(client: TestClient) -> None:
    for screen in SCREENS:
        page = client.get(screen.path).text
        assert re.findall(r'<li><a href="([^"]+)" aria-current="page"', page) == [screen.path]


def test_an_unknown_project_is_told(client: TestClient) -> None:
    answer = client.get("/data?project=unknown")
    assert answer.status_code == 400
    assert "There is no project" in answer.text


def test_a_run_says_its_answer_its_figures_and_how_it_was_computed(client: TestClient) -> None:
    page = client.get("/runs/first").text
    assert "97.7" in main_of(page)
    for name in ("coverage", "gantt", "map", "world", "sankey", "capacity", "costs"):
        assert f'data-figure="/runs/first/figures/{name}"' in page
    assert "digest of the inputs" in page


@pytest.mark.parametrize("name", ["coverage", "map", "sankey", "costs"])
def test_a_figure_is_given_as_data_table_file(client: TestClient, name: str) -> None:
    base = f"/runs/first/figures/{name}"
    chart = client.get(f"{base}.json").json()
    assert chart["title"]
    assert chart["option"]["series"]
    assert "<table>" in client.get(f"{base}/table").text
    file = client.get(f"{base}.csv")
    assert file.headers["content-disposition"] == f'attachment; filename="first-{name}.csv"'
    assert len(file.text.splitlines()) > 1


def test_no_tooltip_is_made_of_html(client: TestClient) -> None:
    for name in ("coverage", "map", "world", "sankey", "gantt", "costs", "capacity", "makers"):
        option = client.get(f"/runs/first/figures/{name}.json").json()["option"]
        tips = option["tooltip"]
        assert tips["renderMode"] == "richText"


def test_a_lever_changes_the_figure(client: TestClient) -> None:
    years = [client.get(f"/runs/first/figures/sankey.json?year={y}").json() for y in (2026, 2030)]
    assert years[0]["title"] != years[1]["title"]
    civil = client.get("/runs/first/figures/coverage.json?segment=civil").json()
    assert civil["title"] != client.get("/runs/first/figures/coverage.json").json()["title"]


@pytest.mark.parametrize("query", ["year=x", "year=9999", "year=-1", "segment=unknown", "year=²"])
def test_a_lever_that_does_not_fit_is_told(client: TestClient, query: str) -> None:
    answer = client.get(f"/runs/first/figures/map.json?{query}")
    assert answer.status_code in {200, 400}
    assert answer.status_code == 400 or query.startswith("segment")


def test_a_figure_that_is_too_large_to_draw_says_so(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from coercivity.interfaces.workbench import telling

    telling._told.cache_clear()
    monkeypatch.setattr("coercivity.interfaces.workbench.figures.LARGEST_OPTION", 10)
    page = main_of(client.get("/runs/first").text)
    telling._told.cache_clear()
    assert "too large to draw" in page
    assert 'class="canvas"' not in page
    assert "View data" in page


def test_levers_that_a_figure_does_not_take_are_left_aside(client: TestClient) -> None:
    plain = client.get("/runs/first/figures/costs.json").json()
    assert client.get("/runs/first/figures/costs.json?year=2026").json() == plain


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_a_figure_is_drawn_as_a_picture(client: TestClient, ending: str) -> None:
    answer = client.get(f"/runs/first/figures/costs.{ending}")
    assert answer.status_code == 200
    assert answer.content[:20].startswith((b"<svg", b"\x89PNG"))


def test_two_runs_stand_side_by_side(client: TestClient) -> None:
    page = main_of(client.get("/compare?runs=first&runs=second").text)
    assert "seed" in page
    assert page.count('data-figure="/runs/first/') == page.count('data-figure="/runs/second/') > 2


@pytest.mark.parametrize(
    ("query", "told"),
    [("", "Tick two"), ("runs=first", "Tick two"), ("runs=first&runs=bought", "verb"),
     ("runs=first&runs=unknown", "there is no run")],
)  # fmt: skip
def test_what_cannot_be_compared_is_told(client: TestClient, query: str, told: str) -> None:
    answer = client.get(f"/compare?{query}")
    assert answer.status_code in {400, 404}
    assert told in answer.text


def test_a_briefing_keeps_the_sections_that_were_ticked(client: TestClient) -> None:
    page = client.get("/briefing?runs=first").text
    assert 'value="Who is served" checked' in page
    made = client.get("/briefing/file?runs=first&form=static&sections=What+it+costs&banner=DRAFT")
    assert made.status_code == 200
    assert "What it costs</h2>" in made.text
    assert "Who is served</h2>" not in made.text
    assert "DRAFT" in made.text
    assert "How it was computed" in made.text


def test_a_site_shows_what_stands_there(client: TestClient) -> None:
    page = client.get("/runs/first/sites/works").text
    assert "magnet-plant" in page
    piece = client.get("/runs/first/sites/works", headers={"HX-Request": "true"}).text
    assert "<html" not in piece
    assert client.get("/runs/first/sites/unknown").status_code == 400


def test_an_unfinished_run_shows_its_state_and_log(client: TestClient, filled: Workspace) -> None:
    folder = filled.runs / "lost-one"
    folder.mkdir()
    from coercivity.results import RunState

    write_status(folder, Status(RunState.RUNNING, "plan", "mini", now(), now(), 1, "search", 0.4))
    (folder / "log.txt").write_text("it began\n")
    page = client.get("/runs/lost-one").text
    assert "lost" in page
    assert "it began" in page
    assert "lost-one" in client.get("/runs").text


def test_a_damaged_run_is_listed_with_its_problem(client: TestClient, filled: Workspace) -> None:
    (filled.runs / "first" / "run.json").write_text("{")
    assert "damaged" in client.get("/runs").text
    assert client.get("/runs/first").status_code == 200
    assert client.get("/runs/second").status_code == 200


def test_runs_of_a_verb_that_nobody_has_words_for_are_shown_all_the_same(
    client: TestClient, filled: Workspace
) -> None:
    request = Request("stress-novel", "mini", {"depth": 1}, name="novel")
    with RunWriter(filled.runs, request, write_inputs=lambda _: None) as writer:
        writer.table("shocks", pd.DataFrame({"target": ["a"], "t": [1.0]}), units={"t": "t"})
        writer.finish("ok", result={"x": 1}, kpis={"worst_t": 5.0}, headline="a falls away")
    page = client.get("/stress?run=novel").text
    assert "a falls away" in page
    assert "worst t" in page
    assert "novel" in client.get("/stress?project=mine").text


def test_a_run_whose_words_need_more_than_it_holds_is_shown_all_the_same(
    client: TestClient, filled: Workspace
) -> None:
    file = filled.runs / "bought" / "run.json"
    held = json.loads(file.read_text())
    del held["result"]["suppliers"]
    file.write_text(json.dumps(held))
    page = client.get("/runs/bought").text
    assert "lacks the words" in page


def test_runs_made_on_the_command_line_belong_to_the_project_of_their_case(
    client: TestClient, filled: Workspace
) -> None:
    assert "/runs/first" in client.get("/runs?project=mine").text
    assert "/runs/first" not in client.get("/runs?project=example~us-tungsten").text


def test_a_bug_is_owned_up_to_without_a_traceback(
    filled: Workspace, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        msg = "at /home/somebody/secret"
        raise RuntimeError(msg)

    monkeypatch.setattr("coercivity.interfaces.workbench.listing.lines", broken)
    client = opened(filled)
    made = TestClient(client.app, base_url="http://localhost", raise_server_exceptions=False)
    answer = made.get("/runs")
    assert answer.status_code == 500
    assert "This is a bug" in answer.text
    assert "secret" not in answer.text


def test_a_page_that_is_not_there_leads_on(client: TestClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert "The tabs lead on" in answer.text


def test_the_supply_list_to_fill_in_names_the_stages(client: TestClient) -> None:
    header = client.get("/buy/supply-list.csv?project=mine").text.strip().split(",")
    assert header[:3] == ["supplier", "material", "amount"]
    assert "magnet" in header


def test_a_spreadsheet_is_given_no_formula(client: TestClient) -> None:
    from coercivity.interfaces.workbench.screens.drawings import inert

    assert [inert(text) for text in ("=1", "+1", "-1", "@a", "a", 2.0)] == [
        "'=1", "'+1", "'-1", "'@a", "a", 2.0,
    ]  # fmt: skip


def test_assets_are_those_of_the_list(client: TestClient, tmp_path: Path) -> None:
    assert client.get("/assets/echarts.min.js").headers["content-type"].startswith("text/java")
    assert client.get("/assets/maps/world.json").json()["type"] == "FeatureCollection"
    assert client.get("/assets/app.py").status_code == 404
