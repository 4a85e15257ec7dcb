"""What a redacted briefing leaves out, and what it says instead.

A redacted briefing shows results added up over stages, segments, groups of countries and years. It
leaves out every single input and whatever names or places one:

- values of the case (assumptions, weakest figures, differences of inputs), its name, title and
  description, and the options of the call;
- sources;
- sites, plants, options, companies, suppliers, buyers and single demands, by name or on a map, and
  the capacity of stages, which may be that of one plant.

It keeps the id of the run, the digest of its inputs, versions and solver, so that whoever holds the
run can compute it again; names of stages, materials, segments, classes and countries; and the
banner.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from coercivity.results import Run
from coercivity.views import assess_words, plan_words, source_words
from coercivity.views.briefing.nouns import Listing, Section
from coercivity.views.briefing.parts import without_bars
from coercivity.views.charts import FIGURES, available, figure
from coercivity.views.labels import counted
from coercivity.views.plan_words import TextTable, amount, share

FIGURES_KEPT = frozenset({"coverage", "makers", "sankey", "costs"})
"""Figures of sums, without a single place or plant."""
LEFT_OUT = "Left out of this copy."


def redacted_answer(run: Run) -> tuple[str, ...]:
    """Give the answer of a run in sentences that name no input."""
    verbs = {"plan": _plan_answer, "assess": _assess_answer, "source": _source_answer}
    return verbs.get(run.manifest.verb, _no_answer)(run)


def _no_answer(run: Run) -> tuple[str, ...]:
    return (f"Run {run.id} came to its end; its headline names inputs and is left out.",)


def _plan_answer(run: Run) -> tuple[str, ...]:
    demands = {str(name) for name in run.table("coverage")["demand"]}
    sentences = plan_words.answer(run)[:-1][:3]
    for demand in demands:
        sentences = [text.replace(f" ({demand}).", ".") for text in sentences]
    return tuple(sentences)


def _assess_answer(run: Run) -> tuple[str, ...]:
    result = run.result
    stages = run.table("stages")
    names = dict(zip(stages["stage"], stages["stage_name"], strict=True))
    shares, hhi = result["covered_share"], result["hhi"]
    sentences = [f"{counted(len(shares), 'stage')} counted as a whole in {result['year']}."]
    if shares:
        worst = max(shares, key=lambda stage: float(shares[stage]))
        concentrated = sum(value > assess_words.CONCENTRATED for value in hhi.values())
        sentences.append(
            f"Covered countries make most at {names[worst]}, {share(shares[worst])}; "
            f"{concentrated} of {len(hhi)} stages are highly concentrated."
        )
    points = amount(len(result["single_points"]))
    sentences.append(f"Single points of failure, each more than half of what is made: {points}.")
    return tuple(sentences)


def _source_answer(run: Run) -> tuple[str, ...]:
    result = run.result
    rows, lines = result["suppliers"], result["lines"]
    good = sum(bool(row["qualified"]) for row in rows)
    sentences = [
        f"{good} of {len(rows)} offers qualify for {result['segment']} on {result['date']}."
    ]
    if lines:
        passing = sum(bool(line["passes"]) for line in lines)
        sentences.append(f"{passing} of {len(lines)} lines of the supply list pass.")
    months = [time for time in result["cover_months"].values() if time is not None]
    if months:
        sentences.append(
            f"The shortest cover when one supplier, country or stage falls away is "
            f"{amount(min(months), 1)} months."
        )
    return tuple(sentences)


def redacted_sections(run: Run) -> tuple[Section, ...]:
    """Give the figures and tables of a run that hold sums only."""
    charts = tuple(
        figure(run, name) for name in FIGURES if name in available(run) and name in FIGURES_KEPT
    )
    verbs = {"plan": _plan_listings, "assess": _assess_listings, "source": _source_listings}
    listings = verbs.get(run.manifest.verb, _no_listings)(run)
    if not charts and not listings:
        return ()
    return (Section("What was found", charts=charts, listings=listings),)


def _no_listings(run: Run) -> tuple[Listing, ...]:
    del run
    return ()


def _plan_listings(run: Run) -> tuple[Listing, ...]:
    builds, until = run.table("builds"), run.kpis.get("report_until")
    if until is not None:
        builds = builds[builds["decision_year"] <= until]
    found = [
        Listing(without_bars(plan_words.coverage_table(run))),
        Listing(plan_words.cost_table(run)),
    ]
    if not builds.empty:
        found.insert(0, Listing(_builds_by_stage(builds)))
    return tuple(found)


def _builds_by_stage(builds: pd.DataFrame) -> TextTable:
    named = builds.assign(stage=builds["stage"].fillna("other"))
    grouped = named.groupby(["stage", "first_output_year"], as_index=False)
    sums = grouped[["modules", "size_t_per_year"]].sum()
    rows = [
        (str(stage), str(year), amount(float(modules)), amount(float(size)))
        for stage, year, modules, size in sums.itertuples(index=False)
    ]
    columns = (("stage", False), ("output", True), ("modules", True), ("t/year", True))
    return TextTable("What to build, by stage", columns, tuple(rows))


def _assess_listings(run: Run) -> tuple[Listing, ...]:
    return (Listing(assess_words.year_table(run)), Listing(assess_words.compliance_table(run)))


def _source_listings(run: Run) -> tuple[Listing, ...]:
    result: dict[str, Any] = run.result
    rows = []
    for material in result["classes"]:
        offers = [row for row in result["suppliers"] if row["material"] == material]
        good = sum(bool(row["qualified"]) for row in offers)
        rows.append((str(material), str(len(offers)), str(good)))
    columns = (("material", False), ("offers", True), ("qualify", True))
    table = TextTable(f"Offers to {result['segment']}", columns, tuple(rows))
    cover = source_words.cover_table(run)
    stages = tuple(row for row in cover.rows if row[0] == "stage")
    kept = [table]
    if stages:
        kept.append(TextTable(cover.title, cover.columns, stages))
    return tuple(Listing(one) for one in kept)
