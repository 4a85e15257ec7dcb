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
    "tutorials/whole-chain",
    "tutorials/briefing-in-ten-minutes",
    "how-to/brief-and-compare",
    "how-to/write-a-case",
    "how-to/read-a-run",
    "how-to/python",
    "explanation/words-of-warning",
    "results/us-rare-earths",
    "results/us-tungsten",
    "results/model-against-observation",
)


GALLERY = tuple(
    f"gallery/{page.stem}"
    for page in sorted((ROOT / "docs" / "gallery").glob("*.md"))
    if page.stem != "index"
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


def test_the_gallery_has_six_examples_and_more(manual: Path) -> None:
    listed = (manual / "gallery" / "index.html").read_text(encoding="utf-8")
    assert len(GALLERY) >= 6
    assert all(f'href="{page.removeprefix("gallery/")}.html"' in listed for page in GALLERY)


@pytest.mark.parametrize("page", GALLERY)
def test_every_page_of_the_gallery_has_a_picture_with_its_words_and_data(
    manual: Path, page: str
) -> None:
    text = (manual / f"{page}.html").read_text(encoding="utf-8")
    figures = re.findall(r'<figure class="picture">.*?</figure>', text, flags=re.DOTALL)
    assert figures
    for one in figures:
        assert "<svg" in one
        assert re.search(r"<desc[^>]*>[^<]{20,}</desc>", one)
        assert re.search(r"<figcaption>[^<]{10,}</figcaption>", one)
        assert "<summary>View data</summary><table>" in one
    ids = re.findall(r'\bid="([^"]+)"', "".join(figures))
    assert len(ids) == len(set(ids))


def test_files_that_pages_made_are_there(manual: Path) -> None:
    links = [
        (page, address)
        for page in pages(manual)
        if "_made" not in page.parts
        for address in re.findall(
            r'href="((?:\.\./)*_made/[^"]+)"', page.read_text(encoding="utf-8")
        )
    ]
    assert {Path(address).suffix for _, address in links} >= {".html", ".pdf", ".xlsx"}
    assert [address for page, address in links if not (page.parent / address).is_file()] == []


def test_the_briefing_of_the_reference_case_keeps_its_size(manual: Path) -> None:
    made = manual / "_made" / "gallery" / "index"
    assert (made / "us-rare-earths.html").stat().st_size < 4_000_000
    assert (made / "us-rare-earths-static.html").stat().st_size < 1_000_000


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
