"""DuckDB's extensions from their packages: a connection in, the same with the extension loaded; never the network."""

from __future__ import annotations

from importlib.resources import files

import duckdb

from warehouse.connect import quoted
from warehouse.errors import WarehouseError


def load_extension(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Load a DuckDB extension from its package. Raises WarehouseError where that is not installed."""
    try:
        package = files(f"duckdb_extension_{name}")
    except ModuleNotFoundError:
        raise WarehouseError(
            f"DuckDB's extension {name} is missing: pip install duckdb-extension-{name.replace('_', '-')}"
            f"=={duckdb.__version__}"
        ) from None
    con.execute(f"load {quoted(package / 'extensions' / f'v{duckdb.__version__}' / f'{name}.duckdb_extension')}")
