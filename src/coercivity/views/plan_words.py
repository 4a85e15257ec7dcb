"""A plan in words and small tables, from its run alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from coercivity.results import Run

THIN = "\u202f"
BAR_CELLS = 40
NO_GAP = 1e-7
"""Distance to the bound that is nothing but rounding. [fraction]"""


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table for a terminal: title, columns with their unit, rows of text."""

    title: str
    columns: tuple[tuple[str, bool], ...]
    """Heading, and whether it is a number (set to the right)."""
    rows: tuple[tuple[str, ...], ...]


def amount(value: float, digits: int = 0) -> str:
    """Write a number with thin spaces between thousands.

    Examples
    --------
    >>> amount(12345.6).replace(THIN, " ")
    '12 346'
    """
    return f"{value:,.{digits}f}".replace(",", THIN)


def share(value: float) -> str:
    """Write a fraction as a percentage that never rounds a gap away.

    Examples
    --------
    >>> share(1.0), share(0.9999), share(0.423)
    ('100 %', '99.9 %', '42.3 %')
    """
    if value >= 1 - 1e-9:
        return "100 %"
    return f"{min(value * 100, 99.9):.1f} %"


def _money(run: Run) -> str:
    result = run.result
    return f"million {result['currency']}{result.get('price_year') or ''}"


def _shown(run: Run, table: str) -> pd.DataFrame:
    frame = run.table(table)
    until = run.kpis.get("report_until")
    return frame if until is None else frame[frame["year"] <= until]


def answer(run: Run) -> list[str]:
    """Say what the plan builds, what it serves and how sure that is, a sentence each."""
    return [_builds_sentence(run), _service_sentence(run), *_makers_sentence(run), _proof(run)]


def _reported_builds(run: Run) -> pd.DataFrame:
    """Give the decisions up to the last reported year; later ones only close the horizon."""
    builds, until = run.table("builds"), run.kpis.get("report_until")
    return builds if until is None else builds[builds["decision_year"] <= until]


def _builds_sentence(run: Run) -> str:
    builds = _reported_builds(run)
    gain = run.result.get("gain")
    if builds.empty:
        return "Nothing needs to be built: the least-cost plan runs what exists."
    modules = int(builds["modules"].sum())
    capital = amount(float(builds["capital_musd"].sum()))
    first, last = builds["first_output_year"].min(), builds["first_output_year"].max()
    span = f"in {first}" if first == last else f"between {first} and {last}"
    saved = "; without it the demands that must be met cannot be"
    if isinstance(gain, float):
        saved = f"; against building nothing it saves {amount(gain)} (present value)"
    plural = "s" if modules != 1 else ""
    return (
        f"Build {modules} module{plural} for {capital} {_money(run)}, first output {span}{saved}."
    )


def _service_sentence(run: Run) -> str:
    coverage = _shown(run, "coverage")
    if coverage.empty:
        return "The case asks for nothing."
    years = coverage["years"]
    asked = float((coverage["demand_t"] * years).sum())
    short = float((coverage["shortfall_t"] * years).sum())
    until = int((coverage["year"] + years).max()) - 1
    text = f"{share(1 - short / asked if asked else 1.0)} of demand is served up to {until}"
    lacking = coverage[coverage["shortfall_t"] > 1e-6]
    if lacking.empty:
        return text + "."
    worst = lacking.sort_values("shortfall_t").iloc[-1]
    return (
        f"{text}; the largest shortfall is {amount(worst['shortfall_t'])} t of "
        f"{amount(worst['demand_t'])} t in {worst['year']} ({worst['demand']})."
    )


def _makers_sentence(run: Run) -> list[str]:
    shares = makers_by_year(run)
    if shares.empty:
        return []
    first, last = shares.iloc[0], shares.iloc[-1]
    return [
        "Of what serves the demands, domestic plants make "
        f"{share(first['domestic'])} in {shares.index[0]} "
        f"and {share(last['domestic'])} in {shares.index[-1]}; covered countries "
        f"{share(first['covered'])} and {share(last['covered'])}.",
        *_upstream_sentence(run),
    ]


def _upstream_sentence(run: Run) -> list[str]:
    """Name the stage at which covered countries stand behind most of what is served at the end."""
    shares = stages_behind(run)
    last = shares[shares["year"] == shares["year"].max()]
    if last.empty or last["covered"].max() <= 0:
        return []
    worst = last.sort_values("covered", ascending=False, kind="stable").iloc[0].to_dict()
    return [
        f"Traced upstream, covered countries stand behind most of it at stage {worst['stage']}: "
        f"{share(float(worst['covered']))} in {worst['year']}."
    ]


def _proof(run: Run) -> str:
    result = run.result
    gap, of_gain = float(result["gap"]), result.get("gap_of_gain")
    if result["status"] == "optimal" and gap < NO_GAP:
        return "Proven: no plan costs less."
    truth = f"at most {gap:.2%} of the cost away from the best plan"
    if isinstance(of_gain, float):
        truth = f"at most {of_gain:.2%} of the gain ({gap:.3%} of the cost) from the best plan"
    if result["status"] == "optimal":
        return f"Proven: {truth}."
    return f"A plan, not a proof: {truth}."


GROUPS = ("domestic", "allied", "neutral", "covered")


def makers_by_year(run: Run) -> pd.DataFrame:
    """Give, by year, each country group's share of what serves the demands. [fraction]

    By the country of the last step; sales abroad are not counted.
    """
    return _by_group(_shown(run, "makers"), ["year"])


def stages_behind(run: Run) -> pd.DataFrame:
    """Give, by year and stage, each country group's share of all that is served. [fraction]

    Traced upstream through the plan; of suppliers, the origin that they declare counts. ``none`` is
    the share on whose way the stage does not lie.
    """
    served = _shown(run, "coverage").groupby("year")["served_t"].sum()
    table = _by_group(_shown(run, "provenance"), ["year", "stage"], of=served).reset_index()
    parts = table.drop(columns=["year", "stage"]).sum(axis=1)
    return table.assign(none=(1 - parts).clip(lower=0.0))


def _by_group(
    frame: pd.DataFrame, index: list[str], *, of: pd.Series[float] | None = None
) -> pd.DataFrame:
    """Give shares of country groups, of the tonnes of a row or of those of its year."""
    frame = frame[frame["served_t"] > 0]
    if frame.empty:
        return pd.DataFrame(columns=[*index, *GROUPS]).set_index(index)
    table = frame.assign(group=frame["group"].fillna("unknown")).pivot_table(
        index=index, columns="group", values="served_t", aggfunc="sum", fill_value=0.0, sort=False
    )
    table = table.reindex(columns=[*GROUPS, *sorted(set(table.columns) - set(GROUPS))])
    table = table.fillna(0.0)
    if of is None:
        return table.div(table.sum(axis=1), axis=0)
    years = table.index.get_level_values("year")
    return table.div(of.reindex(years).to_numpy(), axis=0)


def builds_table(run: Run) -> TextTable:
    """List the decisions up to the last reported year, the earliest first."""
    builds = _reported_builds(run)
    rows = [
        (
            str(row.option),
            str(row.site or row.link or ""),
            str(row.stage or ""),
            str(row.decision_year),
            str(row.first_output_year),
            amount(float(str(row.size_t_per_year))),
            amount(float(str(row.capital_musd))),
        )
        for row in builds.itertuples()
    ]
    return TextTable(
        "What to build",
        (
            ("option", False),
            ("place", False),
            ("stage", False),
            ("decide", True),
            ("output", True),
            ("t/year", True),
            (_money(run), True),
        ),
        tuple(rows),
    )


def coverage_table(run: Run) -> TextTable:
    """Show demand by year, the share served, and by whom."""
    coverage = _shown(run, "coverage")
    totals = coverage.groupby("year")[["demand_t", "shortfall_t"]].sum()
    shares = makers_by_year(run)
    rows = []
    who = {int(str(year)): parts for year, parts in shares.to_dict("index").items()}
    for year, asked, short in totals.reset_index().itertuples(index=False):
        parts = [float(who[year][group]) for group in GROUPS] if year in who else []
        rows.append(
            (
                str(year),
                amount(asked),
                share(1 - short / asked) if asked else "",
                *([share(part) for part in parts] or [""] * len(GROUPS)),
                bar(parts),
            )
        )
    return TextTable(
        "Who makes what serves the demands (share by country group of the last step)",
        (
            ("year", True),
            ("demand t", True),
            ("served", True),
            *((group, True) for group in GROUPS),
            ("█ domestic ▓ allied ▒ neutral ░ covered", False),
        ),
        tuple(rows),
    )


def stages_table(run: Run) -> TextTable:
    """Show who stands behind what is served, stage by stage, in the first and last year shown."""
    shares = stages_behind(run)
    rows = [
        (
            str(parts["stage"]),
            str(parts["year"]),
            *(share(float(parts[group])) for group in GROUPS),
            bar([float(parts[group]) for group in GROUPS]),
        )
        for year in sorted({shares["year"].min(), shares["year"].max()})
        for parts in shares[shares["year"] == year].to_dict("records")
    ]
    return TextTable(
        "Who stands behind what serves the demands, by stage, traced through the plan",
        (
            ("stage", False),
            ("year", True),
            *((group, True) for group in GROUPS),
            ("█ domestic ▓ allied ▒ neutral ░ covered", False),
        ),
        tuple(rows),
    )


def bar(shares: Sequence[float], cells: int = BAR_CELLS) -> str:
    """Draw shares as one bar of characters.

    Examples
    --------
    >>> bar([0.5, 0.25, 0.0, 0.25], cells=8)
    '████▓▓░░'
    """
    ends = [round(cells * sum(shares[: n + 1])) for n in range(len(shares))]
    starts = [0, *ends[:-1]]
    marks = "█▓▒░"
    return "".join(
        mark * (end - start) for mark, start, end in zip(marks, starts, ends, strict=False)
    )


def bottleneck_table(run: Run) -> TextTable:
    """Show the scarcest capacity of each year, anywhere and at home."""
    frame = _shown(run, "bottlenecks")
    anywhere = frame.drop_duplicates("year").set_index("year")
    home = frame[frame["group"] == "domestic"].drop_duplicates("year").set_index("year")
    rows = [
        (str(year), *_scarcest(anywhere, year), *_scarcest(home, year)) for year in anywhere.index
    ]
    return TextTable(
        f"The bottleneck of each year (what its capacity earns, {_money(run)} a year)",
        (
            ("year", True),
            ("anywhere", False),
            ("stage", False),
            ("earns", True),
            ("at home", False),
            ("stage", False),
            ("earns", True),
        ),
        tuple(rows),
    )


def _scarcest(frame: pd.DataFrame, year: object) -> tuple[str, str, str]:
    if year not in frame.index:
        return "", "", ""
    row = frame.loc[[year]].iloc[0]
    return str(row["asset"]), str(row["stage"] or ""), amount(float(row["value_musd_per_year"]), 1)


def cost_table(run: Run) -> TextTable:
    """Show the terms of the objective."""
    terms = {k: v for k, v in run.result["cost_terms"].items() if abs(v) > 1e-9}
    rows = [(term, amount(value, 1)) for term, value in terms.items()]
    rows.append(("total", amount(float(run.result["objective"]), 1)))
    return TextTable(
        "Cost", (("term", False), (f"{_money(run)}, present value", True)), tuple(rows)
    )
