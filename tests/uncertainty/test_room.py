"""What the room promises to others."""

from __future__ import annotations

import coercivity.uncertainty as room


def test_every_promised_name_is_there_and_in_order() -> None:
    assert sorted(room.__all__) == list(room.__all__)
    assert all(hasattr(room, name) for name in room.__all__)
