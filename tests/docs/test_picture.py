"""The pictures of the README stand alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "docs" / "_static"
PICTURE = STATIC / "plan.svg"


@pytest.mark.parametrize("name", ["plan", "loop"])
def test_it_loads_nothing_and_runs_nothing(name: str) -> None:
    svg = (STATIC / f"{name}.svg").read_text(encoding="utf-8")
    found = set(re.findall(r"https?://[^\"'<> )]+", svg))
    assert found == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<script|<image|<foreignObject|@import|@font-face| on\w+=", svg)


def test_it_shows_a_plan() -> None:
    text = re.sub(r"<[^>]+>", " ", PICTURE.read_text(encoding="utf-8")).replace("&#160;", " ")
    for part in ("plan us-rare-earths", "What to build", "The bottleneck of each year"):
        assert part in text
