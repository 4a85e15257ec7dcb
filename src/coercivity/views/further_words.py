"""What a plan says beyond itself: what it would take, what could be otherwise, how soon."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from coercivity.results import Run
from coercivity.views.plan_words import TextTable, amount, share

SHOWN = 12
"""Rows of a table that are shown in a terminal. [count]"""
VERDICTS = {
    "must": "every plan within reach builds it",
    "could": "some plans within reach build it, others do not",
    "never": "no plan within reach builds it",
    "open": "not proven either way in the time allowed",
}
"""What each verdict about an option means."""


def further_answer(run: Run) -> list[str]:
    """Say in sentences what the explanations, neighbours and frontier of a plan found."""
    return [
        *_rejected_sentence(run),
        *_chosen_sentence(run),
        *_permit_sentence(run),
        *_near_sentence(run),
        *_frontier_sentence(run),
        *_earliest_sentences(run),
    ]


def further_tables(run: Run) -> list[TextTable]:
    """Show what the explanations, neighbours and frontier of a plan found."""
    makers = (
        _rejected_table, _chosen_table, _permit_table, _near_table, _alternatives_table,
        _frontier_table,
    )  # fmt: skip
    return [table for make in makers for table in make(run) if table.rows]


def _frame(run: Run, name: str) -> pd.DataFrame:
    return run.table(name) if name in run.tables else pd.DataFrame()


def _named(options: list[str], most: int = 6) -> str:
    """List names, and how many more there are."""
    if len(options) <= most:
        return ", ".join(options)
    return f"{', '.join(options[:most])} and {len(options) - most} more"


def _rejected_sentence(run: Run) -> Iterator[str]:
    rejected = _frame(run, "rejected")
    if rejected.empty:
        return
    priced = rejected[rejected["grant_musd"].notna()].sort_values("grant_share")
    if priced.empty:
        yield "None of the options left out would pay with any grant, the rest of the plan held."
        return
    nearest = priced.iloc[0]
    yield (
        f"Of {len(rejected)} options left out, {nearest['option']} is nearest to paying: a grant "
        f"of {amount(float(nearest['grant_musd']), 1)} million "
        f"({share(float(nearest['grant_share']))} of its capital) would do it, the rest of the "
        "plan held; found and checked by solving again a percent above and below."
    )


def _chosen_sentence(run: Run) -> Iterator[str]:
    chosen = _frame(run, "chosen")
    if chosen.empty:
        return
    priced = chosen[chosen["forbid_cost_held_musd"] > 0]
    if not priced.empty:
        worst = priced.sort_values("forbid_cost_held_musd").iloc[-1]
        least = float(worst["forbid_cost_at_least_musd"])
        proven = f", and {amount(least)} million more whatever does" if least >= 1 else ""
        yield (
            f"Of what is built, {worst['option']} matters most: without it the plan costs "
            f"{amount(float(worst['forbid_cost_held_musd']))} million more if nothing takes its "
            f"place{proven}."
        )
    same = [str(o) for o in chosen[chosen["distinguishable"] == "no"]["option"]]
    if same:
        verb = "is" if len(same) == 1 else "are"
        yield (
            f"Not distinguishable: {_named(same)} {verb} worth less than the distance to the proof."
        )


def _permit_sentence(run: Run) -> Iterator[str]:
    permits = _frame(run, "permit_year_saved")
    if permits.empty:
        return
    best = permits.sort_values("year_saved_musd", ascending=False).iloc[0]
    if float(best["year_saved_musd"]) > 0:
        yield (
            f"A year less of permitting is worth most for {best['option']}: "
            f"{amount(float(best['year_saved_musd']), 1)} million (present value)."
        )
    else:
        yield "A year less of permitting would change nothing in this plan."


def _near_sentence(run: Run) -> Iterator[str]:
    near = _frame(run, "near")
    if near.empty:
        return
    count = near["verdict"].value_counts()
    reach = run.result.get("near") or {}
    within = f"{share(float(reach.get('epsilon', 0)))} of the {reach.get('share_of', 'gain')}"
    must = [str(o) for o in near[near["verdict"] == "must"]["option"]]
    named = f" ({_named(must)})" if must else ""
    unproven = int(count.get("open", 0))
    yield (
        f"Over all plans within {within}: {len(must)} of {len(near)} options stand in every one"
        f"{named}, {int(count.get('could', 0))} in some, {int(count.get('never', 0))} in none"
        + (f"; {unproven} could not be proven either way." if unproven else ".")
    )


def _frontier_sentence(run: Run) -> Iterator[str]:
    frontier = _frame(run, "frontier")
    if frontier.empty:
        return
    points = frontier[frontier["kind"] == "shortfall"].sort_values("shortfall_t")
    if len(points) < 2:
        return
    least, most = points.iloc[0], points.iloc[-1]
    more = float(least["cost_musd"]) - float(most["cost_musd"])
    yield (
        f"Bringing the shortfall of {least['segment']} from {amount(float(most['shortfall_t']))} t "
        f"to {amount(float(least['shortfall_t']))} t costs {amount(more)} million more."
    )


def _earliest_sentences(run: Run) -> Iterator[str]:
    for row in _frame(run, "earliest").to_dict("records"):
        when = "in no reported year" if pd.isna(row["year"]) else f"from {int(row['year'])} on"
        yield f"{row['requirement']} can be met {when} at the earliest: {row['because']}."


def _missing(value: object) -> bool:
    return bool(pd.isna(pd.Series([value], dtype=object)).iloc[0])


def _number(value: object, digits: int = 1) -> str:
    return "" if _missing(value) else amount(float(str(value)), digits)


def _part(value: object) -> str:
    return "" if _missing(value) else share(float(str(value)))


def _text(value: object) -> str:
    return "" if _missing(value) else str(value)


def _rejected_table(run: Run) -> Iterator[TextTable]:
    frame = _frame(run, "rejected")
    if frame.empty:
        return
    rows = [
        (
            str(row["option"]),
            _number(row["grant_musd"]),
            _part(row["grant_share"]),
            _number(row["grant_usd_per_t"], 0),
            _text(row["verified"]),
            _text(row["distinguishable"]),
            _text(row["reason"]),
        )
        for row in frame.sort_values("grant_share").head(SHOWN).to_dict("records")
    ]
    yield TextTable(
        f"Left out: what would make it pay (rest of the plan held){_more(frame)}",
        (
            ("option", False), ("grant, million", True), ("of capital", True), ("per t", True),
            ("checked", False), ("distinguishable", False), ("reason", False),
        ),
        tuple(rows),
    )  # fmt: skip


def _more(frame: pd.DataFrame) -> str:
    return f", {SHOWN} of {len(frame)} shown" if len(frame) > SHOWN else ""


def _chosen_table(run: Run) -> Iterator[TextTable]:
    frame = _frame(run, "chosen")
    if frame.empty:
        return
    ordered = frame.sort_values("forbid_cost_held_musd", ascending=False).head(SHOWN)
    rows = [
        (
            str(row["option"]),
            _number(row["forbid_cost_held_musd"]),
            _number(row["forbid_cost_at_least_musd"]),
            _text(row["distinguishable"]),
            _text(row["reason"]),
        )
        for row in ordered.to_dict("records")
    ]
    yield TextTable(
        f"Built: what doing without it costs{_more(frame)}",
        (
            ("option", False), ("nothing else changed, million", True), ("at least, million", True),
            ("distinguishable", False), ("remark", False),
        ),
        tuple(rows),
    )  # fmt: skip


def _permit_table(run: Run) -> Iterator[TextTable]:
    frame = _frame(run, "permit_year_saved")
    if frame.empty:
        return
    ordered = frame[frame["year_saved_musd"] > 0].sort_values("year_saved_musd", ascending=False)
    rows = [
        (str(r["option"]), _text(r["built"]), str(r["permit_years"]), _number(r["year_saved_musd"]))
        for r in ordered.head(SHOWN).to_dict("records")
    ]
    columns = (("option", False), ("built", False), ("permit, years", True), ("million", True))
    yield TextTable(
        f"What a year less of permitting is worth{_more(ordered)}", columns, tuple(rows)
    )


def _near_table(run: Run) -> Iterator[TextTable]:
    frame = _frame(run, "near")
    if frame.empty:
        return
    rows = [
        (verdict, str(len(options)), _named([str(o) for o in options], 8), VERDICTS[verdict])
        for verdict in VERDICTS
        if len(options := frame[frame["verdict"] == verdict]["option"])
    ]
    columns = (("verdict", False), ("options", True), ("which", False), ("meaning", False))
    yield TextTable("What every plan within reach has in common", columns, tuple(rows))


def _alternatives_table(run: Run) -> Iterator[TextTable]:
    frame = _frame(run, "alternatives")
    if frame.empty:
        return
    rows = []
    for number, plan in frame.groupby("alternative", sort=True):
        options = [str(o) for o in plan["option"].dropna().drop_duplicates()]
        cost = _number(plan["objective_musd"].iloc[0])
        rows.append((str(number), cost, _number(plan["capital_musd"].sum()), _named(options, 8)))
    columns = (("plan", True), ("cost, million", True), ("capital", True), ("builds", False))
    yield TextTable("Other plans within reach, as different as found", columns, tuple(rows))


def _frontier_table(run: Run) -> Iterator[TextTable]:
    frame = _frame(run, "frontier")
    if frame.empty:
        return
    rows = [
        (
            str(row["kind"]),
            _text(row["class"]),
            _number(row["shortfall_t"], 0),
            "" if pd.isna(row["year"]) else str(int(row["year"])),
            _number(row["cost_musd"]),
            _number(row["bound_musd"]),
            str(row["status"]),
        )
        for row in frame.to_dict("records")
    ]
    yield TextTable(
        f"Cost against shortfall and year, {frame['segment'].iloc[0]}",
        (
            ("against", False), ("class", False), ("shortfall t", True), ("from year", True),
            ("cost, million", True), ("proven at least", True), ("status", False),
        ),
        tuple(rows),
    )  # fmt: skip
