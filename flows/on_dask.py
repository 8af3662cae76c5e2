"""Captures in, staging rows out as they are done, parsed by a Dask cluster; no batch is lost or doubled when a worker is.

A worker reads the WARC files where it sees the archive's folder; where it does not, the contents are sent to it. Rows are
written by whoever asked: DuckDB has one writer.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from flows.errors import FazhiError
from flows.extracting import BATCH, batches, extract_with, extractor_version, tell_verdicts, unread
from flows.rows import Tables, document_rows, to_tables, together
from flows.settings import Settings
from scrapers.archive import Archive, ArchiveError, Capture, Payload, read_capture
from warehouse.staging import load

if TYPE_CHECKING:
    from distributed import Client, Future
    from duckdb import DuckDBPyConnection

Content = Payload | ArchiveError

# so many batches a worker are under way: the next lies there when one is done, and little waits in memory
AHEAD = 3
# documents that are loaded in one transaction
AT_ONCE = 500
SMALLEST = 20
CONNECT_S = 60
# a cluster without a worker for so long is taken for gone
WITHOUT_WORKERS_S = 120
LOOK_S = 10
# a worker's libraries for PDF bear one thread at a time
_ONE_AT_A_TIME = threading.Lock()


class OutOfSight(Exception):
    """A worker does not see the archive's folder."""


class OtherRelease(Exception):
    """A worker runs another version of the extractor."""


def extract_all(
    settings: Settings, staging: DuckDBPyConnection, captures: Sequence[Capture], on_done: Callable[[int], None]
) -> dict[str, int]:
    """Parse the captures on the cluster that FAZHI_DASK names and load some batches in each transaction.

    Returns how many documents of each genre there were. Raises FazhiError where the cluster is not to be had or lost;
    what was loaded stays, and the next run goes on from there.
    """
    with cluster(settings.dask or "local", settings.work) as client:
        return extract_by(client, settings, staging, captures, on_done)


def extract_by(
    client: Client,
    settings: Settings,
    staging: DuckDBPyConnection,
    captures: Sequence[Capture],
    on_done: Callable[[int], None],
) -> dict[str, int]:
    """The same on a cluster that is there already."""
    total: dict[str, int] = {}
    with Archive(settings.archive) as archive:
        for tables in _gathered(spread(client, settings.archive, captures)):
            load(staging, tables)
            for genre, count in tell_verdicts(archive, tables).items():
                total[genre] = total.get(genre, 0) + count
            on_done(tables["document"].num_rows)
    return total


def _gathered(batches: Iterator[Tables]) -> Iterator[Tables]:
    """Batches put together: a transaction costs much the same for one and for ten, and has the writer's time."""
    held: list[Tables] = []
    for tables in batches:
        held.append(tables)
        if sum(each["document"].num_rows for each in held) >= AT_ONCE:
            yield together(held)
            held = []
    if held:
        yield together(held)


@contextlib.contextmanager
def cluster(named: str, scratch: Path) -> Iterator[Client]:
    """A client of the cluster: of the scheduler at an address, or of workers on this machine that end with the block."""
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise FazhiError("FAZHI_DASK is set, but Dask is not installed: pip install 'fazhi[scale]'") from None
    kind, _, count = named.partition(":")
    if kind == "local":
        workers = int(count or os.cpu_count() or 1)
        with (
            LocalCluster(  # type: ignore[no-untyped-call]
                n_workers=workers,
                threads_per_worker=1,
                dashboard_address="127.0.0.1:0",
                silence_logs=logging.ERROR,
                local_directory=str(scratch / "dask"),
            ) as local,
            Client(local) as client,  # type: ignore[no-untyped-call]
        ):
            yield client
        return
    try:
        client = Client(named, timeout=CONNECT_S)  # type: ignore[no-untyped-call]
    except OSError as error:
        raise FazhiError(f"FAZHI_DASK: no Dask scheduler answers at {named}: {error}") from None
    with client:
        yield client


def spread(client: Client, root: Path, captures: Sequence[Capture]) -> Iterator[Tables]:
    """The captures' staging rows, batch by batch, in the order in which the workers finish.

    A worker that dies has its batches done by another. Batches whose workers die again and again are done at the end, a
    capture at a time, and the one that does it becomes a row with an error.
    """
    size = max(SMALLEST, min(BATCH // 2, len(captures) // (4 * _workers(client) or 1)))
    rest = batches(captures, size)
    crew = _Crew(client, root)
    under_way: dict[object, tuple[Future[Any], list[Capture]]] = {}
    again: list[list[Capture]] = []
    while True:
        while len(under_way) < AHEAD * max(1, crew.workers):
            batch = again.pop() if again else next(rest, [])
            if not batch:
                break
            future = crew.submit(batch)
            under_way[future.key] = future, batch
        if not under_way:
            break
        for done in crew.finished([future for future, _ in under_way.values()]):
            future, batch = under_way.pop(done.key)
            tables = crew.result(future, batch, again)
            if tables is not None:
                yield tables
    yield from crew.suspects()


class _Crew:
    """The workers behind a client, and whether contents must be sent to them."""

    def __init__(self, client: Client, root: Path) -> None:
        self._client, self._root, self._send = client, root, False
        self._idle_s = 0
        self._suspects: list[Capture] = []
        self.workers = _workers(client)

    def submit(self, batch: list[Capture]) -> Future[Any]:
        contents = [_content(self._root, capture) for capture in batch] if self._send else None
        return self._client.submit(parse_batch, str(self._root), batch, contents, extractor_version(), pure=False)

    def finished(self, futures: list[Future[Any]]) -> list[Future[Any]]:
        """The futures that are done, one at least. Raises FazhiError where nobody is left to do them."""
        from distributed import wait

        while True:
            try:
                done = list(wait(futures, timeout=LOOK_S, return_when="FIRST_COMPLETED").done)  # type: ignore[no-untyped-call]
            except CancelledError:
                raise _gone("the scheduler forgot what it was asked") from None
            except TimeoutError:
                self._look()
            else:
                self._idle_s = 0
                return done

    def result(self, future: Future[Any], batch: list[Capture], again: list[list[Capture]]) -> Tables | None:
        """What a batch came to; None where it, or its parts, are put into `again`."""
        from distributed import KilledWorker

        try:
            return {name: pa.ipc.open_stream(packed).read_all() for name, packed in future.result().items()}
        except OutOfSight:
            self._send = True
            again.append(batch)
            return None
        except OtherRelease as error:
            raise FazhiError(str(error)) from None
        except KilledWorker:
            self._suspects += batch
            return None
        except (OSError, TimeoutError, CancelledError) as error:
            raise _gone(error) from None

    def suspects(self) -> Iterator[Tables]:
        """What was with workers that died, one by one: only a capture that is alone with its worker can be blamed."""
        suspects, self._suspects = self._suspects, []
        for capture in suspects:
            tables, again = None, [[capture]]
            while again:
                (future,) = self.finished([self.submit(again.pop())])
                tables = self.result(future, [capture], again)
            if tables is None:
                document = unread(capture, "the worker that parsed it died, each time")
                tables = to_tables(document_rows(capture, document, extractor_version()))
            yield tables

    def _look(self) -> None:
        try:
            self.workers = _workers(self._client)
        except (OSError, TimeoutError) as error:
            raise _gone(error) from None
        self._idle_s = 0 if self.workers else self._idle_s + LOOK_S
        if self._idle_s >= WITHOUT_WORKERS_S:
            raise _gone(f"it has had no worker for {self._idle_s} s")


def parse_batch(
    root: str, captures: Sequence[Capture], contents: Sequence[Content] | None, version: str
) -> dict[str, bytes]:
    """What a worker does: these captures' staging rows, packed. Raises OutOfSight and OtherRelease."""
    if version != extractor_version():
        raise OtherRelease(
            f"a Dask worker runs extractor {extractor_version()}, this command {version}: install the same release on all "
            "machines and start the workers anew"
        )
    read: Callable[[Capture], Payload] = partial(read_capture, Path(root))
    if contents is not None:
        sent = {capture.capture_id: content for capture, content in zip(captures, contents, strict=True)}
        read = partial(_given, sent)
    elif any(not (Path(root) / name).exists() for name in {capture.warc_file for capture in captures}):
        raise OutOfSight(root)
    with _ONE_AT_A_TIME:
        return {name: _packed(rows) for name, rows in extract_with(read, captures).items()}


def _packed(rows: pa.Table) -> bytes:
    """A table as an Arrow stream: a fifth of its size on the way."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
        writer.write_table(rows)
    return bytes(sink.getvalue().to_pybytes())


def _given(sent: dict[str, Content], capture: Capture) -> Payload:
    content = sent[capture.capture_id]
    if isinstance(content, ArchiveError):
        raise content
    return content


def _content(root: Path, capture: Capture) -> Content:
    try:
        return read_capture(root, capture)
    except ArchiveError as error:
        return error


def _workers(client: Client) -> int:
    threads: dict[str, Any] = client.nthreads()  # type: ignore[no-untyped-call]
    return len(threads)


def _gone(why: object) -> FazhiError:
    return FazhiError(f"the Dask cluster is lost ({why}); what was loaded stays, the same command goes on from there")
