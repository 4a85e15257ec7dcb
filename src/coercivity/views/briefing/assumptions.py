"""The assumptions that matter: horizon, money, scenario, options, and the weakest figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePath

from coercivity.results import Run
from coercivity.views.briefing.nouns import Listing, Section
from coercivity.views.influence_words import TABLE as RANKING
from coercivity.views.influence_words import weakest_sentence, weakest_table
from coercivity.views.inputs import inputs_of
from coercivity.views.plan_words import TextTable, amount

FILES = frozenset({"suppliers"})
"""Options that are paths; only the name of the file is told, not where it lay."""
NOT_TOLD = frozenset({"name"})
WEAK_FIGURES = 8


def assumptions_of(runs: Sequence[Run]) -> Section:
    """List what the runs rest on: settings, options, and the weak figures that matter most."""
    listings = [Listing(_settings_table(runs))]
    sentences = []
    for run in runs:
        if RANKING not in run.tables:
            continue
        weak = weakest_table(run, most=WEAK_FIGURES)
        if weak.rows:
            named = f"{run.id}: {weak.title}" if len(runs) > 1 else weak.title
            listings.append(Listing(TextTable(named, weak.columns, weak.rows)))
            said = weakest_sentence(run)
            sentences.append(f"{run.id}: {said}" if len(runs) > 1 else said)
    return Section(
        "The assumptions that matter", paragraphs=tuple(sentences), listings=tuple(listings)
    )


def _settings_table(runs: Sequence[Run]) -> TextTable:
    facts: tuple[tuple[str, Callable[[Run], str]], ...] = (
        ("case", lambda run: run.manifest.case),
        ("scenario", lambda run: str(run.manifest.options.get("scenario") or "none")),
        ("years", _years),
        ("reported until", lambda run: str(inputs_of(run).report_until)),
        ("money", lambda run: f"{inputs_of(run).money}, real"),
        ("discount rate (real, 1/year)", _discount),
        ("seen from", lambda run: inputs_of(run).tables.settings.perspective or "no country"),
    )
    rows = [(what, *(told(run) for run in runs)) for what, told in facts]
    options = list(dict.fromkeys(name for run in runs for name in run.manifest.options))
    rows += [
        (f"option {name.replace('_', '-')}", *(_option(run, name) for run in runs))
        for name in options
        if name not in NOT_TOLD | {"scenario"}
    ]
    columns = (("what", False), *((run.id, False) for run in runs))
    return TextTable("Frame of the calculation", columns, tuple(rows))


def _years(run: Run) -> str:
    periods = inputs_of(run).tables.settings.periods
    count = len(periods) - 1
    return f"{periods[0]} to {periods[-1] - 1} in {count} period{'s' if count != 1 else ''}"


def _discount(run: Run) -> str:
    settings = inputs_of(run).tables.settings
    return f"{settings.discount_rate:g}, {settings.discounting.value} of year"


def _option(run: Run, name: str) -> str:
    value = run.manifest.options.get(name)
    if value is None or value == []:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name in FILES:
        return PurePath(str(value)).name
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return amount(value) if isinstance(value, int) and value > 9999 else str(value)
