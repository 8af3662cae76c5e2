"""What the WARC files alone say: torn tails, damaged records, returns to earlier content, pages that went away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from warcio.archiveiterator import ArchiveIterator

from scrapers.archive import Archive, ArchiveError, Capture, HarvestRun, Response
from scrapers.warc import Damage, Record, scan

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
URL = "http://a.invalid/1.html"


def store(archive: Archive, body: bytes, *, url: str = URL, day: int = 0, source: str = "demo") -> Capture:
    at = NOW + timedelta(days=day)
    response = Response(url, 200, "OK", [("Content-Type", "text/html"), ("ETag", f'"{day}"')], body, [], at)
    run = archive.begin_run(at)
    _, capture = archive.store(response, source_id=source, run_id=run, canonical_url=url, role="page")
    archive.finish_runs()
    assert capture
    return capture


def forget_index(root: Path) -> None:
    for path in root.glob("index.sqlite*"):
        path.unlink()


def latest(archive: Archive, url: str = URL) -> bytes:
    capture = archive.latest(url)
    assert capture
    return archive.read(capture).body


def test_a_tail_torn_anywhere_is_the_killed_runs(tmp_path: Path) -> None:
    """Wherever the last group of records is cut, the index made anew holds all the others, and writing goes on."""
    with Archive(tmp_path) as archive:
        store(archive, b"one")
        whole = (tmp_path / "demo.warc.gz").read_bytes()
        store(archive, b"two", url="http://a.invalid/2.html")
        longer = (tmp_path / "demo.warc.gz").read_bytes()
    starts = [item.start for item in scan(tmp_path / "demo.warc.gz") if item.start >= len(whole)]
    cuts = {*starts, *(start + 1 for start in starts), *Random(5).sample(range(len(whole), len(longer)), 25)}
    for cut in sorted(cuts | {len(longer) - 1}):
        forget_index(tmp_path)
        (tmp_path / "demo.warc.gz").write_bytes(longer[:cut])
        with Archive(tmp_path) as archive:
            assert [archive.read(item).body for item in archive.captures()] == [b"one"], cut
            third = store(archive, b"three", url="http://a.invalid/3.html")
            assert third.warc_offset >= len(whole)
            assert [archive.read(item).body for item in archive.captures()] == [b"one", b"three"]
        with (tmp_path / "demo.warc.gz").open("rb") as file:
            assert len([1 for record in ArchiveIterator(file) if record.rec_type == "response"]) == 2


def test_a_damaged_record_takes_no_other_with_it(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        captures = [store(archive, b"%d" % number * 50, url=f"http://a.invalid/{number}") for number in range(4)]
        path = tmp_path / "demo.warc.gz"
        data = bytearray(path.read_bytes())
        data[captures[1].warc_offset + 60] ^= 0xFF
        path.write_bytes(data)
        told: list[str] = []
        assert archive.reindex(told.append) == 3
        assert [item.canonical_url[-1] for item in archive.captures()] == ["0", "2", "3"]
        assert len(told) == 1
        assert "demo.warc.gz" in told[0]
        assert "damaged" in told[0]
        store(archive, b"new", url="http://a.invalid/new")
        assert [archive.read(item).body[:1] for item in archive.captures()] == [b"0", b"2", b"3", b"n"]
    assert path.read_bytes().startswith(bytes(data))  # nothing behind the damage was cut off


@pytest.mark.parametrize("lost", [1, 100, None], ids=["a byte", "some", "the file"])
def test_a_shorter_file_is_no_place_to_go_on(tmp_path: Path, lost: int | None) -> None:
    """Never filled up with zeros: the error names the file and what to do, and doing it helps."""
    with Archive(tmp_path) as archive:
        store(archive, b"one")
        store(archive, b"two", url="http://a.invalid/2.html")
        path = tmp_path / "demo.warc.gz"
        kept = path.read_bytes()[: -lost if lost else 0]
        path.write_bytes(kept) if lost else path.unlink()
        with pytest.raises(ArchiveError, match=r"demo\.warc\.gz.*fazhi archive reindex"):
            store(archive, b"three", url="http://a.invalid/3.html")
        assert (path.read_bytes() if path.exists() else b"") == kept
        archive.reindex()
        store(archive, b"three", url="http://a.invalid/3.html")
        assert [archive.read(item).body for item in archive.captures()] == ([b"one"] if lost else []) + [b"three"]


def test_a_return_to_earlier_content_is_in_the_file(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        for day, body in enumerate((b"A", b"B", b"A")):
            store(archive, body, day=day)
        assert latest(archive) == b"A"
        assert len(list(archive.captures())) == 2
        first, _ = archive.captures()
        assert archive.returned() == {first.capture_id}
        known = archive.known_url(URL)
    with (tmp_path / "demo.warc.gz").open("rb") as file:
        kinds = [record.rec_type for record in ArchiveIterator(file)]
    assert kinds.count("response") == 2
    assert kinds.count("revisit") == 1
    forget_index(tmp_path)
    with Archive(tmp_path) as archive:
        assert latest(archive) == b"A"
        assert archive.known_url(URL) == known
        assert archive.returned() == {first.capture_id}
        assert store(archive, b"A", day=3).content_sha256  # nothing more to write
    with (tmp_path / "demo.warc.gz").open("rb") as file:
        assert [record.rec_type for record in ArchiveIterator(file)] == kinds


@pytest.mark.parametrize("back", [None, "same", "changed", "304"])
def test_that_a_page_went_away_is_in_the_file(tmp_path: Path, back: str | None) -> None:
    with Archive(tmp_path) as archive:
        store(archive, b"A")
        presence = {"source_id": "demo", "run_id": "2026-03-02-01", "at": NOW + timedelta(days=1)}
        for _ in range(2):
            archive.note_presence(URL, status=410, gone=True, **presence)  # type: ignore[arg-type]
        size = (tmp_path / "demo.warc.gz").stat().st_size
        archive.note_presence(URL, status=404, gone=True, **presence)  # type: ignore[arg-type]
        assert (tmp_path / "demo.warc.gz").stat().st_size == size  # said once
        if back == "304":
            later = {**presence, "at": NOW + timedelta(days=2)}
            archive.note_presence(URL, status=304, gone=False, **later)  # type: ignore[arg-type]
        elif back:
            store(archive, b"A" if back == "same" else b"B", day=2)
        known = archive.known_url(URL)
        assert known
        assert known.gone == (back is None)
    forget_index(tmp_path)
    with Archive(tmp_path) as archive:
        again = archive.known_url(URL)
        assert again
        assert (again.gone, again.content_sha256) == (known.gone, known.content_sha256)
        assert len(list(archive.captures())) == (2 if back == "changed" else 1)  # the data stays


def test_two_sources_that_name_a_url_agree_after_reindex(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        store(archive, b"A", source="zeta")
        store(archive, b"B", source="alpha", day=1)
        store(archive, b"A", source="alpha", day=2)
        before = archive.known_url(URL)
        assert before
        assert before.source_id == "zeta"  # whoever found it first goes on looking after it
        archive.reindex()
        after = archive.known_url(URL)
        assert after
        assert (after.content_sha256, after.checked_at) == (before.content_sha256, before.checked_at)


# what a url held, and on which day the clock of that run was; None: it was gone, or asked and the same
AHEAD = [
    [(b"A", 400), (b"B", 1)],
    [(b"A", 0), (b"B", 400), (b"A", 1)],
    [(b"A", 0), (b"B", 400), (b"A", 1), (b"C", 2)],
    [(b"A", 0), (b"B", 400), (b"A", 401), (b"B", 1)],
    [(b"A", 0), (b"B", 400), (b"A", 401), (b"C", 1), (b"A", 2), (b"B", 3)],
    [(b"A", 400), (b"A", 1), (b"B", 2)],
    [(b"A", 400), ("same", 1), (b"B", 2)],
    [(b"A", 400), ("gone", 1)],
    [(b"A", 0), ("gone", 400), (b"A", 1)],
    [(b"A", 0), ("gone", 400), ("same", 1), (b"B", 2)],
    [(b"A", 0), (b"B", -400), (b"C", 1)],
]


@pytest.mark.parametrize("days", AHEAD, ids=str)
def test_what_was_seen_last_counts_whatever_the_clock_said(tmp_path: Path, days: list[tuple[bytes | str, int]]) -> None:
    held, present = b"", True
    with Archive(tmp_path) as archive:
        for what, day in days:
            present = what != "gone"
            if isinstance(what, bytes):
                store(archive, held := what, day=day)
            else:
                asked = {"at": NOW + timedelta(days=day), "status": 304 if present else 404, "gone": not present}
                archive.note_presence(URL, source_id="demo", run_id="2026-03-01-01", **asked)  # type: ignore[arg-type]
            assert latest(archive) == held
        before, returned = archive.known_url(URL), archive.returned()
        assert before and before.gone != present
        size = (tmp_path / "demo.warc.gz").stat().st_size
        store(archive, held, day=days[-1][1])
        assert (
            (tmp_path / "demo.warc.gz").stat().st_size == size
        ) == present  # that the clock is right again is said once
    forget_index(tmp_path)
    with Archive(tmp_path) as archive:
        after = archive.known_url(URL)
        assert after and after.content_sha256 == before.content_sha256
        assert latest(archive) == held
        assert archive.returned() == returned
        assert after.gone is False
        # a changed page is one after that too
        store(archive, b"last", day=max(days[-1][1], 3) + 1)
        assert latest(archive) == b"last"


def test_an_index_of_another_version_is_made_anew(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        store(archive, b"A")
        archive.record_verdict(URL, "other")
        archive.record_run(HarvestRun("2026-03-01-01", "demo", NOW, NOW, "ok", 1, 1, 1, 0, 0, 0, 0, "[]"))
        archive._db.execute("drop table wanted")
        archive._db.execute("alter table url drop column checked_at")
        archive._db.execute("pragma user_version = 1")
    with pytest.raises(ArchiveError, match="fazhi archive reindex"):
        Archive(tmp_path, read_only=True)
    with Archive(tmp_path) as archive:
        assert latest(archive) == b"A"
        known = archive.known_url(URL)
        assert known
        assert known.verdict == "other"
        assert [run.status for run in archive.harvest_runs()] == ["ok"]
        assert archive.wanted("demo") == {}


def test_scan_tells_records_from_noise(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        store(archive, b"A")
    path = tmp_path / "demo.warc.gz"
    good = path.read_bytes()
    path.write_bytes(b"\x1f\x8b\x08 noise" + good + b"\0" * 10)
    items = list(scan(path))
    assert [item.kind for item in items if isinstance(item, Record)] == ["request", "response", "metadata"]
    assert [(item.start, item.end) for item in items if isinstance(item, Damage)] == [(0, 9), (9 + len(good), None)]
    path.write_bytes(b"")
    assert list(scan(path)) == []
