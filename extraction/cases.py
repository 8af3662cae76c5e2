"""The short word that a number of cases has and the text around it in, what cases it stands for out."""

from __future__ import annotations

import re

CASES = ("件", "起", "宗")
_FROM_POLICE = re.compile(
    r"(?<![向给与往对])公安(?:机关|部门|局)?移[送交](?!审查|起诉|检察|司法)"
)  # 公安机关移送案件12件
# 被申请复议5件,诉讼2件; 发生复议1件、诉讼1件, but not 因信息公开引发复议2件、诉讼1件
_OWN_REVIEWS = re.compile(
    r"被申请(?:行政)?复议|(?:^|[，。；：,;:、年])(?:全年|共|发生|涉及|新增|办理|行政)*复议(?:案件)?[0-9]+[件起宗][，,、；;](?:行政)?诉讼\Z"
)
_MEDIATED = ("调解案件", "调处案件", "化解案件")
_MEDIATORS = re.compile(r"调解员|人民调解|调委会")
_SUED = ("应诉", "被诉", "被起诉")
_BY_PROCEDURE = {"简易": "简易程序案件", "普通": "普通程序案件", "一般": "一般程序案件"}  # 立案188件,简易141件


def case_in_full(subject: str, sentence: str, around: str) -> str:
    """What cases the short word stands for: 处罚, 被诉, 简易; empty where it is none or may be something else."""
    if subject in _BY_PROCEDURE:
        return _BY_PROCEDURE[subject] if _is_of_a_procedure(around) else ""
    if subject in ("诉讼", "行政诉讼"):  # 被申请复议5件,诉讼2件
        return "行政应诉案件" if _OWN_REVIEWS.search(sentence) else ""
    if subject.endswith(_MEDIATED) and _MEDIATORS.search(sentence):
        return f"{subject}|人民调解案件"  # 人民调解员58名,今年调解案件534件
    if subject == "处罚":
        return "行政处罚" if "立案" in sentence or "执法" in sentence else ""
    return "行政应诉案件" if subject in _SUED else ""


def _is_of_a_procedure(around: str) -> bool:
    """立案188件,简易141件,普通47件; but not 隐患23处,重大3处,一般20处."""
    return "简易" in around and ("立案" in around or "处罚" in around or "查处" in around)


def are_from_police(text: str) -> bool:
    """公安机关移送案件12件 came from the police; 向公安机关移送 went to them."""
    return _FROM_POLICE.search(text) is not None
