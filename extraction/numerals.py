"""A printed numeral (Arabic, full-width or Chinese) in, its number out."""

from __future__ import annotations

import unicodedata

DIGITS = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
SCALES = {"十": 10, "百": 100, "千": 1000}
MULTIPLIERS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000, "万亿": 1_000_000_000_000}

Number = int | float


def arabic(text: str) -> Number:
    """`1,286` → 1286, `１２３` → 123, `1 054` → 1054, `3.62` → 3.62. Raises ValueError on anything else."""
    if text.isdecimal():
        return int(text)
    plain = (text if text.isascii() else unicodedata.normalize("NFKC", text)).replace(",", "").replace(" ", "")
    return float(plain) if "." in plain else int(plain)


def chinese(text: str) -> int:
    """`十一` → 11, `二百` → 200, `八十五` → 85, `万` → 10000, `一二` → 12. Raises ValueError on anything else."""
    total = section = digit = 0
    positional = len(text) > 1 and all(char in DIGITS for char in text)
    if positional:
        return int("".join(str(DIGITS[char]) for char in text))
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
        elif char in SCALES:
            section += (digit or 1) * SCALES[char]
            digit = 0
        elif char == "万":
            total += (section + digit or 1) * MULTIPLIERS[char]
            section = digit = 0
        elif char == "亿":
            total = (total + section + digit or 1) * MULTIPLIERS[char]
            section = digit = 0
        else:
            raise ValueError(f"not a Chinese numeral: {text!r}")
    return total + section + digit


def scaled(number: Number, *multipliers: str | None) -> Number:
    """The number times 万, 亿 and the like, free of binary dust: 925.1756 万 → 9251756, 1.2 亿 → 120000000."""
    factor = 1
    for word in multipliers:
        if word:
            factor *= MULTIPLIERS[word]
    if factor == 1:
        return number
    product = round(number * factor, 6)
    return int(product) if product == int(product) else product
