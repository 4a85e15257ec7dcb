"""``coercivity report``: a run, or several side by side, as a briefing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coercivity.interfaces.cli.compare import RunsArgument
from coercivity.interfaces.cli.options import Json, RunsFolder, Verbose
from coercivity.interfaces.cli.screen import show, show_json
from coercivity.interfaces.cli.verbs import Verb

if TYPE_CHECKING:
    from coercivity.views.briefing import Briefing, Form

Target = Annotated[
    Path | None,
    typer.Option(
        "--to",
        metavar="FILE",
        help="brief.html, brief.pdf or brief.xlsx; a file that exists is replaced.",
        show_default="RUN.html here",
    ),
]
Static = Annotated[
    bool, typer.Option("--static", help="HTML without any script, for mail and for printing.")
]
Redact = Annotated[
    bool,
    typer.Option(
        "--redact",
        help="Leave out inputs: values and title of the case, options of the call, sources, and "
        "whatever names or places a site, plant, build option, company, supplier, buyer or demand. "
        "Sums over stages, segments, country groups and years stay, with the digest.",
    ),
]
Banner = Annotated[
    str | None,
    typer.Option(
        "--banner", metavar="TEXT", help="Handling banner.", show_default="that of the case"
    ),
]


def report(
    runs: RunsArgument,
    target: Target = None,
    static: Static = False,
    redact: Redact = False,
    banner: Banner = None,
    folder: RunsFolder = None,
    as_json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Write a briefing: the answer, figures, assumptions, sources.

    One file that needs no connection. Several runs of one verb are compared side by side; runs of
    different verbs follow each other.
    """
    from coercivity.results import find_run, runs_folder
    from coercivity.views.briefing import form_of, make_briefing, write_briefing

    place = runs_folder(folder)
    found = [find_run(run, runs=place) for run in runs]
    path = Path(f"{found[0].id}.html") if target is None else target
    form_of(path, static=static)  # a wrong ending is told before the work
    briefing = make_briefing(found, redact=redact, banner=banner)
    form = write_briefing(briefing, path, static=static)
    if as_json:
        show_json(_as_json(briefing, path, form, [run.id for run in found]))
    else:
        show("\n".join(briefing.answer))
        show(f"\nWrote {path} ({form.value}, {path.stat().st_size / 1e6:.2f} MB).")


def _as_json(briefing: Briefing, path: Path, form: Form, runs: list[str]) -> dict[str, object]:
    return {
        "status": "ok",
        "exit": 0,
        "path": str(path),
        "form": form.value,
        "bytes": path.stat().st_size,
        "runs": runs,
        "answer": list(briefing.answer),
        "figures": [chart.title for chart in briefing.charts],
        "banner": briefing.banner,
        "redacted": briefing.redacted,
    }


VERB = Verb(
    "report",
    report,
    (
        ("coercivity plan mini --name first", "a run to tell of"),
        ("coercivity report first", "interactive HTML, here: first.html"),
        ("coercivity report first --to brief.html --static", "the same without scripts"),
        ("coercivity report first --to brief.pdf --banner DRAFT", "on paper, marked"),
        ("coercivity report first --to brief.xlsx --redact --json", "tables without inputs"),
    ),
    exits=(0, 1, 2, 3, 130),
)
