"""``coercivity explain``: a code, a column, or a row of a case."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from coercivity.foundation.codes import PAGES, CodePage
from coercivity.foundation.errors import UsageError
from coercivity.foundation.identifiers import nearest
from coercivity.foundation.problems import quoted
from coercivity.interfaces.cli.options import Json, Verbose
from coercivity.interfaces.cli.schema import (
    SETTINGS_NAME,
    all_schemas,
    allowed_text,
    column_json,
    default_text,
    find_schema,
    schema_json,
    show_schema,
)
from coercivity.interfaces.cli.screen import show, show_json, show_table
from coercivity.interfaces.cli.verbs import Verb

if TYPE_CHECKING:
    from coercivity.studies.rows import RowAccount, Value
    from coercivity.tables.columns import Column, TableSchema

CODE = re.compile(r"[A-Za-z]\d{3}", re.ASCII)
SHOWN_AT_MOST = 20
"""Cells that refer to a row and years of a series shown; --json gives all."""


def explain(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="CODE | COLUMN | TABLE COLUMN | CASE TABLE ID",
            help="A code such as T201, the name of a column, or a row of a case.",
            show_default=False,
        ),
    ],
    as_json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Explain a code, a column, or a row of a case.

    For a row: every value with its unit and range, its source, its confidence, and what
    refers to it.
    """
    if len(words) == 3:
        _row(words[0], words[1], words[2], as_json=as_json)
    elif len(words) == 2:
        _columns(words[1], as_json=as_json, table=words[0])
    elif len(words) > 3:
        msg = (
            f"{len(words)} words were given. Write a CODE, a COLUMN, TABLE COLUMN, or CASE TABLE "
            "ID; put an id with spaces in quotes.  [R001]"
        )
        raise UsageError(msg)
    elif CODE.fullmatch(words[0]):
        _code(words[0].upper(), as_json=as_json)
    else:
        _columns(words[0], as_json=as_json)


def _code(code: str, *, as_json: bool) -> None:
    if code not in PAGES:
        near = ", ".join(known for known in PAGES if known[:2] == code[:2])
        listed = f"Codes near it: {near}." if near else f"Codes: {', '.join(PAGES)}."
        msg = f"There is no code {quoted(code)}. {listed}  [R001]"
        raise UsageError(msg)
    page = PAGES[code]
    if as_json:
        show_json({"status": "ok", "exit": 0, **asdict(page), "room": page.room})
    else:
        show(page_text(page))


def page_text(page: CodePage) -> str:
    """Lay out the page of a code."""
    return (
        f"{page.code} ({page.room})\n\n{page.meaning}\n\n"
        f"Why:        {page.why}\nDo instead: {page.instead}"
    )


def _columns(name: str, *, as_json: bool, table: str | None = None) -> None:
    """Explain a column in one table or in each that has it; a table stands for its columns."""
    from coercivity.tables.columns import COMMON

    chosen = all_schemas() if table is None else (find_schema(table),)
    found = [(one.name, column) for one in chosen if (column := find_column(one, name)) is not None]
    own = [(one, column) for one, column in found if COMMON.get(name) != column]
    if not found:
        _table_or_nothing(name, table, as_json=as_json)
    elif as_json:
        shown = [{"table": one, **column_json(column)} for one, column in own or found]
        show_json({"status": "ok", "exit": 0, "columns": shown})
    else:
        for number, (one, column) in enumerate(own or [("every table", found[0][1])]):
            show(("\n" if number else "") + column_text(one, column))


def find_column(one: TableSchema, name: str) -> Column | None:
    """Find a column of a table, ranges and common columns included; settings have neither."""
    if one.name == SETTINGS_NAME:
        return next((column for column in one.columns if column.name == name), None)
    return one.column(name)


def column_text(table: str, column: Column) -> str:
    """Lay out what a column holds."""
    several = ", several separated by ;" if column.many else ""
    lines = [
        f"{column.name} in {table}: {column.description}",
        f"  holds    {column.kind.value}{several}",
        f"  unit     {column.unit}" if column.unit else "",
        f"  allowed  {allowed_text(column)}" if allowed_text(column) else "",
        "  required" if column.required else "",
        f"  default  {default_text(column)}" if default_text(column) else "",
    ]
    return "\n".join(line for line in lines if line)


def _table_or_nothing(name: str, table: str | None, *, as_json: bool) -> None:
    schemas = {one.name: one for one in all_schemas()}
    if table is None and name in schemas:
        if as_json:
            show_json({"status": "ok", "exit": 0, "tables": [schema_json(schemas[name])]})
        else:
            show_schema(schemas[name])
        return
    held = {c.name for one in schemas.values() if table in {None, one.name} for c in one.columns}
    known = held if table is not None else held | set(schemas) | set(PAGES)
    near = nearest(name, known)
    meant = f"Did you mean '{near}'? " if near is not None else ""
    where = f"column of {table}" if table is not None else "code, column or table"
    msg = f"{quoted(name)} is not a {where}. {meant}`coercivity schema` lists them.  [R001]"
    raise UsageError(msg)


def _row(case: str, table: str, name: str, *, as_json: bool) -> None:
    from coercivity.studies.rows import explain_row
    from coercivity.tables import read_case

    accounts = explain_row(read_case(case), table.removesuffix(".csv"), name)
    if as_json:
        rows = [account_json(account) for account in accounts]
        show_json({"status": "ok", "exit": 0, "case": case, "rows": rows})
        return
    for account in accounts:
        _show_account(account)
    _show_uses(accounts[0])


def account_json(account: RowAccount) -> dict[str, object]:
    """Give the account of a row as plain data."""
    return {
        "table": account.table,
        "name": account.name,
        "file": account.place.file,
        "row": account.place.row,
        "values": [
            asdict(value) | {"by_year": {str(year): text for year, text in value.by_year}}
            for value in account.values
        ],
        "source": account.source or None,
        "source_title": account.source_title or None,
        "confidence": account.confidence or None,
        "note": account.note or None,
        "used_by": [
            {"file": u.place.file, "row": u.place.row, "column": u.place.column, "name": u.row}
            for u in account.uses
        ],
        "changed_by": list(account.changes),
    }


def _show_account(account: RowAccount) -> None:
    show(f"{account.name} ({account.place})\n")
    headings = (("column", False), ("value", False), ("unit", False), ("range", False))
    rows = [_value_cells(value) for value in account.values]
    show_table((*headings, ("", False), ("meaning", False)), rows)
    title = f": {account.source_title}" if account.source_title else ""
    lines = [
        "",
        f"Source      {account.source or 'none given'}{title}",
        f"Confidence  {account.confidence or 'none given'}",
        f"Note        {account.note}" if account.note else "",
    ]
    show("\n".join(line for number, line in enumerate(lines) if line or number == 0))
    show("")


def _value_cells(value: Value) -> tuple[str, ...]:
    span = f"{value.low or '…'} to {value.high or '…'}" if value.low or value.high else ""
    listed = [f"{year}: {text}" for year, text in value.by_year[:SHOWN_AT_MOST]]
    more = len(value.by_year) - len(listed)
    by_year = ", ".join(listed) + (f", … {more} more" if more else "")
    origin = by_year or ("" if value.given else "default")
    return (value.column, value.text, value.unit, span, origin, value.description)


def _show_uses(account: RowAccount) -> None:
    used = [f"  {use.place}: {use.row}" for use in account.uses]
    for title, lines in (
        ("Named by", used),
        ("Changed by scenarios", [f"  {change}" for change in account.changes]),
    ):
        if lines:
            more = len(lines) - SHOWN_AT_MOST
            tail = [f"  … {more} more (--json lists all)"] if more > 0 else []
            show("\n".join([title, *lines[:SHOWN_AT_MOST], *tail]))
        else:
            show(f"{title}: nothing")


VERB = Verb(
    "explain",
    explain,
    (
        ("coercivity explain T201", "what a code in a message means"),
        ("coercivity explain nameplate_capacity", "what a column holds, in each table"),
        ("coercivity explain mini countries USA", "one row of a case, with its source"),
    ),
    exits=(0, 1, 2, 3, 130),
)
