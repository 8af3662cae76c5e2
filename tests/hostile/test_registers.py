"""Registry files, manifests and notes that are no such thing: an error that names the file, never a crash."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.errors import FazhiError
from flows.parsing import parse_file, read_manifest
from scrapers.registry import SourceConfigError, load_source

DEEP = 100_000
# pieces that mean something to YAML and JSON, put together at random
PIECES = st.lists(
    st.sampled_from(
        [
            *(
                "id: a\n",
                "name: x\n",
                "start_urls: [https://a.invalid/]\n",
                "expect: {min: -1}\n",
                "verified: 2024-13-40\n",
            ),
            *(
                "- ",
                ": ",
                "? ",
                "{",
                "}",
                "[",
                "]",
                "&a ",
                "*a ",
                "!!python/object:os.system ",
                "!!binary x\n",
                "<<: *a\n",
            ),
            *(
                "0x",
                "1e999",
                "1_000:60",
                "\t",
                "\n",
                "---\n",
                "...\n",
                "%YAML 9.9\n",
                '"',
                "'",
                "|",
                ">",
                "\ufeff",
                "\x00",
                "\x85",
            ),
            *(
                '{"path": "a"}\n',
                '{"path": 1}\n',
                '"path"',
                "null\n",
                "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
            ),
        ]
    ),
    max_size=30,
).map("".join)


@settings(max_examples=300)
@given(text=PIECES | st.text(max_size=200), encoding=st.sampled_from(["utf-8", "utf-16", "gb18030", "latin-1"]))
def test_any_registry_file_is_read_or_refused(text: str, encoding: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.yaml"
        path.write_bytes(text.encode(encoding, "replace"))
        try:
            load_source(path)
        except SourceConfigError as error:
            assert str(path) in str(error)


@pytest.mark.parametrize(
    "text",
    [
        "verified: 2024-13-40\n",
        "verified: 2024-01-01 25:61:61\n",
        "[" * DEEP,
        "{a: " * DEEP,
        "a: &a [*a]\n",
        "&a [" + "x," * 9 + "*a]",
        "!!python/object/apply:os.system [true]\n",
        "\x00",
        "a: !!int no\n",
    ],
)
def test_yaml_that_breaks_readers_is_refused_by_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "hostile.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(SourceConfigError, match=r"hostile\.yaml"):
        load_source(path)


def test_yaml_that_multiplies_is_refused(tmp_path: Path) -> None:
    """Nine lists of nine references each: three hundred million strings, if anybody wrote them out."""
    path = tmp_path / "laughs.yaml"
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9)}]" for at in range(1, 9)]
    path.write_text("\n".join(lines), "utf-8")
    with pytest.raises(SourceConfigError, match=r"laughs\.yaml") as refused:
        load_source(path)
    assert len(str(refused.value)) < 20_000


@settings(max_examples=300)
@given(data=PIECES.map(lambda text: text.encode("utf-8", "replace")) | st.binary(max_size=100))
def test_any_manifest_is_read_or_refused(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "m.jsonl"
        path.write_bytes(data)
        try:
            for file, url in read_manifest(path):
                parse_file(file, url)
        except FazhiError as error:
            assert f"{path}:" in str(error)


@pytest.mark.parametrize(
    "line",
    [
        b'{"path": "\xff"}',
        b"[" * DEEP,
        b'{"path": "a\\u0000b"}',
        b'{"path": "\\ud800"}',
        b'{"path": "a", "url": "\\udfff"}',
        b'{"path": ["a"]}',
        b"1e999",
        "\ufeff{".encode("utf-16"),
    ],
)
def test_manifest_lines_that_break_readers_are_named(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "m.jsonl"
    path.write_bytes(b'{"path": "a.html"}\n' + line + b"\n")
    with pytest.raises(FazhiError, match=r"m\.jsonl:2"):
        list(read_manifest(path))


def test_a_manifest_may_begin_with_a_mark(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"path": "a.html"}\n')
    assert list(read_manifest(path)) == [(tmp_path / "a.html", None)]
