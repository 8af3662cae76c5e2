"""`fazhi parse`: files or a manifest in, one JSON object a line out, in the order given."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from extraction.parse import parse_bytes
from extraction.types import Document
from flows.errors import Exit, FazhiError

Item = tuple[Path, str | None]


def read_manifest(manifest: Path) -> Iterator[Item]:
    """Path and url of each line; relative paths are relative to the manifest.

    Raises FazhiError naming file, line and what is wrong.
    """
    with manifest.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                entry = json.loads(line.decode("utf-8-sig"))
                path, url = entry["path"], entry.get("url")
                f"{path}{url}".encode()  # half a surrogate pair names no file and cannot be written out
            # ValueError: not UTF-8, no JSON or no text; RecursionError: brackets without end
            except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
                raise FazhiError(f'{manifest}:{number}: expected {{"path": "…", "url": "…" or null}}') from None
            if not isinstance(path, str) or "\0" in path or not (url is None or isinstance(url, str)):
                raise FazhiError(f"{manifest}:{number}: path must be text, url text or null")
            yield manifest.parent / path, url


def parse_files(items: Iterable[Item], out: TextIO) -> int:
    """Write one JSON line a file; the exit status is 1 only when every file failed."""
    failed = total = 0
    for path, url in items:
        document = parse_file(path, url)
        total += 1
        failed += document.error is not None
        out.write(json.dumps(document.to_json(), ensure_ascii=False) + "\n")
    return Exit.ERROR if total and failed == total else Exit.OK


def parse_file(path: Path, url: str | None) -> Document:
    """Parse one file; one that cannot be opened gives a Document with `error`."""
    try:
        data = path.read_bytes()
    except OSError as error:
        return Document(path=str(path), url=url, error=f"{path}: {error.strerror}")
    return replace(parse_bytes(data, url=url, name=path.name), path=str(path))
