"""The losses of a sweep are opened one by one, with scripts and without."""

from __future__ import annotations

import html
import re

import pandas as pd
import pytest
from starlette.testclient import TestClient

from coercivity.foundation.errors import UsageError
from coercivity.interfaces.workbench.shocks import shock_line, shock_lines
from coercivity.interfaces.workbench.workspace import Workspace
from coercivity.results import Run, run_by_id
from coercivity.studies import stress_sweep_tables
from coercivity.studies.stress_sweep import SweepOptions, sweep
from coercivity.tables import find_case


@pytest.fixture
def swept(filled: Workspace) -> Run:
    """A sweep of the small case beside the other runs."""
    sweep(find_case("mini"), filled.runs, SweepOptions(name="swept"))
    return run_by_id("swept", runs=filled.runs)


def links_of(page: str) -> list[tuple[str, str]]:
    found = re.findall(r'<a href="([^"]+)" data-shock="([^"]+)"', page)
    return [(html.unescape(address), html.unescape(label)) for address, label in found]


def test_every_row_of_the_heat_map_is_a_plain_link(client: TestClient, swept: Run) -> None:
    chart = client.get("/runs/swept/figures/shocks.json").json()
    links = links_of(client.get("/stress?run=swept").text)
    assert [label for _, label in links] == chart["option"]["yAxis"]["data"]
    assert len(links) > 3
    for address, label in links:
        page = client.get(address)
        assert page.status_code == 200
        assert f"<h1>{html.escape(label)}</h1>" in page.text


def test_a_loss_shows_its_own_years(client: TestClient, swept: Run) -> None:
    years = swept.table("shock_years")
    dated = [line for line in shock_lines(swept) if line.dated]
    assert len(dated) > 1
    for line in dated:
        piece = client.get(
            "/runs/swept/shock", params={"shock": line.id}, headers={"HX-Request": "true"}
        ).text
        assert "<html" not in piece
        held = re.search(r'data-figure="([^"]+)"[^>]* data-fixed="([^"]+)"', piece)
        assert held is not None
        file = client.get(f"{held.group(1)}.csv?{html.unescape(held.group(2))}").text
        shown = pd.Series([float(row.split(",")[3]) for row in file.splitlines()[1:]])
        own = years[years["shock"] == line.id].groupby("year")["shortfall"].sum()
        assert shown.tolist() == pytest.approx(own.tolist())


def test_a_loss_whose_years_are_not_written_out_says_so(
    client: TestClient, filled: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stress_sweep_tables, "SHOWN", 1)
    sweep(find_case("mini"), filled.runs, SweepOptions(name="brief"))
    brief = run_by_id("brief", runs=filled.runs)
    line = next(line for line in shock_lines(brief) if not line.dated)
    page = client.get("/runs/brief/shock", params={"shock": line.id}).text
    assert "not written out" in page
    assert "data-figure" not in page
    assert dict(line.facts)["extra cost"] in page


def test_what_is_short_is_that_of_the_run(swept: Run) -> None:
    row = swept.result["shocks"][0]
    facts = dict(shock_line(swept, row["target"]).facts)
    assert row["more_t"]["industry"] == pytest.approx(10_600, abs=1)
    assert facts["more short, industry"].replace("\u202f", "").startswith("10600 t of 15000 t")
    assert facts["what is lost"] == "China"


@pytest.mark.parametrize(("run", "shock"), [("swept", "unknown"), ("swept", ""), ("first", "CHN")])
def test_a_loss_that_is_not_there_is_told(
    client: TestClient, swept: Run, run: str, shock: str
) -> None:
    answer = client.get(f"/runs/{run}/shock", params={"shock": shock})
    assert answer.status_code == 400
    assert "no loss" in answer.text
    with pytest.raises(UsageError, match="no loss 'unknown'"):
        shock_line(swept, "unknown")


def test_the_timeline_of_an_unknown_loss_names_those_it_has(client: TestClient, swept: Run) -> None:
    answer = client.get("/runs/swept/figures/shock-years.json?shock=nothing")
    assert answer.status_code == 400
    assert "no years of the loss" in answer.text
    assert "CHN" in answer.text


def test_no_figure_stands_twice_on_a_page(client: TestClient, swept: Run) -> None:
    for run in ("swept", "first", "second"):
        found = re.findall(r'data-figure="([^"]+)"', client.get(f"/runs/{run}").text)
        assert len(found) == len(set(found)) > 1
