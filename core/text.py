"""Vietnamese text: one spelling (NFC), search without accents, order by given name, clean input.

Order of letters a ă â … y, of tones level, huyền, hỏi, ngã, sắc, nặng; a full name sorts by its
last word first. Keys hold ASCII and letters only, so that both databases compare them alike.
"""

import re
import unicodedata
from functools import lru_cache

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_WEIGHT = {letter: chr(0x21 + 2 * n) for n, letter in enumerate(_ALPHABET)}
_TONE = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
#: Letters that stand for đ in text typed with other keyboards: Icelandic eth, African d.
_FALSE_D = str.maketrans({"\u00d0": "Đ", "\u0189": "Đ", "\u00f0": "đ", "\u0256": "đ"})
_BREAKS = str.maketrans({"\u2028": "\n", "\u2029": "\n", "\u0085": "\n", "\x0b": "\n", "\x0c": "\n"})
_KEPT = frozenset("\n\t\u200d")
_DROPPED = frozenset(("Cc", "Cs", "Cf"))
#: Nobody's writing stacks more marks on a letter; longer runs make normalising quadratic.
_MARK_RUN = re.compile("([\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{8})"
                       "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")  # fmt: skip
_WORDS = re.compile(r"[^\W_]+")


def nfc(text: str) -> str:
    """The composed form: "Đặng" is one spelling however it was typed."""
    return unicodedata.normalize("NFC", text)


def _allowed(char: str) -> bool:
    if char in _KEPT:
        return True
    return unicodedata.category(char) not in _DROPPED and ord(char) & 0xFFFE != 0xFFFE


def clean(text: str, kept: str = "") -> str:
    """NFC without what no field can hold: NUL, control and direction characters, lone surrogates.

    Line breaks and tabs stay (texts of several lines); every kind of line break becomes one. `kept`:
    characters that stay although they belong to these, for a reader that knows what they stand for.
    """
    if text.isprintable() and not _MARK_RUN.search(text) and unicodedata.is_normalized("NFC", text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_BREAKS)
    text = "".join(char for char in text if _allowed(char) or char in kept)
    return nfc(_MARK_RUN.sub(r"\1", text))


def tidy_name(text: str) -> str:
    """A name as it is stored: clean, trimmed, single spaces, a false Đ (Ð) mended."""
    return " ".join(clean(text).replace("\u200d", "").translate(_FALSE_D).split())


def fold(text: str) -> str:
    """Lower case without marks, đ as d: the form that searches and comparisons use."""
    decomposed = unicodedata.normalize("NFD", nfc(text).translate(_FALSE_D).casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char)).replace("đ", "d")


def tokens(full_name: str) -> tuple[str, ...]:
    """The folded words of a name, each once, in order: what the search table holds."""
    return tuple(dict.fromkeys(_WORDS.findall(fold(full_name))))


def digits(text: str) -> str:
    """Only 0–9 of the text; "²" and other scripts' digits are not digits of a number."""
    return "".join(char for char in text if "0" <= char <= "9")


def holds_number(words: str) -> bool:
    """Whether words hold a personal identification number or a long piece of one (nine digits or
    more), which must not stand in an address."""
    return len(digits(words)) >= 9


def _weight(char: str) -> str:
    if char in _WEIGHT:
        return _WEIGHT[char]
    return "~" + char if char.isalnum() else ""


@lru_cache(maxsize=20_000)
def word_key(word: str) -> str:
    """Key of one word: its letters in Vietnamese order, then its tone."""
    letters, tone = [], "0"
    for char in nfc(nfc(word).translate(_FALSE_D).lower()):
        parts = unicodedata.normalize("NFD", char)
        marks = [part for part in parts if part in _TONE]
        letters.append(_weight(nfc("".join(part for part in parts if part not in _TONE))))
        tone = _TONE[marks[0]] if marks else tone
    return "".join(letters) + " " + tone


def sort_key(full_name: str) -> str:
    """Key of a full name, given name (last word) first; empty for an empty name."""
    words = full_name.split()
    if not words:
        return ""
    return "|".join([word_key(words[-1]), *map(word_key, words[:-1])])


def marked(message: str) -> str:
    """Marks a message for the catalogue where it is only kept; it is translated where it is shown. The
    extraction looks for this name and for `_`, as which most import it."""
    return message
