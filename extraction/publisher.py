"""A page in, the body that reports out: from the title, the sign-off, the metadata, the text – in full where known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from extraction.fold import fold
from extraction.gazetteer import gazetteer
from extraction.types import Evidence, Page

YEAR = "(?:(?:19|20)\\d{2}|[一二][〇○零Oo九0][〇○零一二三四五六七八九]{2})年?度?"
SUBJECT = "(?:推进|开展|全面|深入|加强|贯彻|落实)*(?:法治政府|依法行政|法治建设|法治工作|法治机关|依法治)"
# what stands before the subject in a title; tried in order
TITLES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^关于(?P<who>[^关]{{2,40}}?){YEAR}.*{SUBJECT}",
        r"^(?P<who>.{2,50}?)关于(?:印发|公布|公开|报送|呈报|上报|发布|做好)?.*(?:法治|依法)",
        rf"^(?P<who>.{{2,50}}?){YEAR}.*{SUBJECT}",
        rf"^{YEAR}(?P<who>.{{2,50}}?){SUBJECT}",
        rf"^(?:关于)?(?P<who>.{{2,50}}?){SUBJECT}",
    )
)
ISSUED = re.compile("印发《(.+?)》")
BODY = re.compile(
    "(?:人民政府(?:办公[室厅])?|政府|管理委员会|管委会|委员会|办事处|管理局|监督局|[厅局委办部院署会行]|党工委|支队|总队|大队|中心|集团|公司|海关|市委|县委|区委|省委|州委)$"
)
OFFICE = re.compile(
    "(?:办公[室厅]|政府办|管委会办|委办|府办|政务公开办|信息中心|门户网站|网站|新闻中心|政策法规[处科股]|法规[处科股])$"
)
ABBREVIATED = re.compile("^(?:[省市区县州旗]|[本我])(?=[^委]|委(?!$))")
FROM_TEXT = re.compile(
    "(?:^|[年,。;:\\n]|现将)(?P<who>(?:[省市区县州]|我|\\S{2,8}[省市区县州])[\u4e00-\u9fff]{1,16}?(?:委|局|厅|办|政府|管委会|委员会))"
    "(?=(?:对20|对本|坚持|以习|以党|深入|认真|紧紧|按照|在市|在省|在区|在县|在党|全面|切实|严格|积极|牢牢|始终|高度|坚决|聚焦|围绕|持续|党组|主动))"
)
PARTY_AND_STATE = re.compile("(?P<place>[\u4e00-\u9fff]{2,9}?[省市区县州旗])委、?(?:\\S?[省市区县州])?政府")
ZONE = re.compile(
    "(?:经济技术|高新技术产业|经济|高新技术|工业|产业|旅游|保税|综合保税|边境经济合作|循环经济|现代农业)?(?:开发|高新|经开|示范|度假|合作|园|新|保税|风景|名胜|实验|试验)区$"
)
PLACE_PARTS = re.compile("^[\u4e00-\u9fff]{2,}(?:街道|镇|乡|苏木|社区)$")


def find_publisher(page: Page, genre: str) -> Evidence | None:
    """The reporting body and the evidence for it, or None.

    A bare place means its people's government; an abbreviation is written out by the sign-off, the sponsor or the
    source where they name the same body; offices that upload are not the body that reports.
    """
    title = page.fields.get("title")
    named = _from_title(title.value) if title else None
    long_names = list(_long_names(page))
    if named:
        return _in_full(Evidence(named, "title"), long_names)
    for name, source in long_names:
        if source == "signature":
            return Evidence(name, source)
    label = page.fields.get("publisher")
    if label and BODY.search(label.value) and not OFFICE.search(label.value):
        return _in_full(label, long_names)
    found = _from_text(page.body)
    if found:
        return _in_full(found, long_names)
    if label and genre == "annual_report":
        return Evidence(OFFICE.sub("", label.value) or label.value, label.source)
    return None


def _from_title(title: str) -> str | None:
    plain = re.sub(r"\s+", " ", fold(title)).strip(" 《》")
    issued = ISSUED.search(plain)
    if issued:
        inner = _from_title(issued.group(1))
        if inner:
            return inner
    compact = plain
    for pattern in TITLES:
        match = pattern.search(compact)
        if match:
            who = _clean(match.group("who"))
            if who and _is_body_or_place(who):
                return _place_to_government(who)
    return None


def _clean(who: str) -> str:
    who = re.sub(rf"^(?:关于|《)?(?:报送|印发|呈报|上报)?《?|(?:的|推进|全面|开展|{YEAR})+$", "", who.strip())
    return re.sub(r"^\(.*?\)|[《》\"“”]", "", who).strip(" ,、:")


def _is_body_or_place(who: str) -> bool:
    if BODY.search(who) or ZONE.search(who) or PLACE_PARTS.match(who):
        return True
    rest, places = who, 0
    while rest:
        name, found = gazetteer().leading(rest, None)
        if not found:
            return False
        rest, places = rest[len(name) :], places + 1
    return places > 0


def _place_to_government(who: str) -> str:
    if BODY.search(who) or ZONE.search(who):
        return who
    if PLACE_PARTS.match(who):
        return who + ("办事处" if who.endswith("街道") else "人民政府")
    return who + "人民政府"


def _long_names(page: Page) -> Iterator[tuple[str, str]]:
    """Names of bodies that the page prints in full, the best evidence first."""
    for line in page.signature:
        name = re.sub(r"\(.*?\)|\s", "", re.split(r"\d|二[〇○零]", fold(line))[0])
        if len(name) >= 4 and BODY.search(name):
            yield name, "signature"
    for field in ("sponsor", "publisher", "source", "site_name"):
        item = page.fields.get(field)
        if item:
            name = re.sub(r"\(.*?\)|门户网站|政府网站?|网$|\s", "", fold(item.value))
            if BODY.search(name) and not OFFICE.search(name):
                yield name, item.source


def _in_full(found: Evidence, long_names: Iterable[tuple[str, str]]) -> Evidence:
    """The same body's longer name, where one is printed: the short one's characters stand in it in order."""
    short = "".join(found.value.split())
    if ABBREVIATED.match(short) or ZONE.search(short) or not BODY.search(short) or short.endswith("管委会"):
        core = re.sub("^[省市区县州我本](?=.{2})", "", short)
        core = re.sub("(?:管委会|区)$", "", core) if ZONE.search(short) or short.endswith("管委会") else core
        for name, source in long_names:
            if len(name) > len(short) and _abbreviates(core, name) and name[-1] in short[-1] + "会局":
                return Evidence(name, f"{found.source}, in full by {source}")
    return found


def _abbreviates(short: str, name: str) -> bool:
    rest = iter(name)
    return all(char in rest for char in short)


def _from_text(body: str) -> Evidence | None:
    start = "\n".join(fold(body).split("\n")[:4])[:1500]
    match = FROM_TEXT.search(start)
    if match and not re.fullmatch("[省市区县州](?:委|政府|委、.*)|.*(?:市|县|区|省)委", match.group("who")):
        return Evidence(match.group("who"), "text")
    match = PARTY_AND_STATE.search(start)
    if match:
        name, found = gazetteer().leading(match.group("place"), None)
        if found and name == match.group("place"):
            return Evidence(name + "人民政府", "text")
    return None
