"""The reporting body's name in, a pattern of the ways in which its own report names it out (县市场监管局, 市场监管部门)."""

from __future__ import annotations

import re
from functools import lru_cache

_REGION = re.compile(r"^(?:.{1,12}?(?:自治[区州县]|省|(?<!城)市(?!场|政|容)|县|区(?!域)|州|盟|旗))+")
_ENDING = re.compile(r"(?:委员会|办公室|局|委|厅|办|署|院|中心|支队|大队|总队)$")
_KINDS = "(?:委员会|办公室|局|委|厅|办|署|院|中心|支队|大队|总队|部门|机关|机构|系统)?"


@lru_cache(maxsize=256)
def own_name(publisher: str) -> re.Pattern[str] | None:
    """Short forms keep the order of the name's characters: 监督管理 becomes 监管. None where nothing of the name is left."""
    core = _ENDING.sub("", _REGION.sub("", publisher))
    core = "".join(re.findall(r"[一-龥]", core))
    if len(core) < 2:
        return None
    letters = "".join(f"{char}?" for char in core)
    return re.compile(rf"全?[省市县区州旗盟]?(?=[{core}]{{2}}){letters}{_KINDS}")
