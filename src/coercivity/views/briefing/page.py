"""The briefing as one HTML file: static, or with live figures; neither needs a connection.

Both forms hold every figure as a drawing with its text and its data. The interactive one carries
the chart library once and turns the drawings live where the window is wide enough; without scripts
it reads as the static one. A content-security policy in the page names its only scripts and style
by their digests, so nothing else in it could run, and nothing is ever fetched.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Iterable, Sequence
from importlib.resources import files

from coercivity.views.briefing.nouns import Briefing, Listing, Section, numbered_charts
from coercivity.views.briefing.words import plain
from coercivity.views.chart import Chart, table_html
from coercivity.views.maps import base_map_text
from coercivity.views.plan_words import TextTable
from coercivity.views.rendering import script_json, vendored

MOST_ROWS = 200
"""Rows of data under a figure; the workbook has all."""
LONGEST = 2000
"""Longest text. [character]"""
SHORT = 14
"""Longest cell that is never broken. [character]"""


def static_page(briefing: Briefing) -> str:
    """Write a briefing as one HTML file without any script, fit for mail."""
    return _page(briefing, scripts=())


def interactive_page(briefing: Briefing) -> str:
    """Write a briefing as one HTML file whose figures answer to the pointer."""
    live = [
        (number, chart)
        for number, section, chart in numbered_charts(briefing)
        if not section.abreast
    ]
    if not live:
        return static_page(briefing)
    held = {
        "maps": [
            {"name": name, "shapes": json.loads(base_map_text(name))}
            for name in dict.fromkeys(name for _, chart in live for name in chart.maps)
        ],
        "figures": [
            {
                "id": f"drawing-{number}",
                "width": chart.width,
                "height": chart.height,
                "alt": plain(chart.alt, LONGEST),
                "option": chart.option,
            }
            for number, chart in live
        ],
    }
    library = vendored("echarts.min.js").replace("</script", "<\\/script")
    return _page(briefing, scripts=(library, _own("page.js")), held=script_json(held))


def _own(name: str) -> str:
    return (files("coercivity.views") / "briefing" / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    """Name an inline script or style as a content-security policy does."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _policy(scripts: Sequence[str], style: str) -> str:
    allowed = " ".join(_digest(script) for script in scripts) or "'none'"
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_digest(style)}; "
        "style-src-attr 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    )


def _page(briefing: Briefing, *, scripts: Sequence[str], held: str = "") -> str:
    style = _own("page.css")
    data = f'<script type="application/json" id="held">{held}</script>\n' if held else ""
    running = "".join(f"<script>{script}</script>\n" for script in scripts)
    policy = html.escape(_policy(scripts, style), quote=False)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{_text(briefing.title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f"{_banner(briefing, 'top')}<main>\n{_opening(briefing)}{_contents(briefing)}"
        f"{''.join(_sections(briefing))}</main>\n{_banner(briefing, 'bottom')}"
        f"{data}{running}</body>\n</html>\n"
    )


def _text(text: object) -> str:
    """Escape a text; a number keeps its percent sign on its line."""
    return html.escape(plain(text, LONGEST)).replace(" %", "\u00a0%")


def _banner(briefing: Briefing, place: str) -> str:
    if not briefing.banner:
        return ""
    return f'<div class="banner {place}" role="note">{_text(briefing.banner)}</div>\n'


def _opening(briefing: Briefing) -> str:
    sentences = "".join(f"<p>{_text(sentence)}</p>" for sentence in briefing.answer)
    certain = f'<p class="small">{_text(briefing.certainty)}</p>' if briefing.certainty else ""
    subtitle = f'<p class="subtitle">{_text(briefing.subtitle)}</p>\n' if briefing.subtitle else ""
    left_out = '<p class="small">Inputs are left out of this copy.</p>\n'
    return (
        f"<h1>{_text(briefing.title)}</h1>\n{subtitle}"
        f'<section class="answer" aria-label="The answer">{sentences}{certain}</section>\n'
        f"{left_out if briefing.redacted else ''}"
    )


def _contents(briefing: Briefing) -> str:
    items = "".join(
        f'<li><a href="#part-{number}">{_text(section.title)}</a></li>'
        for number, section in enumerate(briefing.sections, start=1)
    )
    return f'<nav aria-label="Contents"><ul>{items}</ul></nav>\n'


def _sections(briefing: Briefing) -> Iterable[str]:
    numbers = iter(numbered_charts(briefing))
    for place, section in enumerate(briefing.sections, start=1):
        figures = [_figure(next(numbers)[0], chart) for chart in section.charts]
        yield _section(place, section, figures)


def _section(place: int, section: Section, figures: Sequence[str]) -> str:
    said = "".join(f"<p>{_text(paragraph)}</p>\n" for paragraph in section.paragraphs)
    shown = "".join([*figures, *(_listing(one) for one in section.listings)])
    body = f'<div class="abreast">\n{shown}</div>\n' if section.abreast else shown
    wide = ' class="wide"' if section.abreast else ""
    return (
        f'<section{wide} aria-labelledby="part-{place}">\n'
        f'<h2 id="part-{place}">{_text(section.title)}'
        f"</h2>\n{said}{body}</section>\n"
    )


def _figure(number: int, chart: Chart) -> str:
    data = chart.data.map(lambda cell: plain(cell, LONGEST) if isinstance(cell, str) else cell)
    notes = "".join(f"<p>{_text(note)}</p>" for note in chart.notes)
    return (
        f"<figure>\n<h3>{_text(chart.title)}</h3>\n"
        f'<div class="drawing" id="drawing-{number}">{chart.svg(titled=False)}</div>\n'
        f"<figcaption>{notes}</figcaption>\n"
        f'<details><summary>View data of figure {number}</summary><div class="scroll">'
        f"{table_html(data, rows=MOST_ROWS)}</div></details>\n</figure>\n"
    )


def _listing(listing: Listing) -> str:
    table = listing.text
    head = "".join(_head(heading, is_number=is_number) for heading, is_number in table.columns)
    body = "".join(f"<tr>{_cells(table, row)}</tr>" for row in table.rows)
    return (
        f'<div class="scroll"><table><caption>{_text(table.title)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>\n"
    )


def _head(heading: str, *, is_number: bool) -> str:
    kind = ' class="number"' if is_number else ""
    return f'<th scope="col"{kind}>{_text(heading)}</th>'


def _cells(table: TextTable, row: Sequence[str]) -> str:
    cells = []
    for (_, is_number), cell in zip(table.columns, row, strict=True):
        kind = ' class="number"' if is_number else ' class="short"' if len(cell) <= SHORT else ""
        cells.append(f"<td{kind}>{_text(cell)}</td>")
    return "".join(cells)
