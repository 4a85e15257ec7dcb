"""The picture of the README stands alone."""

from __future__ import annotations

import re
from pathlib import Path

PICTURE = Path(__file__).parents[2] / "docs" / "_static" / "plan.svg"


def test_it_loads_nothing_and_runs_nothing() -> None:
    svg = PICTURE.read_text(encoding="utf-8")
    assert set(re.findall(r"https?://[^\"'<> )]+", svg)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<script|<image|<foreignObject|@import|@font-face| on\w+=", svg)


def test_it_shows_a_plan() -> None:
    text = re.sub(r"<[^>]+>", " ", PICTURE.read_text(encoding="utf-8")).replace("&#160;", " ")
    for part in ("plan us-rare-earths", "What to build", "The bottleneck of each year"):
        assert part in text
