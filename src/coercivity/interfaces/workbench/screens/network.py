"""Network and flows: maps, flows from ore to use, and a drawer for each site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from coercivity.foundation.errors import UsageError
from coercivity.foundation.problems import quoted
from coercivity.interfaces.workbench import figures
from coercivity.interfaces.workbench.pages import (
    ASKED,
    page,
    piece,
    project_of,
    workbench_of,
)
from coercivity.interfaces.workbench.screens.study import changed_since
from coercivity.interfaces.workbench.telling import part_of
from coercivity.results import Run
from coercivity.tables import CaseTables, Row
from coercivity.tables.cells import cell_text
from coercivity.views.inputs import inputs_of

FIGURES = ("map", "world", "sankey", "concentration")
VERBS = ("plan", "assess")
AT_SITE = ("assets", "options", "suppliers", "demands", "stocks")
"""Tables whose rows stand at a site."""
SHOWN_COLUMNS = 8


@dataclass(frozen=True, slots=True)
class Standing:
    """What a table holds at a site."""

    table: str
    rows: tuple[tuple[tuple[str, str], ...], ...]
    """Rows as names and values of what is filled in."""


def show(request: Request) -> Response:
    """Show maps and flows of the newest plan, or of the run that is asked for."""
    workbench, project = workbench_of(request), project_of(request)
    shelf = workbench.shelf(VERBS, project)
    given = request.query_params.get("run", "")
    asked = shelf.opened(given) if project is not None else given
    run = workbench.run(asked) if asked else None
    part = part_of(run, "", FIGURES) if run is not None else None
    names = tuple(drawing.name for drawing in part.drawings) if part is not None else ()
    return page(
        request,
        "network.html",
        screen="network",
        title="Network and flows",
        run=run,
        part=part,
        shelf=shelf,
        changed=changed_since(run, shelf, project) if run is not None else None,
        levers=figures.levers(run, names) if run is not None else {},
        sites=_sites(run) if run is not None else [],
    )


def site(request: Request) -> Response:
    """Show what stands at a site, with its sources."""
    run = workbench_of(request).run(request.path_params["run"])
    name, tables = request.path_params["site"], inputs_of(run).tables
    row = next((one for one in tables["sites"] if one.text("id") == name), None)
    if row is None:
        msg = f"The case of run '{run.id}' has no site {quoted(name)}.  [{UsageError.code}]"
        raise UsageError(msg)
    standing = tuple(_standing(tables, table, name) for table in AT_SITE)
    content: dict[str, Any] = {
        "site": _cells(row),
        "name": row.maybe_text("name") or name,
        "standing": tuple(one for one in standing if one.rows),
        "sources": _sources(tables, [row, *_rows_at(tables, name)]),
        "run": run,
    }
    if ASKED in request.headers:
        return piece("piece-site.html", **content)
    return page(request, "site.html", screen="network", title=str(content["name"]), **content)


def _sites(run: Run) -> list[tuple[str, str, str]]:
    """Give id, name and country of each site, those at home first."""
    inputs = inputs_of(run)
    held = [(name, place.name, place.country) for name, place in inputs.places.items()]
    home = inputs.tables.settings.perspective
    return sorted(held, key=lambda one: (one[2] != home, one[2], one[1].lower()))


def _rows_at(tables: CaseTables, name: str) -> list[Row]:
    found = []
    for table in AT_SITE:
        if "site" in tables[table].schema.column_names:
            found += [row for row in tables[table] if row.maybe_text("site") == name]
    return found


def _standing(tables: CaseTables, table: str, name: str) -> Standing:
    rows = tables[table]
    if "site" not in rows.schema.column_names:
        return Standing(table, ())
    held = [row for row in rows if row.given("site") and row.text("site") == name]
    return Standing(table, tuple(_cells(row) for row in held))


def _cells(row: Row) -> tuple[tuple[str, str], ...]:
    """Give the filled cells of a row as texts, each with its unit."""
    found = []
    for name in row.table.columns:
        column = row.table.schema.column(name)
        if column is None or not row.given(name) or name in {"site", "note"}:
            continue
        unit = f" [{column.unit}]" if column.unit else ""
        found.append((f"{name}{unit}", cell_text(row[name], column)))
    return tuple(found[:SHOWN_COLUMNS] + [one for one in found[SHOWN_COLUMNS:] if "source" in one])


def _sources(tables: CaseTables, rows: list[Row]) -> list[tuple[tuple[str, str], ...]]:
    """Give the rows of the sources that some rows name."""
    named = {
        part.strip()
        for row in rows
        if row.given("source")
        for part in str(row["source"]).split(";")
    }
    return [_cells(row) for row in tables["sources"] if row.text("id") in named]


ROUTES = (Route("/network", show), Route("/runs/{run}/sites/{site}", site))
