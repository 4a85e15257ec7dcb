"""A newcomer's first quarter of an hour, in a real browser."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from coercivity.results import RunState, list_runs, read_status
from tests.browser.conftest import Seen, Served

pytestmark = pytest.mark.slow
LIST = "supplier,material,amount,country\nabroad,magnet,5,CHN\n"
PATIENCE = 60_000
"""Longest time for a small run on a busy machine. [ms]"""


def drawn(seen: Seen, name: str) -> None:
    """Wait until a figure is drawn."""
    seen.page.wait_for_selector(f'figure[data-figure$="/{name}"][data-state="drawn"] canvas')


def test_the_first_quarter_of_an_hour(fresh: Served, seen: Seen, tmp_path: Path) -> None:
    page = seen.page
    page.goto(fresh.address)

    # open the example: it has no plan yet, and says what to do
    page.get_by_role("link", name="mini", exact=True).click()
    assert "They are drawn of a plan" in page.inner_text("main")
    page.get_by_role("link", name="Make the first plan of mini").click()

    # run a plan
    page.get_by_role("button", name="Run plan").click()
    page.get_by_role("link", name="Show it").first.wait_for(timeout=PATIENCE)
    page.get_by_role("link", name="Show it").first.click()
    assert "Build" in page.inner_text(".answer")
    drawn(seen, "coverage")

    # look at the map, turn the year
    page.get_by_role("link", name="Network and flows").click()
    drawn(seen, "map")
    before = page.inner_text('figure[data-figure$="/map"] .finding')
    page.focus("#lever-year")
    page.keyboard.press("Home")
    page.wait_for_function(
        "text => document.querySelector('figure[data-figure$=\"/map\"] .finding').textContent"
        " !== text",
        arg=before,
    )

    # change a lever and run again, with a target
    page.get_by_role("link", name="Plan and build-out").click()
    page.get_by_label("gap", exact=True).fill("0")
    page.get_by_label("Segment of target 1").select_option("defence")
    page.get_by_label("Year of target 1").fill("2029")
    page.get_by_role("button", name="Run plan").click()
    page.get_by_role("link", name="Show it").first.wait_for(timeout=PATIENCE)
    runs = list_runs(fresh.folder / "runs")
    assert [run.state for run in runs] == [RunState.DONE] * 2
    newest = json.loads((fresh.folder / "runs" / runs[0].id / "run.json").read_text())
    assert newest["options"]["require"] == ["defence>=100%@2029"]
    assert newest["options"]["gap"] == 0

    # compare the two
    page.get_by_role("link", name="Runs and compare").click()
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Compare ticked runs").click()
    assert "options" in page.inner_text("main")
    drawn(seen, "coverage")

    # check a supply list
    page.get_by_role("link", name="Buyer").click()
    page.get_by_label("Project").select_option("example~mini")
    page.wait_for_url("**/buy?project=*")
    page.get_by_label("segment (needed)").select_option("defence")
    supply = tmp_path / "my list.csv"
    supply.write_text(LIST, encoding="utf-8")
    page.get_by_label("suppliers").set_input_files(str(supply))
    page.get_by_role("button", name="Run source").click()
    page.get_by_role("link", name="Show it").first.wait_for(timeout=PATIENCE)
    page.get_by_role("link", name="Show it").first.click()
    assert "Of 1 line" in page.inner_text(".answer")

    # export a PDF
    page.get_by_role("link", name="Briefing", exact=True).click()
    page.locator("input[name=runs]").last.check()
    page.get_by_role("button", name="Choose sections").click()
    page.get_by_label(re.compile("tagged PDF")).check()
    with page.expect_download(timeout=PATIENCE) as waiting:
        page.get_by_role("button", name="Make the briefing").click()
    made = Path(waiting.value.path()).read_bytes()
    assert made.startswith(b"%PDF-")

    assert seen.outside(fresh.address) == []
    assert [told for told in seen.messages if told.startswith(("error", "dialog"))] == []


def test_a_plan_is_stopped_in_the_middle_and_keeps_what_it_has(fresh: Served, seen: Seen) -> None:
    page = seen.page
    page.goto(f"{fresh.address}/plan?project=example~us-rare-earths")
    page.get_by_label("gap", exact=True).fill("0")
    page.get_by_role("button", name="Run plan").click()
    page.wait_for_function(
        "() => /search|plan without|relax/i.test(document.querySelector('#active').textContent)",
        timeout=PATIENCE,
    )
    (run,) = [path for path in (fresh.folder / "runs").iterdir() if path.name[0] != "."]
    page.get_by_role("button", name=re.compile("^Stop")).click()
    page.wait_for_function(
        "() => /stopped/.test(document.querySelector('#active').textContent)", timeout=PATIENCE
    )
    assert read_status(run).state is RunState.STOPPED
    assert [told for told in seen.messages if told.startswith(("error", "dialog"))] == []
