"""A url of any file system that fsspec knows in (s3://…, file://…, a folder), reading and writing of objects there out.

Credentials come from the environment alone, as each system's own tools take them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from fsspec.core import url_to_fs  # type: ignore[import-untyped]

from flows.errors import FazhiError

CHUNK = 4 * 1024 * 1024


class Remote:
    """One folder or prefix. What goes wrong there is a FazhiError that names it."""

    def __init__(self, url: str) -> None:
        checked(url)
        self.url = url.rstrip("/")
        try:
            # listings are asked for anew: others write here too
            self._fs, root = url_to_fs(self.url, use_listings_cache=False)
        except (ImportError, ValueError) as error:
            raise FazhiError(
                f"{url}: {error}. `pip install 'fazhi[scale]'` brings S3; fsspec names what others need"
            ) from None
        self._root = root.rstrip("/")

    def names(self, folder: str = "") -> list[str]:
        """The names of the objects right below."""
        path = f"{self._root}/{folder}".rstrip("/")
        try:
            found = self._fs.ls(path, detail=False)
        except FileNotFoundError:
            return []
        except Exception as error:  # noqa: BLE001 - each file system has errors of its own
            raise self._failed("listed", path, error) from None
        return sorted(str(name).rstrip("/").rpartition("/")[2] for name in found)

    def read(self, key: str) -> bytes:
        """An object's content."""
        try:
            return bytes(self._fs.cat_file(f"{self._root}/{key}"))
        except Exception as error:  # noqa: BLE001
            raise self._failed("read", key, error) from None

    def write(self, key: str, data: bytes) -> None:
        """Make an object, or replace it."""
        path = f"{self._root}/{key}"
        try:
            self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
            self._fs.pipe_file(path, data)
        except Exception as error:  # noqa: BLE001
            raise self._failed("written", key, error) from None

    def upload(self, file: Path, key: str, start: int = 0, end: int | None = None) -> str:
        """Write a stretch of a file as an object; gives its sha256. What arrived is as long as what was sent."""
        path = f"{self._root}/{key}"
        digest, size = hashlib.sha256(), 0
        try:
            self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
            with self._fs.open(path, "wb") as out:
                for chunk in stretch(file, start, end):
                    digest.update(chunk)
                    size += len(chunk)
                    out.write(chunk)
            arrived = self._fs.info(path)["size"]
        except Exception as error:  # noqa: BLE001
            raise self._failed("written", key, error) from None
        if arrived != size:
            raise FazhiError(f"{self.url}/{key}: {arrived:,} bytes arrived where {size:,} were sent")
        return digest.hexdigest()

    def download(self, key: str, out: BinaryIO, sha256: str) -> None:
        """Append an object to an open file. Raises FazhiError where its content is not the one of that digest."""
        digest = hashlib.sha256()
        try:
            with self._fs.open(f"{self._root}/{key}", "rb") as source:
                while chunk := source.read(CHUNK):
                    digest.update(chunk)
                    out.write(chunk)
        except Exception as error:  # noqa: BLE001
            raise self._failed("read", key, error) from None
        if digest.hexdigest() != sha256:
            raise FazhiError(f"{self.url}/{key}: damaged, its sha256 is not the one that was noted")

    def delete(self, key: str) -> None:
        """Delete an object; nothing happens where there is none."""
        try:
            self._fs.rm_file(f"{self._root}/{key}")
        except FileNotFoundError:
            return
        except Exception as error:  # noqa: BLE001
            raise self._failed("deleted", key, error) from None

    def _failed(self, what: str, key: str, error: Exception) -> FazhiError:
        return FazhiError(f"{self.url}: {key} could not be {what}: {type(error).__name__}: {error}")


def checked(url: str, name: str = "") -> str:
    """The url itself. Raises FazhiError where it carries a password."""
    parts = urlsplit(url)
    if parts.password or (parts.scheme.startswith("s3") and parts.username):
        place = parts.netloc.rpartition("@")[2]
        raise FazhiError(
            f"{name or 'the url'} of {place} carries a password: give it in the environment (for S3: AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY), where no log shows it"
        )
    return url


def stretch(file: Path, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """A file's bytes from `start` to `end`, piece by piece."""
    with file.open("rb") as source:
        source.seek(start)
        left = (file.stat().st_size if end is None else end) - start
        while left > 0 and (chunk := source.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk


def digest_of(file: Path, start: int = 0, end: int | None = None) -> str:
    """The sha256 of a stretch of a file."""
    digest = hashlib.sha256()
    for chunk in stretch(file, start, end):
        digest.update(chunk)
    return digest.hexdigest()
