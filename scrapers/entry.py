"""What was found at a portal in, its registry entry out: id, folder, YAML text, and the file it is written to."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from scrapers.registry import Source, SourceConfigError

WIDE = 120
ELSEWHERE = "other"


@cache
def _provinces() -> Mapping[str, str]:
    with Path(__file__).with_name("provinces.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["folder"] for row in csv.DictReader(file)}


def source_id(url: str) -> str:
    """An id from a host's name: `sfj.dalian.gov.cn` gives dalian-sfj, `www.dalian.gov.cn` dalian-gov."""
    host = (urlsplit(url).hostname or "").lower()
    if re.fullmatch(r"[\d.]+|[\[\]0-9a-f:]+", host):
        return f"host-{re.sub(r'[^0-9a-f]+', '-', host).strip('-')}"
    labels = [label for label in re.sub(r"\.gov\.cn$|\.gov$", "", host).split(".") if label not in ("www", "")]
    if host.endswith((".gov.cn", ".gov")) and len(labels) == 1:
        labels = ["gov", *labels]
    plain = re.sub(r"[^a-z0-9]+", "-", "-".join(reversed(labels))).strip("-")
    return plain or "source"


def folder_of(region_code: str | None) -> str:
    """The folder of a division's province; `other` where the division is not known."""
    return _provinces().get((region_code or "")[:2], ELSEWHERE)


def as_yaml(fields: Mapping[str, Any]) -> str:
    """The file's text: the fields given, in their order, those without a value left out."""
    Source.model_validate({name: value for name, value in fields.items() if value is not None})
    kept = {name: value for name, value in fields.items() if value not in (None, {}, [])}
    return yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=WIDE)


def write_entry(registry: Path, fields: Mapping[str, Any], *, force: bool = False) -> Path:
    """Write `<province>/<id>.yaml` into the registry; an entry that is there is only replaced with `force`.

    Raises SourceConfigError where the id is taken.
    """
    name = f"{fields['id']}.yaml"
    taken = next(iter(sorted(registry.rglob(name))), None)
    path = taken or registry / folder_of(fields.get("region_code")) / name
    if taken and not force:
        raise SourceConfigError(
            f"{taken}: the id {fields['id']!r} is taken; give another with --id, or --force to replace"
        )
    text = as_yaml(fields)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
    return path


def stamp_verified(path: Path, day: str) -> None:
    """Set the entry's `verified` to a day, leaving everything else of the file as it is."""
    text = path.read_text(encoding="utf-8")
    line = f"verified: {day}"
    changed, count = re.subn(r"(?m)^verified:.*$", line, text, count=1)
    path.write_text(changed if count else f"{text.rstrip()}\n{line}\n", encoding="utf-8")
