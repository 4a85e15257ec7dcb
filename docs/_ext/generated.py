"""Pages of the reference that the program itself writes: tables, commands, codes, names."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from coercivity.chain import load_case
from coercivity.foundation.codes import PAGES, ROOMS
from coercivity.interfaces.cli import stress
from coercivity.interfaces.cli.app import VERBS
from coercivity.interfaces.cli.schema import all_schemas, allowed_text, default_text
from coercivity.planning.model import build_model
from coercivity.tables import find_case
from coercivity.tables.columns import COMMON, Column, TableSchema
from docs._ext.executed import command_environment

CASES = ("mini", "mini-tungsten", "us-rare-earths")


def plain(text: str) -> str:
    r"""Take the meaning of Markdown from text that has none.

    Examples
    --------
    >>> plain("a | b_c")
    'a \\| b\\_c'
    """
    for sign in "\\*_[]<>|{}$#":
        text = text.replace(sign, f"\\{sign}")
    return text


def row(*cells: str) -> str:
    """Write a row of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def tables_page() -> Iterator[str]:
    """Describe every table and column of a case."""
    schemas = all_schemas()
    yield row("table", "what it holds")
    yield "|---|---|"
    for schema in schemas:
        yield row(f"[`{schema.name}`](#table-{schema.name})", plain(schema.description))
    for schema in schemas:
        yield from _one_table(schema)
    yield from ("", "(table-common)=", "## In every table", "")
    yield from _columns(tuple(COMMON.values()))


def _one_table(schema: TableSchema) -> Iterator[str]:
    yield from ("", f"(table-{schema.name})=", f"## {schema.name}", "", plain(schema.description))
    if schema.key:
        yield f"A row is named by {', '.join(f'`{name}`' for name in schema.key)}."
    for words, groups in (("Exactly", schema.exactly_one), ("At most", schema.at_most_one)):
        for names in groups:
            yield f"{words} one of {', '.join(f'`{name}`' for name in names)} is filled."
    yield ""
    yield from _columns(schema.columns)


def _columns(columns: tuple[Column, ...]) -> Iterator[str]:
    yield row("column", "meaning", "holds", "unit", "default")
    yield "|---|---|---|---|---|"
    for column in columns:
        several = ", several separated by `;`" if column.many else ""
        allowed = allowed_text(column)
        held = f"{column.kind.value}{several}" + (f": {plain(allowed)}" if allowed else "")
        default = "**required**" if column.required else plain(default_text(column))
        yield row(f"`{column.name}`", plain(column.description), held, plain(column.unit), default)


def commands_page() -> Iterator[str]:
    """Show the help of every command, as the program prints it."""
    groups = ([stress.NAME], *([stress.NAME, verb.name] for verb in stress.VERBS))
    for arguments in ([], *([verb.name] for verb in VERBS), *groups):
        title = " ".join(["coercivity", *arguments])
        shown = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "coercivity", *arguments, "--help"],
            capture_output=True,
            text=True,
            check=True,
            env=command_environment(),
        ).stdout
        anchor = "-".join(["command", *arguments])
        yield from ("", f"({anchor})=", f"## {title}", "", "```text", shown.rstrip(), "```")


def codes_page() -> Iterator[str]:
    """Give every code its paragraph, by the part of the program that finds it."""
    for letter, room in ROOMS.items():
        pages = [page for code, page in sorted(PAGES.items()) if code[0] == letter]
        if pages:
            yield from ("", f"## {letter}: {room}")
        for page in pages:
            yield from ("", f"({page.code})=", f"### {page.code}", "")
            yield f"**{plain(page.meaning)}** {plain(page.why)}"
            yield from ("", f"*Do instead:* {plain(page.instead)}")


def names_page() -> Iterator[str]:
    """List every family of rows and every cost term, and how many rows the cases have of it."""
    builders = {name: build_model(load_case(find_case(name))[0]).builder for name in CASES}
    families = dict.fromkeys(name for builder in builders.values() for name in builder.families)
    yield row("constraint", *(f"rows in `{name}`" for name in CASES))
    yield f"|---|{'---:|' * len(CASES)}"
    for family in families:
        held = [builder.families.get(family) for builder in builders.values()]
        yield row(f"`{family}`", *("" if f is None else str(len(f.positions)) for f in held))
    yield from ("", row("cost term", *(f"entries in `{name}`" for name in CASES)))
    yield f"|---|{'---:|' * len(CASES)}"
    for term in sorted({name for b in builders.values() for name in {*b.terms, *b.constants}}):
        counts = [sum(len(p.labels) for p in b.terms.get(term, ())) for b in builders.values()]
        yield row(f"`{term}`", *(str(count) if count else "" for count in counts))


WRITERS: dict[str, Callable[[], Iterator[str]]] = {
    "tables": tables_page,
    "commands": commands_page,
    "codes": codes_page,
    "names": names_page,
}
"""What the directive ``generated`` can write."""


class Generated(SphinxDirective):
    """The directive ``generated``."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Write the page and have it read as Markdown."""
        self.env.metadata[self.env.docname]["executed"] = "yes"
        lines = list(WRITERS[self.arguments[0]]())
        text = "\n".join(lines).splitlines()
        # Sections find their own place in the page, so everything else must be put there too.
        here = self.state.inliner.parent
        self.state.nested_parse(
            StringList(text, source=self.env.docname), 0, here, match_titles=True
        )
        return []


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("generated", Generated)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
