"""An archive on a real S3 server, in memory and in a folder: what is sent comes back whole, and halves never pass for it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.errors import FazhiError
from flows.exporting import send
from flows.mirror import push
from flows.mirror_manifest import newest
from flows.mirroring import mirror, restore_archive
from flows.remote import Remote
from flows.restoring import restore
from flows.settings import Settings
from scrapers.archive import Archive, Response
from scrapers.verify import Tally, verify
from tests.warehouse.small import published
from warehouse.exporting import export

DAY = datetime(2031, 3, 1, tzinfo=UTC)


@pytest.fixture(params=["s3", "file", "memory"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    name = f"{request.node.name}".replace("[", "-").replace("]", "")
    if request.param == "s3":
        return f"{request.getfixturevalue('s3')}/{name}"
    return f"file://{tmp_path}/there" if request.param == "file" else f"memory://{name}"


def fill(home: Path, day: int, pages: int = 4, source: str = "demo") -> Settings:
    """One run that finds so many pages."""
    settings = Settings(home)
    at = DAY + timedelta(days=day)
    with Archive(settings.archive) as archive:
        run = archive.begin_run(at)
        for number in range(pages):
            address = f"http://a.invalid/{source}/{day}/{number}.html"
            body = f"<html><body>{day} {number} {'行政复议' * 50}</body></html>".encode()
            response = Response(address, 200, "OK", [("Content-Type", "text/html")], body, [], at)
            archive.store(response, source_id=source, run_id=run, canonical_url=address, role="page")
        archive.finish_runs()
    return settings


def contents(settings: Settings) -> dict[str, bytes]:
    with Archive(settings.archive, read_only=True) as archive:
        return {capture.capture_id: archive.read(capture).body for capture in archive.captures()}


def objects(remote: Remote) -> list[str]:
    return [key for name in remote.names("parts") for key in remote.names(f"parts/{name}")]


def test_runs_are_mirrored_and_an_empty_home_is_filled(url: str, tmp_path: Path) -> None:
    remote = Remote(url)
    settings = fill(tmp_path / "home", 0)
    settings.corrections.write_text("key,decision\n", encoding="utf-8")
    first = push(settings, remote)
    assert (first.generation, first.total) == (1, (settings.archive / "demo.warc.gz").stat().st_size)
    assert push(settings, remote).objects == 0
    for day in range(1, 12):
        fill(tmp_path / "home", day, pages=1 + day % 2, source="demo" if day % 3 else "other")
        push(settings, remote)
    manifest = newest(remote)
    assert manifest and manifest.generation == 12
    assert len(manifest.files["demo.warc.gz"]) <= 5, "few parts, however many runs"
    # the manifest before stays readable; what only older ones named is gone
    assert len([name for name in remote.names() if name.startswith("manifest-")]) == 2
    assert len(objects(remote)) < 12
    copy = Settings(tmp_path / "copy")
    restore(copy, Remote(url))
    assert contents(copy) == contents(settings)
    assert list(verify(copy.archive, Tally())) == []
    assert copy.corrections.read_text("utf-8") == "key,decision\n"
    # the copy goes on where the first left off, and the first may not go on beside it
    fill(copy.home, 20)
    push(copy, remote)
    fill(settings.home, 21)
    with pytest.raises(FazhiError, match="another archive, or a later state"):
        push(settings, remote)


class Cut(Remote):
    """A connection that breaks after so many objects; the last of them arrives by half."""

    left = 0

    def upload(self, file: Path, key: str, start: int = 0, end: int | None = None) -> str:
        self._spend()
        if self.left < 0:
            super().write(key, b"half")
            raise FazhiError("the line is cut")
        return super().upload(file, key, start, end)

    def write(self, key: str, data: bytes) -> None:
        self._spend()
        if self.left < 0:
            super().write(key, data[: len(data) // 2])
            raise FazhiError("the line is cut")
        super().write(key, data)

    def _spend(self) -> None:
        self.left -= 1


def test_an_upload_cut_off_anywhere_leaves_the_state_before(url: str, tmp_path: Path) -> None:
    settings = fill(tmp_path / "home", 0)
    push(settings, Remote(url))
    before = contents(settings)
    for source in ("demo", "more", "still-more"):
        fill(tmp_path / "home", 1, source=source)
    for objects_sent in range(5):
        cut = Cut(url)
        cut.left = objects_sent
        with pytest.raises(FazhiError, match="the line is cut"):
            push(settings, cut)
        copy = Settings(tmp_path / f"copy-{objects_sent}")
        restore(copy, Remote(url))
        assert contents(copy) == before
    push(settings, Remote(url))
    whole = Settings(tmp_path / "whole")
    restore(whole, Remote(url))
    assert contents(whole) == contents(settings)


def test_a_damaged_object_is_named_and_nothing_passes_for_an_archive(url: str, tmp_path: Path) -> None:
    remote = Remote(url)
    settings = fill(tmp_path / "home", 0)
    push(settings, remote)
    manifest = newest(remote)
    assert manifest
    (part,) = manifest.files["demo.warc.gz"]
    sound = remote.read(part.key)
    remote.write(part.key, sound[:100] + bytes([sound[100] ^ 255]) + sound[101:])
    copy = Settings(tmp_path / "copy")
    with pytest.raises(FazhiError, match=f"{part.key}: damaged"):
        restore(copy, remote)
    assert not copy.archive.exists()
    remote.write(part.key, sound)
    restore(copy, remote)
    assert contents(copy) == contents(settings)


def test_what_is_damaged_here_never_replaces_what_is_sound_there(tmp_path: Path) -> None:
    remote = Remote(str(tmp_path / "there"))
    settings = fill(tmp_path / "home", 0)
    push(settings, remote)
    path = settings.archive / "demo.warc.gz"
    data = bytearray(path.read_bytes())
    data[200] ^= 255
    path.write_bytes(data)
    fill(tmp_path / "home", 1)
    with pytest.raises(FazhiError, match="not what was mirrored before"):
        push(settings, remote)
    copy = Settings(tmp_path / "copy")
    restore(copy, remote)
    assert list(verify(copy.archive, Tally())) == []


def test_the_setting(s3: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZHI_MIRROR", f"{s3}/setting")
    settings = fill(tmp_path / "home", 0)
    assert mirror(settings)
    copy = Settings(tmp_path / "copy")
    assert restore_archive(copy, None) == 0
    assert contents(copy) == contents(settings)
    with pytest.raises(FazhiError, match="holds an archive already"):
        restore_archive(copy, None)
    monkeypatch.setenv("FAZHI_MIRROR", "s3://key:secret@bucket/prefix")
    with pytest.raises(FazhiError, match="of bucket carries a password") as failure:
        _ = Settings(tmp_path).mirror
    assert "secret" not in str(failure.value).replace("SECRET", "")
    with pytest.raises(FazhiError, match="nosuch"):
        Remote("nosuch://bucket")


def test_an_export_is_whole_where_its_manifest_is(url: str, tmp_path: Path) -> None:
    published(tmp_path, 1)
    written = export(tmp_path / "warehouse.duckdb", tmp_path / "out", "parquet")
    send(tmp_path / "out", written, Remote(url))
    manifest: dict[str, Any] = json.loads(Remote(url).read("manifest.json"))
    assert {item["file"] for item in manifest["files"]} == {"one.parquet", "two.parquet"} < set(Remote(url).names())
    assert Remote(url).read("one.parquet") == (tmp_path / "out" / "one.parquet").read_bytes()
    cut = Cut(url)
    cut.left = 1
    with pytest.raises(FazhiError, match="the line is cut"):
        send(tmp_path / "out", written, cut)
    assert "manifest.json" not in Remote(url).names()
    send(tmp_path / "out", written, Remote(url))
    assert json.loads(Remote(url).read("manifest.json")) == manifest
