"""Two published files in, what changed between them out: rows added, removed and changed, by table, key and column."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from warehouse.connect import quoted
from warehouse.errors import NoWarehouse, WarehouseError
from warehouse.publish import MARTS

MEMORY = "2GB"
WHOLE_ROW = "(whole row)"


@dataclass(frozen=True, slots=True)
class TableDiff:
    """One table, old against new. changed_columns: column → how many rows differ in it.

    A table or column that stands on one side only is named, and its rows or values are not counted as changed.
    """

    table: str
    key: str
    old_rows: int | None
    new_rows: int | None
    added: int = 0
    removed: int = 0
    changed: int = 0
    changed_columns: dict[str, int] = field(default_factory=dict)
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether both sides hold the same columns and rows."""
        return not (self.added or self.removed or self.changed or self.columns_added or self.columns_removed) and (
            self.old_rows == self.new_rows
        )


@dataclass(frozen=True, slots=True)
class Change:
    """One row that differs: `added`, `removed` or `changed`; values: column → (old, new), for a changed row alone."""

    key: str
    change: str
    values: dict[str, tuple[Any, Any]]


class Comparison:
    """Two published files side by side; a context manager. Raises NoWarehouse where one cannot be read."""

    def __init__(self, old: Path, new: Path) -> None:
        self._spill = tempfile.TemporaryDirectory(prefix="fazhi-diff-")
        self._con = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": self._spill.name})
        self._con.execute("set enable_progress_bar = false")
        # both names may be of one file, and one instance attaches a file once
        self._old, self._new = "old", "old" if old.samefile(new) else "new"
        for name, path in {self._old: old, self._new: new}.items():
            try:
                self._con.execute(f"attach {quoted(path)} as {name} (read_only)")
            except duckdb.Error as error:
                self.__exit__()
                raise NoWarehouse(f"{path} cannot be read: {error}") from error

    def __enter__(self) -> Comparison:
        return self

    def __exit__(self, *_: object) -> None:
        self._con.close()
        self._spill.cleanup()

    def tables(self) -> list[TableDiff]:
        """Every table of either side, by name."""
        return [self.table(name) for name in sorted({*self._tables(self._old), *self._tables(self._new)})]

    def table(self, name: str) -> TableDiff:
        """One table. Raises WarehouseError where no side has it, or its key is a new column."""
        old, new = self._columns(self._old, name), self._columns(self._new, name)
        if not (old or new):
            raise WarehouseError(f"there is no table {name}; there are {', '.join(self._tables(self._new))}")
        key = (new or old)[0]
        rows = (self._count(self._old, name) if old else None, self._count(self._new, name) if new else None)
        if not (old and new):
            return TableDiff(name, key, *rows, added=rows[1] or 0, removed=rows[0] or 0)
        shared = [column for column in new if column in old]
        if key not in shared:
            raise WarehouseError(f"{name}: its key {key} is a new column, so rows cannot be matched")
        key = self._match(name, key, shared)
        counts = dict(self._all("select change, count(*) from matched group by all"))
        per_column: dict[str, int] = {}
        if counts.get("changed"):
            wanted = ", ".join(f"count(*) filter (where o.{c} is distinct from n.{c})" for c in map(_name, shared))
            (found,) = self._all(f"select {wanted} from {self._pairs(name, key)} where matched.change = 'changed'")
            per_column = {column: count for column, count in zip(shared, found, strict=True) if count}
        return TableDiff(
            table=name,
            key=key,
            old_rows=rows[0],
            new_rows=rows[1],
            added=counts.get("added", 0),
            removed=counts.get("removed", 0),
            changed=counts.get("changed", 0),
            changed_columns=per_column,
            columns_added=tuple(column for column in new if column not in old),
            columns_removed=tuple(column for column in old if column not in new),
        )

    def changes(self, diff: TableDiff, limit: int) -> Iterator[Change]:
        """The first rows that differ, in the order of their keys; call `table` for the same table before."""
        if diff.old_rows is None or diff.new_rows is None:
            side, change = (self._new, "added") if diff.old_rows is None else (self._old, "removed")
            keys = self._all(
                f"select {_name(diff.key)} from {side}.{MARTS}.{_name(diff.table)} order by 1 limit {limit}"
            )
            yield from (Change(str(key), change, {}) for (key,) in keys)
            return
        if diff.key == WHOLE_ROW:
            found = self._all(f"select key, change from matched where change <> 'same' order by all limit {limit}")
            yield from (Change(str(key), change, {}) for key, change in found)
            return
        shared = [c for c in self._columns(self._new, diff.table) if c not in diff.columns_added]
        old, new = (", ".join(f"{side}.{_name(column)}" for column in shared) for side in "on")
        first = f"(select * from matched where change <> 'same' order by key limit {limit}) as matched"
        rows = self._all(
            f"select matched.key, matched.change, {old}, {new} from {self._pairs(diff.table, diff.key, first)} "
            "order by matched.key"
        )
        for key, change, *values in rows:
            pairs = zip(shared, values[: len(shared)], values[len(shared) :], strict=True)
            differing = {name: (before, after) for name, before, after in pairs if before != after}
            yield Change(str(key), change, differing if change == "changed" else {})

    def _match(self, name: str, key: str, shared: Sequence[str]) -> str:
        """Fill `matched`: one row per key with its change; gives the key's name.

        Rows are compared by hash, so that keys alone are joined. Where the first column is no key, the whole row is.
        """
        content = f"hash({', '.join(_name(column) for column in shared)})"
        tables = [f"{side}.{MARTS}.{_name(name)}" for side in (self._old, self._new)]
        expression = _name(key)
        doubled = f"select 1 from {{}} group by {expression} having count(*) > 1 limit 1"
        if any(self._all(doubled.format(table)) for table in tables):
            key = WHOLE_ROW
            expression = f"{content} || ' ' || row_number() over (partition by {content})"
        old, new = (f"(select {expression} as key, {content} as content from {table})" for table in tables)
        self._con.execute(
            "create or replace temp table matched as select coalesce(o.key, n.key) as key, "
            "case when o.key is null then 'added' when n.key is null then 'removed' "
            "when o.content = n.content then 'same' else 'changed' end as change "
            f"from {old} as o full join {new} as n on o.key = n.key"
        )
        return key

    def _pairs(self, name: str, key: str, matched: str = "matched") -> str:
        return (
            f"{matched} left join {self._old}.{MARTS}.{_name(name)} as o on o.{_name(key)} = matched.key "
            f"left join {self._new}.{MARTS}.{_name(name)} as n on n.{_name(key)} = matched.key"
        )

    def _tables(self, side: str) -> list[str]:
        rows = self._all(
            f"select table_name from duckdb_tables() where database_name = '{side}' and schema_name = '{MARTS}' order by 1"
        )
        return [name for (name,) in rows]

    def _columns(self, side: str, name: str) -> list[str]:
        rows = self._all(
            f"select column_name from duckdb_columns() where database_name = '{side}' and schema_name = '{MARTS}' "
            f"and table_name = {quoted(name)} order by column_index"
        )
        return [column for (column,) in rows]

    def _count(self, side: str, name: str) -> int:
        return int(self._all(f"select count(*) from {side}.{MARTS}.{_name(name)}")[0][0])

    def _all(self, sql: str) -> list[tuple[Any, ...]]:
        return self._con.execute(sql).fetchall()


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'
