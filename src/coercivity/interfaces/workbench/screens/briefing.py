"""Briefing: choose runs, tick sections, take it along as HTML, PDF or Excel."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from coercivity.foundation.errors import UsageError
from coercivity.interfaces.workbench import listing, worker
from coercivity.interfaces.workbench.pages import page, project_of, workbench_of
from coercivity.interfaces.workbench.screens.drawings import as_file
from coercivity.results.compare import MOST_RUNS
from coercivity.views.briefing import make_briefing

FORMS = {
    "html": ("interactive HTML, for a screen", ".html", "text/html"),
    "static": ("static HTML without scripts, for mail", ".html", "text/html"),
    "pdf": ("tagged PDF, for paper", ".pdf", "application/pdf"),
    "xlsx": (
        "Excel workbook, for further work",
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}
"""What a briefing can be: words, ending, kind."""
LONGEST_BANNER = 160


def show(request: Request) -> Response:
    """Offer finished runs, and the sections of those that are chosen."""
    workbench, project = workbench_of(request), project_of(request)
    chosen = list(dict.fromkeys(request.query_params.getlist("runs")))[:MOST_RUNS]
    finished = [line for line in listing.lines(workbench, project) if line.complete]
    whole = None
    if chosen:
        whole = make_briefing([workbench.run(name) for name in chosen])
    return page(
        request,
        "briefing.html",
        screen="briefing",
        title="Briefing",
        finished=finished,
        chosen=chosen,
        whole=whole,
        kinds=FORMS,
        most=MOST_RUNS,
    )


async def write(request: Request) -> Response:
    """Write the briefing and hand it over as a file."""
    workbench, asked = workbench_of(request), request.query_params
    names = list(dict.fromkeys(asked.getlist("runs")))
    form = asked.get("form", "html")
    if form not in FORMS:
        msg = f"A briefing is one of {', '.join(FORMS)}.  [{UsageError.code}]"
        raise UsageError(msg)
    _, ending, kind = FORMS[form]
    runs = [workbench.run(name) for name in names]
    if not runs:
        msg = f"Tick at least one run.  [{UsageError.code}]"
        raise UsageError(msg)
    whole = "sections" not in asked
    content = await worker.made(
        {
            "do": "briefing",
            "runs": [str(run.path) for run in runs],
            "name": f"briefing{ending}",
            "static": form == "static",
            "sections": None if whole else asked.getlist("sections"),
            "redact": "redact" in asked,
            "banner": asked.get("banner", "").strip()[:LONGEST_BANNER] or None,
        }
    )
    return Response(content, media_type=kind, headers=as_file(f"{names[0]}{ending}"))


ROUTES = (Route("/briefing", show), Route("/briefing/file", write))
