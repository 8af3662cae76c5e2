"""The clause before a number in, what it names without counting it out: a measure, an event, a list, a thing."""

from __future__ import annotations

import re

from extraction.subject import left_label, noun_of

_JUDGED = re.compile(
    r"(?:还|仍然?|依然|相对|总体|普遍)?(?:不高|较低|偏低|较高|偏高|不够高|不足|明显提升|稳步提升|稳中有升|有所[^，。]{2})$"
)


def label_before(clause: str) -> str:
    """The measure that the clause before judges: `出庭应诉率不高，仅为78.6%` → 出庭应诉率; empty where it names none."""
    label = left_label(_JUDGED.sub("", clause))
    return label if label.endswith(("率", "数", "量", "度", "额", "比例", "时间", "时限")) else ""


_EVENT = re.compile(r"(?:考试|测试|测评|竞赛|答题|演练|宣誓|庭审|培训班?)$")


def is_event(subject: str) -> bool:
    """考试, 演练: what people take part in."""
    return _EVENT.search(subject) is not None


_QUOTED_DATE = re.compile(r"“[0-9]{1,2}[·.][0-9]{1,2}”")  # “12·4”宪法日开展宪法宣誓,61名干部参加


def event_before(clause: str) -> str:
    """The event that the clause before names without counting it: `组织执法资格考试` → 执法资格考试."""
    clause = _QUOTED_DATE.sub("", clause)
    if re.search(r"[0-9０-９]", clause) or not _EVENT.search(event := left_label(clause)):
        return ""
    return _HAN_COUNT.sub("", noun_of(event))


_HELD = re.compile(r"(?:共|全年|累计)*(?:安排|开展|组织|举办|举行|进行|召开|达|达到)?(?:了|共)?")
_NAMED_EVENT = re.compile(
    r"(?:学法|法治讲座|法治培训|案卷评查|联合检查|执法检查|应急演练)(?:制度|活动|工作|、?后议事)?$"
)


_BUILT = re.compile(
    r"(?:获评|荣获|创成|争创|创建为?|评为|命名为|打造)了?([一-龥]{2,14}示范(?:村|社区|单位|点))$"
    r"|(?:建起|建成|设立|建立|建有|打造|创建|设有)了?([一-龥]{2,12}(?:阵地|联系点|调解室|工作站|服务站|公园|广场|长廊|受理点|工作室|示范户|队伍))$"
    r"|(?:配备|配齐|配强|聘请|聘任|选聘|培养|培育)了?([一-龥“”]{2,10}(?:副校长|顾问|调解员|网格员|明白人”?|监督员|辅导员))$"
)


_SPREADS = re.compile(
    r"([一-龥]{2,12}?(?:联系点|受理点|服务点|代办点|调解室|工作站|服务站|工作室))(?:[向在已也逐步持续不断、]|建|设|建设)*[一-龥、]{0,12}(?:延伸|覆盖|下沉|拓展|铺开|扩面|扩容|布局|落地)$"
)


def thing_built(clause: str) -> str:
    """`村村建起法治文化阵地，共有[11处]` → 法治文化阵地; `复议受理点向乡镇延伸，现已设[73个]` → 复议受理点."""
    found = _BUILT.search(clause) or _SPREADS.match(clause)
    if not found or re.search(r"[0-9０-９]", clause):
        return ""
    thing: str = next(filter(None, found.groups()))
    return thing


def is_held(subject: str) -> bool:
    """安排, 开展 or nothing: of what event must be told before."""
    return _HELD.fullmatch(subject) is not None


def named_event(clause: str) -> str:
    """`市政府常务会议坚持会前学法，全年安排[16次]` → 市政府常务会议坚持会前学法."""
    return "" if re.search(r"[0-9０-９]", clause) or not _NAMED_EVENT.search(clause) else left_label(clause)


_HAN_COUNT = re.compile(r"^[一两二三四五六七八九十]+(?:期|次|场|批|个|轮)")  # 举办两期培训班


def before_parenthesis(before: str) -> str:
    """The phrase that a parenthesis with nothing but the number counts: `重大行政决策事项目录(5项)`."""
    opened = max(before.rfind("("), before.rfind("\uff08"))
    if opened <= 0 or before[opened + 1 :].strip("共计约为 "):
        return ""
    label = left_label(before[:opened])
    return label if len(label) > 3 and not re.search("[0-9]", label) else ""


_LIST = re.compile(r"(?:清单|目录|动态调整|承诺制|容缺受理)[”\"》]?(?:[（(][^（）()]*[）)])?$")
_MAKES_LIST = re.compile(r"(?:[一-龥]{2,8})(?:制定|公布|编制|出台|建立|发布|梳理|推行)")
_ITEMS = re.compile(
    r"(?:公布|列明|列入|纳入|保留|调整|梳理|确定|涉及|涵盖|包括|包含|列出|收录)*(?:许可|服务|权力|审批|决策)?(?:事项)?"
)


def is_bare_items(subject: str) -> bool:
    """纳入事项, or nothing: of what list must be told before."""
    return _ITEMS.fullmatch(subject) is not None


def list_before(clause: str) -> str:
    """The list that the clause before names without counting: `编制公共服务事项目录,共[312项]` → 公共服务事项目录."""
    if not _LIST.search(clause):
        return ""
    if clause.endswith("》"):
        return clause[clause.rfind("《") + 1 : -1]
    if counted := re.search(r".*\d(?![\d年])", clause):  # 14个执法部门制定免罚清单,涉及事项326项
        clause = clause[counted.end() :]
        if not (act := _MAKES_LIST.search(clause)):
            return ""
        clause = clause[act.end() :]
    return noun_of(left_label(re.sub(r"[（(][^（）()]*[）)]$", "", clause)))


_THING = re.compile(
    r"(?:清理|规范|梳理|取消|减少)(?:了|规范)?(?P<thing>[一-龥]{2,16}(?:事项|文件|证明|材料))$"
    r"|(?:开展|组织|做好|推进)了?(?P<cleaned>[一-龥]{2,14}(?:事项|文件|证明|材料))(?:专项|集中|全面)?清理(?:工作|活动)?$"
    r"|对(?:[一-龥]{0,16}(?:制发|印发|出台|制定|发布)的|(?:[一-龥]{0,6}以[来前]的?|历年的?|现行(?:有效)?的?|现有的?|存量)[省市县区州旗]?(?:政府)?)(?P<made>(?:(?:行政)?规范性|政策性?|各类)?文件)(?:全面|集中|系统|进行|开展|组织|起底式|拉网式|地毯式|逐[件份一]|评估)*[“\"]?(?:清理|体检|梳理|起底)[”\"]?$"
)
_DATE = re.compile(r"(?:19|20)\d\d年(?:\d{1,2}月)?(?:\d{1,2}日)?")


_FILES_CLEANED = ("历年文件", "历史文件", "存量文件", "现有文件", "政府文件", "历年制发文件", "历年制发的文件")


def thing_before(clause: str) -> str:
    """What the clause before acts on without counting it: `清理规范中介服务事项,保留[41项]` → 中介服务事项."""
    if "年" in clause:
        clause = _DATE.sub("", clause)  # 对2019年以前制发的文件全面“体检”
    found = _THING.search(clause)
    if not found or re.search(r"\d", clause):
        return ""
    if found["made"]:
        return "规范性文件"
    thing: str = found["thing"] or found["cleaned"]
    return "规范性文件" if thing in _FILES_CLEANED else thing


_BODIES = re.compile(r"(?:(?:市|县|区|省|州)[级直])?(?:执法|政府|市直|县直|区直)?(?:部门|单位|乡镇|镇街|街道|机关)")


def is_bodies(subject: str) -> bool:
    """部门: whose list is counted must be told before."""
    return _BODIES.fullmatch(subject) is not None
