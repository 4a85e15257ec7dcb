"""Tables of a run as Arrow tables that carry their units."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pandas as pd
import pyarrow as pa

from coercivity.foundation.errors import InternalError

UNITS = b"coercivity.units"


def arrow_table(name: str, frame: pd.DataFrame, *, units: Mapping[str, str]) -> pa.Table:
    """Turn a frame into an Arrow table that carries the units of its columns.

    Raises
    ------
    InternalError
        If the frame cannot be kept as it is, or a unit has no column.
    """
    columns = list(frame.columns)
    problem = ""
    if not all(isinstance(column, str) for column in columns) or len(set(columns)) < len(columns):
        problem = f"its columns must be different texts, got {columns}"
    elif unknown := sorted(set(units) - set(columns)):
        problem = f"units are given for columns it has not: {unknown}"
    elif not frame.index.equals(pd.RangeIndex(len(frame))):
        problem = "its index would be lost; reset it or make it a column"
    if problem:
        msg = f"table '{name}': {problem}  [{InternalError.code}]"
        raise InternalError(msg)
    try:
        table = pa.Table.from_pandas(frame, preserve_index=False)
    except (pa.ArrowException, ValueError, TypeError) as error:
        msg = f"table '{name}' cannot be kept: {error}  [{InternalError.code}]"
        raise InternalError(msg) from error
    return table.replace_schema_metadata(
        (table.schema.metadata or {}) | {UNITS: json.dumps(dict(units)).encode()}
    )


def units_of(schema: pa.Schema) -> dict[str, str]:
    """Give the unit of each column that has one."""
    units = json.loads((schema.metadata or {}).get(UNITS, b"{}"))
    return {str(column): str(unit) for column, unit in units.items()}
