"""Tables of a case: their columns as data, CSV and Excel in and out, and every problem at once."""

from coercivity.tables.reading import find_case, read_case, read_tables
from coercivity.tables.scenario import apply_scenario
from coercivity.tables.settings import Settings
from coercivity.tables.typed import CaseTables, Companion, Row, Table

__all__ = [
    "CaseTables",
    "Companion",
    "Row",
    "Settings",
    "Table",
    "apply_scenario",
    "find_case",
    "read_case",
    "read_tables",
]
