"""What is counted in, the same without examples and names that stand for the whole out: 审查土地出让合同等合同 is 审查合同."""

from __future__ import annotations

import re
from collections.abc import Callable

from extraction.said import unquoted
from extraction.turns import VISITS

# 移动端“洋事通”可办事项; 办理取水许可、河道采砂等行政许可事项: an app's name, examples of the whole
_HARMLESS = re.compile(
    r"“[五六七八九]五”(?=普法)|“[一-龥]{2,5}[通办码]”(?!率|占比|比例)|“[一-龥]{2,10}(?:平台|系统)”|“[一-龥]{2,6}”(?=清单|(?:微信)?公众号|微博|抖音|普法志愿)|“[一-龥]{2,6}法律服务[圈站室点]”|“[一-龥]{2,6}调解(?:工作)?室”(?=[|]|$)|“[一-龥]{2,8}”(?=(?:特色|个人)?(?:品牌|调解工?作?室))|(?:“[^“”]{2,12}”、?)+(?:等|一类|之类)|“[一-龥]{2,8}”这样的|[一-龥]{2,12}(?:、[一-龥]{2,12})+等(?=[一-龥]{4})|(?<=法律顾问参与)[一-龥、]{2,20}等(?=[|]|$)|[一-龥]{2,4}(?:、[一-龥]{2,6})+等(?=(?:合同|协议|文件|事项|议题|资料|材料|证照|许可)(?:[|]|$))|[一-龥]{2,14}(?:、[一-龥]{2,10})+等(?=(?:各类|应急|行政){0,2}(?:演练|许可)(?:[|]|$))"
)
# one example of the whole, looked for where its 等 follows: 审核员轮训等执法培训, 危化品经营许可等许可, 土地出让合同等
_EXAMPLE = re.compile(
    r"(?:“[^“”]{2,12}”、)?[一-龥]{2,10}(?:轮训|讲堂|比武|练兵)等(?=[一-龥]{0,4}培训)|[一-龥]{2,12}许可等(?=(?:行政)?许可)"
    r"|(?<=参与)[一-龥]{2,12}等(?=涉法|重[大要]|各类)"
    r"|(?<=推出|上线|实现|办好|开通|落地)[一-龥、]{2,30}等(?=“?(?:高效办成)?一件事)"
    r"|(?<=审[查核])[一-龥]{2,8}(?=(?:合同|协议)等(?:[|]|$))|(?:《[^《》]{2,30}》[、和]?){1,6}等"
)
# a department inspects 医疗机构、公共场所、学校等被监督单位: three kinds of places of its field or more stand for all
_PLACE = "[一-龥A-Z]{0,9}?(?:店|场|所|户|机构|企业|单位|主体|校|厂|院|站|园|吧|坊|摊|铺|公司|V)"
_PLACES_OF_ALL_KINDS = re.compile(
    rf"(?<=检查){_PLACE}(?:、{_PLACE}){{2,8}}等(?=各类|被?监[督管]|生产|经营|单位|场所|企业|[|]|$)"
)
_BEFORE_EXAMPLES_END = (
    "等一件",
    "等“一",
    "等“高",
    "等高效",
    "训等",
    "堂等",
    "武等",
    "兵等",
    "可等",
    "同等",
    "议等",
    "》等",
    "等涉",
    "等重",
)


def without_examples(core: str, sentence: str, unit: str | None, has_places: Callable[[str], bool]) -> str:
    """has_places: whether words name places that the reporting body inspects."""
    if "等" in core and unit in VISITS and "行动" not in sentence and has_places(core):
        core = _PLACES_OF_ALL_KINDS.sub("", unquoted(core))
    if ("“" in core or "等" in core) and (unit not in VISITS or "等各类" in core):
        if any(map(core.__contains__, _BEFORE_EXAMPLES_END)):
            core = _EXAMPLE.sub("", core)
        core = _HARMLESS.sub("", core)
    return core
