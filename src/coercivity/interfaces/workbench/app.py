"""The application: its addresses, and what happens while it runs."""

from __future__ import annotations

import asyncio
import logging
import mimetypes
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from coercivity.foundation.errors import CoercivityError, InternalError
from coercivity.interfaces.workbench import pages
from coercivity.interfaces.workbench.case_files import report_of
from coercivity.interfaces.workbench.jobs import Jobs
from coercivity.interfaces.workbench.screens import ROUTES
from coercivity.interfaces.workbench.security import LARGEST_BODY, Guard, Headed
from coercivity.interfaces.workbench.telling import told_of
from coercivity.interfaces.workbench.uploads import Uploads
from coercivity.interfaces.workbench.verbs import VerbForm
from coercivity.interfaces.workbench.workspace import Workspace
from coercivity.tables.reading import REFERENCE_CASES, reference_cases
from coercivity.views.maps import base_map_text

TICK = 0.25
"""Time between two looks at the jobs. [s]"""
TOLD_AHEAD = 2
"""Runs that are drawn before anybody asks, the newest first."""
OWN = ("workbench.css", "workbench.js", "icon.svg")
LIBRARIES = ("echarts.min.js", "htmx.min.js")
MAPS = ("world", "united-states")

FAILURES: dict[Any, Any] = {
    InternalError: pages.broke,
    CoercivityError: pages.refused,
    HTTPException: pages.nowhere,
    Exception: pages.broke,
}
"""What answers for each kind of failure."""
Answer = Callable[[Request], Awaitable[Response]]

logger = logging.getLogger(__name__)


def make_app(
    workspace: Workspace,
    verbs: Sequence[VerbForm],
    *,
    hosts: Sequence[str],
    token: str = "",
    largest: int = LARGEST_BODY,
) -> Headed:
    """Make the application.

    Parameters
    ----------
    workspace
        What it shows.
    verbs
        Verbs that write runs.
    hosts
        Names under which it may be asked for.
    token
        What every request must know; empty where none is asked for.
    largest
        Largest request. [byte]
    """
    uploads = Uploads(workspace.records / "uploads")
    program = version("coercivity")
    workbench = pages.Workbench(workspace, Jobs(workspace), uploads, tuple(verbs), program)

    @asynccontextmanager
    async def alive(_: Starlette) -> AsyncIterator[None]:
        ready = asyncio.create_task(asyncio.to_thread(_get_ready, workbench))
        watch = None if workspace.read_only else asyncio.create_task(_watch(workbench))
        yield
        await ready
        if watch is not None:
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch

    guards = [
        Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False),
        Middleware(Guard, token=token, read_only=workspace.read_only, largest=largest),
    ]
    routes = [*_assets(), *ROUTES]
    app = Starlette(routes=routes, middleware=guards, exception_handlers=FAILURES, lifespan=alive)
    app.state.workbench = workbench
    return Headed(app)


def _get_ready(workbench: pages.Workbench) -> None:
    """Load what the first check and the first figure need, before somebody waits for them."""
    with suppress(CoercivityError, OSError):
        report_of(REFERENCE_CASES / reference_cases()[0])
        for summary in workbench.summaries()[:TOLD_AHEAD]:
            _tell_ahead(workbench, summary.id)


def _tell_ahead(workbench: pages.Workbench, name: str) -> None:
    """Draw a run before it is looked at; one that is not complete is left alone."""
    with suppress(CoercivityError, OSError):
        told_of(workbench.run(name))


async def _watch(workbench: pages.Workbench) -> None:
    """Look after the jobs; a disk that refuses once is tried again.

    Drawing ahead must not keep a job that is to be stopped waiting, so it goes on beside.
    """
    beside: set[asyncio.Task[None]] = set()
    while True:
        try:
            for name in await asyncio.to_thread(workbench.jobs.tick):
                task = asyncio.create_task(asyncio.to_thread(_tell_ahead, workbench, name))
                beside.add(task)
                task.add_done_callback(beside.discard)
        except CoercivityError as error:
            logger.warning("%s", error)
        await asyncio.sleep(TICK)


def _assets() -> list[BaseRoute]:
    """Serve each file that comes with the program under its own name: no folder is opened."""
    found: list[BaseRoute] = []
    for name in OWN:
        found.append(Route(f"/assets/{name}", _asset(name)))
    for name in LIBRARIES:
        found.append(Route(f"/assets/{name}", _asset(name, vendored=True)))
    for name in MAPS:
        found.append(Route(f"/assets/maps/{name}.json", _base_map(name)))
    return found


@cache
def _content(name: str, vendored: bool) -> bytes:
    room, folder = (
        ("coercivity.views", "vendored")
        if vendored
        else ("coercivity.interfaces.workbench", "assets")
    )
    return (files(room) / folder / name).read_bytes()


def _asset(name: str, *, vendored: bool = False) -> Answer:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"

    async def answer(_: Request) -> Response:
        return Response(_content(name, vendored), media_type=kind, headers=_kept())

    return answer


def _base_map(name: str) -> Answer:
    async def answer(_: Request) -> Response:
        return Response(base_map_text(name), media_type="application/json", headers=_kept())

    return answer


def _kept() -> dict[str, str]:
    return {"Cache-Control": "private, max-age=300"}
