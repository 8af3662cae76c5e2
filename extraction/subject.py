"""A number's clause in, the shortest phrase that names what is counted out; heads of lists are carried along."""

from __future__ import annotations

import re
from functools import lru_cache

from extraction.alternatives import grouped, top_level

# What opens a clause without naming what is counted.
_OPENING = re.compile(
    r"^(?=[-\s\d,，、()（）~～—–－一二三四五六七八九十上下不与严为今从以会先全共其内再分切则前加区去县及另各合同和在均大左已市平年并当总我截扎持按期本此比涉深现由的目省积累经继而认较近进通顺])"
    r"(?:[\s、并而,，的)）—–－~～-]|[0-9]{1,2}[.\uff0e](?![0-9])|和(?!解|谐)|及(?![时格])|与|以内|内(?![部容设外])|以上|左右|(?:一|二|三|四|五|六|七|八|九|十)是|[（(][一二三四五六七八九十]{1,3}[）)]|[一二三四五六七八九十]{1,3}、(?![一二三四五六七八九十再两])|其中|同时|此外|另外|另|截至[^，]{0,8}?(?:目前|[年月]?[底末]|年|月|日|改革时|划转时|移交时|统计时)|按照?(?:审级|级别|类型|类别)(?:划?分)?(?:为|看)?(?=[一二再]审)|截止目前|目前|今年以?来|一年来|一年(?=[审办接开提出调受化])|年初以来|近年来"
    r"|今年|当年|当月|本年度?|去年|上年度?|年度|全年度?|年内|期间|(?:19|20)\d\d年(?:度|底)?|[上下]半年|\d{1,2}月(?:份|底|末)?"
    r"|我(?:市|区|县|局|委|省|州|镇|办|厅|院|街道|旗|中心)|本(?:市|区|县|局|机关|单位|级)|全(?:市|区|县|省|州|镇|乡|街道?(?!路)|局|委|系统|旗|国)|(?:市|区|县|省)本级|市、?区?两级|各级|各地|各部门"
    r"|在[^，。；,;]{2,8}[案件]{1,2}中|在内(?!蒙)|[省市县区]级层面|再(?=取消|下放|承接)|先后|累计|共计|总共|合计|共(?![享同建有商治管青])|现有|现已|现(?=保留|在册|$)|已经|已|均|分别|则(?=[查受办审立])|继续|积极|切实|全面|深入|持续|认真|扎实|严格|大力|进一步|顺利|涉及|通过(?!率|$|[^，]{0,6}考试)|加上|前(?=[省市县区州旗](?:人民)?政府)|不断|平均|为此|会同|我们|同期|由|从(?![轻重业事])|较|比|以|经[一-龥]{2,18}?(?:通过|同意|审核|审定|审查|批准|研究|论证)?后)"
)
# What stands between the name and the number.
_CLOSERS = (
    "： : 、 （ ( 共计 总计 合计 累计 共有 共 仅 只有 达到 达成 达 为 是 约 近 超过 超 逾 已 了 有 分别 均 各 不少于 不低于 不超过 至少 最多"
    " 数量 数量约 大幅 平均 总量为 在 对 将 向 给 把 由 从 于 一致 用 到 至 全部 控制 保持 就"
    " 增至 减至 升至 降至 增加至 增加到 减少到 减少至 提高到 提高至 提升至 提升到 压减至 扩大到 扩展至 扩展到 发展到 发展至 壮大到 壮大至"
)
_LONGEST_FIRST = sorted(_CLOSERS.split(), key=len, reverse=True)
_CLOSING = {
    last: tuple(closer for closer in _LONGEST_FIRST if closer[-1] == last)
    for last in {word[-1] for word in _LONGEST_FIRST}
}
_KEPT = ("采用", "行为", "收到", "接到", "拒不", "实有", "不存在", "治超")  # words that end in a character of those
_VERB = r"审议通过|受案|确认(?=继续|废止|失效)|收案|排查出|正在办理|收(?=复议|行政复议)|责改|摸排出|摸排|了结|确认(?:原?(?:具体)?行政行为|原?(?:行政)?处罚决定|程序)(?:违法|无效)|责令(?:限期)?履行(?:(?:法定)?职责)?|新登记|新设立|新接收|登记|在册|实有|继续有效|有效|修订|拟修订|拟修改|拟废止|纠错|纠正|直接|新收|新增|主动|参演|宣布|注销|收回|查出|承担|涉及|发生|受理(?!前)|收到|接收|审结|办结|起草|办理|作出|做出|责令履行|驳回|撤销|变更|确认违法|维持|终止|撤回|调解(?![员组室委书协率中])|和解|不予受理|开展|举办|组织|召开|制定|制发|出台|印发|审查|审核|备案|清理|梳理|查结|废止|修改|保留|失效|报送|报备|发放|培训|新增|完成|实施|检查|立案(?!前)|查处|查办|处理|处罚|答复|公开|发布|提供|接待|解答|移送|结案|化解|排查|调处|评查|参加|承办|代理|指派|援助|胜诉|败诉|判决|裁定|一审|二审|再审|未结|结(?=复议|行政|$)|正在审理|结转|转办|整改|整治|出动|成功|同意|否决|解除|提出|取消|下放|合并|承接|纳入|提请|编制|上线|建成|设立|配备|聘请|聘任|选派|推送|归集"
_ACT_ALONE = r"正式|陆续|成功|集中|统一|一揽子|最终|审理|完毕|核查|方式|申请人(?:自愿|主动|自行)?撤回(?:其?(?:复议|行政复议)?申请)?|作为(?:被申请人|第三人|被告)|审查|责令|准予|破|继续(?:执行|施行|实施)|重新作出|原(?:行政|处罚)?决定|请求|继续有效|经|依法|按期|按时|及时|就地|实际|予以|进行|作出|决定|直接|其他|主动|把关"
# others, which begin with words that may be left out
_ACT_IN_FULL = r"(?:经?审[查核]后)?[由以]?(?:[省市县区州旗乡镇]|本级)(?:人民)?政府(?:及其?)?(?:办公室|办)?(?:名义)?印发|[由以]?[局委厅办](?:机关)?名义|(?:人民)?法院|(?:行政)?复议机关|不?符合(?:受理|法定)?条件|(?:受理|审结|办结|收案)量(?=$)|[报向](?![各全])[一-龥]{0,8}?(?:政府|人大(?:常委会)?)(?=备案|报备|报送)|原?(?:具体)?行政行为|(?:结案|审结)方式为|(?:政策)?法[规制][处科股室]"
# the verb behind is the thing: 开展检查
_ONLY_VERB = re.compile(
    rf"(?!(?:开展|组织|举办|实施|进行).)(?:[的、和及或而并已未了被后,，]|{grouped(top_level(f'{_VERB}|{_ACT_ALONE}'))}|(?=[经审由以省市县区州旗乡镇本局委厅办人法行复报向原具结政不符受收])(?:{_ACT_IN_FULL}))+"
)
_VERB_OPENS = "".join(sorted({verb[0] for verb in _VERB.split("|")}))
_LEADING_VERB = re.compile(
    rf"(?:(?=[予进、和及并了{_VERB_OPENS}])(?:予以|进行|(?:{grouped(top_level(_VERB))})|[、和并了]|及(?![时格])))+"
)
# 市政府全年新收行政复议申请: who acts stands before when
_AGENT = re.compile(rf"^[^，。；,;]{{2,14}}?(?:全年|年内|今年|当年)(?:共|累计)*(?={_VERB})")
_PREPOSITION_END = re.compile(
    r"(?:对|为|向|由|将|给|与|同|在|至|组织|涉及|涵盖|包括|确定|编制|及|和|从|到|全|等|后|中|计为|如)$"
)
_OPENS = re.compile(r"[“《‘（(]")
_STOP_RIGHT = re.compile(r"[，,。；;：:！？\n、）)|｜\t]|(?:以上|以内|以下|左右|之多)")
AFTER_NOUN = re.compile(
    r"(?=[分已均全实纳提开进参担兼从通使完与直组接签达入获被发召并都共对在以为逐率得受的中活扎奔遍走到])(?:分别|已经?|均|全部|实现|纳入|提供|开展|进行|参加|担任|兼任|从|通过|使用|完成|与|直接|提供|参与|组成|进驻|接受|签订|达到|入选|获评?|被|实行|发送|召开|并|都|(?<!公)共(?![享同建])|对(?!象)|在(?![线岗职编册校])|以(?=[一-龥]{1,8}名义)|(?<!行)为|逐[一件份]|率先|得到|受到|的(?=通知)|中(?=[，,有还仅只具“尚])|活跃|扎根|奔走|奔忙|遍布|进校园|到校|到岗|走进)"
)
# What cannot open the phrase behind a measure word: a change, a comparison, a second act.
NOT_A_NOUN = re.compile(
    r"(?=[一上下不与且中其全减到升压及同后和均增已年并得总或按提播无比浏点环缩至覆较逐都里铺阅降建发实])(?:(?:全年|年内|一年)(?:里|来|共|累计)*(?:参[与加]|提[出供]|审[查核合]|办理|出[具席庭]|接待|开展|代理|承办|受理|解答|化解|调解)|铺[到设进]|其中|不再|中(?=[取持具有还仅只已尚无没，,“])|里(?=[一-龥])|无(?=[脱漏一失])|建成(?:并|运行|投[入用])|发挥|实现全覆盖|点击|浏览量|阅读量|播放量|总|全部|均|都|已|覆盖|得到|按[期时]|一律|逐一|逐项|下降|增长|上升|提高|减少|缩短|压缩|压减|减|降|升|增(?![量值补设])|同比|环比|较|比|并|后|且|和|及|与|或|至|到)"
)
# Acts whose object is what is counted; what stands before the last of them in a long label is circumstance.
_ACT = re.compile(
    r"收到|受理(?!条件)|开展|组织(?<!调解组织)|举办|召开|承担|办理|报备|制定|出台|印发|梳理|确定|完成|建成|设立|建立|编制|聘请|聘任|发放|报送|推送|出具|提供|参加|进行|实现|排查|审查|审核|归集|调处|出动|查处|推出|上线(?<!线上线)(?!下)|举行|清理|评查|新建|新增|取得|救助|减免|移送|答复|纠正|收案|承办"
)
_ATTRIBUTE = re.compile(
    r"(?=[参受覆涉服培应听旁协人群总金额资合标数点浏阅投惠成])(?:(?:参加|参与|受益|覆盖|涉及|服务|受教育|培训|参训|参演|参考|应考|听课|旁听|协议涉及)?(?:人数|人员|群众|总?金额|总额|资金|(?:合同|总)?标的(?:总?额|总?金额)?|数量|点击量|浏览量|阅读量|人次)|投资|参加|参与|受益|受教育|涉案|涉案金额|点击|覆盖|惠及|受教育群众|成员)"
)
NAMES_JOINED = re.compile(r"、|与|和(?!解|谐)|及(?![时格])")
_HEDGES = frozenset("及以之内左上不余多时的")
_HEDGE_RIGHT = re.compile(r"^(?:及?以上|以内|之内|内|以下|左右|上下|之多|不等|余|多|时间|的)*的?")
MAX = 30


# 召开专题会议(4次)研究解决问题: what the counted thing was for
ACT_BEHIND = re.compile(r"研究(?:部署|解决|推进|推动|谋划|审议)|部署|听取")
# (96份)行政处罚、行政许可案卷进行了集中评查: two nouns before one act, or before the clause's end
_BOTH = re.compile(
    r"(?P<nouns>[一-龥]{2,10}(?:、[一-龥]{2,10}){1,2}?(?:案卷|文件|合同|协议|规章|法规|决策|事项|材料))(?=[，。；,;]|进行|开展|实施|予以|全部|均)"
)


def right_noun(after: str) -> str:
    """The phrase behind the measure word: `项目纳入“先建后验”,38个` → 项目纳入“先建后验”."""
    if after[:1] in _HEDGES:
        after = after[_HEDGE_RIGHT.match(after).end() :]  # type: ignore[union-attr]
    if (
        not after
        or not ("\u4e00" <= after[0] <= "\u9fff" or after[0] in '“"‘《')
        or NOT_A_NOUN.match(after)
        or ACT_BEHIND.match(after)
    ):
        return ""
    if not _OPENS.search(after, 0, MAX):
        stop = _STOP_RIGHT.search(after, 0, MAX)
        if stop and stop.group() == "、" and (both := _BOTH.match(after)):
            return both["nouns"]
        return after[: stop.start()] if stop else after[:MAX]
    depth = opened = 0
    for at, char in enumerate(after[:MAX]):
        if char in "“《‘（(":
            opened = opened if depth else at
            depth += 1
        elif char in "”》’）)" and depth:
            depth -= 1
        elif depth == 0 and _STOP_RIGHT.match(char):
            return after[:at]
    return after[: opened if depth and after[opened] in "（(" else MAX]  # 人民调解员（其中专职…


def left_label(before: str) -> str:
    """The phrase in front of the number without time, place and connecting words: `全年共开展检查` → 开展检查."""
    return _tight(_whole_label(before))


def labels_of_series(before: str) -> list[str]:
    """The names of several numbers that follow: `全年规范性文件报备率、报备及时率` → 规范性文件报备率, 报备及时率."""
    return [_tight(name) for name in NAMES_JOINED.split(_whole_label(before)) if name]


def _whole_label(before: str) -> str:
    """The phrase in front of the number with what led to it."""
    if "（" in before or "(" in before:
        opened = max(before.rfind("("), before.rfind("（"))
        if opened > max(before.rfind(")"), before.rfind("）")):
            before = before[opened + 1 :].removeprefix("含").removeprefix("其中")
    label = before
    for _ in range(12):
        label = label.rstrip()
        for closer in _CLOSING.get(label[-1:], ()):
            if label.endswith(closer):
                break
        else:
            break
        if label.endswith(_KEPT):
            break
        label = label.removesuffix(closer)
    for _ in range(8):
        match = _OPENING.match(label)
        if not match or match.end() == 0:
            break
        label = label[match.end() :]
    return label


# 通过召开座谈会等方式听取意见: how, not what; but 通过和解等方式结案 says what became of the cases
_BY_MEANS = re.compile(
    r"^.*等(?:[一两二三四五六七八九十]种|多种|各种)?(?:方式|形式|途径|渠道|手段|办法)(?=[一-龥]{4})(?!结案|审结|办结|化解|终止|撤回|促)"
)


def _tight(label: str) -> str:
    """A long label from its last act on, behind titles: `首批围绕市场准入梳理确定了跨省通办事项` → 确定了跨省通办事项."""
    title = max(label.rfind("》等"), label.rfind("”等")) if "等" in label else -1
    if 0 <= title < len(label) - 4:
        label = label[title + 2 :]
    elif title > 0 and label[title] == "》" and (act := _ACT.search(label, 0, max(0, label.find("《")))):
        label = label[act.start() : label.find("《")] + label[title + 2 :]  # 制定了《…规定》等规章: no act in the title
    if "等" in label and (means := _BY_MEANS.search(label)):
        label = label[means.end() :]
    if len(label) > 10:
        starts = [match.start() for match in _ACT.finditer(label) if len(label) - match.end() >= 4]
        if starts:
            label = label[starts[-1] :]
    return label[-MAX:]


def is_only_verb(label: str) -> bool:
    """审结, 作出责令履行, 驳回: names an act, not what it was done to."""
    return _ONLY_VERB.fullmatch(label) is not None


def is_attribute(label: str) -> bool:
    """参加人数, 涉及金额: says which side of the thing before is counted, not what it is."""
    return bool(_ATTRIBUTE.fullmatch(label))


@lru_cache(maxsize=1024)  # of one label it is asked two or three times
def noun_of(label: str) -> str:
    """What a label counts, without its leading verb: `受理行政复议案件` → 行政复议案件; empty where it is all verb."""
    if "年" in label:
        label = _AGENT.sub("", label)
    verb = _LEADING_VERB.match(label)
    return (label[verb.end() :] if verb else label).removeprefix("对")


TAKES_PART = re.compile(r"参与|担任|兼任|提供[一-龥]{0,6}(?:咨询|服务)")


def compose(before: str, after: str, fresh: bool) -> tuple[str, bool]:
    """(subject, whether it names a thing) from the clause's text in front of and behind number and unit.

    fresh: before starts at a clause, not behind another number (whose own noun it then begins with).
    """
    noun = right_noun(after)
    if not noun:
        if not fresh:
            before = _behind_joint(before)
        label = left_label(before)
        return label, bool(noun_of(label))
    if not fresh:
        parts = NAMES_JOINED.split(before)
        before = parts[-1] if len(parts) > 1 else ""
    bare = before.rstrip("了约近共计有 ")
    if before.endswith("》"):
        return _noun_only(noun), True
    label = left_label(before)
    if label == "分":
        label = ""  # 分6期对执法人员进行轮训
    if not label or _PREPOSITION_END.search(bare) or bare.endswith("等"):
        return noun, True
    if TAKES_PART.match(noun) and noun_of(label):
        return label, True  # 公职律师6名参与案件审理
    acts = list(_ACT.finditer(label))
    label = label[acts[-1].start() :] if acts and len(label) > 6 else label
    return (_last_words(label) + _noun_only(noun))[-MAX:], True


def _last_words(label: str) -> str:
    """At most twelve characters, and a quoted name whole: “证照分离”改革涉企经营许可事项."""
    opened = max(label.rfind("“"), label.rfind("《"), label.rfind('"'))
    if len(label) <= 12:
        return label
    last = label[min(opened, len(label) - 12) if opened >= 0 else -12 :]
    return last[last.index("、") + 1 :] if "、" in last[:3] else last  # 区级领[导、部门和街道主要负责人


def _behind_joint(before: str) -> str:
    """Behind another number its own noun comes first: `(37个)行政执法单位、执法人员` → 执法人员."""
    match = NAMES_JOINED.search(before)
    if not match or match.start() < 2 or len(before) - match.end() < 2 or is_only_verb(before[: match.start()]):
        return before  # 分(4批)取消和下放审批事项: the acts of this number's own noun
    return before[match.end() :]


def _noun_only(noun: str) -> str:
    match = AFTER_NOUN.search(noun, 1)
    return noun[: match.start()] if match else noun
