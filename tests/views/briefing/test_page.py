from __future__ import annotations

import re
from pathlib import Path

import pytest

from coercivity.results import Run
from coercivity.views.briefing import Briefing, make_briefing
from coercivity.views.briefing.page import interactive_page, static_page
from tests.views.briefing.browser import watched
from tests.views.briefing.reading import page
from tests.views.conftest import FORMULA, IMAGE

MOST_INTERACTIVE, MOST_STATIC = 4_000_000, 1_000_000
"""Sizes promised. [byte]"""


def test_both_forms_keep_their_size(brief: Briefing, evil: Briefing) -> None:
    for briefing in (brief, evil):
        assert len(interactive_page(briefing).encode()) < MOST_INTERACTIVE
        assert len(static_page(briefing).encode()) < MOST_STATIC


def test_the_same_run_gives_the_same_bytes(mini: Run) -> None:
    first, second = make_briefing([mini]), make_briefing([mini])
    assert static_page(first) == static_page(second)
    assert interactive_page(first) == interactive_page(second)


def test_the_static_form_has_no_script(brief: Briefing) -> None:
    found = page(static_page(brief))
    assert "script" not in found.tags
    policy = next(v for v in found.values("meta", "content") if "default-src" in v)
    assert policy.startswith("default-src 'none'; script-src 'none'; style-src 'sha256-")


def test_the_library_is_there_once_and_only_named_scripts_may_run(brief: Briefing) -> None:
    text = interactive_page(brief)
    assert text.count("Licensed to the Apache Software Foundation") == 1
    policy = re.search(r'Policy" content="([^"]+)"', text)
    assert policy is not None
    script_rule = policy[1].split("; ")[1]
    assert re.fullmatch(r"script-src( 'sha256-[A-Za-z0-9+/]{43}=')( 'sha256-\S+')", script_rule)
    assert "unsafe-eval" not in policy[1]


@pytest.mark.parametrize("write", [static_page, interactive_page])
def test_nothing_points_outside(write: object, evil: Briefing) -> None:
    assert callable(write)
    found = page(write(evil))
    assert not {"link", "img", "iframe", "object", "embed", "form", "base"} & set(found.tags)
    for tag, name, value in found.attributes:
        assert not name.startswith("on"), (tag, name, value)
        assert name not in {"src", "action", "srcset", "data"}, (tag, name, value)
        if name in {"href", "xlink:href"}:
            assert value.startswith("#"), (tag, name, value)


@pytest.mark.parametrize("write", [static_page, interactive_page])
def test_hostile_names_are_text(write: object, evil: Briefing) -> None:
    assert callable(write)
    text = write(evil)
    assert IMAGE not in text
    found = page(text)
    assert any(IMAGE in said for said in found.texts)
    assert any(FORMULA in said for said in found.texts)
    visible = text.split("</head>")[1].split('<script type="application/json"')[0]
    without_data = re.sub(r"<table><thead>.*?</table>", "", visible)
    assert "\u202e" not in re.sub(r"<svg.*?</svg>", "", without_data, flags=re.DOTALL)


def test_every_figure_has_alternative_text_and_a_table(brief: Briefing) -> None:
    found = page(static_page(brief))
    drawings = [v for v in found.values("div", "id") if v.startswith("drawing-")]
    assert len(drawings) == len(brief.charts)
    assert found.tags.count("details") == len(brief.charts)
    assert found.values("svg", "role").count("img") == len(brief.charts)
    for named in found.values("svg", "aria-labelledby"):
        assert set(named.split()) <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))


def test_headings_follow_each_other_and_contents_lead_to_them(brief: Briefing) -> None:
    found = page(static_page(brief))
    levels = [int(tag[1]) for tag in found.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
    targets = [v[1:] for v in found.values("a", "href")]
    assert len(targets) == len(brief.sections)
    assert set(targets) <= set(found.ids)


def test_the_banner_stands_at_both_ends(mini: Run) -> None:
    text = static_page(make_briefing([mini], banner="HANDLE <b>WITH</b> CARE"))
    assert text.count("HANDLE &lt;b&gt;WITH&lt;/b&gt; CARE</div>") == 2


def test_a_comparison_stands_side_by_side_without_the_library(mini: Run, other: Run) -> None:
    briefing = make_briefing([mini, other])
    assert interactive_page(briefing) == static_page(briefing)
    assert 'class="abreast"' in static_page(briefing)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["brief", "evil"])
def test_it_opens_from_disk_asks_for_nothing_and_complains_of_nothing(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    briefing: Briefing = request.getfixturevalue(kind)
    for write in (interactive_page, static_page):
        file = tmp_path / f"{write.__name__}.html"
        file.write_text(write(briefing), encoding="utf-8")
        seen = watched(file)
        assert seen.requests == [file.as_uri()]
        assert seen.messages == []
        live = len(briefing.charts) if write is interactive_page else 0
        assert seen.live == live
        assert seen.drawn == len(briefing.charts)
        assert seen.width <= seen.window, "the page is wider than its window"
