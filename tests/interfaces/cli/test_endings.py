"""Every way a command can end, in this process and as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from coercivity.foundation.errors import (
    DiskError,
    InfeasiblePlan,
    InternalError,
    PlanNotFound,
    RunError,
    Stopped,
    UnboundedPlan,
    UnitError,
    UsageError,
)
from coercivity.interfaces.cli.failures import failure_of
from tests.interfaces.cli.conftest import Call

PROGRAM = [sys.executable, "-m", "coercivity.interfaces.cli"]
CHECK = "coercivity.studies.cases.check_case"


def raising(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(*words: object, **options: object) -> None:
        raise error

    monkeypatch.setattr(CHECK, fail)


@pytest.mark.parametrize(
    ("error", "exit_status", "status", "code"),
    [
        (UsageError("No."), 2, "error", "R001"),
        (RunError("No."), 2, "error", "R002"),
        (DiskError("No.  [T101]"), 2, "error", "T101"),
        (UnitError("No."), 3, "error", "N101"),
        (InfeasiblePlan("No."), 4, "infeasible", "P401"),
        (UnboundedPlan("No."), 4, "unbounded", "P402"),
        (PlanNotFound("No."), 5, "error", "P403"),
        (Stopped("No."), 130, "stopped", "R004"),
        (KeyboardInterrupt(), 130, "stopped", "R004"),
        (MemoryError(), 2, "error", "R003"),
        (OSError(28, "No space left on device"), 2, "error", "R003"),
    ],
)
def test_each_error_has_its_exit_status_and_code(
    call: Call,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    exit_status: int,
    status: str,
    code: str,
) -> None:
    raising(monkeypatch, error)
    answer = call("check", "mini")
    assert answer.exit == exit_status
    assert answer.out == ""
    assert answer.err.endswith(f"[{code}]\n")
    assert answer.err.count(code) == 1
    found = call("check", "mini", "--json")
    assert found.json["status"] == status
    assert found.json["exit"] == found.exit == exit_status
    assert [problem["code"] for problem in found.json["problems"]] == [code]


@pytest.fixture
def bug(monkeypatch: pytest.MonkeyPatch, here: Path) -> Path:
    """A command that meets what cannot be."""
    monkeypatch.setattr("tempfile.tempdir", str(here))
    raising(monkeypatch, ZeroDivisionError("division by [red]zero[/red] \x1b[31m"))
    return here


def test_a_bug_is_owned_up_to_and_its_traceback_kept_in_a_file(call: Call, bug: Path) -> None:
    answer = call("check", "mini")
    assert answer.exit == 1
    assert answer.err.startswith("This is a bug in coercivity, not in your case: ZeroDivisionError")
    assert "Traceback (most recent" not in answer.err
    (file,) = bug.glob("coercivity-bug-*.txt")
    assert str(file) in answer.err
    assert "Traceback (most recent call last)" in file.read_text(encoding="utf-8")


def test_verbose_shows_the_traceback_too_inert(call: Call, bug: Path) -> None:
    answer = call("check", "mini", "-v")
    assert answer.exit == 1
    assert "Traceback (most recent call last)" in answer.err
    assert "division by [red]zero[/red] \\x1b[31m" in answer.err
    assert "\x1b" not in answer.err


def test_a_bug_is_json_too(call: Call, bug: Path) -> None:
    answer = call("check", "mini", "--json")
    assert answer.exit == answer.json["exit"] == 1
    assert answer.json["problems"][0]["code"] == "R005"


def test_our_own_word_for_a_bug_is_kept() -> None:
    failure = failure_of(InternalError("the model has no rows  [R005]"))
    assert failure.exit == 1
    assert "not in your case: the model has no rows. The traceback is in" in failure.text
    Path(failure.text.split(" is in ")[1].split(". Attach")[0]).unlink()


def program(*words: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        [*PROGRAM, *words], capture_output=True, text=True, check=False, timeout=60, **options
    )


@pytest.mark.parametrize(
    ("words", "exit_status"),
    [
        ("--version", 0),
        ("schema assets", 0),
        ("explain T201 --json", 0),
        ("check mini", 0),
        ("check nowhere", 2),
        ("chek", 2),
        ("check wrong", 3),
    ],
)
def test_as_a_process_it_ends_with_the_same_status(
    wrong: Path, words: str, exit_status: int
) -> None:
    ended = program(*words.split())
    assert ended.returncode == exit_status, ended.stderr
    assert bool(ended.stderr) == (exit_status == 2)


def test_results_go_to_stdout_and_messages_to_stderr() -> None:
    ended = program("check", "nowhere", "--json")
    assert json.loads(ended.stdout)["exit"] == 2
    assert "There is no case 'nowhere'" in ended.stderr


def test_a_reader_who_has_had_enough_is_no_failure() -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        ended = subprocess.run(
            [*PROGRAM, "schema"], stdout=write, stderr=subprocess.PIPE, check=False, timeout=60
        )
    finally:
        os.close(write)
    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
def test_a_full_disk_behind_stdout_is_a_failure() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ended = subprocess.run(
            [*PROGRAM, "schema"], stdout=full, stderr=subprocess.PIPE, check=False, timeout=60
        )
    assert ended.returncode == 2
    assert b"No space left on device" in ended.stderr
    assert b"Traceback" not in ended.stderr


def test_closed_streams_are_no_failure() -> None:
    command = " ".join([*PROGRAM, "check", "mini", ">&-", "2>&-"])
    assert subprocess.run(["sh", "-c", command], check=False, timeout=60).returncode == 0


def test_signs_that_a_terminal_lacks_are_shown_as_escapes(here: Path) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "NO_COLOR": "1"}
    ended = program("check", "g\u00f6ld", env=environment)
    assert ended.returncode == 2
    assert "g\\xf6ld" in ended.stderr


def test_help_waits_for_no_heavy_library() -> None:
    code = (
        "import sys\n"
        "from coercivity.interfaces.cli.app import main\n"
        "sys.argv = ['coercivity', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'numpy', 'pandas', 'linopy', 'highspy', 'networkx', 'xlsxwriter', 'pyarrow'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.stderr == "[]\n"
