"""Staging schema, idempotent loads, snapshot publishing, read-only connections. All of it DuckDB."""
