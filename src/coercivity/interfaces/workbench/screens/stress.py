"""Stress: what breaks the chain, how long it lasts, what to protect first."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from coercivity.interfaces.workbench.screens.study import Study, study_page

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


ROUTES = (Route("/stress", show),)
