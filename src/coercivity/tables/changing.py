"""A case while a scenario changes it: only the rows and series that change are copied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from coercivity.tables.drafts import Draft, Origin, Values, origin, row_values, with_series
from coercivity.tables.typed import CaseTables, Row, Table, row_name

Block = list[tuple[Values, Origin]]


@dataclass(slots=True)
class Changing:
    """Rows and series that differ from a case."""

    case: CaseTables
    blocks: dict[str, dict[int, Block]] = field(default_factory=dict)
    """Rows that stand in place of each row of the case, by table and index."""
    series: dict[tuple[str, str], dict[str, dict[int, float]]] = field(default_factory=dict)
    """Series by table and column, and name of the row."""

    def rows(self, table: str, key: str) -> tuple[list[Row], list[int]]:
        """Give the rows that a key names as they are now, and the row of the case each is from."""
        base = self.case[table]
        blocks = self.blocks.get(table, {})
        draft = Draft(base.schema, base.file, [], [])
        owners = []
        for row in base.named(key):
            block = blocks.get(row.index, [(row_values(row), origin(row))])
            draft.rows += [values for values, _ in block]
            draft.origins += [place for _, place in block]
            owners += [row.index] * len(block)
        return list(draft.table().rows()), owners

    def put(self, table: str, owners: Sequence[int], made: Sequence[tuple[int, Block]]) -> None:
        """Put new rows in place of those of the case.

        Parameters
        ----------
        table
            Table that changes.
        owners
            Rows of the case that are replaced.
        made
            New rows, each block with the row of the case whose place it takes.
        """
        blocks = self.blocks.setdefault(table, {})
        blocks.update({owner: [] for owner in owners})
        for owner, block in made:
            blocks[owner] += block

    def listed(self, row: Row, column: str) -> dict[int, float]:
        """Give the series of a row as it is now; empty where the column does not vary."""
        table = row.table.schema.name
        changed = self.series.get((table, column), {}).get(row_name(row))
        if changed is not None:
            return changed
        companion = self.case.companion(table, column)
        name = None if companion is None else companion.series_name(row)
        return {} if companion is None or name is None else companion.series(name)

    def put_series(self, row: Row, column: str, series: Mapping[int, float]) -> None:
        """Put a new series for a row."""
        table = row.table.schema.name
        self.series.setdefault((table, column), {})[row_name(row)] = dict(series)

    def finish(self) -> CaseTables:
        """Give the changed case."""
        tables = {name: self._table(self.case[name]) for name in self.blocks}
        companions = dict(self.case.companions)
        for (table, column), changed in self.series.items():
            before = companions.get((table, column))
            companions[table, column] = with_series(
                before, table=table, column=column, changed=changed
            )
        merged = {**self.case.tables, **tables}
        return replace(self.case, tables=merged, companions=companions)

    def _table(self, base: Table) -> Table:
        blocks = self.blocks[base.schema.name]
        draft = Draft(base.schema, base.file, [], [])
        for row in base.rows():
            block = blocks.get(row.index, [(row_values(row), origin(row))])
            draft.rows += [values for values, _ in block]
            draft.origins += [place for _, place in block]
        return draft.table()
