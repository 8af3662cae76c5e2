"""`fazhi quack`: the published warehouse served over DuckDB's remote protocol, for tools that should not open the file."""

from __future__ import annotations

import os
import secrets
import signal
import stat
import sys
import threading
from pathlib import Path

from flows.errors import Exit, FazhiError
from flows.settings import Settings
from warehouse.errors import NoWarehouse, WarehouseError
from warehouse.quack import Gateway

TOKEN = "FAZHI_QUACK_TOKEN"
SHORTEST_TOKEN = 16
LOOK_EVERY_S = 1.0


def serve_quack(settings: Settings, host: str, port: int, memory: str | None) -> int:
    """Serve until SIGINT or SIGTERM; turn to a new state within a second or so of its publishing."""
    if not settings.warehouse.exists():
        raise NoWarehouse(f"there is no warehouse at {settings.warehouse} yet: `fazhi run` makes one")
    token, where = access_token(settings)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with Gateway(settings.home, memory) as gateway:
        shown = _identity(settings.warehouse)
        gateway.show(settings.warehouse)
        uri = gateway.serve(host, port, token)
        print(f"{uri} serves {settings.warehouse}, token: {where} (Ctrl-C ends it)", flush=True)
        while not stop.wait(LOOK_EVERY_S):
            found = _identity(settings.warehouse)
            if found in (None, shown):
                continue
            shown = found
            try:
                gateway.show(settings.warehouse)
                print("a new state was published: clients see it from their next statement on", flush=True)
            except WarehouseError as error:  # the clients keep what they have
                print(f"fazhi: {error}", file=sys.stderr, flush=True)
    return Exit.OK


def access_token(settings: Settings) -> tuple[str, str]:
    """The token and where it comes from: $FAZHI_QUACK_TOKEN, else a file in FAZHI_HOME that only its owner can read.

    The file is made where it is missing. Raises FazhiError for a short token, or a file that others can read.
    """
    if given := os.environ.get(TOKEN):
        return _long_enough(given, f"${TOKEN}"), f"${TOKEN}"
    file = settings.home / "quack.token"
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise FazhiError(f"{file} can be read by others: chmod 600 {file}, or delete it for a new token") from None
        return _long_enough(file.read_text(encoding="ascii", errors="replace").strip(), str(file)), str(file)
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        token = secrets.token_urlsafe(32)
        opened.write(token + "\n")
    return token, str(file)


def _long_enough(token: str, where: str) -> str:
    if len(token) < SHORTEST_TOKEN:
        raise FazhiError(f"{where}: a token has at least {SHORTEST_TOKEN} characters, this one {len(token)}")
    return token


def _identity(file: Path) -> tuple[int, int, int] | None:
    """Which file that name is at the moment; None while there is none."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
