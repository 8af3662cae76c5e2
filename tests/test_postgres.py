"""The temporary PostgreSQL server of the tests: it keeps what was committed through a crash, and leaves nothing behind."""

from __future__ import annotations

import socket

import pytest

from tests.postgres import running_postgres


def test_what_was_committed_outlives_a_crash_and_the_server_goes_with_its_block() -> None:
    with running_postgres() as server:
        server.create_database("kept")
        server.sql("create table item (name text); insert into item values ('行政复议')", "kept")
        server.kill()
        with pytest.raises(RuntimeError, match="psql failed"):
            server.sql("select 1", "kept")
        server.start()
        assert server.sql("select name, 1 from item", "kept") == ["行政复议|1"]
        host, port = server.host, server.port
    with socket.socket() as probe:
        assert probe.connect_ex((host, port)) != 0
