"""Figures, words and the section of simulations, from their run alone."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from coercivity.foundation.errors import UsageError
from coercivity.results import Run
from coercivity.studies.simulate import SimulateOptions, simulate
from coercivity.views import simulation_words
from coercivity.views.briefing.sections import simulate as section
from coercivity.views.charts import available, figure


@pytest.fixture(scope="module")
def banned(tmp_path_factory: pytest.TempPathFactory) -> Run:
    options = SimulateOptions(
        months=24, replications=20, lose=("country:CHN@7+12x0.5",), name="ban",
        against_policy="ration",
    )  # fmt: skip
    return simulate("mini", tmp_path_factory.mktemp("runs"), options)


def test_the_fan_draws_what_the_table_says(banned: Run) -> None:
    chart = figure(banned, "shortfall", segment="industry")
    lines = {series["name"]: series["data"] for series in chart.option["series"]}
    assert list(lines) == ["mean", "one in four", "one in twenty", "one in a hundred"]
    assert lines["mean"] == pytest.approx(100 * chart.table["mean"], rel=1e-4)
    assert max(lines["mean"]) > 10
    assert json.loads(json.dumps(dict(chart.option)))
    assert "<svg" in chart.svg()


def test_the_histogram_of_cover_counts_every_replication(banned: Run) -> None:
    chart = figure(banned, "cover", segment="industry")
    assert chart.table["share"].sum() == pytest.approx(1)
    drawn = np.sum([series["data"] for series in chart.option["series"]], axis=0)
    assert drawn == pytest.approx(100 * chart.table["share"], abs=1e-3)
    assert "<svg" in chart.svg()


def test_figures_show_the_segment_that_loses_most_unless_asked(banned: Run) -> None:
    assert set(available(banned)) == {"shortfall", "cover"}
    shares = {
        name: found["mean"] / banned.result["demand_t"][name]
        for name, found in banned.result["lost_t"].items()
    }
    worst = max(shares, key=lambda name: shares[name])
    assert f"The segment {worst} loses" in figure(banned, "shortfall").title
    with pytest.raises(UsageError, match="Did you mean 'defence'"):
        figure(banned, "cover", segment="defense")


def test_words_say_the_figures_of_the_run(banned: Run) -> None:
    said = " ".join(simulation_words.answer(banned))
    share = banned.result["lost_t"]["industry"]["mean"] / banned.result["demand_t"]["industry"]
    assert f"Industry loses {100 * share:.1f} % of its demand on average" in said
    assert "under policy ration, met by the same events, defence loses" in said
    assert any("nothing is optimised" in note for note in simulation_words.notes(banned))
    table = simulation_words.tables(banned)[0]
    assert [row[0] for row in table.rows] == ["defence", "industry"]


def test_a_section_tells_and_its_cut_names_nobody(banned: Run) -> None:
    shown = section.section(banned)
    assert [chart.name for chart in shown.charts] == ["shortfall-fan", "cover-histogram"]
    assert len(section.answer(banned).sentences) <= 3
    (cut,) = section.cut_answer(banned)
    assert "defence" not in cut
    assert "segments lose service" in cut


def test_the_run_keeps_what_it_tells(banned: Run) -> None:
    assert Path(banned.path / "tables" / "shortfall_fan.parquet").is_file()
    assert banned.units("simulated_segments")["lost_mean_t"] == "t"
