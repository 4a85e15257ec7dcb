"""Run the code blocks of a page while the manual is built, and show what really came out.

A block is written as::

    ```{run} shell
    coercivity plan mini
    ```

Its language is ``shell`` or ``python``. All blocks of a page share one folder and, in Python, one
namespace. A block of Python that ends in a figure or a frame shows it. The role ``{value}`` puts
the value of an expression into a sentence; ``{made}`` links to a file that the page wrote.
Anything that ends otherwise than the page says is a warning, and the manual is built with warnings
as errors.
"""

from __future__ import annotations

import ast
import contextlib
import io
import os
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from coercivity.views.chart import Chart
from docs._ext.frames import frame_node
from docs._ext.kept import KeptCommands, package_digest
from docs._ext.pictures import picture_node, setup_pictures

logger = logging.getLogger(__name__)

SHOWN_FOLDER = "/home/you/chains"
"""What the folder of a page is called in its output."""
WIDTH = 110
"""Width to which sentences of output are folded. [character]"""


@dataclass
class Outcome:
    """What a block left behind."""

    text: str = ""
    ended: str = ""
    """Exit status of a command, or name of the exception of a Python block; empty = fine."""
    value: Any = None
    """Value of the last expression of a Python block."""


@dataclass
class Page:
    """What the blocks of one page share."""

    folder: Path
    namespace: dict[str, Any] = field(default_factory=lambda: {"__name__": "__page__"})

    def python(self, code: str) -> Outcome:
        """Run a block of Python as if typed: the value of a last expression is shown."""
        tree = ast.parse(code)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        outcome, printed = Outcome(), io.StringIO()
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(printed):
            try:
                exec(compile(tree, "<page>", "exec"), self.namespace)  # noqa: S102 - our own page
                if isinstance(last, ast.Expr):
                    outcome.value = self.evaluate(ast.Expression(last.value))
            except Exception as error:
                outcome.ended = type(error).__name__
                print(error)
        outcome.text = self.shown(printed.getvalue())
        return outcome

    def evaluate(self, expression: str | ast.Expression) -> Any:
        """Evaluate one expression in the namespace of the page."""
        return eval(compile(expression, "<page>", "eval"), self.namespace)  # noqa: S307 - our own page

    def shell(self, command: str, *, quiet: bool = False) -> Outcome:
        """Run a command; messages come before results, as they do on a terminal."""
        run = subprocess.run(  # noqa: S603 - our own page
            ["/bin/bash", "-c", command],
            cwd=self.folder,
            env=command_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if quiet else subprocess.STDOUT,
            text=True,
            check=False,
        )
        ended = "" if run.returncode == 0 else str(run.returncode)
        return Outcome(self.shown(run.stdout), ended)

    def shown(self, text: str) -> str:
        """Replace the folder of the page, which means nothing to a reader."""
        return folded(text.replace(str(self.folder), SHOWN_FOLDER).rstrip())


def folded(text: str) -> str:
    """Fold long sentences as a terminal would; lines of tables stay.

    Examples
    --------
    >>> folded("word " * 30).count("\\n")
    1
    """
    return "\n".join(
        textwrap.fill(line, WIDTH) if len(line) > WIDTH and "  " not in line.strip() else line
        for line in text.splitlines()
    )


def command_environment() -> dict[str, str]:
    """Give the environment of commands: this Python's programs first, plain text."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    kept = {key: value for key, value in os.environ.items() if key != "COERCIVITY_RUNS"}
    return {**kept, "PATH": path, "NO_COLOR": "1", "COLUMNS": "100", "PYTHONWARNINGS": "ignore"}


class Pages:
    """The pages of one build."""

    def __init__(self, app: Sphinx) -> None:
        self.folder = Path(app.doctreedir) / "pages"
        self.kept = KeptCommands(
            Path(app.doctreedir) / "kept", package_digest(), command_environment()
        )
        self.pages: dict[str, Page] = {}

    def page(self, name: str) -> Page:
        """Give a page its folder, empty at first."""
        if name not in self.pages:
            folder = self.folder / name
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            self.pages[name] = Page(folder)
        return self.pages[name]

    def once(self, page: Page, command: str) -> Outcome:
        """Run a command once for all pages, and give this page its run folders."""
        kept = self.kept.result(command)
        runs = kept.folder / "runs"
        for run in runs.iterdir() if runs.exists() else ():
            shutil.copytree(run, page.folder / "runs" / run.name, dirs_exist_ok=True)
        text = folded(kept.text.replace(str(kept.folder), SHOWN_FOLDER).rstrip())
        return Outcome(text, kept.ended)


def pages_of(env: BuildEnvironment) -> Pages:
    """Find the pages of the build."""
    found: Pages = env.app.coercivity_pages  # type: ignore[attr-defined]
    return found


class Run(SphinxDirective):
    """The directive ``run``."""

    required_arguments = 1
    has_content = True
    option_spec = {
        "exits": directives.unchanged_required,
        "raises": directives.unchanged_required,
        "hidden": directives.flag,
        "only-output": directives.flag,
        "quiet": directives.flag,
        "once": directives.flag,
        "markdown": directives.flag,
        "first": directives.nonnegative_int,
    }

    def run(self) -> list[nodes.Node]:
        """Run the block and lay out code and output."""
        language, code = self.arguments[0], "\n".join(self.content)
        note_page(self.env)
        outcome = self._outcome(language, code)
        wanted = self.options.get("exits") or self.options.get("raises") or ""
        if outcome.ended != wanted:
            logger.warning(
                "block ended with %r instead of %r: %s\n%s",
                outcome.ended, wanted, code, outcome.text,
                location=self.get_location(), type="executed",
            )  # fmt: skip
        shown: list[nodes.Node] = []
        if not {"hidden", "only-output"} & set(self.options):
            shown.append(
                nodes.literal_block(
                    code, code, language="bash" if language == "shell" else language
                )
            )
        if "hidden" not in self.options:
            shown += self._output(outcome)
        return shown

    def _outcome(self, language: str, code: str) -> Outcome:
        pages = pages_of(self.env)
        page = pages.page(self.env.docname)
        if language == "python":
            return page.python(code)
        if "once" in self.options:
            return pages.once(page, code.strip())
        return page.shell(code, quiet="quiet" in self.options)

    def _output(self, outcome: Outcome) -> list[nodes.Node]:
        text = outcome.text
        if "first" in self.options:
            lines = text.splitlines()
            left = len(lines) - int(self.options["first"])
            if left > 0:
                text = "\n".join([*lines[: int(self.options["first"])], f"… {left} lines more"])
        if isinstance(outcome.value, pd.DataFrame | pd.Series):
            return [*self._text(text), frame_node(pd.DataFrame(outcome.value))]
        if isinstance(outcome.value, Chart):
            return [*self._text(text), picture_node(outcome.value)]
        if outcome.value is not None:
            value = outcome.value if isinstance(outcome.value, str) else repr(outcome.value)
            text = "\n".join(part for part in (text, value) if part)
        if "markdown" in self.options:
            holder = nodes.container()
            self.state.nested_parse(
                StringList(text.splitlines(), source=self.env.docname), 0, holder
            )
            return list(holder.children)
        return self._text(text)

    def _text(self, text: str) -> list[nodes.Node]:
        if not text:
            return []
        return [
            nodes.container(
                "", nodes.literal_block(text, text, language="text"), classes=["executed-output"]
            )
        ]


class Value(SphinxRole):
    """The role ``value``: an expression of the page, written into a sentence; `` ` `` sets code."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Evaluate the expression."""
        note_page(self.env)
        page = pages_of(self.env).page(self.env.docname)
        try:
            text = str(page.evaluate(self.text))
        except Exception as error:
            logger.warning("{value}`%s`: %r", self.text, error, location=self.get_location())
            text = "?"
        parts = text.split("`")
        return [
            nodes.literal(part, part) if number % 2 else nodes.Text(part)
            for number, part in enumerate(parts)
            if part
        ], []


def note_page(env: BuildEnvironment) -> None:
    """Remember that a page runs code, so that a change of the program makes it stale."""
    env.metadata[env.docname]["executed"] = "yes"


def start(app: Sphinx) -> None:
    """Begin a build: what takes long is started while pages are read."""
    pages = Pages(app)
    app.coercivity_pages = pages  # type: ignore[attr-defined]
    pages.kept.start(app.config.executed_ahead)


def stale(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Run pages anew when the program or a case has changed."""
    digest = package_digest()
    before, env.coercivity_digest = getattr(env, "coercivity_digest", None), digest  # type: ignore[attr-defined]
    if before == digest:
        return []
    return [name for name, data in env.metadata.items() if "executed" in data]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register directive and role."""
    app.add_config_value("executed_ahead", [], "", types=[list])
    app.add_directive("run", Run)
    app.add_role("value", Value())
    setup_pictures(app)
    app.connect("builder-inited", start)
    app.connect("env-get-outdated", stale)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
