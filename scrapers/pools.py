"""Hosts in, connections to them out that lead only to addresses that were checked: the connection step of `urllib3` is
ours, so that the address that is really connected to is the one checked."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3 import PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.connection import create_connection

Allowed = Callable[[str, int], list[tuple[str, int]]]
# of how many hosts a source's connections are kept, one each
HOSTS = 4
# OpenSSL's flag for servers without secure renegotiation; Python names it from 3.12 on
LEGACY_SERVER_CONNECT = 0x4


class Busy:
    """The connection that the request under way is sent on: there is one request at a time.

    new: its socket once more, where it was just made: during a TLS handshake nobody else holds one that works.
    """

    connection: Any = None
    new: socket.socket | None = None

    def made(self, connection: Any, sock: socket.socket) -> socket.socket:
        """Note a connection that was just made."""
        self.done()
        self.connection, self.new = connection, sock.dup()
        return sock

    def cut(self) -> None:
        """Break off what is under way; whoever reads or writes it gets an error."""
        for sock in (self.new, getattr(self.connection, "sock", None)):
            if sock is not None:
                with contextlib.suppress(OSError):
                    # not the method of an SSL socket, which would take the session away from under the reader
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def done(self) -> None:
        """The request is over."""
        if self.new is not None:
            self.new.close()
            self.new = None


def checked_pools(
    allowed: Allowed, busy: Busy, ca_file: Path | None = None, context: ssl.SSLContext | None = None
) -> PoolManager:
    """Pools that connect to the addresses that `allowed` gives, and to no other.

    ca_file: certificates to trust instead of the usual ones; context: of TLS other than the usual.
    """

    class Checked(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return busy.made(self, _connect(self, allowed))

        def request(self, *args: Any, **kwargs: Any) -> None:
            busy.connection = self
            super().request(*args, **kwargs)

    class Secure(Checked, HTTPSConnection):
        """The same within TLS."""

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Checked

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    trusted = str(ca_file or DEFAULT_CA_BUNDLE_PATH)
    manager = PoolManager(HOSTS, maxsize=1, cert_reqs="CERT_REQUIRED", ca_certs=trusted, ssl_context=context)
    manager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
    return manager


def old_tls() -> ssl.SSLContext:
    """Certificates are checked as ever; protocols, ciphers and key sizes may be those of 2005."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.options |= LEGACY_SERVER_CONNECT
    return context


def _connect(connection: Any, allowed: Allowed) -> socket.socket:
    last: OSError = OSError("no address")
    for address in allowed(connection.host, connection.port):
        try:
            made: socket.socket = create_connection(
                address, connection.timeout, socket_options=connection.socket_options
            )
        except OSError as error:
            last = error
        else:
            return made
    raise last
