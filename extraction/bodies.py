"""A name in, whether it is a public body's and what kind of body out: the endings that such names have."""

from __future__ import annotations

import re

from extraction.fold import fold
from extraction.gazetteer import gazetteer, has_suffix

BODY = re.compile(
    "(?:人民政府(?:办公[室厅])?|政府|行政公署|行署|管理委员会|管委会|委员会|办事处|办公[室厅]|管理局|监督局|[厅局委办部院署会行队社]"
    "|党[工]?委|党组|工委|中心|集团|公司|海关|市委|县委|区委|省委|州委|兵团)$"
)
# offices that upload or edit; not the body that reports
OFFICE = re.compile(
    "(?:(?<!委员会)办公[室厅]|政府办|管委会办|委办|府办|政务公开办|信息中心|门户网站|网站|新闻中心|政策法规[处科股]|法规[处科股])$"
)
ZONE = re.compile(
    "(?:经济技术|高新技术产业|经济|高新技术|工业|产业|旅游|保税|综合保税|边境经济合作|循环经济|现代农业)?"
    "(?:开发|高新|经开|示范|度假|合作|园|新|保税|风景|名胜|实验|试验)区$"
)
PLACE_PARTS = re.compile("^[\u4e00-\u9fff]{2,}(?:街道|镇|乡|苏木|社区)$")
# divisions that no people's government but an agency of the level above runs
AGENCY = re.compile("(?:地区|盟)$")
# the corps and its divisions are named before the city that they run: 第八师石河子市
CORPS = re.compile("^(?:(?:新疆生产建设)?兵团)?第?[一二三四五六七八九十]{1,3}师|^新疆生产建设兵团|^兵团")
WEBSITE = re.compile(
    "(?:(?<!人民)政府)?(?:门户|官方)?网站?$|^(?:欢迎(?:访问|光临|来到)|中国[·.])|官网$|\\s|-?首页$|\\([^()]*\\)"
)
NOTE = re.compile("\\s*\\(([^()]*)\\)\\s*$")
LONGEST_NAME = 60
NATIONAL_NAME = re.compile("^(?:中华人民共和国|国家|国务院)")


def without_note(name: str) -> str:
    """A name without what stands behind it in brackets, but for the division that a zone is: 高新区(新市区)."""
    note = NOTE.search(name)
    kept = not note or (is_place(note.group(1)) and ZONE.search(name[: note.start()]))
    return name if kept or not note else name[: note.start()]


def places_of(name: str) -> tuple[str, str]:
    """The divisions that a name begins with, and the rest: 合肥市巢湖市教育局 → 合肥市巢湖市, 教育局."""
    rest = CORPS.sub("", re.sub("^(?:中共|中国共产党)", "", name))
    start = len(name) - len(rest)
    while rest:
        place, found = gazetteer().leading(rest, None)
        if not found:
            break
        rest = rest[len(place) :]
    return name[start : len(name) - len(rest)], rest


def is_place(name: str) -> bool:
    """Whether the name is nothing but divisions: 安徽省合肥市, 第八师石河子市."""
    places, rest = places_of(name)
    if places and not rest and not has_suffix(name) and not gazetteer().by_name(name, None):
        return False  # 五河公安: two short names are no division
    # 兰州新区 is a zone, although a district somewhere is called 新区; 浦东新区 is a division
    return bool(places) and not rest and not (name.endswith("新区") and not gazetteer().by_name(name[-4:], None))


def is_body_or_place(name: str) -> bool:
    """Whether a report could be this name's: a body, a zone, a township, a division."""
    return bool(
        BODY.search(name)
        or CORPS.match(name)
        or ZONE.search(NOTE.sub("", name))
        or PLACE_PARTS.match(name)
        or is_place(name)
    )


def to_government(name: str) -> str:
    """A bare place is its people's government; a body stays what it is."""
    if BODY.search(name) or CORPS.match(name):
        return name
    if is_place(name):
        if not has_suffix(name):
            called = {division.name for division in gazetteer().by_name(name, None)}
            name = called.pop() if len(called) == 1 else name
        return name + ("行政公署" if AGENCY.search(name) else "人民政府")
    if ZONE.search(name) or not PLACE_PARTS.match(name):
        return name
    return name + ("办事处" if name.endswith("街道") else "人民政府")


def site_body(text: str) -> str | None:
    """The body that a site's name is of: 某市司法局门户网站 → 某市司法局; None where it names none in full."""
    name = WEBSITE.sub("", fold(text[:LONGEST_NAME]).strip())
    if not 4 <= len(name) <= 40 or not BODY.search(name):
        return None
    return name if places_of(name)[0] or NATIONAL_NAME.match(name) else None
