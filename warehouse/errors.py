"""What can go wrong with the database files, by what the user can do about it."""

from __future__ import annotations


class WarehouseError(Exception):
    """A database file or a build is not as it should be; the message says which and what to do."""


class StagingError(WarehouseError):
    """The staging file has another schema, or rows were given that do not fit it."""


class BuildFailed(WarehouseError):
    """dbt could not build everything; `failures` maps a node's name to its message."""

    def __init__(self, failures: dict[str, str]) -> None:
        self.failures = failures
        shown = "\n".join(f"  {name}: {message}" for name, message in failures.items())
        super().__init__(f"{len(failures)} dbt node(s) failed:\n{shown}")


class NoWarehouse(WarehouseError):
    """Nothing has been published yet at that place."""


class QueryError(WarehouseError):
    """The SQL that was given cannot be run; the message is DuckDB's."""
