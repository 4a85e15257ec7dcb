"""How a case lies in a workbook: names of sheets, the units row, the README sheet."""

from __future__ import annotations

from coercivity.tables.columns import Column, Kind

README_SHEET = "README"
README_HEADER = ("Sheet", "Table", "What it holds")
SETTINGS_HEADER = ("key", "value", "meaning")
SHEET_NAME_LENGTH = 31
FIRST_DATA_ROW = 3


def unit_label(column: Column) -> str:
    """Give what the units row says of a column: always in brackets, as no id is.

    Examples
    --------
    >>> unit_label(Column("size", Kind.NUMBER, "", "t/year")), unit_label(Column("id", Kind.ID, ""))
    ('[t/year]', '[id]')
    """
    return f"[{column.unit or column.kind.value}]"


def is_unit_label(text: object) -> bool:
    """Tell whether a cell can stand in a units row.

    Examples
    --------
    >>> is_unit_label("[t/year]"), is_unit_label("mine")
    (True, False)
    """
    return isinstance(text, str) and text.startswith("[") and text.endswith("]")


def sheet_name(table: str, number: int) -> str:
    """Give the sheet of a table: its name, or a short one where Excel's limit is exceeded.

    Parameters
    ----------
    table
        Name of the table or companion.
    number
        Number that makes a short name unlike the others.

    Examples
    --------
    >>> sheet_name("assets", 1), sheet_name("origin_exceptions-very_long_name", 4)
    ('assets', 'table 4')
    """
    return table if len(table) <= SHEET_NAME_LENGTH else f"table {number}"


YEAR_LABEL = unit_label(Column("year", Kind.YEAR, "", "calendar year"))
