"""What a package leaves: the plants that it brings, after it has ended, and under dumping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coercivity.alignment.loop import measures
from coercivity.alignment.loop.curves import Curve, curve_of, mean_of
from coercivity.alignment.loop.measures import HalfLoss
from coercivity.alignment.loop.relays import Flags, Relays
from coercivity.alignment.loop.sweep import Standing, travel
from coercivity.alignment.loop.whole import Band, Ground


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageLeft:
    """A package, what it brings and what is left of that."""

    stage: str
    """At which it is dumped."""
    down: Band
    """From the package to none, and on into dumping."""
    served: float
    """With the package. [fraction]"""
    kept: float
    """When it has ended. [fraction]"""
    half_loss: HalfLoss


def package_left(
    drawn: Sequence[Relays], ground: Ground, brought: Flags, *, stage: str, highest: float
) -> PackageLeft:
    """Let the plants of a package stand beside those of today, end it, and dump.

    Above field 0 the package stands, whatever its height: it brings its plants beside those that
    stay without any support, and no others.
    Below 0 it has ended, and a plant stays only if it earns its keep.

    Parameters
    ----------
    drawn
        Plants of each draw.
    ground
        The chain.
    brought
        Plants that owners build with the package.
    stage
        At which it is dumped.
    highest
        Highest field, for the same width as other curves. [money/kg of key product]
    """
    curves = tuple(_falling(one, ground, brought, stage, highest) for one in drawn)
    mean = mean_of(curves)
    half = measures.with_interval(
        measures.half_loss(mean),
        [measures.half_loss(curve) for curve in curves],
        deepest=ground.deepest[stage],
    )
    # The last interval is the package, the one before it begins when it has ended.
    place = int(np.searchsorted(mean.edges, 0.0)) - 1
    return PackageLeft(
        stage=stage,
        down=Band(mean, curves),
        served=float(mean.accepted[-1]),
        kept=float(mean.accepted[place]),
        half_loss=half,
    )


def _falling(relays: Relays, ground: Ground, brought: Flags, stage: str, highest: float) -> Curve:
    """Go down from the package: one interval in which it stands, then those of dumping."""
    nobody = np.zeros(relays.count, dtype=np.bool_)
    whole = relays.fields(stage=stage, lowest=-ground.deepest[stage], highest=highest)
    without = travel(
        relays, Standing(relays.standing, nobody), stage=stage, fields=whole[whole >= 0][:2],
        rising=True, reach=ground.reach,
    )  # fmt: skip
    top = without.end.on | brought
    down = travel(
        relays, Standing(top, nobody), stage=stage, fields=whole[whole <= 0], rising=False,
        reach=ground.reach, scrapped=False,
    )  # fmt: skip
    below, held = curve_of(down, ground.serve), ground.serve(top)
    return Curve(
        np.append(below.edges, highest),
        np.append(below.accepted, held.accepted),
        np.append(below.magnetisation, held.magnetisation),
    )
