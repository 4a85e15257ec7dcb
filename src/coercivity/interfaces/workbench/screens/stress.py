"""Stress: what breaks the chain, how long it lasts, what to protect first."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from coercivity.interfaces.workbench.pages import ASKED, page, piece, workbench_of
from coercivity.interfaces.workbench.screens.study import Study, study_page
from coercivity.interfaces.workbench.shocks import shock_line
from coercivity.interfaces.workbench.telling import drawing_of

STUDY = Study(
    "stress",
    "Stress",
    ("stress",),
    "What each single loss does to each segment, the worst that several losses together can do, "
    "how long a plant may stand still before someone goes short, and what to keep in stock.",
)


def show(request: Request) -> Response:
    """Show the newest stress test, or the one that is asked for."""
    return study_page(request, STUDY)


def shock(request: Request) -> Response:
    """Show how a loss of a sweep goes on."""
    run = workbench_of(request).run(request.path_params["run"])
    line = shock_line(run, request.query_params.get("shock", ""))
    drawing = drawing_of(run, "shock-years", {"shock": line.id}) if line.dated else None
    content: dict[str, Any] = {"run": run, "line": line, "drawing": drawing}
    if ASKED in request.headers:
        return piece("piece-shock.html", whole=False, **content)
    return page(request, "shock.html", screen="stress", title=line.label, whole=True, **content)


ROUTES = (Route("/stress", show), Route("/runs/{run}/shock", shock))
