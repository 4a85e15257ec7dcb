from __future__ import annotations

import re
from pathlib import Path

import pytest

from coercivity.foundation.errors import UsageError
from coercivity.results import Run
from coercivity.studies.align import AlignOptions, align_of_run
from coercivity.studies.assess import AssessOptions, assess
from coercivity.studies.source import SourceOptions, source
from coercivity.tables import find_case, read_tables
from coercivity.views.briefing import Briefing, make_briefing
from coercivity.views.briefing.page import interactive_page
from coercivity.views.briefing.workbook import workbook
from coercivity.views.charts import available
from tests.observed_chains import observed, write_chain
from tests.studies.unfunded_works import unfunded_works
from tests.views.briefing.reading import workbook_parts

NAMING_TABLES = (
    "sites", "assets", "options", "suppliers", "buyers", "demands", "companies", "projects",
    "sources", "links",
)  # fmt: skip
"""Tables whose ids and names a redacted briefing must not tell."""
KEPT_TABLES = ("stages", "materials", "segments", "countries", "origin_classes", "elements")


def counted(folder: Path) -> Path:
    """Write a case of which output was counted."""
    rows = [
        {"country": country, "stage": "dig", "material": "ore", "amount": amount}
        for country, amount in (("CHN", 800), ("VNM", 150), ("USA", 50))
    ]
    return write_chain(folder, observations=observed(*rows))


def words_of(briefing: Briefing) -> str:
    said = [briefing.title, briefing.subtitle, *briefing.answer, briefing.certainty]
    for section in briefing.sections:
        said += [section.title, *section.paragraphs]
        for listing in section.listings:
            said.append(listing.text.title)
            said += [cell for row in listing.text.rows for cell in row]
    return "\n".join(said)


def test_it_opens_with_at_most_three_sentences_and_says_how_sure_they_are(
    brief: Briefing,
) -> None:
    assert len(brief.answer) == 3
    assert brief.answer[0].startswith("Build 2 modules for 180 million USD2025")
    assert brief.certainty == "Proven: no plan costs less."


def test_it_draws_every_figure_the_run_has_tables_for(brief: Briefing, mini: Run) -> None:
    assert {chart.name for chart in brief.charts} == set(available(mini))


def test_every_figure_has_a_finding_a_text_and_a_table(brief: Briefing) -> None:
    for chart in brief.charts:
        assert chart.title.endswith(".")
        assert chart.alt
        assert not chart.table.empty


def test_it_tells_assumptions_sources_and_how_it_was_computed(brief: Briefing, mini: Run) -> None:
    words = words_of(brief)
    for fact in ("discount rate", "2025 to 2030 in 6 periods", "scenario", "USD2025, real"):
        assert fact in words
    for fact in (mini.manifest.digest, "highs", "gap of the cost", "seed", "version of coercivity"):
        assert fact in words
    assert "Base map: Natural Earth" in words
    assert "Apache ECharts" in words
    tables, _ = read_tables(mini.inputs)
    assert tables is not None
    cited = {row.text("source") for row in tables["assets"] if row.given("source")}
    assert cited
    assert all(source in words for source in cited)


def test_a_weak_figure_that_matters_is_told_with_its_source(brief: Briefing, mini: Run) -> None:
    weakest = mini.table("influence").query("confidence != 'high' and uncertainty_musd > 0")
    told = any("Weakest" in one.text.title for one in brief.assumptions.listings)
    assert told == (not weakest.empty)


def test_the_banner_of_the_call_comes_before_that_of_the_case(mini: Run) -> None:
    assert make_briefing([mini]).banner == ""
    assert make_briefing([mini], banner="DRAFT").banner == "DRAFT"


def test_runs_of_one_verb_are_compared_with_small_multiples(mini: Run, other: Run) -> None:
    briefing = make_briefing([mini, other])
    assert len(briefing.answer) <= 3
    titles = [section.title for section in briefing.figures]
    assert titles[:2] == ["What differs", "Inputs beside what comes out"]
    maps = [chart for chart in briefing.charts if chart.name == "map"]
    assert [chart.title.split(":")[0] for chart in maps] == ["mini", "other"]
    assert "options" in words_of(briefing)


def test_runs_of_different_verbs_follow_each_other(
    mini: Run, runs: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    seen = assess(counted(tmp_path_factory.mktemp("seen")), runs, AssessOptions(name="seen"))
    bought = source(find_case("mini"), runs, SourceOptions(segment="defence", name="bought"))
    briefing = make_briefing([seen, mini, bought])
    assert len(briefing.answer) == 3
    assert briefing.answer[1].startswith("Build 2 modules")
    titles = [section.title for section in briefing.figures]
    for title in ("Where the chain stands (seen)", "From whom to buy (bought)"):
        assert title in titles


def test_a_package_among_the_runs_puts_the_decision_first(
    mini: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("decided")
    planned = unfunded_works(folder / "case", folder / "runs")
    options = AlignOptions(paths=400, allow=("grant", "ebitda-floor"), name="package")
    package = align_of_run(planned, folder / "runs", options)
    briefing = make_briefing([planned, package])
    first = briefing.figures[0]
    assert briefing.title == "What makes it happen, and does it last"
    assert first.title == "The decision"
    answers = {row[0]: row[1] for row in first.listings[0].text.rows}
    assert answers["Which package makes it happen"].startswith("Owners and lenders of")
    assert answers["What stays when support ends"] == f"not asked: coercivity loop {planned.id}"
    assert not first.paragraphs
    other = make_briefing([mini, package]).figures[0]
    assert other.paragraphs == (
        f"mini looks at another plan than {planned.id}: read it with care.",
    )
    assert "The decision" not in [s.title for s in make_briefing([package]).figures]


@pytest.mark.parametrize("count", [0, 5])
def test_no_run_and_more_than_four_are_refused(mini: Run, count: int) -> None:
    with pytest.raises(UsageError, match=rf"one to 4 runs of one verb.*; got {count}\.  \[R001\]"):
        make_briefing([mini] * count)


def named_inputs(run: Run) -> set[str]:
    """Give ids and names of rows that a redacted briefing must not tell."""
    tables, _ = read_tables(run.inputs)
    assert tables is not None
    kept = {
        text
        for table in KEPT_TABLES
        for row in tables[table]
        for text in (row.text("id"), row.maybe_text("name") or "")
    }
    told = {row.text("id") for table in NAMING_TABLES for row in tables[table]}
    told |= {row.maybe_text("name") or "" for row in tables["sites"]}
    told |= {tables.settings.title, tables.settings.description}
    return {name for name in told - {""} if not told_in(" ".join(kept).lower(), {name.lower()})}


def told_in(text: str, names: set[str]) -> set[str]:
    return {n for n in names if re.search(rf"(?<![\w.-]){re.escape(n)}(?![\w.-])", text)}


def test_a_redacted_briefing_names_and_places_no_input(mini: Run, runs: Path) -> None:
    bought = source(find_case("mini"), runs, SourceOptions(segment="defence", name="kept-back"))
    for run in (mini, bought):
        names = named_inputs(run)
        whole, cut = make_briefing([run]), make_briefing([run], redact=True)
        assert told_in(interactive_page(whole), names)
        assert not told_in(words_of(cut), names)
        assert not told_in(interactive_page(cut).split("<script>")[0], names)
        assert not told_in("\n".join(workbook_parts(workbook(cut)).values()), names)
        assert not any(chart.maps for chart in cut.charts)
        assert run.manifest.digest in words_of(cut)


def test_a_redacted_comparison_tells_results_only(mini: Run, other: Run) -> None:
    cut = make_briefing([mini, other], redact=True)
    assert not told_in(words_of(cut), named_inputs(mini))
    assert "cost, present value" in words_of(cut)


def test_a_redacted_assessment_names_no_plant(
    runs: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    case = counted(tmp_path_factory.mktemp("cut"))
    run = assess(case, runs, AssessOptions(name="cut-short"))
    cut = make_briefing([run], redact=True)
    assert not told_in(words_of(cut), named_inputs(run) - {"one"})  # a project, and a numeral
    assert cut.answer[0] == f"1 stage counted as a whole in {run.result['year']}."
