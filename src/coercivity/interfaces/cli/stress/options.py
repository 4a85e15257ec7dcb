"""Arguments and options that several subverbs of ``stress`` share."""

from __future__ import annotations

from typing import Annotated

import typer

Subject = Annotated[
    str,
    typer.Argument(
        metavar="RUN|CASE",
        help="A plan, whose builds stand; or a case as it stands, in which nothing is built.",
        show_default=False,
    ),
]
Segment = Annotated[
    str | None,
    typer.Option(
        "--segment",
        metavar="S",
        help="Look at the demand of this segment only.",
        show_default="all, weighted by 1 ÷ priority",
    ),
]
Year = Annotated[
    int | None,
    typer.Option("--year", metavar="Y", help="Year looked at.", show_default="see below"),
]
