"""Ids of an imported case under its prefix."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from coercivity.tables.columns import Column, Kind
from coercivity.tables.drafts import Values, draft_of
from coercivity.tables.typed import Companion, Row, Table, undated_key

MERGED = frozenset({"countries", "promises"})
"""Tables whose ids mean the same in every case."""


@dataclass(frozen=True, slots=True)
class Prefix:
    """Puts a prefix before the ids of one case."""

    prefix: str
    ids: Mapping[str, Collection[str]]
    """Ids of the case by table."""

    def tables(self, tables: Mapping[str, Table]) -> dict[str, Table]:
        """Put the prefix before every id of the tables."""
        renamed = {}
        for name, table in tables.items():
            draft = draft_of(table)
            draft.file = f"{self.prefix}: {draft.file}"
            draft.origins = [(f"{self.prefix}: {file}", row) for file, row in draft.origins]
            for row in table.rows():
                draft.rows[row.index] = self._values(row, draft.rows[row.index], tables)
            renamed[name] = draft.table()
        return renamed

    def companions(
        self, companions: Mapping[tuple[str, str], Companion], tables: Mapping[str, Table]
    ) -> dict[tuple[str, str], Companion]:
        """Put the prefix before the names of the series."""
        return {
            pair: Companion(
                old.table,
                old.column,
                f"{self.prefix}: {old.file}",
                old.years,
                {self.key(tables[old.table], name): held for name, held in old.values.items()},
            )
            for pair, old in companions.items()
        }

    def key(self, table: Table, key: str) -> str:
        """Put the prefix before each id of a key joined by /.

        Examples
        --------
        >>> from coercivity.tables.schemas import SCHEMAS
        >>> suppliers = Table(SCHEMAS["suppliers"], "suppliers.csv", {}, ())
        >>> Prefix("t", {"suppliers": ("abc",)}).key(suppliers, "abc/1")
        't-abc/1'
        """
        columns = [table.schema.column(name) for name in undated_key(table.schema)]
        parts = key.split("/")
        for index, (part, column) in enumerate(zip(parts, columns, strict=False)):
            if part and column is not None:
                parts[index] = str(self.value(part, column, table.schema.name))
        return "/".join(parts)

    def value(self, value: object, column: Column, table: str) -> object:
        """Put the prefix before what a cell names, leaving words and countries as they are."""
        if isinstance(value, str) and column.kind is Kind.ID:
            return value if table in MERGED else f"{self.prefix}-{value}"
        if column.kind is Kind.REFERENCE:
            if isinstance(value, tuple):
                return tuple(self._name(str(name), column) for name in value)
            return self._name(str(value), column)
        if isinstance(value, tuple) and column.kind is Kind.ORIGIN:
            return tuple((f"{self.prefix}-{stage}", country) for stage, country in value)
        if isinstance(value, tuple) and column.kind is Kind.SELECTOR:
            return tuple(tuple(self._site(part) for part in parts) for parts in value)
        return value

    def _name(self, name: str, column: Column) -> str:
        shared = any(name in self.ids.get(t, ()) for t in column.refers_to if t in MERGED)
        if shared or name in column.allowed or set(column.refers_to) <= MERGED:
            return name
        return f"{self.prefix}-{name}"

    def _site(self, condition: str) -> str:
        return f"{self.prefix}-{condition}" if condition in self.ids["sites"] else condition

    def _values(self, row: Row, values: Values, tables: Mapping[str, Table]) -> Values:
        schema = row.table.schema
        renamed: Values = {}
        for name, value in values.items():
            column = schema.column(name)
            renamed[name] = value if column is None else self.value(value, column, schema.name)
        if "source" in values:
            renamed["source"] = self._sources(str(values["source"]))
        if schema.name == "changes":
            self._change(renamed, tables)
        return renamed

    def _sources(self, names: str) -> str:
        parts = [part.strip() for part in names.split(";")]
        known = self.ids["sources"]
        return ";".join(f"{self.prefix}-{part}" if part in known else part for part in parts)

    def _change(self, values: Values, tables: Mapping[str, Table]) -> None:
        table = tables.get(str(values.get("table")))
        if table is None:
            return
        if "key" in values:
            values["key"] = self.key(table, str(values["key"]))
        column = table.schema.column(str(values.get("column")))
        if column is not None and column.kind is Kind.REFERENCE and "set" in values:
            names = [part.strip() for part in str(values["set"]).split(";")]
            values["set"] = ";".join(self._name(name, column) for name in names)
