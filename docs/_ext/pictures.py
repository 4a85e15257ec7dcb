"""Figures of the program, and files it wrote, as parts of a page.

A block of Python that ends in a figure shows it: drawing, notes and data. The role ``{made}`` links
to a file that an earlier block wrote; the file becomes part of the manual.
"""

from __future__ import annotations

import html
import shutil
from pathlib import Path, PurePosixPath

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from coercivity.views.chart import Chart, table_html

logger = logging.getLogger(__name__)

ROWS = 12
"""Rows of data shown under a figure. [count]"""
MADE = "_made"
"""Folder of the manual for files that pages wrote."""


def picture_node(chart: Chart) -> nodes.raw:
    """Lay out a figure: finding, drawing, notes, and its data folded away."""
    notes = "".join(f"<p>{html.escape(note)}</p>" for note in chart.notes)
    text = (
        f'<figure class="picture"><figcaption>{html.escape(chart.title)}</figcaption>'
        f"{chart.svg(titled=False)}{notes}<details><summary>View data</summary>"
        f"{table_html(chart.data, rows=ROWS)}</details></figure>"
    )
    return nodes.raw("", text, format="html")


def link_to(page: str, name: str) -> str:
    """Give the way from a page to a file that it made.

    Examples
    --------
    >>> link_to("tutorials/first", "brief.html")
    '../_made/tutorials/first/brief.html'
    """
    up = "../" * (len(PurePosixPath(page).parts) - 1)
    return f"{up}{MADE}/{page}/{name}"


def keep(app: Sphinx, page: str, file: Path) -> None:
    """Copy a file that a page made into the manual."""
    target = Path(app.outdir) / MADE / page / file.name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, target)


class Made(SphinxRole):
    """The role ``made``: a link to a file that this page wrote."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Copy the file and link to it."""
        pages = self.env.app.coercivity_pages  # type: ignore[attr-defined]
        page = pages.page(self.env.docname)
        file = page.folder / self.text
        if not file.is_file():
            logger.warning("{made}`%s`: no such file", self.text, location=self.get_location())
            return [nodes.literal(self.text, self.text)], []
        keep(self.env.app, self.env.docname, file)
        where = link_to(self.env.docname, file.name)
        return [nodes.reference("", "", nodes.literal(self.text, self.text), refuri=where)], []


def setup_pictures(app: Sphinx) -> None:
    """Register the role and the style of figures."""
    app.add_role("made", Made())
    app.add_css_file("pictures.css")
