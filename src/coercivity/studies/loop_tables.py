"""What a loop run keeps: its JSON object, its tables and its key figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coercivity.alignment.loop import measures
from coercivity.alignment.loop.measures import HalfLoss
from coercivity.alignment.loop.whole import CLOSINGS, Band, Loop

if TYPE_CHECKING:
    from coercivity.studies.loop import LoopFound
    from coercivity.studies.loop_asked import SegmentLoop

POINTS = 161
"""Fields at which a curve is told. [count]"""
SHARES = ("accepted", "accepted_p10", "accepted_p90", "magnetisation", "p10", "p90")
Laid = tuple[pd.DataFrame, dict[str, str]]


def loop_result(run: str, found: LoopFound) -> dict[str, Any]:
    """Write a loop as the JSON object of the command line.

    Parameters
    ----------
    run
        Id of the run.
    found
        What was found.
    """
    asked, base = found.asked, found.base
    return {
        "run": run,
        "based_on": found.based_on,
        "segment": asked.segment,
        "class": asked.origin_class,
        "year": asked.year,
        "key_product": asked.key,
        "paths": found.options.paths,
        "seed": found.options.seed,
        **_measured(base),
        "coercivity": {stage: _half(base.half_loss[stage]) for stage in asked.ground.stages},
        "deepest": {stage: asked.ground.deepest[stage] for stage in asked.ground.stages},
        "weakest_stage": base.weakest,
        "drawn_stage": base.drawn_stage,
        "unit": asked.unit,
        "weights": {stage: weight for stage, weight in asked.weights.items() if weight > 0},
        "points": _told_points(found),
        **_told_in_time(found),
        "doubted": [_doubted(hazard, one) for hazard, one in found.doubted.items()],
        "package": _package(found),
        "width": {
            "whole": found.width.whole,
            "sunk_cost": found.width.sunk_cost,
            "coordination": found.width.coordination,
            "nothing_scrapped": found.width.kept,
        },
        "segments": [_segment(one) for one in found.segments],
        "refused": dict(asked.refused),
        "unsettled": base.unsettled,
    }


def _measured(base: Loop) -> dict[str, Any]:
    """Give what can be read off the mean, each with p10 and p90 of the draws."""
    mean, draws = base.falling.mean, base.falling.draws
    shares = [measures.retained_share(curve) for curve in draws]
    return {
        "highest_field": base.highest,
        "saturating_field": base.saturating,
        "served_with_support": float(mean.accepted[-1]),
        "served_after_support": float(mean.at(np.zeros(1))[0]),
        "served_today": float(base.virgin.mean.accepted[0]),
        "saturation": measures.saturation(mean),
        "saturation_interval": _interval([measures.saturation(curve) for curve in draws]),
        "remanence": measures.remanence(mean),
        "remanence_interval": _interval([measures.remanence(curve) for curve in draws]),
        "retained_share": measures.retained_share(mean),
        "retained_share_interval": _interval([share for share in shares if share is not None]),
    }


def _told_points(found: LoopFound) -> list[dict[str, Any]]:
    points = _points(found)
    names = ["curve", "closing", "branch", "field", "magnetisation", "p10", "p90"]
    rows = points[points["stage"] == found.base.drawn_stage][names].to_numpy().tolist()
    return [dict(zip(names, row, strict=True)) for row in rows]


def _told_in_time(found: LoopFound) -> dict[str, Any]:
    return {
        "held_for": [
            {"support_years": years, "retained_share": mean, "p10": low, "p90": high}
            for years, (mean, low, high) in found.in_time.held_for.items()
        ],
        "dumping": [
            {"dumping_years": years, **_half(one)} for years, one in found.in_time.halves.items()
        ],
    }


def _segment(one: SegmentLoop) -> dict[str, Any]:
    return {
        "segment": one.segment,
        "served_with_support": one.served,
        "retained_share": one.kept,
        "weakest_stage": one.weakest,
        "coercivity": one.half_loss,
    }


def _interval(values: list[float]) -> dict[str, float] | None:
    if not values:
        return None
    low, high = measures.spread(values)
    return {"p10": low, "p90": high}


def _half(one: HalfLoss) -> dict[str, Any]:
    return {
        "value": one.depth,
        "censored": one.censored,
        "p10": one.low,
        "p90": one.high,
        "censored_share": one.censored_share,
        "reason": one.reason,
    }


def _doubted(hazard: float, loop: Loop) -> dict[str, Any]:
    return {
        "hazard": hazard,
        "served_with_support": float(loop.falling.mean.accepted[-1]),
        "retained_share": measures.retained_share(loop.falling.mean),
        "saturating_field": loop.saturating,
    }


def _package(found: LoopFound) -> dict[str, Any] | None:
    left = found.package
    if left is None:
        return None
    return {
        "run": found.package_of,
        "served_with_package": left.served,
        "served_after_package": left.kept,
        "retained_share": left.kept / left.served if left.served > 0 else None,
        "coercivity": {left.stage: _half(left.half_loss)},
    }


def _points(found: LoopFound) -> pd.DataFrame:
    """Lay out every curve: falling by stage, the others for the stage that is drawn."""
    rows = [row for name, loop in _curves(found).items() for row in _of_loop(name, loop)]
    if found.package is not None:
        stage = found.package.stage
        for closing in CLOSINGS:
            sampled = _sampled(found.package.down)
            rows += [("package", stage, closing, "down", *row) for row in sampled]
    columns = [
        "curve", "stage", "closing", "branch", "field", "accepted", "accepted_p10", "accepted_p90",
        "magnetisation", "p10", "p90",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _curves(found: LoopFound) -> dict[str, Loop]:
    return {"base": found.base} | {f"hazard={h:g}": one for h, one in found.doubted.items()}


def _of_loop(name: str, loop: Loop) -> Iterator[tuple[Any, ...]]:
    shown = loop.drawn_stage
    for closing in CLOSINGS:
        branches = (("virgin", loop.virgin), ("down", loop.falling), ("up", loop.up[closing]))
        for branch, band in branches:
            for row in _sampled(band):
                yield (name, shown, closing, branch, *row)
    for stage, band in loop.down.items():
        if stage != shown:
            for row in _sampled(band):
                yield (name, stage, "scrapped", "down", *row)


def _sampled(band: Band) -> Iterator[tuple[float, ...]]:
    """Tell a curve at even fields and at 0; where nothing changes, its ends alone."""
    low, high = float(band.mean.edges[0]), float(band.mean.edges[-1])
    fields = np.unique(np.concatenate([np.linspace(low, high, POINTS), [0.0]]))
    table = np.column_stack(
        [
            band.mean.at(fields),
            band.quantile(0.1, fields, of="accepted"),
            band.quantile(0.9, fields, of="accepted"),
            band.mean.at(fields, of="magnetisation"),
            band.quantile(0.1, fields),
            band.quantile(0.9, fields),
        ]
    )
    same = np.all(np.isclose(table[1:], table[:-1], atol=1e-12), axis=1)
    inner = np.concatenate([[False], same[:-1] & same[1:], [False]])
    keep = ~inner | (fields == 0)
    for place, row in zip(fields[keep].tolist(), table[keep].tolist(), strict=True):
        yield (place, *row)


def loop_tables(found: LoopFound) -> dict[str, Laid]:
    """Lay out the tables of a loop run.

    Parameters
    ----------
    found
        What was found.
    """
    share, money = "fraction", found.asked.unit
    points = dict.fromkeys(SHARES, share) | {"field": money}
    return {
        "loop_points": (_points(found), points),
        "loop_stages": _stages(found),
        "loop_plants": _plants(found),
        "loop_held": (
            pd.DataFrame(
                [(years, *row) for years, row in found.in_time.held_for.items()],
                columns=["support_years", "retained_share", "p10", "p90"],
            ),
            {"support_years": "year", "retained_share": share, "p10": share, "p90": share},
        ),
        "loop_dumping": (
            pd.DataFrame(
                [(years, one.depth, one.censored) for years, one in found.in_time.halves.items()],
                columns=["dumping_years", "depth", "censored"],
            ),
            {"dumping_years": "year", "depth": money},
        ),
    }


def _stages(found: LoopFound) -> Laid:
    rows = [
        {
            "stage": stage,
            "weight": found.asked.weights.get(stage, 0.0),
            "half_loss": one.depth,
            "censored": one.censored,
            "p10": one.low,
            "p90": one.high,
            "censored_share": one.censored_share,
            "deepest": found.asked.ground.deepest[stage],
            "weakest": stage == found.base.weakest,
            "reason": one.reason or "",
        }
        for stage, one in found.base.half_loss.items()
    ]
    units = dict.fromkeys(("half_loss", "p10", "p90", "deepest"), found.asked.unit)
    frame = pd.DataFrame(rows).astype({"half_loss": float, "p10": float, "p90": float})
    return frame, units | {"weight": "fraction", "censored_share": "fraction"}


def _plants(found: LoopFound) -> Laid:
    relays, shown = found.central, found.base.drawn_stage
    rows = []
    for number, plant in enumerate(found.asked.plants):
        paid, exposed = float(relays.paid[number]), float(relays.exposed[shown][number])
        rows.append(
            {
                "plant": plant.name,
                "project": plant.project,
                "stage": plant.stage,
                "built": plant.built,
                "margin": plant.money.margin,
                "capital": plant.sinking.capital,
                "rate": plant.sinking.rate,
                "support_to_open": float(relays.enter[number]),
                "support_to_restart": float(relays.restart[number]),
                "support_to_stay": float(relays.stop[number]),
                "opens_at": _field(float(relays.enter[number]), paid, exposed),
                "stops_at": _field(float(relays.stop[number]), paid, exposed),
                "key_paid": paid,
                "key_exposed": exposed,
            }
        )
    flows = ("margin", "support_to_open", "support_to_restart", "support_to_stay")
    units = dict.fromkeys(flows, "million/year") | {
        "capital": "million",
        "rate": "1/year",
        "opens_at": found.asked.unit,
        "stops_at": found.asked.unit,
        "key_paid": "kt/year",
        "key_exposed": "kt/year",
    }
    frame = pd.DataFrame(rows).astype({"opens_at": float, "stops_at": float})
    return frame, units


def _field(support: float, paid: float, exposed: float) -> float | None:
    """Turn a support of a plant into the field that gives it; None where no field does."""
    amount = paid if support >= 0 else exposed
    return support / amount if amount > 0 else None


def key_figures(found: LoopFound) -> dict[str, float]:
    """Give the figures by which runs are compared.

    Parameters
    ----------
    found
        What was found.
    """
    falling = found.base.falling.mean
    figures: Mapping[str, float | None] = {
        "served_with_support": float(falling.accepted[-1]),
        "saturation": measures.saturation(falling),
        "remanence": measures.remanence(falling),
        "retained_share": measures.retained_share(falling),
        "half_loss": found.base.half_loss[found.base.drawn_stage].depth,
    }
    return {name: value for name, value in figures.items() if value is not None}


def headline(found: LoopFound) -> str:
    """Say in a sentence what is kept, and what dumping halves it.

    Parameters
    ----------
    found
        What was found.
    """
    falling = found.base.falling.mean
    kept = measures.retained_share(falling)
    if kept is None:
        return "Support brings no accepted supply, so nothing can be kept."
    said = f"{kept:.0%} of accepted supply stays when support ends"
    if found.base.weakest is None:
        return f"{said}; no dumping that was looked at halves it.".replace("%", " %")
    depth = found.base.half_loss[found.base.weakest].depth
    return (
        f"{said}; lasting dumping of {depth:.3g} {found.asked.unit} at {found.base.weakest} "
        "halves it."
    ).replace("%", " %")
