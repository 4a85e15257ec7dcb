"""What --help promises is true: its examples run, its statuses are those of the program."""

from __future__ import annotations

import re
import shlex

import pytest

from coercivity.interfaces.cli import stress
from coercivity.interfaces.cli.app import VERBS
from coercivity.interfaces.cli.verbs import EXITS, Verb
from tests.interfaces.cli.conftest import Call

WIDTH = 80


EVERY = (*(((v.name,), v) for v in VERBS), *(((stress.NAME, v.name), v) for v in stress.VERBS))
"""Each verb with the words by which it is called."""
SLOW = ("align", "loop", "plan", "stress simulate", "stress stockpile", "stress adversary")


def verbs() -> list[object]:
    return [pytest.param(words, verb, id=" ".join(words)) for words, verb in EVERY]


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


@pytest.mark.parametrize(("words", "verb"), verbs())
def test_help_has_summary_options_examples_and_exit_statuses(
    call: Call, words: tuple[str, ...], verb: Verb
) -> None:
    answer = call(*words, "--help")
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


def test_a_group_without_a_verb_shows_its_help_and_lists_each(call: Call) -> None:
    answer = call(stress.NAME)
    assert answer.out == call(stress.NAME, "--help").out
    for verb in stress.VERBS:
        assert re.search(rf"^  {verb.name} +\S", answer.out, re.MULTILINE)


def quick_verbs() -> list[object]:
    marks = dict.fromkeys(SLOW, pytest.mark.slow)
    names = [(" ".join(words), verb) for words, verb in EVERY]
    return [pytest.param(verb, id=name, marks=marks.get(name, ())) for name, verb in names]


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
