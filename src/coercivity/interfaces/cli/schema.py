"""``coercivity schema``: what a table may hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coercivity.foundation.errors import UsageError
from coercivity.foundation.identifiers import nearest
from coercivity.foundation.problems import quoted
from coercivity.interfaces.cli.options import Json, Verbose
from coercivity.interfaces.cli.screen import plain_number, show, show_json, show_table
from coercivity.interfaces.cli.verbs import Verb

if TYPE_CHECKING:
    from coercivity.tables.columns import Column, TableSchema

SETTINGS_NAME = "case"


def schema(
    table: Annotated[
        str | None, typer.Argument(metavar="[TABLE]", help="Table; all are listed without one.")
    ] = None,
    excel: Annotated[
        Path | None,
        typer.Option(
            "--excel",
            metavar="FILE",
            help="Write an empty workbook to fill in.",
            show_default=False,
        ),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the workbook if it exists.")
    ] = False,
    as_json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Look up tables and columns: units, defaults, allowed words.

    `case` stands for the settings in case.yaml.
    """
    chosen = all_schemas() if table is None else (find_schema(table),)
    if excel is not None:
        _write_template(excel, table, overwrite=overwrite)
    if as_json:
        written = {} if excel is None else {"path": str(excel)}
        tables = [schema_json(one) for one in chosen]
        show_json({"status": "ok", "exit": 0, **written, "tables": tables})
    elif excel is not None:
        show(f"Wrote {excel}: fill in the sheets, then coercivity check {excel}")
    elif table is None:
        headings = (("table", False), ("columns", True), ("what it holds", False))
        rows = [(one.name, str(len(one.columns)), one.description) for one in chosen]
        show_table(headings, rows)
        show("\nA case needs only the tables it uses. `coercivity schema TABLE` shows the columns.")
    else:
        show_schema(chosen[0])


def all_schemas() -> tuple[TableSchema, ...]:
    """List the settings and every table."""
    from coercivity.tables.columns import TableSchema
    from coercivity.tables.schemas import SCHEMAS
    from coercivity.tables.settings import SETTINGS

    settings = TableSchema(SETTINGS_NAME, "Settings of the case: case.yaml.", SETTINGS, ())
    return (settings, *SCHEMAS.values())


def find_schema(name: str) -> TableSchema:
    """Find a table by name; ``case`` and ``case.yaml`` mean the settings.

    Raises
    ------
    UsageError
        If there is none, with the nearest name.
    """
    plain = name.removesuffix(".csv").removesuffix(".yaml")
    known = {one.name: one for one in all_schemas()}
    if plain not in known:
        near = nearest(plain, known)
        meant = f"Did you mean '{near}'? " if near is not None else ""
        msg = f"There is no table {quoted(name)}. {meant}`coercivity schema` lists them.  [T102]"
        raise UsageError(msg)
    return known[plain]


def show_schema(one: TableSchema) -> None:
    """Show the columns of one table."""
    from coercivity.tables.columns import COMMON

    headings = tuple(
        (word, False) for word in ("column", "holds", "unit", "default", "allowed", "meaning")
    )
    columns = one.columns if one.name == SETTINGS_NAME else (*one.columns, *COMMON.values())
    show(f"{one.name}: {one.description}")
    if one.key:
        show(f"A row is named by {', '.join(one.key)}; each name once.")
    for words, groups in (("Exactly one", one.exactly_one), ("At most one", one.at_most_one)):
        for group in groups:
            show(f"{words} of {', '.join(group)} is filled.")
    show("")
    show_table(headings, [column_cells(column) for column in columns])


def column_cells(column: Column) -> tuple[str, ...]:
    """Say what a column holds, cell by cell."""
    several = ", several by ;" if column.many else ""
    return (
        column.name,
        f"{column.kind.value}{several}",
        column.unit,
        "required" if column.required else default_text(column),
        allowed_text(column),
        column.description,
    )


def default_text(column: Column) -> str:
    """Say what an empty cell means."""
    if isinstance(column.default, bool):
        return "yes" if column.default else "no"
    if isinstance(column.default, int | float):
        return f"{plain_number(float(column.default))}".removesuffix(".0")
    return "" if column.default is None else column.default


def allowed_text(column: Column) -> str:
    """Say which words, ids and numbers are allowed."""
    ids = f"id of {' or '.join(column.refers_to)}" if column.refers_to else ""
    unlimited = "unlimited" if column.unlimited else ""
    parts = (ids, ", ".join(column.allowed), column.range_text(), unlimited)
    return "; ".join(part for part in parts if part)


def schema_json(one: TableSchema) -> dict[str, object]:
    """Give a table as plain data."""
    from coercivity.tables.columns import COMMON

    columns = one.columns if one.name == SETTINGS_NAME else (*one.columns, *COMMON.values())
    return {
        "name": one.name,
        "description": one.description,
        "key": list(one.key),
        "exactly_one": [list(group) for group in one.exactly_one],
        "at_most_one": [list(group) for group in one.at_most_one],
        "columns": [column_json(column) for column in columns],
    }


def column_json(column: Column) -> dict[str, object]:
    """Give a column as plain data."""
    return {
        "name": column.name,
        "kind": column.kind.value,
        "unit": column.unit or None,
        "default": plain_number(column.default),
        "required": column.required,
        "many": column.many,
        "refers_to": list(column.refers_to),
        "allowed": list(column.allowed),
        "low": column.low,
        "high": column.high,
        "above_low": column.above_low,
        "unlimited": column.unlimited,
        "description": column.description,
    }


def _write_template(excel: Path, table: str | None, *, overwrite: bool) -> None:
    from coercivity.studies.cases import refuse_existing
    from coercivity.tables.excel_writer import excel_template

    if excel.suffix.lower() != ".xlsx":
        msg = f"{quoted(excel.name)} is not named as a workbook: let it end with .xlsx.  [R001]"
        raise UsageError(msg)
    refuse_existing(excel, overwrite=overwrite)
    named = () if table is None else (find_schema(table).name,)
    excel_template(excel, tuple(name for name in named if name != SETTINGS_NAME))


VERB = Verb(
    "schema",
    schema,
    (
        ("coercivity schema", "list the tables"),
        ("coercivity schema assets", "show the columns of one table"),
        ("coercivity schema --excel template.xlsx", "write an empty workbook to fill in"),
    ),
)
