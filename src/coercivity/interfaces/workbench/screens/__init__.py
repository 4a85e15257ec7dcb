"""The screens, one a file: each ends in its ``ROUTES``, and all of them are listed once, here."""

from __future__ import annotations

from starlette.routing import BaseRoute

from coercivity.interfaces.workbench.screens import (
    briefing,
    buyer,
    data,
    data_change,
    data_import,
    data_settings,
    drawings,
    finance,
    guide,
    home,
    jobs,
    network,
    plan,
    runs,
    stress,
)

ROUTES: tuple[BaseRoute, ...] = (
    *home.ROUTES,
    *data.ROUTES,
    *data_change.ROUTES,
    *data_import.ROUTES,
    *data_settings.ROUTES,
    *network.ROUTES,
    *plan.ROUTES,
    *stress.ROUTES,
    *finance.ROUTES,
    *runs.ROUTES,
    *jobs.ROUTES,
    *drawings.ROUTES,
    *briefing.ROUTES,
    *buyer.ROUTES,
    *guide.ROUTES,
)
"""Every address of the workbench."""
