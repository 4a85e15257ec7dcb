"""How fast the workbench answers, and what it holds: first paint, levers, stop, listing, memory.

``python -m benchmarks.workbench [FOLDER]`` wants a browser, and best a FOLDER with a finished plan
of the large reference case under ``runs``; without one it plans the small case first.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

LARGE = "example~us-rare-earths"
SCREENS = ("/", "/data", "/network", "/plan", "/stress", "/finance", "/runs", "/briefing")
LISTED = 200
PAINT = "(performance.getEntriesByName('first-contentful-paint')[0] || {}).startTime"
DRAWN = "figure[data-figure$='/{}'][data-state='drawn']"


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, int]]:
    """Serve a folder; gives its address and the number of the process."""
    words = ["serve", str(folder), "--no-open", "--port", "0", "--json"]
    process = subprocess.Popen(
        [sys.executable, "-m", "coercivity", *words], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    text = ""
    for line in process.stdout:
        text += line
        if line.startswith("}"):
            break
    try:
        yield json.loads(text)["address"].rstrip("/"), process.pid
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def memory(pid: int) -> float:
    """Give the memory of a process. [MB]"""
    text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return float(next(x for x in text.splitlines() if x.startswith("VmRSS")).split()[1]) / 1000


def paints(page: Page, address: str) -> None:
    """Print the first paint of every screen, twice: as it is met first, and again."""
    for path in SCREENS:
        found = []
        for _ in range(2):
            page.goto(f"{address}{path}?project={LARGE}")
            page.wait_for_function(f"() => {PAINT} > 0")
            found.append(float(page.evaluate(PAINT)))
        print(f"first paint {path:10} {found[0]:6.0f} ms, again {found[1]:6.0f} ms")


def levers(page: Page, address: str) -> None:
    """Print how long a figure takes to follow a lever."""
    page.goto(f"{address}/network?project={LARGE}")
    for name in ("map", "sankey"):
        if not page.query_selector(f"figure[data-figure$='/{name}']"):
            continue
        page.locator(f"figure[data-figure$='/{name}']").scroll_into_view_if_needed()
        page.wait_for_selector(DRAWN.format(name))
        times = []
        for key in ("Home", "ArrowRight", "ArrowRight"):
            page.focus("#lever-year")
            turn = int(page.get_attribute(DRAWN.format(name), "data-turn") or 0)
            began = time.perf_counter()
            page.keyboard.press(key)
            page.wait_for_selector(f"{DRAWN.format(name)}[data-turn='{turn + 1}']")
            times.append(1000 * (time.perf_counter() - began))
        print(f"year of {name:8} {' '.join(f'{one:5.0f}' for one in times)} ms")


def stopping(page: Page, address: str, runs: Path) -> None:
    """Print how long a run goes on after it was stopped in the middle of a search."""
    page.goto(f"{address}/plan?project={LARGE}")
    page.get_by_label("gap", exact=True).fill("0")
    page.get_by_role("button", name="Run plan").click()
    page.wait_for_function(
        "() => /first plan|proof/.test(document.querySelector('#active').textContent)",
        timeout=120_000,
    )
    time.sleep(3)
    newest = max(runs.glob("plan-*"), key=lambda path: path.stat().st_mtime)
    page.get_by_role("button", name="Stop").first.click()
    began = time.perf_counter()
    while json.loads((newest / "status.json").read_text())["state"] == "running":
        time.sleep(0.02)
    print(f"stopped after {time.perf_counter() - began:.2f} s")


def listing(page: Page, address: str, runs: Path) -> None:
    """Print how long many runs take to be listed."""
    first = next(path for path in sorted(runs.iterdir()) if (path / "run.json").is_file())
    made = [runs / f"copy-{number}" for number in range(LISTED)]
    try:
        for folder in made:
            folder.mkdir()
            shutil.copyfile(first / "run.json", folder / "run.json")
        began = time.perf_counter()
        page.goto(f"{address}/runs")
        shown = page.locator("tbody tr").count()
        print(f"{shown} runs listed in {1000 * (time.perf_counter() - began):.0f} ms")
    finally:
        for folder in made:
            shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Measure it."""
    with tempfile.TemporaryDirectory() as place, sync_playwright() as started:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(place)
        runs = folder / "runs"
        if not runs.is_dir():
            words = ["plan", "mini", "--runs", str(runs)]
            subprocess.run([sys.executable, "-m", "coercivity", *words], check=True)
        browser = started.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        with served(folder) as (address, pid):
            print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
            paints(page, address)
            levers(page, address)
            listing(page, address, runs)
            print(f"memory {memory(pid):.0f} MB")
            stopping(page, address, runs)
            print(f"memory {memory(pid):.0f} MB")
        browser.close()


if __name__ == "__main__":
    main()
