from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from coercivity.foundation.errors import UsageError
from coercivity.results import Run
from coercivity.views.chart import Chart
from coercivity.views.charts import FIGURES, available, figure
from coercivity.views.inputs import inputs_of
from coercivity.views.labels import wrapped_lines
from tests.views.charts.conftest import FINANCED, STRESSED, RunOf
from tests.views.drawn import parsed, size, texts

EXPECTED = Path(__file__).resolve().parents[1] / "expected"
REWRITE = "REWRITE_EXPECTED"
"""Set in the environment, it writes what is expected anew; the difference is for a reader."""
EVERY = tuple(FIGURES)
ASKED_FOR = ("frontier", "concentration", *FINANCED, *(name for name, _ in STRESSED))
"""Figures of tables that a plan has not by itself."""
PLANNED = tuple(name for name in FIGURES if name not in ASKED_FOR)
WITH_UNKNOWNS = {"frontier", "survival"}
"""Figures of which a number may be unknown: no plan was found, no time of recovery is stated."""
WITH_AXES = tuple(
    name
    for name in ("gantt", "coverage", "makers", "capacity", "costs", *ASKED_FOR)
    if name != "waits"
)


def rewriting() -> bool:
    return bool(os.environ.get(REWRITE))


def as_json(chart: Chart) -> dict[str, object]:
    return {
        "title": chart.title,
        "alt": chart.alt,
        "notes": list(chart.notes),
        "maps": list(chart.maps),
        "size": [chart.width, chart.height],
        "columns": list(chart.data.columns),
        "option": dict(chart.option),
    }


def assert_like(found: object, expected: object, path: str) -> None:
    """Compare JSON, numbers to the precision with which they are drawn."""
    if isinstance(expected, dict):
        assert isinstance(found, dict), path
        assert list(found) == list(expected), path
        for key, value in expected.items():
            assert_like(found[key], value, f"{path}.{key}")
    elif isinstance(expected, list):
        assert isinstance(found, list), path
        assert len(found) == len(expected), path
        for number, value in enumerate(expected):
            assert_like(found[number], value, f"{path}[{number}]")
    elif isinstance(expected, int | float) and not isinstance(expected, bool):
        assert found == pytest.approx(expected, rel=1e-4, abs=0.03), path
    else:
        assert found == expected, path


@pytest.mark.parametrize("name", EVERY)
def test_the_option_is_the_committed_one(run_of: RunOf, name: str) -> None:
    made = json.loads(json.dumps(as_json(figure(run_of("mini", name), name)), allow_nan=False))
    file = EXPECTED / f"{name}.json"
    if rewriting():
        text = json.dumps(made, indent=1, ensure_ascii=False) + "\n"
        file.write_text(text, encoding="utf-8")
    assert_like(made, json.loads(file.read_text(encoding="utf-8")), name)


def test_a_plan_offers_every_figure_it_has_tables_for(mini: Run) -> None:
    assert available(mini) == PLANNED


@pytest.mark.parametrize("name", EVERY)
def test_every_figure_has_words_and_a_table(run_of: RunOf, name: str) -> None:
    chart = figure(run_of("mini", name), name)
    assert re.search(r"\d", chart.title), "a title states a finding"
    assert chart.title.endswith(".")
    assert len(chart.alt) > len(chart.title)
    assert len(chart.table) > 0
    for column in chart.table.select_dtypes("number"):
        known = column in chart.units or str(column).endswith("year") or column == "modules"
        assert known, f"{column} has no unit"
        values = chart.table[column].dropna()
        assert np.isfinite(values.astype(float)).all()
        assert len(values) == len(chart.table) or name in WITH_UNKNOWNS


def every(value: object, key: str) -> Iterator[object]:
    """Find every value under a key of JSON."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == key:
                yield inner
            yield from every(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from every(inner, key)


@pytest.mark.parametrize("name", EVERY)
def test_options_hold_no_html_gradient_or_halo(run_of: RunOf, name: str) -> None:
    option = dict(figure(run_of("mini", name), name).option)
    for tooltip in every(option, "tooltip"):
        assert isinstance(tooltip, dict)
        assert tooltip.get("renderMode", "richText") == "richText"
    assert dict(option["tooltip"])["renderMode"] == "richText"
    text = json.dumps(option)
    for banned in ("colorStops", "textBorder", "textShadow", "shadowBlur", "function", "image://"):
        assert banned not in text, banned


@pytest.mark.parametrize("name", WITH_AXES)
def test_every_value_axis_names_its_unit(run_of: RunOf, name: str) -> None:
    option = figure(run_of("mini", name), name).option
    sides = [option[side] for side in ("xAxis", "yAxis")]
    axes = [axis for side in sides for axis in (side if isinstance(side, list) else [side])]
    shown = [axis for axis in axes if axis["type"] == "value" and axis.get("show", True)]
    assert shown or name in {"gantt", "shocks"}
    assert all(axis["name"] for axis in shown)
    assert name != "gantt" or axes[0]["name"] == "year"


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("case", ["mini", "hostile"])
def test_drawings_are_whole_and_legible(name: str, case: str, run_of: RunOf) -> None:
    pytest.importorskip("py_mini_racer")
    drawing = figure(run_of(case, name), name).svg()
    assert "NaN" not in drawing
    assert "Infinity" not in drawing
    found = texts(drawing)
    width, height = size(drawing)
    assert len(found) > 4, "an empty chart"
    for text in found:
        assert text.left > -3, text
        assert text.top > -3, text
        assert text.right < width + 3, text
        assert text.bottom < height + 3, text
    for number, text in enumerate(found):
        for other in found[number + 1 :]:
            assert not text.overlaps(other), (text, other)


@pytest.mark.parametrize("name", EVERY)
def test_units_stand_in_the_drawing(run_of: RunOf, name: str) -> None:
    pytest.importorskip("py_mini_racer")
    words = " ".join(text.words for text in texts(figure(run_of("mini", name), name).svg()))
    units = {
        "gantt": "year",
        "costs": "million USD2025",
        "map": "gross tonnes a year",
        "package": "million USD2025, present value",
        "doubt": "million USD2025, present value",
        "frontier": "million USD2025, present value",
        "concentration": "share of output (%)",
        "npv": "million USD2025, present value",
        "cash": "million USD2025, present value",
        "terms": "million USD2025, present value",
        "tornado": "change of worth, million USD2025",
        "prices": "USD/kg, 2025 money",
        "dscr": "cash over debt service (ratio)",
        "stockpile": "million USD2025, present value",
        "shocks": " %",
        "survival": "years",
        "shortfall": "demand lost (%)",
        "cover": "share of replications (%)",
        "months": "months of a year's demand (month)",
        "loop": "USD/kg good",
        "endurance": "USD/kg good",
        "adversary": "margin the adversary may lose (million)",
        "standing": "share of years run (%)",
        "waits": "million",
        "owners": "worth to owners (million)",
    }
    assert units.get(name, "t/year" if name != "world" else "gross tonnes a year") in words


@pytest.mark.parametrize("name", EVERY)
def test_hostile_names_are_only_text(run_of: RunOf, name: str) -> None:
    pytest.importorskip("py_mini_racer")
    chart = figure(run_of("hostile", name), name)
    root = parsed(chart.svg())
    tags = {element.tag.split("}")[1] for element in root.iter()}
    allowed = {"svg", "title", "desc", "rect", "g", "path", "text", "defs", "pattern"}
    assert tags <= allowed | {"circle", "clipPath", "tspan", "ellipse", "polyline", "polygon"}
    assert not [a for e in root.iter() for a in e.attrib if a.lower().startswith("on")]
    assert max(len(text.words) for text in texts(chart.svg())) < 220
    assert "\u202e" not in chart.svg()
    html = chart.fragment() + chart.html()
    assert "<img src=x" not in html
    assert "</script>]]>" not in html


@pytest.mark.parametrize("name", EVERY)
def test_titles_stay_short_whatever_the_names(run_of: RunOf, name: str) -> None:
    chart = figure(run_of("hostile", name), name)
    assert len(wrapped_lines(chart.title, 828, 18)) <= 4
    assert len(chart.alt) < 900


def test_a_year_and_a_segment_can_be_chosen(mini: Run) -> None:
    assert "in 2025" in figure(mini, "sankey", year=2025).alt
    chart = figure(mini, "coverage", segment="defence")
    assert chart.table["amount_t"].tolist() == [400.0] * 6
    assert chart.name == "coverage-defence"


def test_a_wrong_name_is_answered_with_the_right_one(mini: Run) -> None:
    with pytest.raises(UsageError, match=r"there is no figure 'sanky'. Did you mean 'sankey'\?"):
        figure(mini, "sanky")


def test_a_run_without_the_tables_says_what_it_can_draw(mini: Run) -> None:
    with pytest.raises(UsageError, match="needs the tables stages, concentration.*can draw: map"):
        figure(mini, "concentration")
    with pytest.raises(UsageError, match="needs the tables frontier, which run 'mini'"):
        figure(mini, "frontier")


def test_an_argument_without_meaning_is_refused(mini: Run) -> None:
    with pytest.raises(UsageError, match="figure 'costs' takes no year"):
        figure(mini, "costs", year=2030)


def test_a_year_outside_the_case_is_refused(mini: Run) -> None:
    with pytest.raises(UsageError, match="year 1999 lies outside the case.*from 2025 to 2030"):
        figure(mini, "sankey", year=1999)


def test_a_figure_of_nothing_says_so(mini: Run) -> None:
    chart = figure(mini, "coverage", segment="nobody")
    assert chart.title == "No demand of nobody."
    assert "asks for nothing" in chart.alt


def test_a_year_inside_a_period_means_the_period(mini: Run) -> None:
    inputs = inputs_of(mini)
    assert [inputs.period_start(year) for year in (2025, 2030)] == [2025, 2030]
    assert inputs.period(2030) == "2030"
