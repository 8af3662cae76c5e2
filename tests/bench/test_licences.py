"""The page of licences is that of the lock files."""

from __future__ import annotations

import re
from email.message import Message
from importlib import metadata

import pytest

from bench.licences import LOCKS, PAGE, PINNED, licence
from tests.conftest import ROOT

ROW = re.compile(r"^\| (\S+) \| (\S+) \| ([^|]+) \| [^|]+ \|$", re.MULTILINE)


def test_every_locked_package_is_listed_with_its_version() -> None:
    listed = {
        name: version for name, version, _ in ROW.findall(PAGE.read_text(encoding="utf-8")) if version != "version"
    }
    locked = {
        name: version
        for lock, _ in LOCKS
        for name, version in PINNED.findall((ROOT / lock).read_text(encoding="utf-8"))
    }
    listed.pop("---", None)
    assert listed == locked, "docs/licences.md is out of date: `make licences` writes it"


def test_licences_are_what_the_packages_declare() -> None:
    for name, version, told in ROW.findall(PAGE.read_text(encoding="utf-8"))[:400:8]:
        if name not in ("package", "---") and metadata.version(name) == version:
            assert told == licence(metadata.metadata(name)), f"{name}: `make licences`"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"License-Expression": "MIT OR Apache-2.0", "License": "other"}, "MIT OR Apache-2.0"),
        ({"Classifier": "License :: OSI Approved :: MIT License"}, "MIT"),
        ({"License": "BSD 3-Clause License"}, "BSD-3-Clause"),
        ({"License": "Apache License\nVersion 2.0"}, "Apache-2.0"),
        ({}, "not declared in its metadata"),
    ],
)
def test_one_name_for_one_licence(fields: dict[str, str], told: str) -> None:
    about = Message()
    for name, value in fields.items():
        about[name] = value
    assert licence(about) == told  # type: ignore[arg-type]
