"""`python -m flows.alive WHAT`: an address or `home` in, exit status 0 out where it answers; what health checks call.

WHAT is an http url that must answer with 2xx, `tcp://HOST:PORT` that must take a connection, or `home`: FAZHI_HOME can
be written to. Imports nothing heavy: it is called every few seconds.
"""

from __future__ import annotations

import os
import socket
import sys
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

from flows.settings import Settings

LIMIT_S = 8.0


def trouble(what: str) -> str | None:
    """Why it is not alive, or None. Raises ValueError for what cannot be asked."""
    if what == "home":
        home = Settings.from_environment().home
        return None if os.access(home, os.W_OK) else f"{home} cannot be written to"
    parts = urlsplit(what)
    try:
        if parts.scheme == "tcp" and parts.hostname and parts.port:
            socket.create_connection((parts.hostname, parts.port), LIMIT_S).close()
        elif parts.scheme in ("http", "https") and parts.hostname:
            # a proxy must not see loopback
            build_opener(ProxyHandler({})).open(what, timeout=LIMIT_S).close()
        else:
            raise ValueError(f"{what}: http://HOST:PORT/PATH, tcp://HOST:PORT or home is needed")
    except (URLError, OSError) as error:
        return f"{what}: {error}"
    return None


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m flows.alive http://HOST:PORT/PATH | tcp://HOST:PORT | home")
    sys.exit(trouble(sys.argv[1]))
