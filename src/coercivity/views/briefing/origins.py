"""Sources with attribution, and how it was computed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence

from coercivity.results import Run
from coercivity.views.briefing.nouns import Listing, Section
from coercivity.views.chart import Chart
from coercivity.views.inputs import inputs_of
from coercivity.views.maps import DISCLAIMER
from coercivity.views.plan_words import TextTable, amount
from coercivity.views.rendering import vendored

OWN = {
    "estimate": "estimates of those who made the case",
    "derived": "derived from other rows",
    "": "rows without a source",
}
"""Words of the column source that name no publication."""


def sources_of(runs: Sequence[Run], charts: Iterable[Chart], *, redacted: bool = False) -> Section:
    """List the sources of all inputs with their attribution, then what the drawings rest on.

    Parameters
    ----------
    runs
        Runs whose inputs are counted.
    charts
        Figures of the briefing.
    redacted
        Whether only the drawings are attributed.
    """
    drawn = tuple(charts)
    paragraphs = _drawings(drawn)
    if redacted:
        left_out = "Sources of the inputs are left out of this copy."
        return Section("Sources", paragraphs=(left_out, *paragraphs))
    return Section("Sources", paragraphs=paragraphs, listings=(Listing(_source_table(runs)),))


def _source_table(runs: Sequence[Run]) -> TextTable:
    counts: Counter[str] = Counter()
    known: dict[str, tuple[str, ...]] = {}
    for run in runs:
        tables = inputs_of(run).tables
        held: Counter[str] = Counter()
        for name, table in tables.tables.items():
            if name != "sources":
                held.update(row.maybe_text("source") or "" for row in table)
        counts |= held
        for row in tables["sources"]:
            known.setdefault(
                row.text("id"),
                tuple(
                    row.maybe_text(column) or ""
                    for column in ("title", "publisher", "year", "licence", "address")
                ),
            )
    rows = [
        (source, *known.get(source, (OWN.get(source, ""), "", "", "", "")), amount(count))
        for source, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    columns = (
        ("source", False),
        ("title", False),
        ("publisher", False),
        ("year", False),
        ("licence", False),
        ("address", False),
        ("rows", True),
    )
    return TextTable("Sources of the inputs, those of most rows first", columns, tuple(rows))


def _drawings(charts: Sequence[Chart]) -> tuple[str, ...]:
    """Attribute the chart library and the base maps that are drawn."""
    if not charts:
        return ()
    used = {"echarts", *(name for chart in charts for name in chart.maps)}
    sentences = []
    for entry in json.loads(vendored("manifest.json"))["files"]:
        name = str(entry["file"]).split(".")[0]
        if name == "echarts":
            sentences.append(
                f"Figures: {entry['data']}, version {entry['version']}, {entry['licence']}."
            )
        elif name in used:
            sentences.append(
                f"Base map: {entry['data']}, from {entry['package']} {entry['version']}, "
                f"{entry['licence']}."
            )
    if used - {"echarts"}:
        sentences.append(DISCLAIMER)
    return tuple(sentences)


def computed_of(runs: Sequence[Run]) -> Section:
    """List what it takes to compute the runs again, and how sure the result is."""
    columns = (("what", False), *((run.id, False) for run in runs))
    facts = [_facts(run) for run in runs]
    names = list(dict.fromkeys(name for one in facts for name in one))
    rows = [(name, *(one.get(name, "") for one in facts)) for name in names]
    said = (
        "The same case, options and versions give the same result; the digest tells whether inputs "
        "are the same."
    )
    table = TextTable("What it takes to compute it again", columns, tuple(rows))
    return Section("How it was computed", paragraphs=(said,), listings=(Listing(table),))


def _facts(run: Run) -> dict[str, str]:
    manifest, result = run.manifest, run.manifest.result
    facts = {
        "verb": manifest.verb,
        "status": manifest.status,
        "digest of inputs (SHA-256)": manifest.digest,
        "solver": manifest.solver or "none",
        "gap of the cost": _percent(manifest.gap),
        "gap of the gain": _percent(result.get("gap_of_gain")),
        "seed": "none" if manifest.seed is None else str(manifest.seed),
        "started (UTC)": manifest.started[:19].replace("T", " "),
        "finished (UTC)": manifest.finished[:19].replace("T", " "),
    }
    facts |= {f"seconds, {part}": f"{time:.1f}" for part, time in manifest.seconds.items()}
    size = result.get("size")
    if isinstance(size, dict):
        facts["size of the model"] = ", ".join(f"{amount(n)} {what}" for what, n in size.items())
    facts |= {f"version of {name}": text for name, text in manifest.versions.items()}
    return facts


def _percent(value: object) -> str:
    return f"{value:.3%}".replace("%", " %") if isinstance(value, float | int) else "none"
