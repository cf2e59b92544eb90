"""One form for all the ways a word can be written, so that a search finds it.

Capitals, accents, ligatures, full-width letters and invisible characters make no difference:
`Écrire`, `ecrire` and `E\N{COMBINING ACUTE ACCENT}CRIRE` fold to the same (Unicode Standard, 3.13:
caseless matching by NFKD and case folding; marks are then dropped in the scripts where readers do
without them).

Scripts written without spaces have no words an index could hold. Their characters stand apart
after folding, each a word of its own, so a part of a sentence is a phrase of characters; emoji
likewise.
"""

from __future__ import annotations

import re
import unicodedata


def fold(text: str) -> str:
    """The searchable form of a text. Folding what is folded changes nothing."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold()).casefold().translate(_PLAIN)
    kept = unicodedata.normalize("NFC", _DROPPED.sub("", plain))
    return _APART.sub(r" \g<0> ", kept)


def has_words(folded: str) -> bool:
    """Whether an index could hold any of it: letters, numbers, emoji."""
    return any(unicodedata.category(character)[0] in "LN" for character in folded) or bool(
        _APART.search(folded)
    )


def stands_apart(character: str) -> bool:
    """Whether it is of a script without spaces, or an emoji."""
    return _APART.fullmatch(character) is not None


# Letters with a stroke or of two letters, which no decomposition takes apart.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)

_DROPPED = re.compile(
    "["
    "\u0300-\u036f"  # Latin, Greek and Cyrillic accents
    "\u0483-\u0487"  # Cyrillic titlo and its like
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"  # Hebrew points
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"  # Arabic
    "\u00ad\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff"  # invisible
    "]+"
)

_APART = re.compile(
    "["
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u2e80-\u2fdf\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"  # Han, kana
    "\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"  # Hangul, more Han
    "\u00a9\u00ae\u00b0\u2190-\u21ff\u2300-\u2bff\U0001f000-\U0001faff"  # signs and emoji
    "]"
)
