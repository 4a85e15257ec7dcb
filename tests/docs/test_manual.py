"""The manual builds without a warning, opens no connection, and its pages were really run.

It takes a folder with a manual that was just built from the variable ``COERCIVITY_MANUAL``, and
builds one otherwise.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

pytest.importorskip("sphinx")

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
LOADING = {"script", "link", "img", "iframe", "source", "video", "audio", "object", "embed"}
"""Elements that load what they name, without a click."""
EXECUTED = (
    "tutorials/first-plan",
    "how-to/write-a-case",
    "how-to/read-a-run",
    "how-to/python",
    "explanation/words-of-warning",
    "results/us-rare-earths",
    "results/us-tungsten",
    "results/model-against-observation",
)


@pytest.fixture(scope="module")
def manual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    given = os.environ.get("COERCIVITY_MANUAL")
    if given:
        return Path(given)
    folder = tmp_path_factory.mktemp("manual") / "html"
    built = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html", str(ROOT / "docs"), str(folder)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert built.returncode == 0, built.stderr
    return folder


class Loaded(HTMLParser):
    """Collects the addresses that a page loads by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in LOADING:
            self.addresses += [value for name, value in attrs if name in {"src", "href"} and value]


def outside(text: str) -> bool:
    return re.match(r"(https?:)?//", text) is not None


def pages(manual: Path) -> Iterator[Path]:
    yield from manual.rglob("*.html")


def test_no_page_loads_anything_from_elsewhere(manual: Path) -> None:
    found = []
    for page in pages(manual):
        parser = Loaded()
        parser.feed(page.read_text(encoding="utf-8"))
        found += [(page.name, address) for address in parser.addresses if outside(address)]
    assert found == []


def test_no_style_or_script_loads_anything_from_elsewhere(manual: Path) -> None:
    loads = re.compile(r"""(?:url\(|@import|importScripts\(|fetch\()\s*["']?(?:https?:)?//""")
    files = [f for f in manual.rglob("*") if f.suffix in {".css", ".js", ".html"}]
    assert files
    assert [f.name for f in files if loads.search(f.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("page", EXECUTED)
def test_pages_with_results_were_run(manual: Path, page: str) -> None:
    text = (manual / f"{page}.html").read_text(encoding="utf-8")
    assert 'class="executed-output' in text or 'class="frame' in text
    assert "Traceback" not in text


def test_formulas_are_drawn_by_the_browser_itself(manual: Path) -> None:
    text = (manual / "reference" / "formulation.html").read_text(encoding="utf-8")
    assert text.count("<math") > 30
    assert "\\sum" not in text


def test_nothing_of_the_building_machine_is_shown(manual: Path) -> None:
    places = {str(ROOT), str(Path.home()), str(manual)} - {"/"}
    found = [
        (page.name, place)
        for page in pages(manual)
        for place in places
        if f"{place}/" in page.read_text(encoding="utf-8")
    ]
    assert found == []
