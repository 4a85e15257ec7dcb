"""Finance and alignment: who would fund it, which package aligns all, what it leaves behind."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from coercivity.interfaces.workbench.screens.study import Study, study_page

STUDY = Study(
    "finance",
    "Finance and alignment",
    ("finance", "align", "loop"),
    "Who would fund each project and what is missing; the least package of contracts that makes "
    "all of them pay, what doubt in promises costs, and what stays when support ends.",
)


def show(request: Request) -> Response:
    """Show the newest run of finance, alignment or loop, or the one that is asked for."""
    return study_page(request, STUDY)


ROUTES = (Route("/finance", show),)
