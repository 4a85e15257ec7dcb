"""One plan for many futures: what it costs in them, what planning for all of them is worth."""

from __future__ import annotations

from collections.abc import Iterator

from coercivity.results import Run
from coercivity.views.plan_words import TextTable, amount, share

SHOWN = 12
"""Rows of a table that are shown in a terminal. [count]"""


def futures_answer(run: Run) -> list[str]:
    """Say what one plan costs in many futures; nothing where it was made for one."""
    result = run.result
    if "scenarios" not in result:
        return []
    return list(_sentences(run))


def _sentences(run: Run) -> Iterator[str]:
    result = run.result
    money = f"million {result['currency']}{result.get('price_year') or ''}"
    yield (
        f"It is one plan for {len(result['scenarios'])} futures: {amount(result['expected'])} "
        f"{money} expected, {amount(result['tail'])} in the worst "
        f"{share(result['tail_probability'])}; the other tables are those of the case as it stands."
    )
    if result["vss"] is not None:
        yield (
            "Planning for all futures instead of their average saves "
            f"{amount(result['vss'])} {money}."
        )
    if result["evpi"] is not None:
        yield (
            f"Knowing the future first would save {amount(result['evpi'])} to "
            f"{amount(result['evpi_at_most'])} {money}."
        )
    fresh = result["out_of_sample"]
    if fresh is not None:
        yield (
            f"In {fresh['count']} fresh futures it costs {amount(fresh['mean'])} on average "
            f"(95 %: {amount(fresh['low'])} to {amount(fresh['high'])})."
        )
    if result["must_build"]:
        yield f"Every future wants {', '.join(result['must_build'])}."
    for goal in result["chances"]:
        missed = ", ".join(goal["missed"]) or "none"
        yield (
            f"Target {goal['target']} holds with {share(goal['held'])} (asked: "
            f"{share(goal['asked'])}); missed in: {missed}."
        )


def futures_tables(run: Run) -> list[TextTable]:
    """Show cost and regret in each future, and which options the futures agree on."""
    if "scenarios" not in run.tables:
        return []
    return [_by_future(run), _by_option(run)]


def _by_future(run: Run) -> TextTable:
    frame = run.table("scenarios").sort_values("regret_musd", ascending=False)
    rows = [
        (
            str(row["named"] or row["scenario"]),
            share(float(row["probability"])),
            amount(float(row["cost_musd"])),
            "" if row["regret_musd"] is None else amount(float(row["regret_musd"]), 1),
        )
        for row in frame.head(SHOWN).to_dict("records")
    ]
    more = f", {SHOWN} of {len(frame)} shown" if len(frame) > SHOWN else ""
    columns = (
        ("future", False), ("probability", True), ("cost, million", True),
        ("regret, million", True),
    )  # fmt: skip
    return TextTable(f"What the plan costs in each future{more}", columns, tuple(rows))


def _by_option(run: Run) -> TextTable:
    frame = run.table("options_over_scenarios")
    if "hindsight_share" in frame:
        frame = frame.sort_values("hindsight_share", ascending=False)
    rows = [
        (str(row["option"]), str(row["modules"]), share(float(row["hindsight_share"])),
         str(row["verdict"]))
        for row in frame.head(SHOWN).to_dict("records")
    ]  # fmt: skip
    columns = (
        ("option", False), ("modules", True), ("best in futures with", True), ("verdict", False),
    )  # fmt: skip
    return TextTable("Which options the futures agree on", columns, tuple(rows))
