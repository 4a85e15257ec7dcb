"""Runs and compare: every run with its state, one run in full, up to four side by side."""

from __future__ import annotations

from typing import Any

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from coercivity.foundation.errors import UsageError
from coercivity.foundation.problems import quoted
from coercivity.interfaces.workbench import listing
from coercivity.interfaces.workbench.origins import OTHER_DATA
from coercivity.interfaces.workbench.pages import (
    ASKED,
    Workbench,
    page,
    piece,
    project_of,
    workbench_of,
)
from coercivity.interfaces.workbench.screens.drawings import as_file
from coercivity.interfaces.workbench.screens.study import shown_run
from coercivity.results import Run
from coercivity.results.compare import MOST_RUNS, compare_runs
from coercivity.views import compare_words
from coercivity.views.briefing.assemble import MULTIPLES
from coercivity.views.chart import table_html
from coercivity.views.charts import available

ROWS = 500
"""Rows of a table of a run that are shown."""
MOST_LINES = 500
"""Runs that are listed at once."""


def show(request: Request) -> Response:
    """List the runs, the newest first."""
    workbench, project = workbench_of(request), project_of(request)
    found = listing.lines(workbench, project)
    content: dict[str, Any] = {
        "lines": found[:MOST_LINES],
        "left": max(0, len(found) - MOST_LINES),
        "apart": any(line.data == OTHER_DATA for line in found),
        "working": any(line.active for line in found),
        "query": request.url.query,
    }
    if ASKED in request.headers:
        return piece("piece-runs.html", read_only=workbench.workspace.read_only, **content)
    return page(
        request,
        "runs.html",
        screen="runs",
        title="Runs and compare",
        started=request.query_params.get("started", ""),
        **content,
    )


def one(request: Request) -> Response:
    """Show a run: its answer and sections, or how far it is and what it told."""
    workbench, name = workbench_of(request), request.path_params["run"]
    line = _line(workbench, name)
    shown = shown_run(workbench.run(name)) if line.complete else None
    return page(
        request,
        "run.html",
        screen="runs",
        title=f"Run {name}",
        line=line,
        shown=shown,
        told=workbench.jobs.told(name),
        again=workbench.jobs.find(name) is not None,
    )


def log(request: Request) -> Response:
    """Show how far a run is and the end of what it told."""
    workbench, name = workbench_of(request), request.path_params["run"]
    line = _line(workbench, name)
    return piece(
        "piece-log.html",
        line=line,
        told=workbench.jobs.told(name),
        read_only=workbench.workspace.read_only,
    )


def _line(workbench: Workbench, name: str) -> listing.Line:
    for line in listing.lines(workbench):
        if line.id == name:
            return line
    msg = f"There is no run {quoted(name)}. The list shows those there are.  [{UsageError.code}]"
    raise UsageError(msg)


def table(request: Request) -> Response:
    """Show a table of a run."""
    run, name = workbench_of(request).run(request.path_params["run"]), request.path_params["table"]
    frame = _with_units(run, name)
    return page(
        request,
        "run-table.html",
        screen="runs",
        title=f"{name} of {run.id}",
        run=run,
        name=name,
        rows=len(frame),
        shown=min(len(frame), ROWS),
        table=table_html(frame.head(ROWS)),
    )


def table_file(request: Request) -> Response:
    """Give a table of a run as the file it is kept in."""
    run, name = workbench_of(request).run(request.path_params["run"]), request.path_params["table"]
    run.units(name)  # refuses what the run has not
    content = (run.path / "tables" / f"{name}.parquet").read_bytes()
    kind = "application/vnd.apache.parquet"
    return Response(content, media_type=kind, headers=as_file(f"{run.id}-{name}.parquet"))


def _with_units(run: Run, name: str) -> pd.DataFrame:
    units = run.units(name)
    return run.table(name).rename(columns={key: f"{key} [{unit}]" for key, unit in units.items()})


def compare(request: Request) -> Response:
    """Show up to four runs of one verb side by side."""
    workbench, names = workbench_of(request), request.query_params.getlist("runs")
    names = list(dict.fromkeys(names))
    if len(names) < 2:
        msg = f"Tick two to {MOST_RUNS} finished runs of one verb.  [{UsageError.code}]"
        raise UsageError(msg)
    comparison = compare_runs([workbench.run(name) for name in names])
    outputs = [table for table in compare_words.output_tables(comparison) if table.rows]
    return page(
        request,
        "compare.html",
        screen="runs",
        title="Runs compared",
        names=names,
        answer=compare_words.answer(comparison),
        figures=compare_words.figure_table(comparison),
        inputs=compare_words.input_table(comparison),
        outputs=outputs,
        pictures=_pictures([workbench.run(name) for name in names]),
    )


def _pictures(runs: list[Run]) -> list[str]:
    return [name for name in MULTIPLES if all(name in available(run) for run in runs)]


ROUTES = (
    Route("/runs", show),
    Route("/compare", compare),
    Route("/runs/{run}", one),
    Route("/runs/{run}/log", log),
    Route("/runs/{run}/tables/{table}.parquet", table_file),
    Route("/runs/{run}/tables/{table}", table),
)
