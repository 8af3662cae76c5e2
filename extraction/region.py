"""A publisher and its page in, the division it belongs to out; where evidence conflicts or is missing: none."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from extraction.bodies import CORPS
from extraction.fold import fold
from extraction.gazetteer import Division, Gazetteer, gazetteer, has_suffix
from extraction.types import Page, Warning

REPUBLIC = re.compile("^中华人民共和国")
# a body of the whole country: nothing stands behind its 局, 部 or 委员会
NATIONAL = re.compile(
    "^(?:国务院|全国)|^国家[^局署委]{1,12}(?:总局|局|总署|署|委员会|委|办公室)$|^(?:海关|国家税务)总[署局]$"
    "|^(?:外交|国防|教育|科学技术|科技|工业和信息化|公安|国家安全|安全|民政|司法|财政|人力资源和社会保障|自然资源|生态环境"
    "|住房和城乡建设|交通运输|水利|农业农村|农业|商务|文化和旅游|文化|应急管理|退役军人事务)部$|^审计署$"
    "|^中国(?:人民银行|[\u4e00-\u9fff]{2,10}(?:委员会|局|会))$"
)
# a national body's local branch: 国家税务总局大连市税务局, 国家统计局宁波调查队, 中国证券监督管理委员会厦门监管局
BRANCH = re.compile(
    "^(?:国家[^局署委]{1,12}?(?:总局|局|署|委员会)|中国人民银行|中国[^委会]{2,10}?(?:委员会|会))(?=\\S{2})"
)
BRANCH_OFFICE = re.compile("局([\u4e00-\u9fff]{2,8})分局$")
TOWNSHIP = re.compile("(?:[镇乡]|街道|苏木)(?:人民政府|办事处|党工委)?$")
LEVEL_WORD = re.compile("^(自治[区州县旗]|地区|[左右前后中]旗|[省市区县州盟旗])(?!.*[省市县区]人民政府)")
LEVELS = {
    "省": ("province",),
    "市": ("prefecture", "county"),
    "区": ("county",),
    "县": ("county",),
    "州": ("prefecture",),
    "盟": ("prefecture",),
    "地区": ("prefecture",),
    "旗": ("county",),
    "自治区": ("province",),
    "自治州": ("prefecture",),
    "自治县": ("county",),
    "自治旗": ("county",),
    **dict.fromkeys(("左旗", "右旗", "前旗", "后旗", "中旗"), ("county",)),
}
CITED = re.compile("《([^》]{4,60})》")
PRINTED_IN = ("sponsor", "site_name", "source", "publisher", "title", "document_no")
TEXT_LIMIT = 12_000
OPENING = 120
# weights of evidence: the site's own code, names printed by the page, names in the text
CODE_SAME, CODE_PROVINCE, PRINTED, CITED_NAME, MENTION = 8.0, 3.0, 4.0, 2.0, 1.0
MOST_MENTIONS = 5
# the best candidate must stand out by this much from the next
MARGIN = 1.0
# names of another division's parents in the text that outweigh a site code
CONFLICT = 2.0


@dataclass(frozen=True, slots=True)
class Region:
    """code, full path of names, the evidence, and warnings; code is None where it cannot be known."""

    code: str | None
    name: str | None
    source: str = ""
    warnings: tuple[Warning, ...] = ()


def find_region(page: Page, publisher: str | None, year: int | None) -> Region:
    """The most specific division of the publisher that can be known, as of the report year."""
    who = "".join(fold(publisher or "").split())
    who = REPUBLIC.sub("", who)
    if NATIONAL.search(who):
        return Region("000000", "全国", "publisher")
    zone = _zone(who, year)
    if zone:
        return Region(zone.code, zone.full_name, "publisher, a zone of that division")
    evidence = _Evidence(page, year)
    named = _named(BRANCH.sub("", who), year)
    if named:
        return _choose(named, evidence, year, who)
    if BRANCH.match(who):
        return Region(None, None)
    if TOWNSHIP.search(who):
        return _from_context(evidence, year, ("county",))
    level = LEVEL_WORD.match(who)
    wanted = LEVELS[level.group(1)] if level else None
    return _from_context(evidence, year, wanted)


@cache
def _zones() -> Mapping[str, str]:
    """Zones that bear no division's name, by the code of the division that they belong to (zones.csv)."""
    with (Path(__file__).parent / "zones.csv").open(encoding="utf-8", newline="") as file:
        return {row["name"]: row["region_code"] for row in csv.DictReader(file)}


def _zone(who: str, year: int | None) -> Division | None:
    name = next((name for name in sorted(_zones(), key=len, reverse=True) if name in who), None)
    return gazetteer().by_code(_zones()[name], year) if name else None


def _named(who: str, year: int | None) -> list[list[Division]]:
    """Lines of descent that the name begins with: 江西省南昌市东湖区… gives one, 东湖区… several."""
    places = gazetteer()
    rest = CORPS.sub("", re.sub("^(?:中共|中国共产党)", "", who)) or ("新疆" if who else "")
    chains: list[list[Division]] = []
    while rest:
        name, found = places.leading(rest, year)
        if not found:
            break
        after = rest[len(name) :]
        # a short name in front of an ordinary word is a word: 海南 in 海南路, 新城 in 新城开发
        if not has_suffix(name):
            if not chains and not _short_name_fits(after) and not _goes_on(found, after, year):
                break
            # a district is never called without its 区: 西安高新区 is no zone of 西安区
            found = [division for division in found if not DISTRICT.search(division.name)] or found
            # nor a county that bears its city's name: 乌鲁木齐高新区 is no zone of 乌鲁木齐县
            if any(division.level == "prefecture" for division in found):
                found = [division for division in found if division.level != "county"]
        extended = [
            [*chain, division]
            for division in found
            for chain in (chains or [[]])
            if not chain or chain[-1].code in {item.code for item in places.lineage(division, year)} - {division.code}
        ]
        if chains and not extended:
            break
        chains = extended
        rest = after
    return _of_branch_office(chains, rest, year)


def _goes_on(found: list[Division], after: str, year: int | None) -> bool:
    """Whether a short name is followed by a division that lies in it: 广西崇左扶绥县."""
    codes = {division.code for division in found}
    _, inner = gazetteer().leading(after, year)
    return any(
        codes & {item.code for item in gazetteer().lineage(division, year)} - {division.code} for division in inner
    )


def _of_branch_office(chains: list[list[Division]], rest: str, year: int | None) -> list[list[Division]]:
    """某市公安局某区分局 is that district's, where the city has one of the name."""
    match = BRANCH_OFFICE.search(rest)
    if not match or len(chains) != 1:
        return chains
    parent = chains[0][-1]
    inner = [item for item in gazetteer().by_name(match.group(1), year) if item.parent_code == parent.code]
    return [[*chains[0], inner[0]]] if len(inner) == 1 else chains


DISTRICT = re.compile("(?<!自治)(?<!地)(?<!林)(?<!特)区$")
SHORT_FITS = re.compile(
    "^(?!街道|[镇乡村路]|社区|苏木)(?:省|市|区|县|州|盟|旗)?"
    "(?:人民政府|政府|委|经济|经开|高新|新区|工业|开发|综合|保税|自贸|$"
    "|[\u4e00-\u9fff]{0,8}(?:局|厅|办|委员会|管委会|海关|[\u4e00-\u9fff]?队))"
)


def _short_name_fits(after: str) -> bool:
    return bool(SHORT_FITS.match(after))


class _Evidence:
    """What the page says about where it is from; the text is searched for names only when they are asked for."""

    def __init__(self, page: Page, year: int | None) -> None:
        self.page, self.year = page, year
        self.site_code = _code_of(page, gazetteer(), year)

    @cached_property
    def printed(self) -> Counter[str]:
        """Names in the metadata and the sign-off."""
        items = [self.page.fields.get(field) for field in PRINTED_IN]
        values = [item.value for item in items if item] + list(self.page.signature)
        return Counter(name for value in values for _, name in gazetteer().mentions(fold(value)))

    @cached_property
    def text(self) -> str:
        """The text as far as it is searched."""
        return fold(self.page.body[:TEXT_LIMIT])

    @cached_property
    def cited(self) -> Counter[str]:
        """Names that the titles of cited documents begin with."""
        names = (gazetteer().leading(match.group(1), self.year)[0] for match in CITED.finditer(self.text))
        return Counter(name for name in names if name)

    @cached_property
    def mentioned(self) -> Counter[str]:
        """Names in the text; who reports is named where it opens."""
        found = Counter(name for _, name in gazetteer().mentions(self.text))
        found.update({name for _, name in gazetteer().mentions(self.text[:OPENING])})
        return found

    def weight(self, division: Division) -> float:
        """How much speaks for this very division."""
        names = {division.name} | ({division.short_name} if division.level == "province" else set())
        printed = any(self.printed[name] for name in names)
        cited = sum(self.cited[name] for name in names)
        mentioned = sum(self.mentioned[name] for name in names)
        return PRINTED * printed + CITED_NAME * min(cited, MOST_MENTIONS) + MENTION * min(mentioned, MOST_MENTIONS)

    def ancestors(self, division: Division) -> float:
        """How much speaks for what the division lies in."""
        return sum(self.weight(item) for item in list(gazetteer().lineage(division, self.year))[1:])


def _code_of(page: Page, places: Gazetteer, year: int | None) -> Division | None:
    item = page.fields.get("site_id")
    digits = re.sub(r"\D", "", item.value)[:6] if item else ""
    return places.by_code(digits, year) if len(digits) == 6 else None


def _choose(chains: list[list[Division]], evidence: _Evidence, year: int | None, who: str) -> Region:
    best_of: dict[str, tuple[float, Division]] = {}
    for chain in chains:
        division = chain[-1]
        score = _score(division, evidence, year) if len(chains) > 1 else 0.0
        if division.code not in best_of or best_of[division.code][0] < score:
            best_of[division.code] = (score, division)
    ranked = sorted(best_of.values(), key=lambda item: (-item[0], item[1].code))
    score, best = ranked[0]
    if len(ranked) > 1:
        if score - ranked[1][0] < MARGIN:
            paths = ", ".join(division.full_name for _, division in ranked[:4])
            warning = Warning("ambiguous_region", f"the name fits several divisions and nothing decides: {paths}", who)
            return Region(None, None, warnings=(warning,))
        by_text = {division.code: evidence.ancestors(division) for _, division in ranked}
        if max(by_text.values()) - by_text[best.code] >= CONFLICT:
            warning = Warning("region_conflict", "the site's code and the names in the text disagree", who)
            return Region(None, None, warnings=(warning,))
        return Region(best.code, best.full_name, "publisher, decided by evidence of the page")
    code = evidence.site_code
    if code and code.code[:2] != best.code[:2] and len(chains[0]) == 1 and not has_suffix(chains[0][0].name):
        return Region(None, None, warnings=(Warning("region_conflict", "name and site code disagree", who),))
    return Region(best.code, best.full_name, "publisher")


def _score(division: Division, evidence: _Evidence, year: int | None) -> float:
    lineage = list(gazetteer().lineage(division, year))
    score = evidence.ancestors(division)
    code = evidence.site_code
    if code:
        codes = {item.code for item in lineage}
        if code.code == division.code or code.code in codes:
            score += CODE_SAME if code.level != "province" else CODE_PROVINCE
        elif code.code[:4] == division.code[:4]:
            score += CODE_SAME / 2
        elif code.code[:2] == division.code[:2]:
            score += CODE_PROVINCE
    return score


def _from_context(evidence: _Evidence, year: int | None, wanted: tuple[str, ...] | None) -> Region:
    """The division of a body that names none (市发展改革委, 经济技术开发区管委会)."""
    places = gazetteer()
    code = evidence.site_code
    scores: dict[str, tuple[float, Division]] = {}
    for name in {*evidence.printed, *evidence.cited, *evidence.mentioned}:
        for division in places.by_name(name, year):
            if not has_suffix(name) and division.level != "province":
                continue
            weight = evidence.weight(division) + evidence.ancestors(division)
            if len(places.by_name(name, year)) > 1 and weight == evidence.weight(division):
                continue
            scores[division.code] = (weight, division)
    if code and _fits(code, wanted) and (code.level != "province" or wanted == ("province",)):
        supported = not scores or any(key[:2] == code.code[:2] for key in scores)
        if supported:
            return Region(code.code, code.full_name, "site id")
    for levels in (wanted or ("county", "prefecture"), ("prefecture",), ("province",)):
        if wanted and levels == ("province",) and wanted != ("province",) and not _only_province(scores):
            continue
        ranked = sorted(
            (item for item in scores.values() if item[1].level in levels), key=lambda item: (-item[0], item[1].code)
        )
        if levels == ("county", "prefecture") or not ranked:
            ranked = [item for item in ranked if item[1].level == "prefecture"] or []
        if ranked and (len(ranked) == 1 or ranked[0][0] >= ranked[1][0] + MARGIN * 2) and ranked[0][0] >= 2 * MENTION:
            division = ranked[0][1]
            return Region(division.code, division.full_name, "text")
    if code and not wanted:
        return Region(code.code, code.full_name, "site id")
    return Region(None, None)


def _only_province(scores: dict[str, tuple[float, Division]]) -> bool:
    return all(division.level == "province" for _, division in scores.values())


def _fits(division: Division, wanted: tuple[str, ...] | None) -> bool:
    return wanted is None or division.level in wanted
