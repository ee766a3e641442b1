"""Text of the fonts of before Unicode, read into Unicode: TCVN3 (ABC), the fonts ".Vn…", and VNI.

Both put Vietnamese letters on the places of Latin-1, so a workbook hands "NguyÔn V¨n Hïng" on. Text is
converted only when it holds signs that Vietnamese in Unicode never holds and every word with a sign
becomes a Vietnamese syllable; text with any letter outside Latin-1 is Unicode already and left alone.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from core.tabular import windows_1258
from hr.people.roster.syllables import is_syllable

TCVN3, VNI = "TCVN3 (ABC)", "VNI"

#: TCVN 5712:1993 as its fonts use it: the letters with a tone have a place in lower case only.
TCVN3_TABLE: dict[str, str] = {
    pair[0]: pair[1]
    for line in (
        "¡Ă ¢Â £Ê ¤Ô ¥Ơ ¦Ư §Đ ¨ă ©â ªê «ô ¬ơ \u00adư ®đ",
        "µà ¶ả ·ã ¸á ¹ạ »ằ ¼ẳ ½ẵ ¾ắ Æặ Çầ Èẩ Éẫ Êấ Ëậ",
        "Ìè Îẻ Ïẽ Ðé Ñẹ Òề Óể Ôễ Õế Öệ ×ì Øỉ Üĩ Ýí Þị",
        "ßò áỏ âõ ãó äọ åồ æổ çỗ èố éộ êờ ëở ìỡ íớ îợ",
        "ïù ñủ òũ óú ôụ õừ öử ÷ữ øứ ùự úỳ ûỷ üỹ ýý þỵ",
    )
    for pair in line.split(" ")
}
#: VNI: letters of their own …
VNI_LETTERS: dict[str, str] = {
    pair[0]: pair[1] for pair in "ôơ öư ñđ íí ìì æỉ óĩ òị îỵ ÔƠ ÖƯ ÑĐ ÍÍ ÌÌ ÆỈ ÓĨ ÒỊ ÎỴ".split(" ")
}
#: … and signs after a letter, which keep its case: a tone …
_TONES = {"ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
#: … or a hat (after a, e, o) or a breve (after a), alone or with a tone.
_HATS = {"â": "", "à": "\u0300", "á": "\u0301", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_BREVES = {"ê": "", "è": "\u0300", "é": "\u0301", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}

#: Group of the letter in the pattern below (its sign follows), table of the signs, hat of the letter.
_VNI_PAIRS: tuple[tuple[int, dict[str, str], str], ...] = (
    (1, _TONES, ""),
    (3, _HATS, "\u0302"),
    (5, _BREVES, "\u0306"),
    (7, {}, ""),
)
_VNI_TOKEN = re.compile(
    rf"([aeouyôö])([{''.join(_TONES)}])|([aeo])([{''.join(_HATS)}])|(a)([{''.join(_BREVES)}])|()(.)",
    re.IGNORECASE | re.DOTALL,
)
#: Signs that are no letters in Unicode; they count beside a letter only ("§iÖn", not "§ 5").
_SYMBOLS = "".join(sign for sign in TCVN3_TABLE if not sign.isalpha() or sign in "ªµ")
_FOREIGN = "ÄÅÆÇËÎÏÑÖØÛÜÞßäåæçëîïñöøûüþ"
#: Pairs that no spelling in Unicode has: a capital within a word ("ThÕ"), VNI's signs ("Leâ", "Lyù").
_PAIR = re.compile("[a-z][À-ÖØ-Þ]|(?i:a[âàáãêéèúùõ]|e[âàáãùõ]|o[âùõ]|u[ùõ]|y[ùõ]|ô[ùõ])")
_BESIDE = re.compile(f"[A-Za-z][{_SYMBOLS}]|[{_SYMBOLS}][A-Za-z]")
_WORD = {
    TCVN3: re.compile(f"[A-Za-z{''.join(TCVN3_TABLE)}À-ÿ]+"),
    VNI: re.compile("[A-Za-zÀ-ÖØ-öø-ÿ]+"),
}


@dataclass(frozen=True, slots=True)
class Legacy:
    """What a text with signs of an old font was read as, and of which font; text None: not surely.
    `stands`: without a sign, among texts of which most are in Unicode: taken as it stands."""

    text: str | None = None
    font: str | None = None
    stands: bool = False


@lru_cache(maxsize=50_000)
def recognise(text: str, font: str | None = None) -> Legacy | None:
    """None: leave the text alone; without a text: both fonts give words. `font` decides then."""
    text = unicodedata.normalize("NFC", text)
    if text.isascii() or beyond_latin(text) or not signs(text):
        return None
    read = {name: words for name in (TCVN3, VNI) if (words := converted(text, name)) is not None}
    if font in read:
        return Legacy(read[font], font)
    if len(set(read.values())) == 1:
        name = next(iter(read))
        return Legacy(read[name], name)
    return Legacy() if read else None


def signs(text: str) -> bool:
    """Signs that Vietnamese in Unicode never holds."""
    return bool(foreign_letters(text) or _BESIDE.search(text))


def doubtful(text: str, symbols: bool = False) -> bool:
    """Whether text that was not converted should be looked at. Ñ is a letter of Ê Đê names, quotation
    marks and the like are no doubt but in a name, and a soft hyphen may come from a web page."""
    text = unicodedata.normalize("NFC", text).translate({0xAD: "", 0xD1: "N", 0xF1: "n"})
    return foreign_letters(text) or (symbols and bool(_BESIDE.search(text)))


def foreign_letters(text: str) -> bool:
    """Letters, or pairs of letters, that Vietnamese in Unicode never holds."""
    return any(char in _FOREIGN for char in text) or bool(_PAIR.search(text))


def in_syllables(text: str) -> bool:
    """Whether every word of a name, be it without signs, is a Vietnamese syllable."""
    return all(map(is_syllable, re.findall(r"[^\W\d_]+", text)))


def beyond_latin(text: str) -> bool:
    """A letter or mark that no font of one byte can have left: the text is Unicode."""
    return any(char > "ÿ" and unicodedata.category(char)[0] in "LM" for char in text)


def converted(text: str, font: str) -> str | None:
    """The text as that font shows it; None when a word becomes no Vietnamese syllable."""
    if font == VNI and _BESIDE.search(text):
        return None
    sure = True

    def word(match: re.Match[str]) -> str:
        nonlocal sure
        if match[0].isascii() or all(char in _SYMBOLS for char in match[0]):
            return match[0]
        read = (_decode_tcvn3 if font == TCVN3 else decode_vni)(match[0])
        if read is None or not (_abbreviation(match[0], read) or is_syllable(read)):
            sure = False
            return match[0]
        return read

    result = _WORD[font].sub(word, text)
    if not sure:
        return None
    return _with_capitals(text, result) if font == TCVN3 else result


def _abbreviation(given: str, read: str) -> bool:
    """ "§H", "C§": capitals without a vowel between."""
    return read.isupper() and all(char == "§" or "A" <= char <= "Z" or char == "Ñ" for char in given)


def of_single_bytes(data: bytes) -> str:
    """Text of one byte a letter: Windows-1258, or the bytes as the old fonts show them when more of its
    words become Vietnamese syllables so."""
    modern = windows_1258(data)
    western = data.decode("cp1252", errors="replace")
    fonts = max(_syllables(western, TCVN3), _syllables(western, VNI))
    words = {word for word in re.findall(r"[^\W\d_]+", modern) if not word.isascii()}
    return western if fonts > sum(map(is_syllable, words)) else modern


def _syllables(text: str, font: str) -> int:
    """How many different words with signs become Vietnamese syllables."""
    words = {word for word in _WORD[font].findall(text) if not word.isascii()}
    read = map(_decode_tcvn3 if font == TCVN3 else decode_vni, words)
    return sum(is_syllable(word) for word in read if word)


def decode_tcvn3(text: str) -> str:
    """Each sign by the table; whatever is not in it stays."""
    return text.translate(_TCVN3)


_TCVN3 = str.maketrans(TCVN3_TABLE)


def _decode_tcvn3(word: str) -> str | None:
    """A word all of whose signs are in the table; in capitals, the letters with a tone too."""
    if any(char > "~" and char not in TCVN3_TABLE for char in word):
        return None
    read = decode_tcvn3(word)
    capitals = any("A" <= char <= "Z" for char in word[1:])
    return read.upper() if capitals and not _small(word) else read


def _small(text: str) -> bool:
    return any("a" <= char <= "z" for char in text)


def _with_capitals(given: str, read: str) -> str:
    """The capitals that TCVN3 leaves to a second font: of a text in capitals all; of a name the first
    letter ("ThÞ ¸nh" is Thị Ánh) when its other words have one."""
    if not _small(given) and re.search("[^ ][A-Z]", given):
        return read.upper()
    words = read.split(" ")
    bare = [
        index
        for index, word in enumerate(words)
        if word[:1].islower() and word[:1] not in "đăâêôơư" and not word[:1].isascii()
    ]
    others = [word for index, word in enumerate(words) if index not in bare]
    if bare and others and all(word[:1].isupper() for word in others):
        for index in bare:
            words[index] = words[index][:1].upper() + words[index][1:]
    return " ".join(words)


def decode_vni(text: str) -> str | None:
    """VNI's letters and pairs; None when a sign stands where VNI has none."""
    result: list[str] = []
    for match in _VNI_TOKEN.finditer(text):
        first, kind, hat = next(pair for pair in _VNI_PAIRS if match[pair[0] + 1] is not None)
        base, sign = str(match[first]), str(match[first + 1])
        if not base and not sign.isascii() and sign not in VNI_LETTERS:
            return None
        letter = VNI_LETTERS.get(base or sign, base or sign)
        result.append(letter + hat + kind[sign.lower()] if base else letter)
    return unicodedata.normalize("NFC", "".join(result))
