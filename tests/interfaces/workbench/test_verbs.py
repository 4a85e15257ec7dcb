"""Forms are made of the command line, and what is filled in cannot become an option."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.foundation.errors import UsageError
from coercivity.interfaces.workbench.verbs import (
    Entry,
    Field,
    Subject,
    VerbForm,
    command_words,
)

PLAN = VerbForm(
    "plan",
    ("plan",),
    "",
    Subject.CASE,
    (
        Field("scenario", "--scenario", Entry.TEXT, ""),
        Field("require", "--require", Entry.TEXT, "", many=True),
        Field("gap", "--gap", Entry.NUMBER, ""),
        Field("explain", "--explain", Entry.FLAG, ""),
        Field("measure", "--measure", Entry.CHOICE, "", choices=("cost", "shortfall")),
        Field("target", "", Entry.TEXT, ""),
    ),
)


def test_every_verb_that_writes_a_run_has_a_form(verbs: list[VerbForm]) -> None:
    found = {verb.id: verb for verb in verbs}
    assert {"plan", "assess", "source", "finance"} <= found.keys()
    assert not {"serve", "runs", "report", "compare", "check"} & found.keys()
    assert found["plan"].subject is Subject.CASE
    assert found["finance"].subject is Subject.EITHER


def test_no_form_offers_a_path(verbs: list[VerbForm]) -> None:
    for verb in verbs:
        for field in verb.fields:
            assert field.name not in {"folder", "name", "as_json", "verbose"}
            assert field.hint not in {"DIR", "FILE"} or field.entry is Entry.UPLOAD


def test_fields_know_what_they_hold(verbs: list[VerbForm]) -> None:
    plan = next(verb for verb in verbs if verb.id == "plan")
    kinds = {field.name: field.entry for field in plan.fields}
    assert kinds["gap"] is Entry.NUMBER
    assert kinds["workers"] is Entry.WHOLE
    assert kinds["explain"] is Entry.FLAG
    assert kinds["scenario"] is Entry.TEXT
    require = plan.field("require")
    assert require is not None
    assert require.many


def test_words_stand_where_the_command_line_wants_them() -> None:
    values = {"scenario": ["ban"], "require": ["a>=1", "", "b>=2"], "gap": ["0.1"],
              "explain": ["yes"], "measure": ["cost"], "target": ["x"]}  # fmt: skip
    assert command_words(PLAN, "mini", values, files={}) == [
        "plan", "--scenario=ban", "--require=a>=1", "--require=b>=2", "--gap=0.1", "--explain",
        "--measure=cost", "--", "mini", "x",
    ]  # fmt: skip


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_no_text_can_become_an_option(text: str, subject: str) -> None:
    words = command_words(PLAN, subject, {"scenario": [text], "target": [text]}, files={})
    before = words[: words.index("--")]
    assert before in (["plan"], ["plan", f"--scenario={text.strip()}"])
    assert subject in words[words.index("--") :]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [("gap", "much", "must be a number"), ("measure", "fame", "known: cost, shortfall"),
     ("scenario", "x" * 301, "longer than 300")],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_told(name: str, text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        command_words(PLAN, "mini", {name: [text]}, files={})


def test_a_needed_field_must_be_filled_in() -> None:
    segment = Field("segment", "--segment", Entry.TEXT, "Who buys.", required=True)
    needed = VerbForm("source", ("source",), "", Subject.CASE, (segment,))
    with pytest.raises(UsageError, match="Segment must be given"):
        command_words(needed, "mini", {"segment": [" "]}, files={})
