"""The archive: what is stored comes back, a killed run's tail goes, the index follows from the WARC files."""

from __future__ import annotations

import multiprocessing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from scrapers.archive import Archive, ArchiveError, Capture, HarvestRun, Response

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


def response(url: str, body: bytes = b"<html>report</html>", **headers: str) -> Response:
    given = {"Content-Type": "text/html; charset=gb2312", **headers}
    return Response(url, 200, "OK", list(given.items()), body, [("User-Agent", "fazhi")], NOW)


def store(
    archive: Archive, url: str, body: bytes = b"<html>report</html>", source: str = "demo"
) -> tuple[str, Capture]:
    run = archive.begin_run(NOW)
    state, capture = archive.store(
        response(url, body), source_id=source, run_id=run, canonical_url=url, role="page", link_text="报告"
    )
    assert capture
    return state, capture


def harvest_run(run_id: str, source: str = "demo") -> HarvestRun:
    return HarvestRun(run_id, source, NOW, NOW, "ok", 3, 2, 2, 0, 0, 0, 0, "[]")


def test_content_and_header_come_back(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        _, capture = store(archive, "http://a.example/1.html", "法治".encode("gb18030"))
        payload = archive.read(capture)
    assert payload.body.decode("gb18030") == "法治"
    assert (payload.media_type, payload.charset, payload.http_status) == ("text/html", "gb2312", 200)
    assert (capture.fetched_at, capture.link_text) == (NOW, "报告")


def test_states_of_a_url(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        states = [store(archive, "http://a.example/1", body)[0] for body in (b"one", b"one", b"two", b"one")]
        captures = list(archive.captures())
    assert states == ["new", "unchanged", "changed", "unchanged"]
    assert len(captures) == 2


def test_every_exchange_is_request_response_and_reason(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        _, capture = store(archive, "http://a.example/path?q=1")
    with (tmp_path / capture.warc_file).open("rb") as file:
        records = [(item.rec_type, item.rec_headers.get_header("WARC-Target-URI")) for item in ArchiveIterator(file)]
    assert records == [(kind, "http://a.example/path?q=1") for kind in ("request", "response", "metadata")]


def test_a_page_costs_the_index_the_same_however_many_it_holds(tmp_path: Path) -> None:
    """Counted in steps of SQLite's machine, which are the same on any computer."""

    def steps_of(number: int) -> int:
        steps = 0

        def count() -> int:
            nonlocal steps
            steps += 1
            return 0

        archive._db._db.set_progress_handler(count, 1)
        store(archive, f"http://a.example/{number}")
        archive._db._db.set_progress_handler(None, 0)
        return steps

    with Archive(tmp_path) as archive:
        store(archive, "http://a.example/0")
        early = steps_of(1)
        for number in range(2, 300):
            store(archive, f"http://a.example/{number}")
        assert steps_of(300) < 2 * early


@pytest.mark.parametrize("tail", [b"\x1f\x8b\x08half a member", b"noise" * 1000])
def test_a_killed_runs_tail_is_cut_off(tmp_path: Path, tail: bytes) -> None:
    with Archive(tmp_path) as archive:
        _, first = store(archive, "http://a.example/1", b"one")
        with (tmp_path / first.warc_file).open("ab") as file:
            file.write(tail)
        _, second = store(archive, "http://a.example/2", b"two")
        assert [archive.read(item).body for item in (first, second)] == [b"one", b"two"]
    assert tail not in (tmp_path / first.warc_file).read_bytes()


def test_index_follows_from_the_files(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        for number in range(3):
            store(archive, f"http://a.example/{number}", b"%d" % number)
        store(archive, "http://b.example/1", source="other")
        archive.record_run(harvest_run("2026-03-01-01"))
        before = list(archive.captures()), list(archive.harvest_runs())
    for path in tmp_path.glob("index.sqlite*"):
        path.unlink()
    with Archive(tmp_path) as archive:
        assert archive.reindex() == 4
        assert (list(archive.captures()), list(archive.harvest_runs())) == before
        state, _ = store(archive, "http://a.example/new")
        assert state == "new"
        assert archive.read(list(archive.captures())[3]).body == b"<html>report</html>"


def test_damaged_record_is_named(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        _, capture = store(archive, "http://a.example/1")
        path = tmp_path / capture.warc_file
        data = bytearray(path.read_bytes())
        data[capture.warc_offset + 40] ^= 0xFF
        path.write_bytes(data)
        with pytest.raises(ArchiveError, match=r"demo\.warc\.gz"):
            archive.read(capture)


def test_runs_are_numbered_by_day_and_gone_on_with(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        first = archive.begin_run(NOW)
        assert archive.begin_run(NOW.replace(day=2)) == first == "2026-03-01-01"
        archive.finish_runs()
        assert archive.begin_run(NOW) == "2026-03-01-02"
        assert archive.begin_run(NOW.replace(day=20)) == "2026-03-20-01"


def _fill(root: str, source: str) -> None:
    with Archive(Path(root)) as archive:
        for number in range(25):
            store(archive, f"http://{source}.example/{number}", f"{source}{number}".encode(), source)


def test_two_processes_write_two_sources_at_once(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        archive.begin_run(NOW)
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_fill, args=(str(tmp_path), source)) for source in ("left", "right")]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    with Archive(tmp_path, read_only=True) as archive:
        found = [archive.read(item).body.decode() for item in archive.captures()]
    assert found == [f"{source}{number}" for source in ("left", "right") for number in range(25)]


def test_missing_index_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="reindex"):
        Archive(tmp_path, read_only=True)
