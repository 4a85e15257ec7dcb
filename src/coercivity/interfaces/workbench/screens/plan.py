"""Plan and build-out: targets and levers, and what is built, where, when and why."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from coercivity.interfaces.workbench.pages import project_of
from coercivity.interfaces.workbench.screens.limits import limit_levers
from coercivity.interfaces.workbench.screens.study import Study, study_page

STUDY = Study(
    "plan",
    "Plan and build-out",
    ("plan",),
    "Which plants to build, where and when, who is then served, what holds it back and what it "
    "costs; with the reasons, for what is built and for what is not.",
)


def show(request: Request) -> Response:
    """Show the newest plan, or the one that is asked for."""
    project = project_of(request)
    return study_page(request, STUDY, limits=None if project is None else limit_levers(project))


ROUTES = (Route("/plan", show),)
