"""Drawing an ECharts option: SVG without a browser, PNG, and a page that works offline.

ECharts runs in a bare JavaScript engine (``mini-racer``) inside this process; it has no access to
files, network or clock of its own. The same option gives the same bytes.
"""

from __future__ import annotations

import atexit
import hashlib
import html
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import Any, Protocol

from coercivity.foundation.errors import UsageError
from coercivity.views.labels import wrapped_lines
from coercivity.views.maps import base_map_text
from coercivity.views.palette import FAINT, INK, WHITE

SVG = "http://www.w3.org/2000/svg"
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
MARGIN = 16
TITLE_SIZE, NOTE_SIZE = 17, 11
TITLE_LINE, NOTE_LINE = 23, 15
OWN_NAME = re.compile(r"^zr\d+-")
REFERENCE = re.compile(r"url\(#zr\d+-([\w-]+)\)")
ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML cannot hold."""

DRAW = """
function draw(text, width, height) {
  var chart = echarts.init(null, null, {renderer: 'svg', ssr: true, width: width, height: height});
  try {
    chart.setOption(JSON.parse(text));
    return chart.renderToSVGString({useViewBox: true});
  } finally { chart.dispose(); }
}
function place(name, text) { echarts.registerMap(name, JSON.parse(text)); return 0; }
"""


class _Engine(Protocol):
    """What is used of the JavaScript engine."""

    def eval(self, code: str) -> Any: ...  # noqa: ANN401, D102


@dataclass(slots=True)
class _Drawer:
    """ECharts loaded once, with the base maps it was asked for."""

    engine: _Engine
    maps: set[str] = field(default_factory=set)
    lock: Lock = field(default_factory=Lock)

    def draw(self, option: Mapping[str, Any], size: tuple[int, int], maps: Sequence[str]) -> str:
        """Draw an option to SVG."""
        with self.lock:
            for name in maps:
                if name not in self.maps:
                    self._call("place", name, base_map_text(name))
                    self.maps.add(name)
            return str(self._call("draw", plain_json(option), *size))

    def _call(self, function: str, *arguments: str | int) -> object:
        return self.engine.eval(f"{function}({','.join(script_json(a) for a in arguments)})")


def plain_json(value: object) -> str:
    """Write JSON, refusing what JSON has no number for.

    Raises
    ------
    ValueError
        If a number is not finite.
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def script_json(value: object) -> str:
    r"""Write JSON that can stand inside a script of a page, whatever texts it holds.

    Examples
    --------
    >>> script_json("</script><!--")
    '"\\u003c/script\\u003e\\u003c!--"'
    """
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def vendored(name: str) -> str:
    """Read a text file that comes with the program."""
    return (files("coercivity.views") / "vendored" / name).read_text(encoding="utf-8")


@cache
def _drawer() -> _Drawer:
    try:
        from py_mini_racer import MiniRacer  # noqa: PLC0415  (an extra; loading takes 0.3 s)
    except ImportError as error:
        raise UsageError(_missing("mini-racer", "Drawing a figure")) from error
    engine = MiniRacer()
    atexit.register(engine.close)  # its thread would otherwise keep a script from ending
    engine.eval(vendored("echarts.min.js") + "\n" + DRAW + "0")
    return _Drawer(engine)


def _missing(package: str, doing: str) -> str:
    return (
        f"{doing} needs the package {package}, which is not installed. "
        f"Install it with `pip install 'coercivity[report]'`.  [{UsageError.code}]"
    )


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a drawing."""

    name: str
    """Short name; ids inside the drawing begin with it, so several can share a page."""
    title: str
    alt: str
    notes: tuple[str, ...]
    width: int
    height: int
    """Size of the drawing itself. [px]"""


def svg(
    option: Mapping[str, Any], frame: Frame, *, maps: Sequence[str] = (), titled: bool = True
) -> str:
    """Draw an option as a self-contained SVG, the same bytes each time.

    Parameters
    ----------
    option
        ECharts option of plain JSON values.
    frame
        Title, alternative text, notes and size.
    maps
        Base maps the option refers to.
    titled
        Whether title and notes are drawn; otherwise they are only in ``<title>`` and ``<desc>``.

    Raises
    ------
    UsageError
        If the JavaScript engine is not installed.
    """
    still = {**option, "animation": False}
    drawn = _drawer().draw(still, (frame.width, frame.height), maps)
    inner = ET.fromstring(ILLEGAL.sub("\ufffd", drawn))  # noqa: S314  (made here, not received)
    own = re.sub(r"[^a-z0-9]+", "-", frame.name.lower()).strip("-")
    mark = hashlib.sha256(f"{frame.name}\n{plain_json(still)}".encode()).hexdigest()[:6]
    _own_names(inner, f"{own}-{mark}-")
    return _framed(inner, frame, f"{own}-{mark}", titled=titled)


def _own_names(root: ET.Element, prefix: str) -> None:
    """Give ids a prefix of their own and drop what only serves a live chart."""
    for parent in root.iter():
        for child in [c for c in parent if c.tag == f"{{{SVG}}}style"]:
            parent.remove(child)
        for key in list(parent.attrib):
            value = parent.attrib[key]
            if key == "class" or key.startswith("ecmeta") or key == "pointer-events":
                del parent.attrib[key]
            elif key == "id":
                parent.attrib[key] = OWN_NAME.sub(prefix, value)
            elif value.startswith("url("):
                parent.attrib[key] = REFERENCE.sub(rf"url(#{prefix}\1)", value)


def _framed(inner: ET.Element, frame: Frame, identifier: str, *, titled: bool) -> str:
    room = frame.width - 2 * MARGIN
    title = wrapped_lines(frame.title, room, TITLE_SIZE * 1.06) if titled else []
    notes = [n for note in frame.notes for n in wrapped_lines(note, room, NOTE_SIZE)]
    notes = notes if titled else []
    top = len(title) * TITLE_LINE + MARGIN if title else 0
    foot = len(notes) * NOTE_LINE + MARGIN if notes else 0
    height = top + frame.height + foot
    root = ET.Element(
        f"{{{SVG}}}svg",
        {
            "width": str(frame.width),
            "height": str(height),
            "viewBox": f"0 0 {frame.width} {height}",
            "role": "img",
            "aria-labelledby": f"{identifier}-title {identifier}-alt",
        },
    )
    ET.SubElement(root, f"{{{SVG}}}title", {"id": f"{identifier}-title"}).text = frame.title
    ET.SubElement(root, f"{{{SVG}}}desc", {"id": f"{identifier}-alt"}).text = frame.alt
    paper = {"width": str(frame.width), "height": str(height), "fill": WHITE}
    ET.SubElement(root, f"{{{SVG}}}rect", paper)
    _lines(root, title, (MARGIN + TITLE_SIZE - 3, TITLE_LINE), (TITLE_SIZE, INK, "bold"))
    body = ET.SubElement(root, f"{{{SVG}}}g", {"transform": f"translate(0 {top})"})
    body.extend(list(inner))
    first = top + frame.height + NOTE_SIZE
    _lines(root, notes, (first, NOTE_LINE), (NOTE_SIZE, FAINT, "normal"))
    ET.register_namespace("", SVG)
    return ET.tostring(root, encoding="unicode") + "\n"


def _lines(
    root: ET.Element, lines: list[str], rows: tuple[int, int], face: tuple[int, str, str]
) -> None:
    size, colour, weight = face
    for number, line in enumerate(lines):
        written = ET.SubElement(
            root,
            f"{{{SVG}}}text",
            {
                "x": str(MARGIN),
                "y": str(rows[0] + number * rows[1]),
                "font-family": FONT,
                "font-size": str(size),
                "font-weight": weight,
                "fill": colour,
            },
        )
        written.text = ILLEGAL.sub("\ufffd", line)


def png(drawing: str, *, dots_per_inch: float = 144.0) -> bytes:
    """Turn an SVG into a PNG.

    Parameters
    ----------
    drawing
        The SVG.
    dots_per_inch
        72 gives a picture element per unit of the SVG. [1/inch]

    Raises
    ------
    UsageError
        If the typesetter is not installed.
    """
    try:
        import typst  # noqa: PLC0415  (an extra)
    except ImportError as error:
        raise UsageError(_missing("typst", "Making a PNG")) from error
    source = (
        "#set page(width: auto, height: auto, margin: 0pt)\n"
        '#image(bytes(sys.inputs.drawing), format: "svg")\n'
    )
    made = typst.compile(
        source.encode(), format="png", ppi=dots_per_inch, sys_inputs={"drawing": drawing}
    )
    return bytes(made if isinstance(made, bytes) else made[0])


PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline';
 style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 15px/1.5 {font}; color: {ink}; margin: 1.5rem auto; max-width: {width}px;
 padding: 0 1rem }}
h1 {{ font-size: 1.25rem; line-height: 1.3 }}
p, summary {{ color: {faint}; font-size: 0.85rem }}
table {{ border-collapse: collapse; font-size: 0.85rem }}
th, td {{ padding: 0.2rem 0.6rem; border-bottom: 1px solid #ddd; text-align: left }}
.scroll {{ overflow-x: auto }}
</style>
<h1>{title}</h1>
<div id="chart" role="img" aria-label="{alt}" style="height:{height}px"></div>
{notes}
<details><summary>View data</summary><div class="scroll">{table}</div></details>
<script>{echarts}</script>
<script>
{maps}
var chart = echarts.init(document.getElementById('chart'), null, {{renderer: 'svg'}});
chart.setOption({option});
window.addEventListener('resize', function () {{ chart.resize(); }});
</script>
</html>
"""


def page(option: Mapping[str, Any], frame: Frame, *, table: str, maps: Sequence[str] = ()) -> str:
    """Write one interactive figure as a page that opens from disk without a connection.

    Parameters
    ----------
    option
        ECharts option.
    frame
        Title, alternative text, notes and size.
    table
        The figure's data as HTML.
    maps
        Base maps the option refers to.
    """
    registered = "\n".join(
        f"echarts.registerMap({script_json(name)}, {script_json(json.loads(base_map_text(name)))});"
        for name in maps
    )
    return PAGE.format(
        title=html.escape(frame.title),
        alt=html.escape(frame.alt, quote=True),
        font=FONT,
        ink=INK,
        faint=FAINT,
        width=frame.width,
        height=frame.height,
        notes="".join(f"<p>{html.escape(note)}</p>" for note in frame.notes),
        table=table,
        echarts=vendored("echarts.min.js").replace("</script", "<\\/script"),
        maps=registered,
        option=script_json(option),
    )
