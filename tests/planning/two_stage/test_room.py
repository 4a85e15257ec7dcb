"""What the room promises to others."""

from __future__ import annotations

import subprocess
import sys

import pytest

import coercivity.planning.two_stage as room


def test_every_promised_name_has_a_home_and_is_there() -> None:
    assert sorted(room.__all__) == list(room.__all__) == sorted(room.HOMES)
    assert all(hasattr(room, name) for name in room.__all__)


def test_an_unknown_name_is_told() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        room.nothing  # noqa: B018


def test_a_worker_process_loads_neither_tables_nor_formulation() -> None:
    asked = "import sys, coercivity.planning.two_stage.workers as w; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)
    assert not {"pandas", "pyarrow", "linopy", "xarray"} & set(done.stdout.split())
