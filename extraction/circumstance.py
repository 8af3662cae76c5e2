"""The sentence up to a number in, whether it narrows the number to a part of the year or to one campaign out."""

from __future__ import annotations

import re
from pathlib import Path

from extraction.plain import any_of

# a figure of some months, of several years or of one campaign is not the year's; 打好…攻坚战 and 减证便民 are policies,
# 1998年以来的 says which documents are looked at
_ALL_MONTHS = r"0?1月?份?(?:至|到|[-—－~～]{1,2})12月|12月(?!4日|份?(?:开展|集中|办件|办理|受理|收到|接到))"
_MONTHS = r"12月4日|(?!一月份?[至到]十二月)[一二三四五六七八九十]{1,2}月份?[至到][一二三四五六七八九十]{1,2}月|(?<![0-9年至到—－~～-])(?:[1-9]|1[0-2])月份?(?=开展|集中|办件|办理|受理|收到|接到)|前(?:[2-9]|1[01])个月|(?<![至到])(?:19|20)\d\d年(?:0?[1-9]|1[01])月份?[，,](?=共|全|累计|我|办|受|收|热线)|(?<![0-9年])(?:[1-9]|1[01])月份[，,]|当月(?!兑|清|结)|当天(?=[^，。；,;]{0,3}(?:发放|悬挂|接受|接待|开展|举办|参加|组织|共))|(?!0?1月?份?(?:至|到|[-—－~～]{1,2})11月)(?:[上下]半年|前[一二三]个?季度|第?[一二三四]季度|\d{1,2}月?份?(?:至|到|[-—－~～]{1,2})\d{1,2}月|截[至止][^，。；,;]{0,7}?(?<!\d)(?:[1-9]|10)月)"
_YEARS = r"(?<![（(])(?:19|20)\d\d年?[至到](?:19|20)\d\d年(?![）)]|(?:期间)?(?:制发|印发|出台|制定|发布)的|度?[^，。；]{0,12}(?:规划|方案|纲要|计划))|自?(?:19|20)\d\d年(?:\d{1,2}月)?(?:以来(?!的|文件|制定|印发|出台|发布|制发|办结的|作出的)|至今|起)|(?:近|过去?|最近|这)[几两二三四五六七八九十]+年(?!规划|行动|计划)|[二三四五六七八九十]年来|以来(?!的|文件|制定|印发|出台|发布|制发|办结的|作出的)(?<!今年以来)(?<!一年以来)(?<!年初以来)(?<!本年以来)|十[二三四五]五.{0,3}(?:期间|时期|以来)"
_CAMPAIGN = r"联合行动|(?<!欠薪)(?<!执法监督)(?<!规范涉企执法)(?<!规范涉企行政执法)专项(?:行动|整治|治理|斗争|攻坚|执法(?!监督)|检查|督查)(?!要求|精神)|百日|宣传[周月日]|(?<=生产)月|(?<=打击|行动|整治|执法|攻坚|治理|排查|检查)月|质量月|(?<![每上本当个这该])[周月](?=宣传|咨询|期间)|(?:世界|国际|全国|中国|国家)[^，,。；;、”\d]{1,8}?[日周月](?!常|期[^间])|“[^“”]{1,10}(?:[周月]|(?<!开放)日)”|活动[周月]|(?<=(?:行动|整治|治理))(?:期间|中)(?=[，,])|(?<=整治[，,])检查|(?<!打[好赢].{2})(?<!打[好赢].{4})(?<!打[好赢].{6})攻坚战|集中整治|清零行动|歼灭战|突击战|(?:重点|重要|关键|敏感)(?:阶段|时段|时期)|疫情(?:防控)?期间|(?<=练兵|春节|元旦|国庆|中秋|端午|清明|五一|两节|双节|假日|节日|暑假|寒假|暑期|高考|中考|汛期)期间|突如其来的[^，。；]{0,6}疫情|[“‘「][^“”]{0,12}(?:(?<!执法质量三年)行动|整治|治理)[”’」]|(?<!减证便民)[”’」](?:(?:系列|专项|集中)*(?:行动|整治|治理)|[^，。；,;“”]{0,4}期间)"
_NARROW = re.compile(
    rf"(?=[0-9]\d{{0,3}}+[年月份至到—－~～-]|[上下前当这最第一二三四五六七八九十截自近过以歼专百宣活攻集清疫重关敏突世国全中质周月联期检“‘「”’」])"
    rf"(?:(?P<all>(?=[01])(?:{_ALL_MONTHS}))|(?P<time>(?=[0-9上下前当这最第一二三四五六七八九十截自近过以])(?:{_MONTHS}|{_YEARS}))"
    rf"|(?P<campaign>(?![0-9上下前第一二三])(?:{_CAMPAIGN})))"
)
# “绿剑”“护农”等专项行动, 宪法日等重要时间节点: several of them are what there was in the year
_SEVERAL = re.compile(
    r"(?:[“‘][^”’]{1,16}[”’][一-龥]{0,10}?、?){2,}等[^，。；,;“”\d]{0,14}(?:节点|行动|整治|活动|时机|契机|日|月)"
    r"|[^，。；,;]{4,24}等(?:重[要大点]|关键)?(?:普法|法治|宣传|时间)*(?:节点|时机|契机)"
)
_SINGLE = [
    word
    for word in (Path(__file__).parent / "single_bodies.txt").read_text(encoding="utf-8").split("\n")
    if word and word[0] != "#"
]
_OPENING = "".join(sorted({word[0] for word in _SINGLE} | set("海法人检网志调审纪巡司说法工调服小市县区派乡镇街苏")))
# 交通运输部门出动…,罚款…: a named body's figures are not the whole government's; 各公安机关, 会同公安局 name no actor
_BODY = re.compile(
    rf"(?=[{_OPENING}])(?P<body>(?<![、和与会同合调向由至送交])(?<![、和与][县市区省州旗]){any_of(_SINGLE)}(?:部门|局|分局|委|厅|执法队|执法局|执法支队|执法大队|支队|大队|总队|机关|系统)"
    r"|(?:司法所|说事点|法律服务中心|工作室|调解室|工作站|服务站|小分队|服务队|[市县区]中心)”?(?=共|累计|全年)(?!共[同享建治]|共?计?[0-9])"
    r"|(?<![各级层个区县市乡镇建设立全])(?:司法所|派出所)(?=调解|开展|化解|受理|办理|组织|参与|成功)"
    r"|(?=[法网志调])(?<!设立|聘请|聘任|配备|建立|选聘|邀请|组织)(?:法律顾问|网格员|志愿者|调解员|法治副校长)(?![，；,;])"
    r"|(?=[乡镇街苏])(?<![、和与及向对由级])(?:乡镇|镇街|街道|苏木镇?)(?:综合(?:行政)?执法(?:队|局|大队|机构|办公室|中心))?(?=(?:全年|共|累计|年内)*(?:以自[己身]|办案|办理[^，。；,;0-9]{0,6}案|立案|查处|作出|实施))"
    r"|审判机关|检察机关|纪检监察(?:机关|组)|纪委监委|[巡察视]{2}组(?!反馈)|海关|(?<![、和与及][县市区省州旗])(?<![、和与及请向])(?<![请向]人民)(?:(?:人民)?法院|(?:人民)?检察院))(?![0-9室团库配率]|的|作用|队伍|服务队|与|负责|主要|会议|签订|公开|网站|及|和|、|等|报|对口|间|之间|联合|领导|下达|移送|全覆盖|[建制+])"
)
_IN_NAMES = re.compile("[门局委厅队关巡统所点心室站问员者长镇街道木院]")  # one of these stands in each of them
# 城关市场监管所出动63人次,该所罚款1.2万元: one office of a body that has many
_OFFICES = "监管所|监督所|派出所|司法所|工商所|税务所|国土所|资源所|财政所|人民法庭|(?<![乡镇街个办])中队|[一二三四五六七八九十]大队"
_OFFICE = re.compile(r"[管督出法商务土源政]所|[中大]队|法庭")
_NAMED_OFFICE = re.compile(
    r"(?:^|[，。；,;：:])(?:其中[，,]?)?(?!依托|指导|全|各|基层|乡镇|镇街|街道|建|新|推动|组织|发挥|通过|在|由|对|所有|督促|选派|辖区|派驻|联合|会同|发动|以|市县|县区|我|本)"
    rf"[一-龥]{{2,8}}?(?:{_OFFICES})(?=共(?!同|享)|累计|全年|先后|成功|调解|化解|受理|办理|查处|立案|检查|出动|开展|组织|创新|推行|打造|坚持|探索|积极|处理|接待|罚款|破获|设卡|处罚|建立|依托|聚焦|紧盯|立足|完成|制定|发放|收到|接收|作出|举办|召开|审查|审核|排查|移送)"
)
_ACTS = "共(?!同|享)|累计|全年|收到|受理|办理|办结|审结|调解|调处|化解|排查|查处|立案|检查|出动|开展|组织|举办|制定|出台|印发|审查|审核|完成|罚款|处罚|作出|接待|发放|培训|移送|召开|承办"
# 其中临江镇办理许可86件: one of those that the whole is made of
_ONE_OF_THEM = re.compile(
    rf"其中[，,]?(?!以|涉|由|对|向|为|各|全|乡镇|镇街|街道|社区|村|部门|单位|执法|行政|司法)[一-龥]{{2,5}}(?:镇|乡|街道|社区|村|县|局|公司|法院)(?={_ACTS})"
)
# 协助市局查处案件32件, 配合省厅开展抽检120批次: acts of others
_FOR_OTHERS = re.compile(
    rf"(?:^|[，。；,;：:])(?:积极|全力|主动)?(?:协助|配合)(?:[省市县区州国]|上级|县级|市级|省级|国家)[一-龥]{{0,8}}?(?:局|厅|委|部门|总局|总队|支队|法院|检察院|法律援助中心)(?:机关)?(?={_ACTS})"
)
_THAT_OFFICE = re.compile(
    r"该(?:派出|司法|监管|税务)?(?:所|站|室|队|中队|分队|大队|支队|中心|分局|庭|村|社区|街道|镇|乡|园区|企业|公司)(?![属有需])"
)
_OTHERS = re.compile(r"[;；]|(?<![对为向在])全[市县区省局系]")
_ANOTHER = re.compile(r"[;；]|(?<![对为向在])全[市县区省]|[，,](?:新?建成|新建|打造|创建|(?:各级)?行政机关)")
# 上、下半年各组织一次案卷评查，共评查案卷120卷: both halves are the year
_BOTH_HALVES = re.compile(r"上(?:半年)?[、和及]?下半年(?:各|均|分别)")
_DETAIL = re.compile("其中[^，,。；;]*$")
_BEHIND_DETAIL = re.compile("[^，,。；;0-9]{0,8}[0-9][^，,]*[，,]")
_CAUSED = re.compile(
    r"(?:因|由)[^，。；,;]{2,14}(?:引发|引起|提起|被申请复议|被申请行政复议|被诉|被起诉)[^，。；,;]*\Z|某[^，。；,;]{2,24}案[，,][^，。；,;]*\Z"
    r"|某(?:公司|企业|单位|门?店|厂|超市|商行|医院|诊所|酒店|饭店|项目|工地|经营部)[^。；;]{0,60}\Z"
)
# 农资打假（检查门店410家次，查处18件）: what stands in the brackets behind a campaign is the campaign's
_OF_CAMPAIGN = re.compile(
    r"(?:整治|打击[^，。；、,;（()）]{2,12}|打假|行动|(?:专项|周边|综合|集中|源头|污染)治理|专项检查|专项执法)[”」]?[（(][^（）()]*\Z"
)
# 督察组交办信访件86件，立案12件; 调解员老李从业26年，累计调解纠纷1263件
_PASSED_ON = re.compile(r"督察组?(?:转办|交办)[^；;]*\Z")
_CAREER = re.compile(r"从[事业][^，。；,;0-9]{0,8}[0-9]{1,2}年")
_WHOLE = re.compile(r"全年|年内|今年|本年度|当年|(?:19|20)\d\d年(?!\d|以来|至今|起)|12月")
_FAR = 24  # no body's name and what tells it from others is longer


class Actors:
    """Finds who acts in a sentence up to each of its numbers; what was looked at for one is not for the next."""

    def __init__(self) -> None:
        self.sentence = ""
        self.bodies: list[re.Match[str]] = []

    def last(self, sentence: str) -> str:
        """The body that the sentence last names as the one that acts; empty where it names none."""
        start, kept = 0, []
        if self.sentence and sentence.startswith(self.sentence):
            start = sure = len(self.sentence) - _FAR
            for body in self.bodies:
                if body.end() <= sure:
                    kept.append(body)
                else:
                    start = min(start, body.start())
            start = max(start, kept[-1].end() if kept else 0, 0)
        if _IN_NAMES.search(sentence, start) and _BODY.search(sentence, start):
            kept += _BODY.finditer(sentence, start)
        self.sentence, self.bodies = sentence, kept
        if not kept:
            return ""
        found = self.bodies[-1]
        return "" if _ANOTHER.search(sentence, found.end()) else found["body"]


def _still_holds(narrowing: re.Pattern[str], sentence: str) -> bool:
    """Whether it is found, and nothing behind it speaks of the others too."""
    return any(not _OTHERS.search(sentence, match.end()) for match in narrowing.finditer(sentence))


def is_one_office(sentence: str, corps: bool) -> bool:
    """Whether the sentence tells of one office or corps of many; corps: the body's own may stand for it (该大队)."""
    named = ("所" in sentence or "队" in sentence or "庭" in sentence) and _OFFICE.search(sentence)
    if named and _still_holds(_NAMED_OFFICE, sentence):
        return True
    if "其中" in sentence and _still_holds(_ONE_OF_THEM, sentence):
        return True
    if ("协助" in sentence or "配合" in sentence) and _still_holds(_FOR_OTHERS, sentence):
        return True
    for match in _THAT_OFFICE.finditer(sentence) if "该" in sentence else ():
        if not (corps and match.group().endswith(("大队", "支队"))) and not _OTHERS.search(sentence, match.end()):
            return True
    return False


# 开展涉及产权保护的专项清理, 开展涉企文件清理; but 开展全县行政规范性文件全面清理
_CLEANING = re.compile(
    r"(?:开展|组织|进行|推进|做好|完成)了?(?P<of>[^，。；,;0-9]{2,40}?)(?:清理|梳理)(?:工作|活动|行动)?(?:[0-9]+次)?[，,：:（(]"
    r"|(?:围绕|聚焦|针对)(?P<on>[^，。；,;0-9]{2,40}?)(?:开展|组织|进行)了?(?:专项|集中|全面|文件)*(?:清理|梳理)(?:工作|活动|行动)?[，,：:（(]"
)
_ALL_FILES = re.compile(
    r"(?:[对的和及、与次市县区省州镇乡旗级月日前]|全[市县区省州镇乡旗面部]|我[市县区省州局镇]|本[市县区省州局镇级]|政府|行政|规范性|文件|规章|法规|地方性"
    r"|各类|历年|现行|有效|存量|集中|年度|定期|系统|制发|印发|出台|制定|专项|起底式|拉网式|地毯式|部门|办公室|[一两二三]轮|所有|以前|以来|制度|开展|进行|党政|党内|政策|措施|备案|审查)*"
)


def cleans_one_topic(sentence: str) -> bool:
    """Whether the sentence tells of a cleaning of the documents on one topic, not of all."""
    told = list(_CLEANING.finditer(sentence))
    if not told or re.search("[；;]", sentence[told[-1].end() :]):
        return False
    return _ALL_FILES.fullmatch(told[-1]["of"] or told[-1]["on"]) is None


def is_narrowed(sentence: str, year: int | None = None) -> bool:
    """Whether the sentence narrows or widens what is counted to something else than the year.

    A later 全年 or year makes the figure whole again; a semicolon ends a campaign. year: the figure's own, since which is
    no longer than it.
    """
    opened = ("（" in sentence and sentence.rfind("（") > sentence.rfind("）")) or (
        "(" in sentence and sentence.rfind("(") > sentence.rfind(")")
    )
    if opened and _OF_CAMPAIGN.search(sentence):
        return True
    if ("督察" in sentence and _PASSED_ON.search(sentence)) or ("从" in sentence and _CAREER.search(sentence)):
        return True
    found = None
    if year and "年以来" in sentence:
        sentence = sentence.replace(f"{year}年以来", "")
    if "等" in sentence and ("”" in sentence or "节点" in sentence or "机" in sentence):
        sentence = _SEVERAL.sub("", sentence)
    if "下半年" in sentence:
        sentence = _BOTH_HALVES.sub("", sentence)
    for match in _NARROW.finditer(sentence) if _NARROW.search(sentence) else ():
        if match["campaign"] and _BEHIND_DETAIL.match(sentence, match.end()):
            start = max(0, match.start() - 14)
            if _DETAIL.search(sentence, start, match.start()):
                continue  # 立案263件,其中“铁拳”行动案件112件,罚没款…: only the detail is the campaign's
        found = None if match["all"] else match
    if found is not None and _WHOLE.search(sentence, found.end()):
        found = None
    if found is not None and not (found["campaign"] and re.search("[;；]", sentence[found.end() :])):
        return True
    return ("因" in sentence or "由" in sentence or "某" in sentence) and _CAUSED.search(sentence) is not None
