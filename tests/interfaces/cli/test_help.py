"""What --help promises is true: its examples run, its statuses are those of the program."""

from __future__ import annotations

import re
import shlex

import pytest

from coercivity.interfaces.cli.app import VERBS
from coercivity.interfaces.cli.verbs import EXITS, Verb
from tests.interfaces.cli.conftest import Call

WIDTH = 80


def verbs() -> list[object]:
    return [pytest.param(verb, id=verb.name) for verb in VERBS]


def test_the_program_lists_every_verb_with_a_line_that_fits(call: Call) -> None:
    answer = call("--help")
    assert answer.exit == 0
    for verb in VERBS:
        assert re.search(rf"^  {verb.name} +\S.*[^.…]\.?$", answer.out, re.MULTILINE)
        line = next(x for x in answer.out.splitlines() if x.startswith(f"  {verb.name} "))
        assert not line.endswith("..."), "the first line of a help must not be cut"


def test_without_a_verb_the_help_is_shown(call: Call) -> None:
    assert call().out == call("--help").out


def test_the_version_is_shown(call: Call) -> None:
    assert re.fullmatch(r"coercivity \d+\.\d+\.\d+\S*\n", call("--version").out)


@pytest.mark.parametrize("verb", verbs())
def test_help_has_summary_options_examples_and_exit_statuses(call: Call, verb: Verb) -> None:
    answer = call(verb.name, "--help")
    assert answer.exit == 0
    for text in ("--json", "--verbose", "Examples:", "Exit status:"):
        assert text in answer.out
    for command, told in verb.examples:
        assert f"    {command}\n        {told}\n" in answer.out
    for status in verb.exits:
        assert f"{status:>3}  {EXITS[status]}" in answer.out
    assert len(verb.examples) >= 2
    assert max(map(len, answer.out.splitlines())) <= WIDTH


def test_defaults_are_shown(call: Call) -> None:
    assert "[default: mini]" in call("init", "--help").out
    assert "COERCIVITY_RUNS, else runs" in call("runs", "--help").out


def quick_verbs() -> list[object]:
    marks = dict.fromkeys(("align", "loop", "plan"), pytest.mark.slow)
    return [pytest.param(v, id=v.name, marks=marks.get(v.name, ())) for v in VERBS]


@pytest.mark.parametrize("verb", quick_verbs())
def test_every_example_runs_in_the_order_shown(call: Call, verb: Verb) -> None:
    if verb.name != "init":
        assert call("init", "my-case").exit == 0
    for command, _ in verb.examples:
        program, *words = shlex.split(command)
        answer = call(*words)
        assert program == "coercivity"
        assert answer.exit == 0, (command, answer)
        assert answer.out
