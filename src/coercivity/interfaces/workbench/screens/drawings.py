"""Figures of a run as data, tables, files and pictures."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from coercivity.foundation.errors import UsageError
from coercivity.interfaces.workbench import figures, worker
from coercivity.interfaces.workbench.pages import piece, workbench_of
from coercivity.results import Run
from coercivity.views.chart import Chart, table_html
from coercivity.views.charts import FIGURES

KINDS = {"svg": "image/svg+xml", "png": "image/png"}
ASKED = ("year", *figures.WORDS)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings that a spreadsheet would take for a formula."""


def _asked(request: Request) -> dict[str, str]:
    return {key: request.query_params.get(key, "") for key in ASKED}


def _chart(request: Request) -> tuple[Run, Chart]:
    run = workbench_of(request).run(request.path_params["run"])
    return run, figures.chart_of(run, request.path_params["name"], _asked(request))


def drawing(request: Request) -> Response:
    """Give a figure as data for the browser to draw."""
    _, chart = _chart(request)
    return JSONResponse(figures.as_json(chart))


def table(request: Request) -> Response:
    """Give the table behind a figure as a piece of a page."""
    _, chart = _chart(request)
    return piece(
        "piece-table.html",
        table=table_html(chart.data, rows=figures.MOST_ROWS),
        title=chart.title,
    )


def file(request: Request) -> Response:
    """Give the table behind a figure as a CSV file."""
    run, chart = _chart(request)
    held = chart.data.map(inert) if len(chart.data) else chart.data
    name = f"{run.id}-{request.path_params['name']}.csv"
    return Response(held.to_csv(index=False), media_type="text/csv", headers=as_file(name))


async def picture(request: Request) -> Response:
    """Give a figure as SVG or PNG; it is drawn in a process of its own."""
    ending = request.path_params["ending"]
    if ending not in KINDS:
        msg = f"A figure is given as {' or '.join(KINDS)}.  [{UsageError.code}]"
        raise UsageError(msg)
    run, chart = _chart(request)
    name = request.path_params["name"]
    takes = FIGURES[name].takes
    given = {key: text for key, text in _asked(request).items() if text and key in takes}
    asked = {key: int(text) if key == "year" else text for key, text in given.items()}
    work = {"do": "drawing", "run": str(run.path), "name": name, "asked": asked, "ending": ending}
    content = await worker.made(work)
    headers = as_file(f"{run.id}-{name}.{ending}")
    if "inline" in request.query_params:
        headers = {}
    return Response(content, media_type=KINDS[ending], headers=headers)


def inert(cell: object) -> object:
    """Keep a text from being taken for a formula by a spreadsheet.

    Examples
    --------
    >>> inert("=1+1"), inert("mine"), inert(-2.0)
    ("'=1+1", 'mine', -2.0)
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def as_file(name: str) -> dict[str, str]:
    """Give the header that has a browser keep an answer as a file.

    Parameters
    ----------
    name
        Name of the file; signs that a header cannot hold are replaced.

    Examples
    --------
    >>> as_file('a"b.csv')
    {'Content-Disposition': 'attachment; filename="a_b.csv"'}
    """
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._-~") else "_"
                    for sign in name)  # fmt: skip
    return {"Content-Disposition": f'attachment; filename="{plain}"'}


ROUTES = (
    Route("/runs/{run}/figures/{name}.json", drawing),
    Route("/runs/{run}/figures/{name}.csv", file),
    Route("/runs/{run}/figures/{name}/table", table),
    Route("/runs/{run}/figures/{name}.{ending}", picture),
)
