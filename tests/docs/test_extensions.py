"""What the manual's own extensions promise; they need the extra ``docs``."""

from __future__ import annotations

import doctest
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

pytest.importorskip("sphinx")
pytest.importorskip("latex2mathml")

from docutils import nodes

from coercivity.foundation.codes import PAGES
from coercivity.interfaces.cli.app import VERBS
from coercivity.tables.schemas import SCHEMAS
from coercivity.views.chart import Chart
from docs._ext import executed, frames, generated, kept, mathml, pictures

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("module", [executed, frames, generated, kept, mathml, pictures])
def test_their_examples_hold(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


def test_blocks_of_a_page_share_names_and_a_folder(tmp_path: Path) -> None:
    page = executed.Page(tmp_path)
    page.python("number = 20\nopen('note.txt', 'w').write('here')")
    assert page.python("number + 1").value == 21
    assert page.shell("cat note.txt").text == "here"


def test_a_block_tells_how_it_ended(tmp_path: Path) -> None:
    page = executed.Page(tmp_path)
    assert page.shell("exit 3").ended == "3"
    assert page.python("1 / 0").ended == "ZeroDivisionError"
    assert page.python("print('fine')") == executed.Outcome("fine")


def test_the_folder_of_a_page_is_not_shown(tmp_path: Path) -> None:
    assert executed.Page(tmp_path).shell("pwd").text == executed.SHOWN_FOLDER


def test_sentences_are_folded_and_tables_are_not() -> None:
    table = "year   " + "x" * 200
    assert executed.folded(table) == table
    sentence = "word " * 60
    assert max(map(len, executed.folded(sentence).splitlines())) <= executed.WIDTH
    assert executed.folded(sentence).split() == sentence.split()


def test_a_kept_command_runs_once_until_the_program_changes(tmp_path: Path) -> None:
    count, folder = tmp_path / "count.txt", tmp_path / "kept"
    command = f"echo again >> {count} && echo done"
    environment = executed.command_environment()
    for digest in ("one", "one", "two"):
        result = kept.KeptCommands(folder, digest, environment).result(command)
        assert (result.text, result.ended) == ("done\n", "")
        assert [place.name for place in folder.iterdir()] == [digest]
    assert count.read_text(encoding="utf-8").count("again") == 2


def test_a_kept_command_that_fails_says_so(tmp_path: Path) -> None:
    commands = kept.KeptCommands(tmp_path, "one", executed.command_environment())
    assert commands.result("exit 4").ended == "4"


def test_a_frame_sets_numbers_to_the_right_below_their_unit() -> None:
    table = frames.frame_node(pd.DataFrame({"site": ["here"], "size [t/year]": [12000.0]}))
    entries = list(table.findall(nodes.entry))
    assert [entry["classes"] for entry in entries] == [[], ["number"], [], ["number"]]
    assert [entry.astext() for entry in entries] == [
        "site", "size [t/year]", "here", f"12{frames.THIN}000",
    ]  # fmt: skip


def test_a_figure_is_shown_with_its_finding_and_data_and_its_names_stay_text() -> None:
    pytest.importorskip("py_mini_racer")
    option = {"xAxis": {"type": "category", "data": ["a"]}, "yAxis": {}, "series": []}
    frame = pd.DataFrame({"site": ["<b>x</b>"] * 20})
    text = pictures.picture_node(Chart("c", "A < B.", option, frame, "Words.")).astext()
    assert "<figcaption>A &lt; B.</figcaption><svg" in text
    assert "<b>x</b>" not in text
    assert f"{20 - pictures.ROWS} more rows" in text


def test_a_named_index_becomes_a_column() -> None:
    frame = pd.DataFrame({"value": [1]}, index=pd.Index(["a"], name="name"))
    assert [e.astext() for e in frames.frame_node(frame).findall(nodes.entry)][:2] == [
        "name", "value",
    ]  # fmt: skip


def test_names_of_several_letters_are_set_as_words() -> None:
    assert "<mtext>use</mtext>" in mathml.mathml(r"\sum use_m\, x")
    assert "<mtext>" not in mathml.mathml(r"\sum_{a,t} x \le y")
    assert mathml.mathml(r"\sum_{f \text{ out of it}} f").count("<mtext>") == 1


def test_each_reference_page_holds_all_of_its_kind() -> None:
    tables = "\n".join(generated.tables_page())
    assert [name for name in SCHEMAS if f"\n## {name}\n" not in tables] == []
    columns = {column.name for schema in SCHEMAS.values() for column in schema.columns}
    assert [name for name in columns if f"`{name}`" not in tables] == []
    codes = "\n".join(generated.codes_page())
    assert [code for code in PAGES if f"\n### {code}\n" not in codes] == []
    commands = "\n".join(generated.commands_page())
    assert [v.name for v in VERBS if f"Usage: coercivity {v.name} " not in commands] == []
