"""Work that needs much memory for a moment, in a process that ends with it: drawings, briefings.

The workbench calls this module as a program, gives it one JSON object, and reads the file it made.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from coercivity.foundation.errors import CoercivityError, InternalError, UsageError
from coercivity.results import open_run
from coercivity.views.briefing import form_of, make_briefing
from coercivity.views.briefing.writing import WRITERS
from coercivity.views.charts import figure

SECONDS = 300.0
"""Time after which a worker is ended. [s]"""
REFUSED = 3
LONGEST_TOLD = 2000


async def made(work: Mapping[str, Any]) -> bytes:
    """Have a process do some work and give what it made.

    Parameters
    ----------
    work
        ``do``: ``drawing`` or ``briefing``, and what `draw` or `brief` take.

    Raises
    ------
    UsageError
        If the work was refused; the message says why.
    InternalError
        If the process failed, or took too long.
    """
    with tempfile.TemporaryDirectory(prefix="coercivity-") as folder:
        target = Path(folder) / "made"
        asked = json.dumps({**work, "target": str(target)}).encode()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "coercivity.interfaces.workbench.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            _, told = await asyncio.wait_for(process.communicate(asked), SECONDS)
        except TimeoutError as error:
            process.kill()
            await process.wait()
            msg = f"it took more than {SECONDS:.0f} s  [{InternalError.code}]"
            raise InternalError(msg) from error
        text = told.decode("utf-8", errors="replace").strip()[-LONGEST_TOLD:]
        if process.returncode == REFUSED:
            raise UsageError(text)
        if process.returncode:
            msg = f"the drawing process failed  [{InternalError.code}]"
            raise InternalError(msg)
        return target.read_bytes()


def draw(run: str, name: str, asked: Mapping[str, Any], *, ending: str) -> bytes:
    """Draw a figure as SVG or PNG.

    Parameters
    ----------
    run
        Folder of the run.
    name
        Name of the figure.
    asked
        Year, segment, project.
    ending
        ``svg`` or ``png``.
    """
    chart = figure(open_run(Path(run)), name, **asked)
    return chart.png() if ending == "png" else chart.svg().encode()


def brief(
    runs: list[str],
    *,
    name: str,
    static: bool,
    sections: list[str] | None,
    redact: bool,
    banner: str | None,
) -> bytes:
    """Write a briefing of the sections that were ticked.

    Parameters
    ----------
    runs
        Folders of the runs.
    name
        File whose ending says the form.
    static
        Whether HTML is to be without scripts.
    sections
        Titles of the sections to keep; None keeps all.
    redact
        Whether inputs are left out.
    banner
        Handling banner; None takes that of the case.
    """
    form = form_of(Path(name), static=static)
    whole = make_briefing([open_run(Path(run)) for run in runs], redact=redact, banner=banner)
    if sections is not None:
        kept = tuple(part for part in whole.figures if part.title in sections)
        whole = replace(whole, figures=kept)
    return WRITERS[form](whole)


def main() -> int:
    """Do the work that stands on the standard input."""
    asked = json.loads(sys.stdin.buffer.read())
    do, target = asked.pop("do"), Path(asked.pop("target"))
    try:
        made_now = draw(**asked) if do == "drawing" else brief(**asked)
    except CoercivityError as error:
        if isinstance(error, InternalError):
            raise
        sys.stderr.write(str(error))
        return REFUSED
    target.write_bytes(made_now)
    return 0


if __name__ == "__main__":
    sys.exit(main())
