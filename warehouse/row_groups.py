"""Parquet files in, one Parquet file of row groups of theirs out: their pages are copied as they lie, nothing is decoded.

Only the footers are read: a row group's entry names where its pages begin, and these numbers alone change. Format:
parquet.thrift and Encodings.md of apache/parquet-format; Thrift's compact protocol.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

MAGIC = b"PAR1"
_FOOTER_END = 8  # its length in four bytes, and the magic word
# kinds of values in the compact protocol
_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 12
_NUMBERS = (4, 5, 6)
# fields of parquet.thrift
_FILE_ROWS, _FILE_GROUPS = 3, 4
_GROUP_CHUNKS, _GROUP_ROWS, _GROUP_OFFSET, _GROUP_ORDINAL = 1, 3, 5, 7
_CHUNK_OFFSET, _CHUNK_META, _CHUNK_INDEXES = 2, 3, (4, 6)
_META_OFFSETS, _META_BLOOM = (9, 10, 11), 14


class RowGroupError(Exception):
    """A file is no Parquet file, or holds what cannot be copied; the message names the file."""


@dataclass(frozen=True, slots=True)
class RowGroup:
    """A row group of a file. start, end: of its pages, in bytes of the file; entry: in the footer, as it lies there.

    offsets: position and length in the entry, and value, of each number that is counted from the file's beginning;
    ordinal: position and length of the group's own number, if it has one.
    """

    file: Path
    rows: int
    start: int
    end: int
    entry: bytes
    offsets: tuple[tuple[int, int, int], ...]
    ordinal: tuple[int, int] | None


def row_groups(file: Path) -> list[RowGroup]:
    """All row groups of a file, in their order. Raises RowGroupError."""
    footer = _footer(file)
    try:
        groups = next((at for field, at, _ in _fields(footer, 0) if field == _FILE_GROUPS), None)
        entries = _structs(footer, groups) if groups is not None else ()
        found = [_row_group(file, footer[start:end]) for start, end in entries]
    except IndexError:
        raise RowGroupError(f"{file}: the footer of a Parquet file breaks off") from None
    begins = [group.start for group in found]
    ends = [*begins[1:], file.stat().st_size - len(footer) - _FOOTER_END][: len(begins)]
    if any(start >= end for start, end in zip(begins, ends, strict=True)):
        raise RowGroupError(f"{file}: row groups do not follow each other")
    return [replace(group, end=end) for group, end in zip(found, ends, strict=True)]


def write_row_groups(target: Path, like: Path, groups: Sequence[RowGroup]) -> None:
    """Write a Parquet file of these row groups. like: a file without any, of the same columns, whose metadata it takes."""
    shell = _footer(like)
    entries = []
    with target.open("wb", buffering=0) as out:
        at = out.write(MAGIC)
        for number, group in enumerate(groups):
            entries.append(_moved(group, number, at - group.start))
            at += group.end - group.start
        for file, start, end in _spans(groups):
            with file.open("rb") as source:
                while start < end:
                    start += os.sendfile(out.fileno(), source.fileno(), start, end - start)
        out.write(_filled(shell, sum(group.rows for group in groups), entries))


def _footer(file: Path) -> bytes:
    with file.open("rb") as opened:
        size = opened.seek(0, os.SEEK_END)
        opened.seek(max(0, size - _FOOTER_END))
        end = opened.read()
        length = int.from_bytes(end[:4], "little")
        if end[4:] != MAGIC or length + _FOOTER_END + len(MAGIC) > size:
            raise RowGroupError(f"{file} is no Parquet file")
        opened.seek(size - _FOOTER_END - length)
        return opened.read(length)


def _row_group(file: Path, entry: bytes) -> RowGroup:
    """The row group of an entry; where its pages end is told by what follows."""
    rows, ordinal = 0, None
    offsets: list[tuple[int, int, int]] = []
    for field, at, behind in _fields(entry, 0):
        if field == _GROUP_ROWS:
            rows = _number(entry, at)[0] >> 1
        elif field == _GROUP_OFFSET:
            offsets.append(_offset(entry, at))
        elif field == _GROUP_ORDINAL:
            ordinal = (at, behind - at)
        elif field == _GROUP_CHUNKS:
            for chunk, _ in _structs(entry, at):
                offsets += _offsets_of_chunk(file, entry, chunk)
    start = min((value for _, _, value in offsets if value), default=0)
    return RowGroup(file, rows, start, start, entry, tuple(sorted(offsets)), ordinal)


def _offsets_of_chunk(file: Path, entry: bytes, chunk: int) -> Iterator[tuple[int, int, int]]:
    for field, at, _ in _fields(entry, chunk):
        if field in _CHUNK_INDEXES:
            raise RowGroupError(f"{file} has an index of pages, which cannot be copied")
        if field == _CHUNK_OFFSET:
            yield _offset(entry, at)
        elif field == _CHUNK_META:
            for of_column, inside, _ in _fields(entry, at):
                if of_column == _META_BLOOM:
                    raise RowGroupError(f"{file} has a Bloom filter, which cannot be copied")
                if of_column in _META_OFFSETS:
                    yield _offset(entry, inside)


def _offset(entry: bytes, at: int) -> tuple[int, int, int]:
    value, behind = _number(entry, at)
    return at, behind - at, value >> 1


def _moved(group: RowGroup, number: int, by: int) -> bytes:
    """The entry with its pages `by` bytes further on; an offset of 0 says that there is none."""
    changes = [(at, length, value and value + by) for at, length, value in group.offsets]
    if group.ordinal:
        changes.append((*group.ordinal, number))
    pieces, done = [], 0
    for at, length, value in sorted(changes):
        pieces += [group.entry[done:at], _written(value << 1)]
        done = at + length
    return b"".join([*pieces, group.entry[done:]])


def _spans(groups: Sequence[RowGroup]) -> Iterator[tuple[Path, int, int]]:
    """What is to be copied, with neighbours in one piece."""
    begins = [
        at
        for at, (one, other) in enumerate(pairwise(groups), start=1)
        if one.file != other.file or one.end != other.start
    ]
    for first, behind in pairwise([0, *begins, len(groups)]):
        if first < behind:
            yield groups[first].file, groups[first].start, groups[behind - 1].end


def _filled(shell: bytes, rows: int, entries: Sequence[bytes]) -> bytes:
    """The footer of a file without rows, with these, its length and the magic word."""
    pieces, done = [], 0
    for field, at, behind in _fields(shell, 0):
        if field == _FILE_ROWS:
            pieces += [shell[done:at], _written(rows << 1)]
            done = behind
        elif field == _FILE_GROUPS:
            size = len(entries)
            head = bytes([size << 4 | _STRUCT]) if size < 15 else bytes([0xF0 | _STRUCT]) + _written(size)
            pieces += [shell[done:at], head, *entries]
            done = behind
    footer = b"".join([*pieces, shell[done:]])
    return footer + len(footer).to_bytes(4, "little") + MAGIC


def _fields(data: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Number, beginning and end of each field's value in the struct that begins here."""
    field = 0
    while head := data[at]:
        at += 1
        if head >> 4:
            field += head >> 4
        else:
            number, at = _number(data, at)
            field = number >> 1
        behind = _behind(data, at, head & 15)
        yield field, at, behind
        at = behind


def _structs(data: bytes, at: int) -> Iterator[tuple[int, int]]:
    """Beginning and end of each struct of the list that stands here."""
    count, _, at = _list_at(data, at)
    for _ in range(count):
        end = _behind(data, at, _STRUCT)
        yield at, end
        at = end


def _behind(data: bytes, at: int, kind: int) -> int:
    """Where a value of this kind ends."""
    if kind in _NUMBERS:
        while data[at] >= 128:
            at += 1
        return at + 1
    if kind == _BINARY:
        length, at = _number(data, at)
        return at + length
    if kind == _STRUCT:
        while head := data[at]:
            at = _behind(data, at + 1 if head >> 4 else _number(data, at + 1)[1], head & 15)
        return at + 1
    if kind in (_LIST, _SET):
        count, kind, at = _list_at(data, at)
        for _ in range(count):
            at = at + 1 if kind in (_TRUE, _FALSE) else _behind(data, at, kind)
        return at
    if kind in (_TRUE, _FALSE):  # told by the field's kind alone
        return at
    if kind in (_BYTE, _DOUBLE):
        return at + (1 if kind == _BYTE else 8)
    raise IndexError(f"no value of kind {kind} stands in a footer")


def _list_at(data: bytes, at: int) -> tuple[int, int, int]:
    """How many elements, of which kind, and where the first begins."""
    count, kind = data[at] >> 4, data[at] & 15
    if count < 15:
        return count, kind, at + 1
    count, at = _number(data, at + 1)
    return count, kind, at


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, as it is written, and where it ends."""
    value = shift = 0
    while (byte := data[at]) >= 128:
        value |= (byte & 127) << shift
        shift += 7
        at += 1
    return value | byte << shift, at + 1


def _written(value: int) -> bytes:
    written = bytearray()
    while value >= 128:
        written.append(value & 127 | 128)
        value >>= 7
    written.append(value)
    return bytes(written)
