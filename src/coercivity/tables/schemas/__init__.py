"""Every table of a case, as data."""

from __future__ import annotations

from coercivity.tables.columns import TableSchema
from coercivity.tables.schemas.geography import GEOGRAPHY, GROUPS
from coercivity.tables.schemas.money import MONEY
from coercivity.tables.schemas.processing import PROCESSING
from coercivity.tables.schemas.trade import TRADE

SCHEMAS: dict[str, TableSchema] = {
    schema.name: schema for schema in (*GEOGRAPHY, *PROCESSING, *TRADE, *MONEY)
}
"""Schema by table name, in the order in which people read a case."""

REQUIRED_TABLES = ("countries", "sites", "materials")
"""Tables without which nothing can be said about a case."""

__all__ = ["GROUPS", "REQUIRED_TABLES", "SCHEMAS"]
