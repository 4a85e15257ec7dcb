"""Every screen in a real browser: nothing leaves the machine, nothing complains, all can use it."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Seen, Served, missing

pytestmark = pytest.mark.slow
MINE, EXAMPLE, CHANGED = "project=mine", "project=example~mini", "project=changed"
SCREENS = {
    "home": "/",
    "data": f"/data?{MINE}",
    "data-table": f"/data?{MINE}&table=options",
    "data-row": f"/data/row?{MINE}&table=options&row=2",
    "data-settings": f"/data/settings?{MINE}",
    "network": f"/network?{MINE}&run=first",
    "site": "/runs/first/sites/works",
    "plan": f"/plan?{MINE}&run=second",
    "plan-other-data": f"/plan?{CHANGED}",
    "plan-of-other-data": f"/plan?{CHANGED}&run=first",
    "stress": f"/stress?{MINE}&run=swept",
    "shock": "/runs/swept/shock?shock=CHN",
    "finance": f"/finance?{MINE}",
    "runs": "/runs",
    "runs-apart": f"/runs?{CHANGED}",
    "run": "/runs/first",
    "run-table": "/runs/first/tables/coverage",
    "compare": "/compare?runs=first&runs=second",
    "briefing": "/briefing?runs=first",
    "buyer": f"/buy?{MINE}&run=bought",
    "help": f"/help?{MINE}",
    "code": "/help/codes/T201",
    "columns": "/help/tables/options",
    "hostile-run": "/runs/hostile",
    "hostile-network": "/network?project=hostile",
    "hostile-table": "/data?project=hostile&table=sites",
    "data-empty": "/data",
    "network-empty": f"/network?{EXAMPLE}&run=",
    "plan-empty": "/plan",
    "briefing-empty": "/briefing",
}
SERIOUS = {"serious", "critical"}
KEPT = "COERCIVITY_SCREENSHOTS"
"""Variable that names a folder in which pictures of the screens are kept."""


def settled(page: Any) -> None:
    """Wait until every figure in sight is drawn."""
    page.wait_for_load_state("load")
    page.wait_for_function(
        "() => ![...document.querySelectorAll('figure[data-figure]')]"
        ".some(one => one.dataset.state === 'loading')"
    )


def axe() -> Any:
    """Give the checker of what hinders readers."""
    try:
        return import_module("axe_playwright_python.sync_playwright").Axe()
    except ImportError:
        missing("axe-playwright-python")


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_asks_no_other_machine_complains_of_nothing_and_serves_everybody(
    served: Served, seen: Seen, name: str
) -> None:
    checker = axe()
    page = seen.page
    answer = page.goto(served.address + SCREENS[name])
    settled(page)
    assert answer.status == 200
    assert seen.outside(served.address) == []
    assert seen.messages == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    if folder := os.environ.get(KEPT):
        page.screenshot(path=str(Path(folder) / f"{name}.png"))
    found = checker.run(page).response["violations"]
    worst = [one for one in found if one["impact"] in SERIOUS]
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in worst] == []


def test_every_tab_is_a_plain_link_also_when_nothing_is_open(served: Served, seen: Seen) -> None:
    page = seen.page
    page.goto(served.address)
    links = page.eval_on_selector_all("header nav a", "all => all.map(one => one.href)")
    assert len(links) == 10
    for link in links:
        assert page.goto(link).status == 200
        assert page.locator("h1").count() == 1
    assert seen.messages == []


def test_the_whole_way_to_a_run_can_be_gone_with_the_keyboard(served: Served, seen: Seen) -> None:
    page = seen.page
    page.goto(f"{served.address}/plan?{MINE}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reached = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.textContent.trim().slice(0, 40)"))
        if "Run plan" in reached:
            break
    assert {"Runs and compare", "Run plan"} <= reached


def test_a_page_reads_without_scripts(served: Served, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(90_000)
    page = context.new_page()
    page.goto(f"{served.address}/plan?{MINE}&run=first", wait_until="domcontentloaded")
    assert "Build" in page.inner_text(".answer")
    page.locator("figure noscript img, figure img").first.wait_for(state="attached")
    page.get_by_role("button", name="Open").click()
    assert "/plan" in page.url
    context.close()


@pytest.mark.parametrize("name", ["map", "world", "sankey"])
def test_a_hostile_name_is_inert_under_the_pointer(served: Served, seen: Seen, name: str) -> None:
    page = seen.page
    page.goto(f"{served.address}/network?project=hostile")
    canvas = page.locator(f'figure[data-figure$="/{name}"][data-state="drawn"] canvas').first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    for across in range(20, int(box["width"]), 60):
        for down in range(60, int(box["height"]), 60):
            page.mouse.move(box["x"] + across, box["y"] + down)
    assert page.locator(".stage img, .stage script").count() == 0
    assert seen.messages == []
    assert seen.outside(served.address) == []


def test_the_table_behind_a_figure_opens_beside_it(served: Served, seen: Seen) -> None:
    page = seen.page
    page.goto(f"{served.address}/plan?{MINE}&run=first")
    page.locator("details.data summary").first.click()
    page.locator("details.data table").first.wait_for()
    assert page.locator("details.data table tbody tr").count() > 3


def test_a_figure_that_cannot_be_drawn_says_so(served: Served, seen: Seen) -> None:
    page = seen.page
    page.route("**/figures/coverage.json*", lambda route: route.fulfill(status=500, body="x"))
    page.goto(f"{served.address}/plan?{MINE}&run=first")
    page.wait_for_selector('figure[data-figure$="/coverage"][data-state="failed"]')
    assert "could not be drawn" in page.inner_text('figure[data-figure$="/coverage"]')


def test_printed_pages_leave_levers_out(served: Served, seen: Seen) -> None:
    page = seen.page
    page.goto(f"{served.address}/plan?{MINE}&run=first")
    page.emulate_media(media="print")
    assert not page.locator("aside.rail").is_visible()
    assert page.locator(".answer").is_visible()


def test_stays_within_its_memory(served: Served, seen: Seen) -> None:
    for address in SCREENS.values():
        seen.page.goto(served.address + address)
    assert served.memory() < 250


def test_a_kind_of_mark_is_taken_off_the_map_and_stays_off_in_another_year(
    served: Served, seen: Seen
) -> None:
    page = seen.page
    page.goto(f"{served.address}/network?{MINE}&run=first")
    drawn = 'figure[data-figure$="/map"][data-state="drawn"]'
    page.wait_for_selector(f"{drawn} canvas")
    canvas = page.locator(f"{drawn} .canvas")
    before = canvas.screenshot()
    page.get_by_label("Mining", exact=True).uncheck()
    page.wait_for_timeout(200)
    without = canvas.screenshot()
    assert without != before
    page.focus("#lever-year")
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector(f'{drawn}[data-turn="2"]')
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(f'{drawn}[data-turn="3"]')
    page.wait_for_timeout(200)
    assert canvas.screenshot() == without
    page.get_by_label("Mining", exact=True).check()
    page.wait_for_timeout(200)
    assert canvas.screenshot() == before


def test_a_mark_on_the_map_opens_its_site(served: Served, seen: Seen) -> None:
    page = seen.page
    page.goto(f"{served.address}/network?{MINE}&run=first")
    canvas = page.locator('figure[data-figure$="/map"][data-state="drawn"] .canvas')
    canvas.wait_for()
    place = page.evaluate(
        """() => {
          const dom = document.querySelector('figure[data-figure$="/map"] .canvas > div');
          const live = echarts.getInstanceByDom(dom);
          const marks = live.getOption().series.filter(one => one.type === 'scatter');
          const held = marks.flatMap(one => one.data).find(one => one.name.includes('The works'));
          return live.convertToPixel('geo', held.value);
        }"""
    )
    canvas.click(position={"x": place[0], "y": place[1]})
    page.wait_for_selector("#drawer h2")
    assert page.inner_text("#drawer h2") == "The works"
    assert seen.messages == []


def test_a_cell_and_a_name_of_the_heat_map_open_how_that_loss_goes_on(
    served: Served, seen: Seen
) -> None:
    page = seen.page
    page.goto(f"{served.address}/stress?{MINE}&run=swept")
    canvas = page.locator('figure[data-figure$="/shocks"][data-state="drawn"] .canvas')
    canvas.wait_for()
    for row, on_name in ((1, False), (0, True)):
        across, down, left, name = page.evaluate(
            """row => {
              const dom = document.querySelector('figure[data-figure$="/shocks"] .canvas > div');
              const live = echarts.getInstanceByDom(dom), option = live.getOption();
              const [x, y] = live.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, [0, row]);
              return [x, y, option.grid[0].left, option.yAxis[0].data[row]];
            }""",
            row,
        )
        canvas.click(position={"x": left - 25 if on_name else across, "y": down})
        page.wait_for_selector(f'#drawer h2:has-text("{name}")')
        page.wait_for_selector('#drawer figure[data-state="drawn"]')
        assert f"Losing {name.split(' ')[0]} " in page.inner_text("#drawer .finding")
    assert seen.messages == []


def test_how_a_loss_goes_on_reads_without_scripts(served: Served, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(90_000)
    page = context.new_page()
    page.goto(f"{served.address}/stress?{MINE}&run=swept", wait_until="domcontentloaded")
    page.locator("details.shocks summary").click()
    name = page.locator("details.shocks a").nth(1).inner_text()
    page.locator("details.shocks a").nth(1).click()
    assert page.inner_text("h1") == name
    drawn = page.locator("figure img")
    drawn.wait_for()
    assert "shock=" in drawn.get_attribute("src")
    assert not page.get_by_text("Drawing").is_visible()
    context.close()


@pytest.mark.parametrize("name", ["home", "data-settings", "network", "plan", "runs", "compare"])
def test_a_narrow_window_is_not_wider_than_itself(served: Served, seen: Seen, name: str) -> None:
    seen.page.set_viewport_size({"width": 390, "height": 800})
    seen.page.goto(served.address + SCREENS[name])
    settled(seen.page)
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("width", [1280, 1600])
def test_every_figure_of_the_network_is_seen_whole(served: Served, seen: Seen, width: int) -> None:
    seen.page.set_viewport_size({"width": width, "height": 900})
    seen.page.goto(served.address + SCREENS["network"])
    for name in ("map", "world", "sankey"):
        figure = seen.page.locator(f'figure[data-figure$="/{name}"]')
        figure.scroll_into_view_if_needed()
        seen.page.wait_for_selector(f'figure[data-figure$="/{name}"][data-state="drawn"]')
        inner, outer = figure.locator(".stage").evaluate(
            "one => [one.scrollWidth, one.clientWidth]"
        )
        assert inner <= outer, name


def test_settings_are_changed_in_place(served: Served, seen: Seen) -> None:
    page = seen.page
    page.goto(f"{served.address}/data?{CHANGED}")
    page.get_by_role("link", name="Change the settings").click()
    page.get_by_label("discount_rate").fill("much")
    page.get_by_role("button", name="Save", exact=True).click()
    assert "much" in page.inner_text("#bad-discount_rate")
    page.get_by_label("discount_rate").fill("0.09")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/data?project=changed*")
    assert "0.09" in page.inner_text("dl.facts")
    assert seen.outside(served.address) == []


def test_a_budget_is_set_on_the_plan_screen(served: Served, seen: Seen) -> None:
    page = seen.page
    page.goto(f"{served.address}/plan?{CHANGED}")
    page.get_by_text("Budgets and limits").click()
    page.get_by_label("capital", exact=True).fill("110")
    page.get_by_role("button", name="Set capital").click()
    page.wait_for_load_state("load")
    assert "capital 110" in page.inner_text("aside.rail")
