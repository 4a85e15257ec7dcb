from __future__ import annotations

import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from tests.interfaces.cli.conftest import Call


def test_a_sound_machine_is_well_and_nothing_is_left_behind(call: Call, here: Path) -> None:
    answer = call("doctor")
    assert answer.exit == 0, answer
    assert "All is well." in answer.out
    assert "FAILED" not in answer.out
    assert list(here.iterdir()) == []


def test_json_names_versions_and_checks(call: Call) -> None:
    found = call("doctor", "--json").json
    assert found["status"] == "ok"
    assert {"python", "coercivity", "highspy"} <= set(found["versions"])
    assert {check["check"] for check in found["checks"]} >= {
        "solver, linear", "solver, whole numbers", "threads", "memory", "disk", "runs folder",
    }  # fmt: skip


def test_a_broken_solver_is_our_fault(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*words: object, **options: object) -> None:
        msg = "no solver"
        raise ImportError(msg)

    monkeypatch.setattr("coercivity.interfaces.cli.doctor._tiny", refuse)
    answer = call("doctor", "--json")
    assert answer.exit == answer.json["exit"] == 1
    assert [p["what"] for p in answer.json["problems"]] == ["ImportError: no solver"] * 2


def test_a_wrong_answer_of_the_solver_is_seen(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coercivity.interfaces.cli.doctor._tiny", lambda **_: float("nan"))
    assert call("doctor").exit == 1


def test_a_full_disk_is_told(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")  # noqa: PYI024
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10, 10, 0))
    answer = call("doctor")
    assert answer.exit == 2
    assert "0.0 GB free" in answer.out
