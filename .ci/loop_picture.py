"""Write the first figure of the README, docs/_static/loop.svg, from a finished loop run.

Run it from the top folder after a change of the reference case or of the loop::

    coercivity plan us-rare-earths --name base
    coercivity align base --name package
    coercivity loop package --name lasts
    python .ci/loop_picture.py lasts
"""

from __future__ import annotations

import sys
from pathlib import Path

import coercivity as co

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "_static" / "loop.svg"


def main() -> None:
    """Draw the loop of the run named on the command line."""
    PICTURE.write_text(co.open_run(sys.argv[1]).figure("loop").svg(), encoding="utf-8")


if __name__ == "__main__":
    main()
