"""Help: what each screen is for, words, columns, error codes, sources and versions."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from coercivity.foundation.codes import PAGES
from coercivity.foundation.errors import UsageError
from coercivity.foundation.problems import quoted
from coercivity.interfaces.workbench.case_files import GROUPS
from coercivity.interfaces.workbench.pages import page, project_of, workbench_of
from coercivity.results.manifest import versions
from coercivity.tables import read_tables
from coercivity.tables.schemas import SCHEMAS

WORDS = (
    ("case", "A chain as tables: places, materials, processes, plants, demands, prices, rules."),
    ("project", "A case in the folder that the workbench was started in."),
    ("scenario", "A short list of changes to the case, with a name."),
    ("run", "A question to a case with its answer: a folder, written once, never changed."),
    ("option", "A plant, or a part of one, that may be built. It waits for permit and building."),
    ("segment", "Those who use a product, served in the order of their priority."),
    ("origin class", "What a rule says of where the stages of a product may have run."),
    ("gain", "Cost without any new plant less cost of the plan: what the plan saves."),
    ("gap", "What the proof leaves open: how far a better plan could be away, as a share."),
    ("shortfall", "What is asked for and not served."),
    ("covered country", "A country whose goods a rule keeps from some uses."),
    ("DSCR", "Cash available for debt service over debt service, in a year."),
    ("NPV", "Value today of all cash to come, at a stated rate."),
    ("hazard", "Chance a year that a promise lapses."),
    ("remanence", "Share of what support built that stays when support ends."),
    ("coercivity", "How much has to be taken away before the chain falls back to where it began."),
)
"""Words that are used on the screens."""
SOURCE_COLUMNS = ("id", "title", "publisher", "year")


def show(request: Request) -> Response:
    """Show the help."""
    project = project_of(request)
    tables = read_tables(project.folder)[0] if project is not None else None
    sources = list(tables["sources"]) if tables is not None else []
    return page(
        request,
        "help.html",
        screen="help",
        title="Help",
        words=WORDS,
        groups=GROUPS,
        schemas=SCHEMAS,
        codes=PAGES,
        versions=versions(),
        verbs=workbench_of(request).verbs,
        sources=[
            [str(row[name]) if row.given(name) else "" for name in SOURCE_COLUMNS]
            for row in sources
        ],
    )


def code(request: Request) -> Response:
    """Show the page of an error code."""
    name = request.path_params["code"].upper()
    if name not in PAGES:
        msg = f"There is no code {quoted(name)}.  [{UsageError.code}]"
        raise UsageError(msg)
    return page(request, "code.html", screen="help", title=f"Code {name}", code=PAGES[name])


def columns(request: Request) -> Response:
    """Show the columns of a table."""
    name = request.path_params["table"]
    if name not in SCHEMAS:
        msg = f"There is no table {quoted(name)}.  [{UsageError.code}]"
        raise UsageError(msg)
    return page(
        request, "columns.html", screen="help", title=f"Columns of {name}", schema=SCHEMAS[name]
    )


ROUTES = (
    Route("/help", show),
    Route("/help/codes/{code}", code),
    Route("/help/tables/{table}", columns),
)
