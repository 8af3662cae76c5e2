"""Annotated paragraphs in (tests/fixtures/rounds/*.txt), texts with their true quantities out.

A paragraph opens with `@ YEAR PART BODY`, part and reporting body where they matter (plan, problems); `#` opens a remark. In the text a quantity is
written {raw|subject|indicator or -|options}. What the raw says plainly is not repeated: value, unit and kind follow from
it. Options: v= u= k= y= where they do not; up, down; about, least, more, less; t for a goal; zero for a stated zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "fixtures" / "rounds"
_MARK = re.compile(r"\{([^{}|]+)\|([^{}|]*)\|([a-z_-]+)(?:\|([^{}]*))?\}")
_PLAIN = re.compile(r"(?P<number>[\d.,０-９]+)\s*(?P<scale>万|亿)?(?P<hedge>[余多])?(?P<scale2>万|亿)?(?P<unit>\D*)")
_APPROX = {"about": "about", "least": "at_least", "more": "more_than", "less": "less_than"}
_DURATIONS = ("工作日", "天", "日", "小时", "分钟", "个月", "课时", "学时", "年")


@dataclass(frozen=True)
class True_:
    """A quantity as it should be read."""

    start: int
    end: int
    raw: str
    value: float | None
    unit: str | None
    kind: str
    approx: str
    direction: str | None
    subject: str
    year: int | None
    target: bool
    indicator: str | None


@dataclass(frozen=True)
class Paragraph:
    number: int
    year: int
    part: str
    publisher: str | None
    text: str
    quantities: tuple[True_, ...]


def paragraphs(path: Path) -> Iterator[Paragraph]:
    """Every paragraph of a round in order. Raises ValueError on a mark that cannot be read."""
    lines = [line for line in path.read_text(encoding="utf-8").split("\n") if not line.startswith("#")]
    for number, block in enumerate("\n".join(lines).split("\n@ ")[0:], start=1):
        head, _, body = block.removeprefix("@ ").strip().partition("\n")
        year, part, publisher, *_ = [*head.split(" "), "", ""]
        text, quantities = _text(number, int(year), body)
        yield Paragraph(number, int(year), part or "achievements", publisher or None, text, quantities)


def _text(number: int, year: int, body: str) -> tuple[str, tuple[True_, ...]]:
    text, found, at = "", [], 0
    for match in _MARK.finditer(body):
        text += body[at : match.start()]
        found.append(_true(match, len(text), year))
        text += match[1]
        at = match.end()
    text += body[at:]
    if "{" in text or "}" in text:
        raise ValueError(f"paragraph {number}: a mark is not {{raw|subject|indicator|options}}: {text[:60]}")
    return text, tuple(found)


def _true(match: re.Match[str], start: int, year: int) -> True_:
    raw, subject, indicator = match[1], match[2], match[3]
    words = [word for word in (match[4] or "").split(",") if word]
    options = dict(word.split("=", 1) for word in words if "=" in word)
    flags = {word for word in words if "=" not in word}
    value, unit = _read(raw) if not {"zero", "v"} & {*flags, *options} else (float(options.get("v", 0)), "")
    unit = options.get("u", unit)
    direction = "up" if "up" in flags else "down" if "down" in flags else None
    if "zero" in flags:
        value, unit = 0, ""
    return True_(
        start=start,
        end=start + len(raw),
        raw=raw,
        value=value,
        unit=unit or None,
        kind=options.get("k") or ("stated_zero" if "zero" in flags else _kind(unit, direction)),
        approx=next((_APPROX[flag] for flag in flags if flag in _APPROX), "exact"),
        direction=direction,
        subject=subject,
        year=(int(options["y"]) if options["y"] != "none" else None) if "y" in options else year,
        target="t" in flags,
        indicator=None if indicator == "-" else indicator,
    )


def _read(raw: str) -> tuple[float, str]:
    match = _PLAIN.fullmatch(raw)
    if not match:
        raise ValueError(f"{raw!r} needs v= and u=")
    factor = {"万": 10_000, "亿": 100_000_000}
    value = float(match["number"].replace(",", ""))
    for scale in (match["scale"], match["scale2"]):
        value *= factor.get(scale or "", 1)
    return round(value, 6), match["unit"]


def _kind(unit: str, direction: str | None) -> str:
    if unit in ("%", "‰"):
        return "change_rate" if direction else "rate"
    if unit in ("个百分点", "百分点"):
        return "change"
    if direction:
        return "change"
    if unit == "元":
        return "amount"
    return "duration" if unit.endswith(_DURATIONS) else "count"
