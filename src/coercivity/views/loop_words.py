"""The loop in words and small tables, from its run alone."""

from __future__ import annotations

from typing import Any

from coercivity.results import Run
from coercivity.views.inputs import inputs_of
from coercivity.views.labels import in_sentence, short, shown
from coercivity.views.plan_words import TextTable

FINE = 10
"""Below this a depth is told with one digit more. [USD/kg]"""
CHAIN_SHARE = 0.2
"""Part of the width from which plants needing each other is spoken of. [fraction]"""


def percent(value: float) -> str:
    """Write a share.

    Examples
    --------
    >>> percent(0.347), percent(0.004)
    ('35 %', '0.4 %')
    """
    digits = 1 if 0 < value < 0.01 else 0
    return f"{100 * value:.{digits}f} %"


def depth(value: float) -> str:
    """Write a depth of dumping or a support.

    Examples
    --------
    >>> depth(7.52), depth(61.6)
    ('7.5', '62')
    """
    return f"{value:.1f}" if value < FINE else f"{value:,.0f}"


def stage_name(run: Run, stage: str) -> str:
    """Give the name of a stage as it stands in a sentence.

    Parameters
    ----------
    run
        A loop run.
    stage
        Its id.
    """
    return in_sentence(inputs_of(run).stages.get(stage, stage))


def unit_name(run: Run) -> str:
    """Give the unit of the field as it stands in a sentence.

    Parameters
    ----------
    run
        A loop run.
    """
    key = str(run.result["key_product"])
    row = inputs_of(run).tables["materials"].find(key)
    name = key if row is None else row.maybe_text("name") or key
    return str(run.result["unit"]).replace(f"/kg {key}", f" per kg of {shown(name)}")


def title(run: Run) -> str:
    """Say in one sentence what stays when support ends, and what then halves it.

    Parameters
    ----------
    run
        A loop run.
    """
    told = run.result
    kept = told["retained_share"]
    if kept is None:
        return "No support that was looked at brings accepted supply, so nothing can stay."
    said = f"{percent(kept)} of accepted supply stays when support ends"
    weakest = told["weakest_stage"]
    if weakest is None:
        return f"{said}; no dumping that leaves a price above 0 halves it."
    half = told["coercivity"][weakest]
    return (
        f"{said}; lasting dumping of {depth(half['value'])} {unit_name(run)} at "
        f"{stage_name(run, weakest)} halves it."
    )


def answer(run: Run) -> list[str]:
    """Say what support brings, what stays, what dumping takes, and where it hurts most.

    Parameters
    ----------
    run
        A loop run.
    """
    told = run.result
    most, after = told["served_with_support"], told["served_after_support"]
    who = "demand" if told["segment"] == "all" else f"the demand of {told['segment']}"
    sentences = [
        f"With support, accepted supply ({told['class']} or better) serves {percent(most)} of "
        f"{who} in {told['year']}, against {percent(told['served_today'])} with what stands today "
        f"and no support; {_comes(run)}."
    ]
    if told["retained_share"] is None:
        return [*sentences, title(run)]
    spread = told["retained_share_interval"]
    sentences.append(
        f"When support ends, {percent(after)} is left: {percent(told['retained_share'])} of it is "
        f"kept ({percent(spread['p10'])} to {percent(spread['p90'])} in eight draws of ten)."
    )
    sentences.append(_halving(run, told))
    return [*sentences, *_package(run), *_time(run, told), *_doubt(told)]


def _comes(run: Run) -> str:
    field = float(run.result["saturating_field"])
    if field <= 0:
        return "nearly all of it comes without any"
    return f"nearly all of it has come at {depth(field)} {unit_name(run)}"


def _halving(run: Run, told: dict[str, Any]) -> str:
    weakest = told["weakest_stage"]
    if weakest is None:
        return "No dumping that leaves a price above 0 halves accepted supply, at any stage."
    half = told["coercivity"][weakest]
    low, high = half["p10"], half["p90"]
    spread = ""
    if low is not None:
        upper = "more than can be dumped" if high is None else depth(high)
        spread = f" ({depth(low)} to {upper} in eight draws of ten)"
    others = [
        f"{depth(one['value'])} at {stage_name(run, stage)}"
        for stage, one in told["coercivity"].items()
        if stage != weakest and one["value"] is not None and not one["censored"]
    ]
    rest = f"; it takes {', '.join(others)}" if others else ""
    return (
        f"Accepted supply is halved by lasting dumping of {depth(half['value'])} "
        f"{unit_name(run)}{spread} at "
        f"{stage_name(run, weakest)}, the weakest stage{rest}."
    )


def _package(run: Run) -> list[str]:
    """Say what the package of an align run leaves, if one was looked at."""
    left = run.result["package"]
    if left is None or left["retained_share"] is None:
        return []
    ((stage, half),) = left["coercivity"].items()
    lost = "no dumping halves that"
    if half["value"] is not None and not half["censored"]:
        lost = f"dumping of {depth(half['value'])} {unit_name(run)} at {stage_name(run, stage)} "
        lost += "halves it"
    return [
        f"The package of '{left['run']}' serves {percent(left['served_with_package'])}; when it "
        f"has ended {percent(left['served_after_package'])} is left "
        f"({percent(left['retained_share'])} of it), and {lost}."
    ]


def _time(run: Run, told: dict[str, Any]) -> list[str]:
    held = {row["support_years"]: row["retained_share"] for row in told["held_for"]}
    found = []
    if len(held) > 1:
        first, last = min(held), max(held)
        found.append(
            f"Support known to end after {first:g} years leaves {percent(held[first])} of what "
            f"support for good would serve; after {last:g} years, {percent(held[last])}."
        )
    halving = [r for r in told["dumping"] if r["value"] is not None and not r["censored"]]
    if halving:
        one = halving[0]
        found.append(
            f"Dumping known to last {one['dumping_years']:g} years must be "
            f"{depth(one['value'])} {unit_name(run)} deep to halve it."
        )
    return found


def _doubt(told: dict[str, Any]) -> list[str]:
    return [
        f"If owners believe that support ends with a chance of {percent(one['hazard'])} a year, "
        f"the same support brings {percent(one['served_with_support'])}."
        for one in told["doubted"]
    ]


def notes(run: Run) -> list[str]:
    """Say what the numbers rest on, and what could not be looked at.

    Parameters
    ----------
    run
        A loop run.
    """
    told = run.result
    found = [f"{name} is left out: {why}" for name, why in told["refused"].items()]
    width = told["width"]
    if width["whole"] > 0:
        found.append(
            f"The loop is {short(width['whole'])} wide in area (share times {told['unit']}): "
            f"{short(width['sunk_cost'])} from what is sunk in plants taken one by one, "
            f"{short(width['coordination'])} from plants needing each other with nothing sunk; "
            f"{short(width['nothing_scrapped'])} if nothing that stops is scrapped."
        )
    if told["unsettled"]:
        found.append(
            f"In {told['unsettled']} intervals plants went round in a circle; the last is shown."
        )
    found.append(
        "Numbers hold for a field that lasts; prices stand at their long-run median, and "
        "margins between prices differ from draw to draw, not from year to year. Dumping opens no "
        "plant. Costs of resting, restarting and closing are assumptions where the case states "
        "none. "
        f"{told['paths']} draws, seed {told['seed']}."
    )
    return found


def stage_table(run: Run) -> TextTable:
    """Show what dumping at each stage does.

    Parameters
    ----------
    run
        A loop run.
    """
    told = run.result
    rows = []
    for stage, one in told["coercivity"].items():
        censored = one["censored"]
        value = "none" if one["value"] is None else depth(one["value"])
        rows.append(
            (
                stage,
                percent(told["weights"].get(stage, 0.0)),
                f"> {value}" if censored else value,
                "" if one["p10"] is None else depth(one["p10"]),
                "" if one["p90"] is None else depth(one["p90"]),
                "given away" if censored else ("weakest" if stage == told["weakest_stage"] else ""),
            )
        )
    return TextTable(
        f"Dumping that halves it, {told['unit']}",
        (
            ("stage", False),
            ("share of support", True),
            ("halves at", True),
            ("p10", True),
            ("p90", True),
            ("", False),
        ),
        tuple(rows),
    )


def segment_table(run: Run) -> TextTable:
    """Show every segment as if it were served first, at planned values.

    Parameters
    ----------
    run
        A loop run.
    """
    rows = tuple(
        (
            one["segment"],
            percent(one["served_with_support"]),
            "" if one["retained_share"] is None else percent(one["retained_share"]),
            "none" if one["coercivity"] is None else depth(one["coercivity"]),
            one["weakest_stage"] or "",
        )
        for one in run.result["segments"]
    )
    return TextTable(
        "Each segment, were it served first",
        (
            ("segment", False),
            ("with support", True),
            ("of it kept", True),
            ("halves at", True),
            ("weakest stage", False),
        ),
        rows,
    )


def time_table(run: Run) -> TextTable:
    """Show what support for some years leaves.

    Parameters
    ----------
    run
        A loop run.
    """
    rows = tuple(
        (
            f"{row['support_years']:g}",
            percent(row["retained_share"]),
            f"{percent(row['p10'])} to {percent(row['p90'])}",
        )
        for row in run.result["held_for"]
    )
    return TextTable(
        "Support for some years, then none",
        (("years", True), ("of it kept", True), ("p10 to p90", True)),
        rows,
    )


def tables(run: Run) -> list[TextTable]:
    """Give every table in the order in which it is shown.

    Parameters
    ----------
    run
        A loop run.
    """
    return [stage_table(run), time_table(run), segment_table(run)]
