"""A mirror's manifests: what objects make a whole copy of an archive; read from there, written there, old ones dropped.

A manifest names each object with its digest and bears its own digest in its name: it is written last, and half of one, or
of an upload, never passes for a whole.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from flows.remote import Remote

MANIFEST = re.compile(r"manifest-(\d{8})-([0-9a-f]{64})\.json")
# the one before stays, for who is reading it
KEEP = 2


@dataclass(frozen=True, slots=True)
class Part:
    """An object: bytes `start` to `end` of a WARC file."""

    key: str
    start: int
    end: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A whole copy. files: parts by WARC file; others: key and digest (of the unpacked content) by name in FAZHI_HOME."""

    generation: int
    files: Mapping[str, tuple[Part, ...]]
    others: Mapping[str, tuple[str, str]]
    name: str = ""

    def keys(self) -> set[str]:
        """All objects that it names."""
        return {part.key for parts in self.files.values() for part in parts} | {key for key, _ in self.others.values()}

    def to_json(self) -> bytes:
        """As it is written."""
        files = {name: [asdict(part) for part in parts] for name, parts in sorted(self.files.items())}
        others = {name: list(held) for name, held in sorted(self.others.items())}
        text = json.dumps({"generation": self.generation, "files": files, "others": others}, indent=0)
        return text.encode()


def newest(remote: Remote) -> Manifest | None:
    """The newest manifest that is whole, or None."""
    return next((found for name in _names(remote) if (found := _whole(remote, name))), None)


def written(remote: Remote, manifest: Manifest) -> Manifest:
    """Write a manifest, and give it with its name."""
    content = manifest.to_json()
    name = f"manifest-{manifest.generation:08d}-{hashlib.sha256(content).hexdigest()}.json"
    remote.write(name, content)
    return _read(name, content)


def prune(remote: Remote, current: Manifest) -> None:
    """Delete what only manifests before the last KEEP name, and then those; halves of manifests too."""
    kept, count = current.keys(), 1
    for name in _names(remote):
        if name == current.name:
            continue
        found = _whole(remote, name)
        if found and count < KEEP:
            kept |= found.keys()
            count += 1
            continue
        for key in sorted(found.keys() - kept) if found else ():
            remote.delete(key)
        remote.delete(name)


def _names(remote: Remote) -> list[str]:
    """Manifests, newest first."""
    return sorted((name for name in remote.names() if MANIFEST.fullmatch(name)), reverse=True)


def _whole(remote: Remote, name: str) -> Manifest | None:
    content = remote.read(name)
    whole = hashlib.sha256(content).hexdigest() in name
    return _read(name, content) if whole else None


def _read(name: str, content: bytes) -> Manifest:
    held: dict[str, Any] = json.loads(content)
    files = {file: tuple(Part(**part) for part in parts) for file, parts in held["files"].items()}
    others = {file: (key, sha256) for file, (key, sha256) in held["others"].items()}
    return Manifest(held["generation"], files, others, name)
