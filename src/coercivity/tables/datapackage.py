"""A case as a Frictionless data package: its CSV files and a description of every column."""

from __future__ import annotations

import json
import math
from pathlib import Path

from coercivity.tables.columns import Column, Kind
from coercivity.tables.csv_writer import write_case
from coercivity.tables.headers import varying_column
from coercivity.tables.settings import settings_data
from coercivity.tables.typed import CaseTables, Companion, Table

PACKAGE_FILE = "datapackage.json"
TYPES = {
    Kind.NUMBER: "number",
    Kind.INTEGER: "integer",
    Kind.YEAR: "year",
    Kind.DATE: "date",
    Kind.YES_NO: "boolean",
}


def write_datapackage(case: CaseTables, folder: str | Path, *, overwrite: bool = False) -> Path:
    """Write a case to a folder with ``datapackage.json`` beside its files.

    Parameters
    ----------
    case
        The case.
    folder
        Where it goes; it can be read as a case again.
    overwrite
        Whether a folder that holds something is replaced.
    """
    text = json.dumps(describe(case), indent=2, ensure_ascii=False) + "\n"
    return write_case(case, folder, overwrite=overwrite, also={PACKAGE_FILE: text})


def describe(case: CaseTables) -> dict[str, object]:
    """Give the description of a case as plain data, ready for JSON."""
    tables = {name: table for name, table in case.tables.items() if len(table)}
    resources = [_table_resource(table, case) for table in tables.values()]
    resources += [_companion_resource(companion) for companion in case.companions.values()]
    package: dict[str, object] = {
        "profile": "tabular-data-package",
        "name": case.name.lower().replace(" ", "-"),
        "title": case.settings.title or case.name,
        "settings": settings_data(case.settings),
        "resources": resources,
    }
    if case.settings.description:
        package["description"] = case.settings.description
    return package


def _resource(name: str, description: str, schema: dict[str, object]) -> dict[str, object]:
    return {
        "profile": "tabular-data-resource",
        "name": name.replace("_", "-").lower(),
        "path": f"{name}.csv",
        "encoding": "utf-8",
        "format": "csv",
        "mediatype": "text/csv",
        "description": description,
        "schema": schema,
    }


def _table_resource(table: Table, case: CaseTables) -> dict[str, object]:
    filled = [name for name, values in table.columns.items() if any(v is not None for v in values)]
    columns = [column for column in map(table.schema.column, filled) if column is not None]
    schema: dict[str, object] = {
        "fields": [_field(column, table) for column in columns],
        "missingValues": [""],
    }
    key = table.schema.key
    if all(name in filled and None not in table.columns[name] for name in key):
        schema["primaryKey"] = list(key)
    foreign = [found for column in columns if (found := _foreign_key(column, table, case))]
    if foreign:
        schema["foreignKeys"] = foreign
    return _resource(table.schema.name, table.schema.description, schema)


def _field(column: Column, table: Table) -> dict[str, object]:
    values = table.columns[column.name]
    kind = TYPES.get(column.kind, "string")
    if any(isinstance(value, float) and math.isinf(value) for value in values):
        kind = "string"
    field: dict[str, object] = {
        "name": column.name,
        "type": kind,
        "description": column.description,
    }
    if column.unit:
        field["unit"] = column.unit
    if kind == "boolean":
        field |= {"trueValues": ["yes"], "falseValues": ["no"]}
    constraints = _constraints(column, kind)
    if constraints:
        field["constraints"] = constraints
    return field


def _constraints(column: Column, kind: str) -> dict[str, object]:
    constraints: dict[str, object] = {}
    if column.required:
        constraints["required"] = True
    if kind in {"number", "integer", "year"}:
        bounds = {"minimum": column.low, "maximum": column.high}
        for name, bound in bounds.items():
            if bound is not None:
                constraints[name] = bound if kind == "number" else int(bound)
    if column.kind is Kind.CHOICE and not column.many:
        constraints["enum"] = list(column.allowed)
    if column.kind is Kind.ID:
        constraints["pattern"] = "[A-Za-z0-9][A-Za-z0-9._-]*"
    return constraints


def _foreign_key(column: Column, table: Table, case: CaseTables) -> dict[str, object] | None:
    """Describe a reference to one table, where every value is an id of it."""
    if column.many or len(column.refers_to) != 1:
        return None
    (target,) = column.refers_to
    ids = set(case[target].ids())
    if not all(value is None or value in ids for value in table.columns[column.name]):
        return None
    return {
        "fields": [column.name],
        "reference": {"resource": target.replace("_", "-"), "fields": ["id"]},
    }


def _companion_resource(companion: Companion) -> dict[str, object]:
    column = varying_column(companion.table, companion.column)
    unit = column.unit if column is not None else ""
    unlimited = {n: any(v == math.inf for v in values) for n, values in companion.values.items()}
    fields: list[dict[str, object]] = [
        {"name": "year", "type": "year", "constraints": {"required": True, "unique": True}}
    ]
    fields += [
        {"name": name, "type": "string" if unlimited[name] else "number", "unit": unit}
        for name in companion.ids
    ]
    description = f"{companion.column} of {companion.table} by year."
    schema = {"fields": fields, "missingValues": [""], "primaryKey": ["year"]}
    return _resource(f"{companion.table}-{companion.column}", description, schema)
