import re
from html.parser import HTMLParser

from rich.console import Console

from extraction.types import Document, Quantity, Section, Warning
from flows.showing import to_html, to_text

BODY = '一、<script>alert(1)</script>情况\n受理案件56件,"审结"48件。'


def quantity(raw: str, **changes: object) -> Quantity:
    start = BODY.index(raw)
    fields = {
        "char_start": start,
        "char_end": start + len(raw),
        "raw": raw,
        "value": int(re.sub(r"\D", "", raw)),
        "unit": "件",
        "kind": "count",
        "approx": "exact",
        "direction": None,
        "subject": '<b>"案件"',
        "scope": None,
        "period_year": 2022,
        "is_target": False,
        "indicator": None,
        "confidence": 0.9,
    }
    return Quantity(**{**fields, **changes})  # type: ignore[arg-type]


DOCUMENT = Document(
    title="<img src=x onerror=alert(1)>",
    body=BODY,
    sections=(Section("1", 1, "一、情况", 0, len(BODY), "achievements"),),
    quantities=(quantity("56件", indicator="reconsideration_accepted"), quantity("48件", confidence=0.2)),
    warnings=(Warning("injected_spam", "<svg onload=alert(1)>"),),
)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_scraped_text_never_becomes_markup() -> None:
    tags = Tags()
    tags.feed(to_html(DOCUMENT))
    names = {tag for tag, _ in tags.found}
    assert not names & {"script", "img", "svg", "b"}
    assert not any(name.startswith("on") for _, attributes in tags.found for name in attributes)


def test_every_quantity_is_marked_with_its_state() -> None:
    page = to_html(DOCUMENT)
    assert re.findall(r'<mark class="(\w+)"[^>]*>([^<]*)</mark>', page) == [("mapped", "56件"), ("doubtful", "48件")]
    assert "achievements" in page


def test_terminal_rendering_keeps_the_text() -> None:
    console = Console(width=200, record=True, file=None, quiet=False)
    with console.capture() as capture:
        console.print(to_text(DOCUMENT))
    assert "<script>alert(1)</script>" in capture.get()
    assert "reconsideration_accepted" in capture.get()
