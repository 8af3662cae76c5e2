"""The sentence of an indicator's figure in, whether it is told of others: a larger region, some bodies, one drive."""

from __future__ import annotations

import re

from extraction.catalogue import Indicator
from extraction.types import Quantity

# 秸秆禁烧悬挂横幅86条, 防溺水宣传发放资料1263份: publicity, but not on law; the leading 、 tells of topics beside law
_NO_LAW = re.compile(
    "禁烧|溺水|(?:森林|草原)防|防火|防汛|反诈|诈骗|禁毒|反邪教|垃圾分类|防疫|移风易俗|燃气|食品安全|交通安全|安全生产|征兵|殡葬"
    "|河长|(?<!普法)科普|节水|节能|国防|双拥|医保|医疗保险|招生|卫生城|文明城|文明创建|文明祭|卫生健康|献血|控辍|环境整治|人居环境|平安建设|群众满意度|义诊|防震|防灾|减灾|非法集资|养犬|养狗|治超|超限超载|消防(?!法)|疫情|控烟|健康"
)
_LAW = re.compile("法治|普法|法律|法规|宪法|民法|法制|《|送法|条例|学法|法(?=宣传)")


def _publicises_no_law(sentence: str, text: str) -> bool:
    """Whether what was handed out, put up or told speaks of another topic than the law, and the law is named nowhere."""
    return _NO_LAW.search(sentence + text) is not None and _LAW.search(sentence + text) is None


# 全市平均败诉率6.5%; 全省出庭应诉率为96%，我县为100%: what the body's own figure is compared with
_AVERAGE = re.compile(r"全(?P<level>[国省市县区州])(?:的)?(?:平均|均值)[^，。；,;0-9]*\Z")
_ALL_ABOVE = re.compile(r"(?:^|[，。；,;])全(?P<level>[国省市县区州])[^，。；,;0-9]*\Z")
# 根据省厅通报，全省调解组织1.26万个，调解员8.6万人: in the report of a county
_TOLD_OF_ABOVE = re.compile(
    r"(?:^|[，。；,;：:])全(?P<level>[国省])(?=共|现?有|各级|调解|法院|行政|矛盾|信访|法律|复议|人民调解|检察机关|公安机关|司法|律师|普法|网格|政务)[^；;]*\Z"
)
_OURS = re.compile("[我本][省市县区州镇局街]|全[市县区州镇局]|局")
_OURS_BEHIND = re.compile(r"[，,](?:其中)?我[省市县区州镇局街]")


def _is_of_those_above(sentence: str, behind: str, level: str) -> bool:
    """Whether the figure is that of a larger region; level: the character that the reporting body's own region ends in."""
    found = _AVERAGE.search(sentence)
    if not found and _OURS_BEHIND.match(behind):
        found = _ALL_ABOVE.search(sentence)
    return found is not None and found["level"] != level


# “百名律师进百村”活动中，化解纠纷36起: what was done in one drive is no year's sum
_DRIVE = re.compile(r"[”’](?:专项|主题|系列|集中|专题|法律援助|法律服务)*活动(?:(?:期间|中|以来)[，,]|[一-龥]{2})")


def _is_of_a_drive(sentence: str) -> bool:
    """Whether the clause before speaks of one named drive, and no whole year or total comes behind."""
    found = list(_DRIVE.finditer(sentence))
    return bool(found) and not re.search("[；;]|全年|年内|累计|(?<!公)共", sentence[found[-1].end() - 2 :])


# 保留行政权力863项。其中，行政许可26项、行政处罚781项: kinds of powers, not acts
_ACT = re.compile(r"行政(?:许可|处罚|强制|检查|裁决|确认|征收|给付|奖励)\Z")
_OF_POWERS = re.compile(r"行政权力|权[力责](?:事项|清单)|行政职权|职权事项")
_POWERS = ("项", "大项")


def is_kind_of_power(quantity: Quantity, body: str) -> bool:
    """Whether it is told how many powers of a kind there are: its paragraph spoke of powers shortly before."""
    if quantity.unit not in _POWERS or not _ACT.search(quantity.subject):
        return False
    start = quantity.char_start
    return _OF_POWERS.search(body, max(body.rfind("\n", 0, start) + 1, start - 160), start) is not None


# 部分乡镇承接能力不足，14个乡镇持证执法人员合计仅97人: of some of them
_SOME = re.compile(
    r"(?:(?<!大)部分|个别|少数|有的|一些)(?:偏远|基层|执法)?(?:乡镇|镇街|街道|镇|村|社区|部门|单位|学校|企业|地方|地区|县区|区县|县市|市县|机关|司法所|派出所|所)[^；;]*\Z"
)
_PUBLICITY = ("publicity_materials", "banners", "publicity_participants", "publicity_events", "display_boards")


def tells_of_others(indicator: Indicator, sentence: str, text: str, behind: str, level: str) -> bool:
    """Whether the sentence speaks of a larger region, of some bodies, of one named drive or of publicity without law."""
    if ("均" in sentence[-16:] or "我" in behind) and _is_of_those_above(sentence, behind, level):
        return True
    above = level and ("全国" in sentence or (level != "省" and "全省" in sentence))
    told = _TOLD_OF_ABOVE.search(sentence) if above else None
    if told and told["level"] != level and not _OURS.search(told.group(), 2):
        return True
    few = "部分" in sentence or "个别" in sentence or "少数" in sentence or "一些" in sentence or "有的" in sentence
    if few and (some := _SOME.search(sentence)):
        return re.search("[，,]全[市县区省州镇]", some.group()) is None
    if indicator.theme == "disputes" and "活动" in sentence:
        return _is_of_a_drive(sentence)
    return indicator.id in _PUBLICITY and _publicises_no_law(sentence, text)
