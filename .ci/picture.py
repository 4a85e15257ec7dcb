"""Draw the picture of the README: what `coercivity plan us-rare-earths` prints, as it prints it.

Run it from the top folder after a change of the reference case; it writes docs/_static/plan.svg.
The picture loads no font and no other file.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

COMMAND = ("coercivity", "plan", "us-rare-earths")
PICTURE = Path(__file__).resolve().parent.parent / "docs" / "_static" / "plan.svg"
WIDTH = 112
"""Width of the terminal. [character]"""
PAGE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">
<title>What the command prints</title>
<style>
.{unique_id}-matrix {{
  font-family: "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace;
  font-size: {char_height}px;
  line-height: {line_height}px;
}}
.{unique_id}-title {{ font-family: sans-serif; font-size: 18px; font-weight: bold; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""The picture around the lines; it names only fonts that a reader may have."""
TITLES = ("What to build", "Who makes", "The bottleneck", "Cost")
LEFT_OUT = ("Who stands behind", "Cost", "Weakest", "The run is in")
"""Beginnings of the parts that the picture leaves out."""
THEME = TerminalTheme(
    (250, 250, 248),
    (40, 44, 52),
    [(40, 44, 52), (178, 60, 50), (44, 122, 70), (150, 105, 10),
     (30, 90, 168), (130, 60, 140), (15, 120, 130), (110, 115, 122)],
)  # fmt: skip
SHADES = {"█": "blue", "▓": "cyan", "▒": "yellow", "░": "red"}
"""Colour of each sign of the bars: domestic, allied, neutral, covered."""


def printed() -> str:
    """Run the command in an empty folder and give what it prints."""
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", *COMMAND],
            cwd=folder,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            check=True,
        )
    return run.stdout


def shown(text: str) -> list[str]:
    """Give the lines of the picture, without the parts it leaves out."""
    parts = [part for part in text.strip().split("\n\n") if not part.startswith(LEFT_OUT)]
    return "\n\n".join(parts).rstrip().splitlines()


def coloured(lines: list[str]) -> Text:
    """Set titles and headings apart and colour the bars, as a legend reads them."""
    page = Text()
    page.append(f"$ {' '.join(COMMAND)}\n\n", style="bold")
    heading = False
    for line in lines:
        is_title = line.startswith(TITLES)
        style = "bold blue" if is_title else "bold" if heading else ""
        row = Text(line + "\n", style=style)
        for sign, colour in SHADES.items():
            row.highlight_regex(re.escape(sign) + "+", colour)
        page.append_text(row)
        heading = is_title
    return page


def drawing(lines: list[str]) -> str:
    """Draw the lines as an SVG that loads nothing."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), color_system="truecolor")
    console.print(coloured(lines), soft_wrap=False)
    svg = console.export_svg(
        title=" ".join(COMMAND), theme=THEME, code_format=PAGE, unique_id="plan"
    )
    return "\n".join(line.rstrip() for line in svg.splitlines()).strip() + "\n"


def main() -> None:
    """Write the picture."""
    svg = drawing(shown(printed()))
    if re.search(r"(url\(|href=|@import)\s*[\"']?https?:", svg):
        msg = "the picture would load something from elsewhere"
        raise SystemExit(msg)
    PICTURE.write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
