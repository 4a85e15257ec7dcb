"""Figures of very many things, of one thing, and of nothing."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from coercivity.results import Run
from coercivity.studies.plan import PlanOptions, plan
from coercivity.tables import find_case
from coercivity.views.chart import Chart
from coercivity.views.charts import figure
from coercivity.views.charts.gantt import MOST_ROWS
from coercivity.views.charts.mapping import MOST_ARROWS, MOST_NAMES
from tests.views.drawn import size, texts
from tests.views.made import with_tables, write_crowd

SITES = 300


@pytest.fixture(scope="module")
def crowd(runs: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Plan the small case with 300 mines, and let it build 60 times."""
    case = write_crowd(find_case("mini"), tmp_path_factory.mktemp("crowd"), sites=SITES)
    run = plan(case, runs, PlanOptions(name="crowd"))
    builds = run.table("builds")
    copies = [builds.assign(decision_year=2025 + n % 4, capital_musd=float(n)) for n in range(30)]
    many = pd.concat(copies, ignore_index=True)
    return with_tables(run, runs / "crowd-many", {"builds": (many, run.units("builds"))})


def assert_legible(chart: Chart) -> None:
    pytest.importorskip("py_mini_racer")
    drawing = chart.svg()
    width, height = size(drawing)
    found = texts(drawing)
    for number, text in enumerate(found):
        assert text.left > -3, text
        assert text.right < width + 3, text
        assert text.bottom < height + 3, text
        for other in found[number + 1 :]:
            assert not text.overlaps(other), (text, other)


@pytest.mark.parametrize("name", ["map", "gantt", "sankey", "capacity"])
def test_a_crowd_is_legible_and_not_too_large(crowd: Run, name: str) -> None:
    chart = figure(crowd, name)
    assert_legible(chart)
    assert len(chart.svg()) < 400_000


def test_a_crowded_map_draws_every_mark_and_says_what_it_leaves_out(crowd: Run) -> None:
    chart = figure(crowd, "map")
    marks = [m for one in chart.option["series"] if one["type"] == "scatter" for m in one["data"]]
    arrows = next(one for one in chart.option["series"] if one["type"] == "lines")
    assert len(marks) == len(chart.table) + 1, "every plant and the pool"
    assert len(chart.table) == SITES + 3
    assert len(arrows["data"]) == MOST_ARROWS
    assert any(f"The {MOST_ARROWS} largest of " in note for note in chart.notes)
    assert any(note.startswith("Names are shown where there is room") for note in chart.notes)
    assert sum("label" in mark for mark in marks) <= MOST_NAMES


def test_many_builds_are_drawn_as_far_as_they_fit_and_the_rest_is_told(crowd: Run) -> None:
    chart = figure(crowd, "gantt")
    assert len(chart.option["yAxis"]["data"]) == MOST_ROWS
    assert len(chart.table) == 60
    assert any(f"{60 - MOST_ROWS} smaller builds not drawn" in note for note in chart.notes)


def test_a_small_map_leaves_nothing_out(mini: Run) -> None:
    assert len(figure(mini, "map").notes) == 2


def test_nothing_built_is_a_figure_that_says_so(mini: Run, tmp_path: Path) -> None:
    none = mini.table("builds").head(0)
    run = with_tables(mini, tmp_path / "none", {"builds": (none, mini.units("builds"))})
    chart = figure(run, "gantt")
    assert chart.title == "Nothing needs to be built: the plan runs what exists."
    assert_legible(chart)


def test_one_build_is_a_figure(mini: Run, tmp_path: Path) -> None:
    one = mini.table("builds").head(1)
    run = with_tables(mini, tmp_path / "one", {"builds": (one, mini.units("builds"))})
    chart = figure(run, "gantt")
    assert chart.title.startswith("1 module for 90 million USD2025, decided in 2025")
    assert_legible(chart)
