"""A draft becomes a case of the present format, and stays as it is otherwise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from coercivity.foundation.errors import CaseError
from coercivity.tables import read_case
from coercivity.tables.settings import FORMAT
from coercivity.tables.upgrade import MIGRATIONS, upgrade_case

WriteCase = Callable[..., Path]
REST = "# a remark\ncurrency: USD\nprice_year: 2025\nperiods: [2025, 2026]\ndiscount_rate: 0.07\n"


@pytest.mark.parametrize("start", ["", "format: 0\n", "format:\n"])
def test_a_draft_is_upgraded(start: str, write_small: WriteCase) -> None:
    folder = write_small({"case.yaml": start + REST})
    with pytest.raises(CaseError, match="coercivity convert"):
        read_case(folder)
    sites = (folder / "sites.csv").stat()
    (step,) = upgrade_case(folder)
    assert step.startswith("format 1")
    assert (folder / "case.yaml").read_text() == "format: 1\n" + REST
    assert (folder / "sites.csv").stat().st_mtime_ns == sites.st_mtime_ns
    assert read_case(folder).settings.format == FORMAT
    assert upgrade_case(folder) == ()


def test_a_newer_case_is_left_alone(write_small: WriteCase) -> None:
    folder = write_small({"case.yaml": "format: 99\n" + REST})
    assert upgrade_case(folder) == ()
    with pytest.raises(CaseError, match="upgrade coercivity"):
        read_case(folder)


def test_a_case_that_cannot_be_read_is_told(write_small: WriteCase) -> None:
    with pytest.raises(CaseError, match="YAML"):
        upgrade_case(write_small({"case.yaml": "a: [\n"}))
    with pytest.raises(CaseError, match="cannot be read"):
        upgrade_case(write_small({"case.yaml": None}, name="other"))


def test_every_older_format_has_its_step() -> None:
    assert sorted(MIGRATIONS) == list(range(FORMAT))
