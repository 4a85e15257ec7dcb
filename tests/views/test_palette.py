from __future__ import annotations

import itertools

import numpy as np
import pytest

from coercivity.views import palette

TO_LMS = np.array(
    [[17.8824, 43.5161, 4.11935], [3.45565, 27.1554, 3.86714], [0.0299566, 0.184309, 1.46709]]
)
"""Viénot, Brettel and Mollon (1999), from linear RGB to cone responses."""
BLIND = {
    "protanope": np.array([[0, 2.02344, -2.52581], [0, 1, 0], [0, 0, 1]]),
    "deuteranope": np.array([[1, 0, 0], [0.494207, 0, 1.24827], [0, 0, 1]]),
    "nobody": np.eye(3),
}


def linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)])
    return np.asarray(np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4))


def seen(colour: str, by: str) -> np.ndarray:
    """Give CIE L*a*b* of a colour as a reader sees it."""
    rgb = np.linalg.inv(TO_LMS) @ BLIND[by] @ TO_LMS @ linear(colour)
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    ratio = np.clip(to_xyz @ np.clip(rgb, 0, 1), 0, None) / np.array([0.9505, 1.0, 1.089])
    bent = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * bent[1] - 16, 500 * (bent[0] - bent[1]), 200 * (bent[1] - bent[2])])


@pytest.mark.parametrize("reader", BLIND)
def test_groups_stay_apart_for_every_reader(reader: str) -> None:
    for one, other in itertools.combinations(palette.GROUP_COLOURS.values(), 2):
        distance = float(np.linalg.norm(seen(one, reader) - seen(other, reader)))
        assert distance > 15, (one, other, distance)


def test_groups_have_a_pattern_each() -> None:
    patterns = [str(palette.GROUP_DECALS[group]) for group in palette.GROUP_COLOURS]
    assert len(set(patterns)) == len(patterns)


def test_shapes_are_different() -> None:
    assert len(set(palette.SHAPES)) == len(palette.SHAPES) >= 10


def test_things_beyond_the_colours_get_another_pattern() -> None:
    count = 3 * len(palette.SERIES)
    looks = {str(palette.series_fill(place)) for place in range(count)}
    assert len(looks) == count


def test_text_is_legible_on_paper() -> None:
    for colour in (palette.INK, palette.FAINT):
        weights = np.array([0.2126, 0.7152, 0.0722])
        contrast = 1.05 / (float(weights @ linear(colour)) + 0.05)
        assert contrast > 4.5
