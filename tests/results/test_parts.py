from __future__ import annotations

from pathlib import Path

import pytest

from coercivity.foundation.errors import RunError
from coercivity.results import Request, RunWriter, open_run

REQUEST = Request("plan", "mini", {"gap": 0.01}, seed=3, name="first")


def begin(runs: Path, request: Request = REQUEST, inputs: str = "a") -> RunWriter:
    return RunWriter(
        runs, request, write_inputs=lambda folder: (folder / "case.yaml").write_text(inputs)
    )


def broken_off(runs: Path, request: Request = REQUEST) -> None:
    with pytest.raises(KeyboardInterrupt):
        _keep_and_stop(begin(runs, request))


def _keep_and_stop(run: RunWriter) -> None:
    with run as writer:
        writer.parts.keep("point-1", {"cost": 2.5})
        raise KeyboardInterrupt


def test_a_run_that_was_broken_off_goes_on_with_what_it_kept(tmp_path: Path) -> None:
    broken_off(tmp_path)
    with begin(tmp_path) as writer:
        assert writer.parts.names() == ("point-1",)
        assert writer.parts.known("point-1") == {"cost": 2.5}
        assert writer.parts.known("point-2") is None
        writer.finish("optimal", result={})
    assert open_run(tmp_path / "first").id == "first"


def test_a_finished_run_keeps_no_parts(tmp_path: Path) -> None:
    with begin(tmp_path) as writer:
        writer.parts.keep("point-1", {"cost": 2.5})
        writer.finish("optimal", result={})
    assert not (tmp_path / "first" / "parts").exists()
    with pytest.raises(RunError, match="exists already"):
        begin(tmp_path).__enter__()


@pytest.mark.parametrize(
    "other",
    [
        Request("plan", "mini", {"gap": 0.02}, seed=3, name="first"),
        Request("plan", "mini", {"gap": 0.01}, seed=4, name="first"),
        Request("assess", "mini", {"gap": 0.01}, seed=3, name="first"),
    ],
)
def test_it_does_not_go_on_with_another_question(other: Request, tmp_path: Path) -> None:
    broken_off(tmp_path)
    with pytest.raises(RunError, match="only when it is asked exactly the same"):
        begin(tmp_path, other).__enter__()


def test_it_does_not_go_on_with_other_inputs(tmp_path: Path) -> None:
    broken_off(tmp_path)
    with pytest.raises(RunError, match="unfinished work on other inputs"):
        begin(tmp_path, inputs="b").__enter__()
    with begin(tmp_path) as writer:
        assert writer.parts.names() == ("point-1",)
        writer.finish("optimal", result={})


def test_two_do_not_go_on_at_once(tmp_path: Path) -> None:
    broken_off(tmp_path)
    with begin(tmp_path) as writer:
        with pytest.raises(RunError, match="being written by another process"):
            begin(tmp_path).__enter__()
        writer.finish("optimal", result={})


def test_a_part_has_a_plain_name(tmp_path: Path) -> None:
    with begin(tmp_path) as writer:
        with pytest.raises(RunError, match="cannot name a part"):
            writer.parts.keep("../outside", {})
        writer.finish("optimal", result={})
