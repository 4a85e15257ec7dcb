"""The buyer's view: from whom may I buy, does my list comply, how long do I last."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from coercivity.interfaces.workbench.pages import project_of, workbench_of
from coercivity.interfaces.workbench.screens.drawings import as_file
from coercivity.interfaces.workbench.screens.study import Study, study_page
from coercivity.tables import read_tables
from coercivity.tables.supply_list import COLUMNS, supply_list_schema

STUDY = Study(
    "buy",
    "From whom may I buy",
    ("source",),
    "Who may supply a segment under the origin rules of a day, which lines of your supply list "
    "comply and which fail at what, who could take their place, and how long you last if "
    "one falls away.",
)


def show(request: Request) -> Response:
    """Show the newest look at buying, or the one that is asked for."""
    return study_page(request, STUDY)


def template(request: Request) -> Response:
    """Give a supply list to fill in, with the columns of the project."""
    project = project_of(request) or workbench_of(request).workspace.projects()[0]
    tables, _ = read_tables(project.folder)
    if tables is not None:
        names = supply_list_schema(tables).column_names
    else:
        names = tuple(column.name for column in COLUMNS)
    text = ",".join(names) + "\n"
    return Response(text, media_type="text/csv", headers=as_file("supply-list.csv"))


ROUTES = (Route("/buy", show), Route("/buy/supply-list.csv", template))
