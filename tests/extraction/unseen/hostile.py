"""Names of hostile inputs in, a JSON line each out: how reading and parsing ended, seconds, and the process's peak memory.

`python -m tests.extraction.unseen.hostile [NAME…]`. Run as a process of its own, so that memory can be measured.
"""

from __future__ import annotations

import io
import itertools
import json
import sys
import time
import zipfile
from collections.abc import Callable

from bench.peak import peak_mb
from extraction.errors import Unreadable
from extraction.parse import parse_bytes
from tests.extraction.unseen.made_files import Line, docx, pdf, word_paragraph

PROSE = "云桥市持续推进依法行政，全年办理案件126件，完善制度，加强监督，各项工作取得新的成效。"
HUGE = 50_000_000
DEEP = 10_000


def _filled(piece: str, size: int = HUGE) -> bytes:
    data = piece.encode()
    return data * (size // len(data))


def _page(inner: bytes) -> bytes:
    return b"<html><body><h1>" + "云桥市2022年法治政府建设情况报告".encode() + b"</h1>" + inner + b"</body></html>"


def _nested(opened: str, closed: str = "") -> bytes:
    return _page((opened * DEEP + PROSE * 20 + closed * DEEP).encode())


def _entities() -> bytes:
    names = "abcdefghij"
    text = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">'
    text += "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in itertools.pairwise(names))
    return docx(word_paragraph("&j;"), doctype=f"{text}]>")


def _members() -> bytes:
    buffer = io.BytesIO(docx(word_paragraph(PROSE)))
    with zipfile.ZipFile(buffer, "a") as package:
        for at in range(20_000):
            package.writestr(f"word/media/{at}.txt", b"")
    return buffer.getvalue()


def _bomb(*, forged: bool) -> bytes:
    """A Word file whose text unpacks to 250 MB; `forged`: its index says 1,000 bytes."""
    whole, buffer = zipfile.ZipFile(io.BytesIO(docx(word_paragraph(PROSE)))), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name in whole.namelist():
            with package.open(name, "w") as part:
                part.write(whole.read(name))
                for _ in range(250 if name == "word/document.xml" else 0):
                    part.write(b" " * 1_000_000)
        size = package.getinfo("word/document.xml").file_size.to_bytes(4, "little")
    data = buffer.getvalue()
    return data.replace(size, (1000).to_bytes(4, "little")) if forged else data


def _loop_pdf() -> bytes:
    return pdf([[Line(90, 700, PROSE)]]).replace(b"/Kids [11 0 R]", b"/Kids [ 2 0 R]")


def _stream_bomb() -> bytes:
    return pdf([[Line(90, 700, PROSE[:25])], [Line(90, 700, "　" * 2_000_000)]])


INPUTS: dict[str, tuple[str, Callable[[], bytes]]] = {  # name → file name, maker
    "deep-div": ("a.html", lambda: _nested("<div>")),
    "deep-div-closed": ("a.html", lambda: _nested("<div>", "</div>")),
    "deep-table": ("a.html", lambda: _nested("<table><tr><td>", "</td></tr></table>")),
    "deep-list": ("a.html", lambda: _nested("<ul><li>", "</li></ul>")),
    "deep-quote": ("a.html", lambda: _nested("<blockquote>")),
    "deep-bold-paragraphs": ("a.html", lambda: _nested("<b><p>")),
    "deep-links": ("a.html", lambda: _nested("<a href='#'><div>")),
    "deep-font": ("a.html", lambda: _nested("<font><span>")),
    "deep-form": ("a.html", lambda: _nested("<form><fieldset>")),
    "deep-svg": ("a.html", lambda: _nested("<svg><g>")),
    "crossed-tags": ("a.html", lambda: _page(("<b><i><u>" + PROSE + "</b></i></u>").encode() * DEEP)),
    "brackets": ("a.txt", lambda: _filled("（", 400_000)),
    "quotes": ("a.txt", lambda: _filled("《", 400_000)),
    "enumerators": ("a.txt", lambda: _filled("一、（一）1.（1）一是", 400_000)),
    "labels": ("a.txt", lambda: _filled("发布时间：来源：索引号：", 400_000)),
    "label-and-blanks": ("a.txt", lambda: "发布时间：".encode() + b" " * 400_000 + b"x"),
    "numbers": ("a.txt", lambda: _filled("12,345.67万元、8.9%、", 400_000)),
    "one-number": ("a.txt", lambda: b"9" * 400_000),
    "chinese-number": ("a.txt", lambda: _filled("万亿千百十", 400_000)),
    "years": ("a.txt", lambda: _filled("2022年法治政府建设情况报告", 400_000)),
    "place-names": ("a.txt", lambda: _filled("浙江省杭州市西湖区人民政府", 400_000)),
    "bodies": ("a.txt", lambda: _filled("市人民政府司法局委员会办公室", 400_000)),
    "line-breaks": ("a.txt", lambda: b"\n" * 400_000),
    "plans": ("a.html", lambda: b"<title>" + _filled("计划和", 60_000) + _page(PROSE.encode() * 20)),
    "docx-entities": ("a.docx", _entities),
    "docx-members": ("a.docx", _members),
    "docx-bomb": ("a.docx", lambda: _bomb(forged=False)),
    "docx-bomb-forged": ("a.docx", lambda: _bomb(forged=True)),
    "pdf-loop": ("a.pdf", _loop_pdf),
    "pdf-stream": ("a.pdf", _stream_bomb),
    "huge-prose": ("a.html", lambda: _page(_filled(f"<p>{PROSE}</p>"))),
    "huge-text": ("a.txt", lambda: _filled(PROSE + "\n")),
    "huge-line": ("a.txt", lambda: _filled(PROSE)),
    "huge-angle": ("a.html", lambda: b"<" * HUGE),
    "huge-attribute": ("a.html", lambda: b'<div class="' + b"x" * HUGE + b'">'),
    "huge-comment": ("a.html", lambda: b"<html><!--" + b"-" * HUGE),
    "huge-entities": ("a.html", lambda: _filled("&#x4e2d;")),
    "huge-links": ("a.html", lambda: _filled("<a href='/x'>公告</a>")),
    "huge-title": ("a.html", lambda: b"<title>" + _filled("云桥市")),
    "huge-zeros": ("a.html", lambda: b"\0" * HUGE),
    "huge-pdf": ("a.pdf", lambda: b"%PDF-1.5\n" + b"1 0 obj\n" * (HUGE // 8)),
    "huge-zip": ("a.docx", lambda: b"PK\x03\x04" + b"x" * HUGE),
    "huge-ole": ("a.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * HUGE),
}


def outcome(name: str) -> dict[str, object]:
    """How one input ended; any other exception than the typed error passes through."""
    file_name, make = INPUTS[name]
    data = make()
    start = time.process_time()
    try:
        document = parse_bytes(data, name=file_name)
        ended = f"unread: {document.error}" if document.error else f"body of {len(document.body)}"
    except Unreadable as error:
        ended = f"unread: {error}"
    seconds = time.process_time() - start
    return {"name": name, "ended": ended[:120], "seconds": round(seconds, 2), "megabytes": round(peak_mb())}


if __name__ == "__main__":
    for asked in sys.argv[1:] or INPUTS:
        print(json.dumps(outcome(asked), ensure_ascii=False), flush=True)
