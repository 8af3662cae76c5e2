"""Staging database, dbt build, publishing and read-only access: everything that writes or opens DuckDB files."""
