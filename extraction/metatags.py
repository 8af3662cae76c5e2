"""A page's meta tags in, the mandated government fields out (国办发〔2017〕47号), their traps left aside."""

from __future__ import annotations

import re
from collections.abc import Mapping

from extraction.dates import to_iso
from extraction.markup import Markup
from extraction.types import Evidence

# field → tag names in lower case, the mandated one first
TAGS: Mapping[str, tuple[str, ...]] = {
    "title": ("articletitle",),
    "published_on": ("pubdate", "publishdate", "article:published_time", "publish-date"),
    "source": ("contentsource",),
    "site_name": ("sitename",),
    "site_id": ("siteidcode",),
    "column": ("columnname",),
}
WANTED = frozenset(name for names in TAGS.values() for name in names)
# what a system writes when it has nothing to say, or a template that was never filled in
NOTHING = re.compile(
    r"^\W*$|^(?:null|none|undefined|nan|无|暂无|本站|本网|admin)$|\$!?\{|\{\{|<%|\$\[|&lt;%|\[[\u4e00-\u9fff]+\]",
    re.IGNORECASE,
)
SITE_ID = re.compile(r"^[A-Za-z]{0,2}\d{8,10}$|^[Nn]\d{9}$")


def read_meta(markup: Markup) -> dict[str, Evidence]:
    """Evidence by field; a value that says nothing, or does not have its field's form, is absent."""
    tags: dict[str, str] = {}
    for number in markup.tagged("meta"):
        meta = markup.attributes(number)
        named = (meta.get("name") or meta.get("property") or "").strip().lower()
        if named not in WANTED:
            continue
        content = " ".join((meta.get("content") or "").split())
        if content and not NOTHING.search(content):
            tags.setdefault(named, content)
    found = {}
    for field, names in TAGS.items():
        name = next((name for name in names if name in tags), None)
        value = _shaped(field, tags[name]) if name else None
        if name and value:
            found[field] = Evidence(value, f"meta tag {name}")
    return found


def _shaped(field: str, value: str) -> str | None:
    if field == "published_on":
        return to_iso(value)
    if field == "site_id":
        return value if SITE_ID.match(value) else None
    return value
