"""The reporting body's name in, patterns of the words that narrow nothing in its own report out.

They are the ways in which the report names the body (县市场监管局, 市场监管部门) and, by own_fields.csv, the field of a
department: 水事违法案件 are all cases of a water bureau. Places of the field (检查农资门店) narrow what is inspected, but not
the fines behind them.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

FIELDS_PATH = Path(__file__).parent / "own_fields.csv"

_OVER_ALL = re.compile(
    r"^(?:中华人民共和国|国家税务总局|中国人民银行|国家)(?=[一-龥]{2,12}(?:税务局|海关|局|分行|总队))"
)
_REGION = re.compile(r"^(?:.{1,12}?(?:自治[区州县]|省|(?<!城)市(?!场|政|容)|县|区(?!域)|州|盟|旗))+")
# 局负责人 in the report of a bureau, 镇级合同 in that of a town: the body's bare kind is the body itself
_OWN_OFFICES = r"综合(?:行政)?执法(?:大队|中队|队|办公室)|司法所"
_OFFICE_CORPS = r"该(?:大队|支队|总队|局)|[局厅委]?(?:属|直属)?(?:综合)?(?:行政|监督)?(?:执法|监察|稽查)(?:支队|大队|总队)|[局厅委](?:属|直属)(?:各)?(?:执法|监察|稽查)(?:机构|单位|队伍)"
_BARE_KINDS = (
    (
        re.compile(r"[镇乡](?:人民政府|政府|党委)?$"),
        rf"(?:本|我)?[镇乡](?:级|政府|本级|党委)?|各村(?:居|社区)?|{_OWN_OFFICES}",
    ),
    (re.compile(r"(?:大|支|总)队$"), r"(?<![一-龥])[本我全]?(?:大|支|总)队"),
    (re.compile(r"海关$"), r"(?<![一-龥])[本我全]关(?:区|系统)?|关(?=领导|党委|长)|关区"),
    (re.compile(r"街道(?:办事处|党工委)?$"), rf"(?:本|我)?街道(?:级|办事处|党工委|办)?|{_OWN_OFFICES}"),
    (
        re.compile(r"[局厅委办]$|委员会$|办公室$"),
        r"(?=[省市县区州分局厅委办])(?:(?<![一-龥])|(?<=制定|出台|印发|修订|清理|评估|审查|审核|备案|参训|受训|培训))[省市县区州分]?[局厅委办](?=负责人|主要|班子|领导|党组|党委|名义|门户|网站|官网|机关|官方|微信|公众号|属|系统|长|法律顾问|公职律师"
        r"|规范性文件|权责清单|权力清单|聘[请任用]?|外聘|举办|组织|开展|本级|制定|出台|印发)",
    ),
)
_LEVEL = re.compile(r"(?P<name>.{1,12}?)(?P<kind>自治[区州县]|省|(?<!城)市(?!场|政|容)|县|区(?!域)|州|盟|旗)")
_TOWN = re.compile(r"(?P<name>.{2,8}?)(?P<kind>镇|乡|街道)")
_ENDING = re.compile(r"(?:委员会|办公室|局|委|厅|办|署|院|中心|支队|大队|总队)$")
_KINDS = "(?:委员会|办公室|局|委|厅|办|署|院|中心|支队|大队|总队|部门|机关|机构|系统)?"
DEPARTMENT = "§"  # a rule's word `^§` holds in the report of a department that reviews no others
TOWN = "¤"  # and `^¤` in that of a town or subdistrict
_TOWN_BODY = re.compile(r"(?:镇|乡)(?:人民政府|政府|党委)?$|街道(?:办事处|党工委)?$")
_CENTRAL = re.compile(r"税务|海关|国家安全|金融监督|外汇|人民银行")
_REVIEWS = re.compile(r"司法|法制|政府|管理委员会|管委会|办事处")


@lru_cache(maxsize=256)
def is_department(publisher: str) -> bool:
    """Whether its cases of review and of court are those against itself, for it decides on no others'."""
    return publisher.endswith(("局", "厅", "委员会", "支队", "大队", "总队")) and not _REVIEWS.search(publisher)


def answers_to_the_centre(publisher: str) -> bool:
    """Tax, customs and the like, which decide on reviews of their own lower bodies in all years."""
    return _CENTRAL.search(publisher) is not None


@lru_cache(maxsize=256)
def decides_reviews(publisher: str, year: int) -> bool:
    """Since 2022 governments decide for their departments, but not for those that answer to the centre; towns never do."""
    if mark_of(publisher) == TOWN:
        return False
    return year < 2022 or not is_department(publisher) or answers_to_the_centre(publisher)


@lru_cache(maxsize=256)
def mark_of(publisher: str) -> str:
    """What rules may ask of the reporting body, put in front of the sentence."""
    return DEPARTMENT if is_department(publisher) else TOWN if _TOWN_BODY.search(publisher) else ""


@lru_cache(maxsize=256)
def level_of(publisher: str) -> str:
    """What its region is: 县 of 青山县司法局; empty where that is a town or unknown."""
    region = _REGION.match(publisher)
    return "" if not region or _TOWN_BODY.search(publisher) else region.group()[-1]


_OFFICE = "(?:局|委|厅|部门|系统|机构|机关|领域)?"


@lru_cache(maxsize=256)
def own_name(publisher: str) -> re.Pattern[str] | None:
    """Short forms keep the order of the name's characters: 监督管理 becomes 监管. None where nothing of the name is left."""
    core = _ENDING.sub("", _REGION.sub("", publisher))
    core = "".join(re.findall(r"[一-龥]", core))
    if len(core) < 2:
        return None
    letters = "".join(f"{char}?" for char in core)
    return re.compile(rf"全?[省市县区州旗盟]?(?=[{core}]{{2}}){letters}{_KINDS}")


@dataclass(frozen=True, slots=True)
class Own:
    """What is the reporting body's own: its name and field in any phrase, and places of that field."""

    words: re.Pattern[str]
    places: re.Pattern[str] | None
    congress: str = ""  # of its own level, where others' would be another figure: 省人大 in the report of a province


@lru_cache(maxsize=256)
def own_words(publisher: str) -> Own | None:
    """None where neither name nor field of the publisher is known."""
    publisher = _OVER_ALL.sub("", publisher)  # 国家税务总局云岭市税务局 calls itself 云岭市税务局
    name = own_name(publisher)
    fields: list[str] = []
    places: list[str] = []
    for departments, its_fields, its_places in _fields():
        if not publisher.endswith(("政府", "办事处")) and any(word in publisher for word in departments):
            fields += its_fields
            places += its_places
    patterns_of_places = _places_named(publisher)
    bare = next((words for ending, words in _BARE_KINDS if ending.search(publisher)), None)
    patterns = (
        [field + _OFFICE for field in sorted(fields, key=len, reverse=True)]
        + ([name.pattern] if name else [])
        + _of_an_office(publisher)
        + ([bare] if bare else [])
        + patterns_of_places
    )
    if not patterns:
        return None
    region = _REGION.match(publisher)
    congress = "省人大" if region and region.group().endswith("省") else ""
    return Own(re.compile("|".join(patterns)), re.compile("|".join(places)) if places else None, congress)


def _of_an_office(publisher: str) -> list[str]:
    """How the report of a city's bureau names it and its corps: 市局, 局执法支队."""
    region = _REGION.match(publisher)
    if not region or not publisher.endswith(("局", "厅")):
        return []
    return [f"{region.group()[-1]}{publisher[-1]}(?!长)", _OFFICE_CORPS]


def _places_named(publisher: str) -> list[str]:
    """The body's region and town by their names, with or without what they are: 上海市, 上海, 建章路街道."""
    region = _REGION.match(publisher)
    end = region.end() if region else 0
    places = [*_LEVEL.finditer(publisher, 0, end), *filter(None, [_TOWN.match(publisher, end)])]
    named = [place for place in places if len(place["name"]) > 1]
    if not named:
        return []
    first = re.escape("".join(dict.fromkeys(place["name"][0] for place in named)))
    words = "|".join(f"{re.escape(place['name'])}(?:{place['kind']})?" for place in named)
    return [f"(?=[{first}])(?:{words})"]


@cache
def _fields() -> list[tuple[list[str], list[str], list[str]]]:
    with FIELDS_PATH.open(encoding="utf-8", newline="") as file:
        return [
            (row["department"].split(), row["field"].split(), row["places"].split()) for row in csv.DictReader(file)
        ]
