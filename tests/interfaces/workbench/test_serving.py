"""``coercivity serve`` from the outside."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

pytest.importorskip("uvicorn", reason="the extra app is not installed")

from coercivity.interfaces.cli.app import app


def call(*words: str) -> dict[str, object]:
    result = CliRunner().invoke(app, ["serve", *words, "--json"])
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    assert found["exit"] == result.exit_code
    return found


def test_it_answers_on_the_loopback_without_a_token(tmp_path: Path) -> None:
    address = str(call(str(tmp_path), "--check")["address"])
    assert address.startswith("http://127.0.0.1:")
    assert "token" not in address


def test_it_asks_for_a_token_where_others_can_reach_it(tmp_path: Path) -> None:
    everywhere = ("--host", "0.0.0.0", "--allow-host", "box")  # noqa: S104 - the very question
    address = str(call(str(tmp_path), "--check", *everywhere)["address"])
    assert address.startswith("http://box:")
    assert len(address.partition("?token=")[2]) >= 32


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    found = call(str(tmp_path / "none"), "--check")
    assert found["exit"] == 2
    assert "no folder" in str(found["problems"])


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        found = call(str(tmp_path), "--no-open", "--port", str(taken.getsockname()[1]))
    assert found["exit"] == 2
    assert "choose another with --port" in str(found["problems"])


def test_a_missing_package_is_told_with_its_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "coercivity.interfaces.workbench.serving", raising=False)
    monkeypatch.delattr("coercivity.interfaces.workbench.serving", raising=False)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    found = call(str(tmp_path), "--check")
    assert found["exit"] == 2
    assert "coercivity[app]" in str(found["problems"])


def test_nothing_is_left_in_a_folder_that_was_only_looked_at(tmp_path: Path) -> None:
    call(str(tmp_path), "--check")
    assert list(tmp_path.iterdir()) == []
