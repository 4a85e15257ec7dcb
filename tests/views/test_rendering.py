from __future__ import annotations

import builtins
import json
from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest

from coercivity.foundation.errors import UsageError
from coercivity.results import Run
from coercivity.views import rendering
from coercivity.views.chart import Chart, table_html
from coercivity.views.charts import figure
from coercivity.views.palette import SERIES_DECALS
from tests.views.drawn import parsed

SVG = "{http://www.w3.org/2000/svg}"


def bars(name: str = "bars", **more: Any) -> Chart:
    option: Mapping[str, Any] = {
        "xAxis": {"type": "category", "data": ["a", "b"]},
        "yAxis": {"type": "value", "name": "t/year"},
        "series": [
            {"type": "bar", "data": [1, 2], "itemStyle": {"decal": SERIES_DECALS[1]}},
        ],
    }
    return Chart(name, "B is 2.", option, pd.DataFrame({"x": [1, 2]}), "Two bars.", **more)


@pytest.fixture
def engine() -> None:
    pytest.importorskip("py_mini_racer")


@pytest.mark.usefixtures("engine")
def test_the_same_chart_gives_the_same_bytes(mini: Run) -> None:
    first = bars().svg()
    figure(mini, "world").svg()
    assert bars().svg() == first


@pytest.mark.usefixtures("engine")
def test_a_fresh_engine_gives_the_same_bytes() -> None:
    first = bars().svg()
    rendering._drawer.cache_clear()
    assert bars().svg() == first


@pytest.mark.usefixtures("engine")
def test_ids_of_two_drawings_never_meet() -> None:
    other = {"xAxis": {"type": "category", "data": ["a", "c"]}}
    drawings = [
        bars(),
        bars("other"),
        Chart("bars", "B.", {**bars().option, **other}, pd.DataFrame(), ""),
    ]
    ids = [{e.attrib["id"] for e in parsed(d.svg()).iter() if "id" in e.attrib} for d in drawings]
    assert all(ids)
    assert not ids[0] & ids[1]
    assert not ids[0] & ids[2]


@pytest.mark.usefixtures("engine")
def test_every_reference_has_its_target() -> None:
    drawing = bars().svg()
    root = parsed(drawing)
    ids = {e.attrib["id"] for e in root.iter() if "id" in e.attrib}
    used = [v[5:-1] for e in root.iter() for v in e.attrib.values() if v.startswith("url(#")]
    assert used
    assert set(used) <= ids


@pytest.mark.usefixtures("engine")
def test_a_drawing_carries_its_words_and_no_script() -> None:
    root = parsed(bars(notes=("Small print.",)).svg())
    assert root.findtext(f"{SVG}title") == "B is 2."
    assert root.findtext(f"{SVG}desc") == "Two bars."
    assert root.attrib["role"] == "img"
    tags = {element.tag for element in root.iter()}
    assert not tags & {f"{SVG}script", f"{SVG}style", f"{SVG}foreignObject", f"{SVG}image"}
    assert "Small print." in "".join(root.itertext())


@pytest.mark.usefixtures("engine")
def test_under_a_heading_the_drawing_has_no_title_of_its_own() -> None:
    root = parsed(bars(notes=("Small print.",)).svg(titled=False))
    written = ["".join(e.itertext()) for e in root.iter(f"{SVG}text")]
    assert "B is 2." not in written
    assert root.attrib["viewBox"].endswith("860 440")


@pytest.mark.usefixtures("engine")
def test_a_number_that_json_has_not_is_refused() -> None:
    chart = Chart("n", "N.", {"series": [{"data": [float("nan")]}]}, pd.DataFrame(), "")
    with pytest.raises(ValueError, match="JSON compliant"):
        chart.svg()


@pytest.mark.usefixtures("engine")
def test_a_picture_is_a_png() -> None:
    pytest.importorskip("typst")
    assert bars().png(dots_per_inch=36).startswith(b"\x89PNG")


def test_a_missing_engine_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *arguments: Any, **more: Any) -> Any:
        if name == "py_mini_racer":
            raise ImportError(name)
        return real(name, *arguments, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    rendering._drawer.cache_clear()
    with pytest.raises(UsageError, match=r"pip install 'coercivity\[report\]'"):
        bars().svg()


def test_a_page_asks_for_nothing_from_outside(mini: Run) -> None:
    page = figure(mini, "map").html()
    assert "default-src 'none'" in page
    head = page.split("<script>")[0]
    assert "http" not in head.replace("http-equiv", "")
    assert page.count("</script>") == 2
    assert "src=" not in head


def test_json_in_a_page_cannot_end_its_script() -> None:
    text = "</script><script>alert(1)</script>\u2028"
    written = rendering.script_json({"a": text})
    assert "<" not in written
    assert "\u2028" not in written
    assert json.loads(written)["a"] == text


def test_tables_are_escaped_and_cut() -> None:
    frame = pd.DataFrame({"<b>": ["<i>", None, "c"], "n": [1.5, float("nan"), 3.0]})
    written = table_html(frame, rows=2)
    assert "&lt;b&gt;" in written
    assert "<i>" not in written
    assert "nan" not in written
    assert "1 more rows" in written


def test_data_names_its_units(mini: Run) -> None:
    assert list(figure(mini, "costs").data.columns)[1] == (
        "value_musd [million USD2025, present value]"
    )


@pytest.mark.usefixtures("engine")
def test_a_notebook_gets_a_picture_and_words(mini: Run) -> None:
    shown = figure(mini, "costs")._repr_mimebundle_()
    assert set(shown) == {"text/html", "image/svg+xml", "text/plain"}
    assert shown["text/html"].startswith("<figure><svg")
    assert "<script" not in shown["text/html"]
