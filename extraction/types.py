"""The values that extraction passes along: Page (what the layout says) → Document (what the report says).

Everything is frozen and made in one place; offsets are 0-based, half open, into `Document.body`.
The field names and meanings are the `fazhi parse` contract (docs/contracts.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Genre = Literal["annual_report", "other"]
Part = Literal["achievements", "problems", "leadership", "plan", "other"]
Approx = Literal["exact", "about", "at_least", "more_than", "less_than"]
Direction = Literal["up", "down"]
Kind = Literal[
    "count", "rate", "amount", "duration", "change_rate", "change", "frequency", "capacity", "ratio", "stated_zero"
]


@dataclass(frozen=True, slots=True)
class Warning:
    """Something a reader of the numbers should know about the page or text.

    code: stable English identifier (`sponsor_mismatch`, `injected_spam`, `mojibake`, `masked_numbers`, …).
    detail: one sentence in English that names what was seen.
    excerpt: the characters concerned, at most 80, as printed; may be empty.
    place: where it stands (`body:120`, `meta:SiteName`, `footer`, `bytes:4096`); may be empty.
    """

    code: str
    detail: str
    excerpt: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A metadata value as printed and what gave it.

    source: `meta tag PubDate`, `metadata table 发布机构`, `labelled line 发布时间`, `heading`, `text`, `site id`,
    `host`, `source registry`, `signature`, ….
    """

    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Link:
    """An attachment's or other link found beside the body: absolute url where the page's url is known."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """What bytes and layout say, before anything is understood.

    fields: evidence by field, of `title`, `published_on` (ISO date), `source`, `publisher` (a metadata table's
    发布机构 and the like), `index_no`, `document_no`, `site_id`, `site_name`, `sponsor` (主办单位), `column`.
    A field that the page does not state is absent.
    body: paragraphs, one a line, without title, metadata lines, sign-off, navigation and footer.
    signature: the sign-off's lines under the body (body's name, date), as printed.
    """

    url: str | None
    media_type: str
    charset: str | None
    body: str
    fields: Mapping[str, Evidence]
    signature: tuple[str, ...] = ()
    attachments: tuple[Link, ...] = ()
    warnings: tuple[Warning, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the text under it up to the next heading of the same or a higher level.

    path: `1`, `1.2`, `1.2.3`; level: 1 is 一、, 2 is (一), 3 is 1., 4 is (1) or 一是.
    """

    path: str
    level: int
    heading: str
    char_start: int
    char_end: int
    part: Part


class Quantity(NamedTuple):  # made in a third of a dataclass's time
    """A number with what it counts; `body[char_start:char_end] == raw`. Fields as in docs/contracts.md."""

    char_start: int
    char_end: int
    raw: str
    value: float | int | None
    unit: str | None
    kind: Kind
    approx: Approx
    direction: Direction | None
    subject: str
    scope: str | None
    period_year: int | None
    is_target: bool
    indicator: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file: what `fazhi parse` prints. `error` is set and the rest empty where it could not be read."""

    path: str | None = None
    url: str | None = None
    media_type: str | None = None
    charset: str | None = None
    genre: Genre = "other"
    title: str | None = None
    publisher: str | None = None
    source: str | None = None
    index_no: str | None = None
    document_no: str | None = None
    site_id: str | None = None
    region_code: str | None = None
    region_name: str | None = None
    report_year: int | None = None
    published_on: str | None = None
    signed_on: str | None = None
    body: str = ""
    sections: tuple[Section, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    attachments: tuple[Link, ...] = ()
    derived_from: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[Warning, ...] = ()
    error: str | None = None

    def to_json(self) -> dict[str, Any]:
        """A plain dict, ready for json.dumps; nested values become dicts."""
        return _plain(self)  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, Quantity):
        return value._asdict()
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    return value
