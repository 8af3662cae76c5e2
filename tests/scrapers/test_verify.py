"""What `verify` says of an archive in which something was changed, cut, lost or never known."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from scrapers.archive import Archive, Capture, Response
from scrapers.verify import Problem, Tally, verify

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


@pytest.fixture
def kept(tmp_path: Path) -> tuple[Path, list[Capture]]:
    """An archive of two sources, four pages each, and their captures."""
    with Archive(tmp_path) as archive:
        run = archive.begin_run(NOW)
        for number in range(8):
            url = f"http://a.invalid/{number}"
            body = Random(number).randbytes(300) + b"%d" % number
            response = Response(url, 200, "OK", [("Content-Type", "text/html")], body, [], NOW)
            source = f"source-{number % 2}"
            archive.store(response, source_id=source, run_id=run, canonical_url=url, role="page")
        archive.finish_runs()
        return tmp_path, list(archive.captures())


def problems(root: Path) -> list[Problem]:
    return list(verify(root, Tally()))


def test_a_sound_archive_has_no_problem_and_is_read_as_a_whole(kept: tuple[Path, list[Capture]]) -> None:
    root, captures = kept
    tally, told = Tally(), []
    assert list(verify(root, tally, told.append)) == []
    assert (tally.files, tally.records, tally.contents) == (2, 3 * len(captures), len(captures))
    assert tally.size == sum(told) == sum(path.stat().st_size for path in root.glob("*.warc.gz"))


@pytest.mark.parametrize("seed", range(12))
def test_any_changed_byte_is_found_with_its_file_and_place(kept: tuple[Path, list[Capture]], seed: int) -> None:
    root, _ = kept
    path = root / f"source-{seed % 2}.warc.gz"
    data = bytearray(path.read_bytes())
    # the operating-system and flag bytes of a gzip header may change without harm to what is in the member
    place = Random(seed).choice([at for at in range(len(data)) if not _in_header(bytes(data), at)])
    data[place] ^= 0x55
    path.write_bytes(data)
    found = problems(root)
    assert found
    assert all(item.file == path.name for item in found)
    assert any(item.offset <= place < (item.end or len(data)) for item in found)
    assert all(item.advice for item in found)


def _in_header(data: bytes, at: int) -> bool:
    start = data.rfind(b"\x1f\x8b\x08", 0, at + 1)
    return start >= 0 and 3 <= at - start < 10


def test_lost_pages_are_named_until_the_index_goes_on_without_them(kept: tuple[Path, list[Capture]]) -> None:
    root, captures = kept
    lost = captures[1]
    path = root / lost.warc_file
    data = bytearray(path.read_bytes())
    data[lost.warc_offset + 60] ^= 0xFF
    path.write_bytes(data)
    (found,) = problems(root)
    assert (found.kind, found.offset, found.harmless) == ("damaged", lost.warc_offset, False)
    assert lost.url in found.detail
    with Archive(root) as archive:
        archive.reindex()
    (found,) = problems(root)
    assert (found.kind, found.harmless) == ("left out", True)


def test_damage_to_what_is_no_page_is_damage_too(kept: tuple[Path, list[Capture]]) -> None:
    """A request's record: no page is lost, but the file is not what was written."""
    root, captures = kept
    path = root / captures[0].warc_file
    data = bytearray(path.read_bytes())
    data[20] ^= 0xFF
    path.write_bytes(data)
    (found,) = problems(root)
    assert (found.kind, found.offset, found.end) == ("damaged", 0, captures[0].warc_offset)
    assert "http" not in found.detail


def test_metadata_that_was_lost_and_given_up(kept: tuple[Path, list[Capture]]) -> None:
    root, captures = kept
    path = root / captures[1].warc_file
    group = [item for item in captures if item.warc_file == path.name]
    following = group[group.index(captures[1]) + 1]
    data = bytearray(path.read_bytes())
    # the metadata record is the second of the three between two contents
    metadata = data.index(b"\x1f\x8b\x08", captures[1].warc_offset + 1)
    assert metadata < following.warc_offset
    data[metadata + 60] ^= 0xFF
    path.write_bytes(data)
    (found,) = problems(root)
    assert (found.kind, found.offset) == ("damaged", metadata)
    assert captures[1].url in found.detail
    with Archive(root) as archive:
        archive.reindex()
    assert [item.kind for item in problems(root)] == ["left out"]


def test_files_cut_short_missing_or_longer(kept: tuple[Path, list[Capture]]) -> None:
    root, _ = kept
    first, second = sorted(root.glob("*.warc.gz"))
    whole = first.read_bytes()
    first.write_bytes(whole[:-5])
    assert [(item.kind, item.file) for item in problems(root)] == [
        ("cut short", first.name),
        ("damaged", first.name),
    ]
    first.write_bytes(whole + b"\x1f\x8b\x08 torn")
    (found,) = problems(root)
    assert (found.kind, found.offset, found.harmless) == ("unfinished", len(whole), True)
    first.write_bytes(whole)
    second.unlink()
    (found,) = problems(root)
    assert (found.kind, found.file) == ("missing", second.name)
    assert found.detail.startswith("4 contents")


def test_index_that_disagrees_with_the_files(kept: tuple[Path, list[Capture]]) -> None:
    root, captures = kept
    with sqlite3.connect(root / "index.sqlite") as index:
        index.execute("update capture set content_sha256 = ? where capture_id = ?", ("0" * 64, captures[0].capture_id))
        index.execute("delete from capture where capture_id = ?", (captures[2].capture_id,))
    index.close()
    found = {item.kind: item for item in problems(root)}
    assert set(found) == {"wrong content", "not indexed"}
    assert found["wrong content"].offset == captures[0].warc_offset
    assert found["not indexed"].offset == captures[2].warc_offset
    for path in root.glob("index.sqlite*"):
        path.unlink()
    assert [item.kind for item in problems(root)] == ["no index"]
