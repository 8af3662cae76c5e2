"""dbt's connection in, the same with what its lake needs loaded from packages out: the plugin of target `ducklake`."""

from __future__ import annotations

from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin

from warehouse.ducklake import PREFIX, Lake, prepare
from warehouse.errors import WarehouseError


class Plugin(BasePlugin):
    """What dbt-duckdb looks for in a module that a profile names as plugin."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """config: `url` and `data` of the lake."""
        if not plugin_config["url"].startswith(PREFIX):
            raise WarehouseError("FAZHI_WAREHOUSE: ducklake:postgres:postgresql://user@host/database is needed")
        self._lake = Lake(plugin_config["url"], plugin_config["data"])

    def configure_connection(self, conn: Any) -> None:
        """Called before the lake is attached."""
        prepare(conn, self._lake)
