"""Whether a word can be a Vietnamese syllable: onset, rhyme, and the tone where spelling puts it.

Text decoded with the wrong table fails here nearly always ("Vaờn", "Thuự"). Both spellings of the tone
in open rhymes pass ("hòa" and "hoà"). Names of the Thái and Mông are written by the same rules.
"""

import unicodedata
from functools import lru_cache

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_SHARP, _HEAVY = "\u0301", "\u0323"
_ONSETS = frozenset(("", *"b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x".split()))
#: Rhymes by what may follow their vowels: vowels → finals ("-" for none).
_FINALS = {
    "a": "- c ch i m n ng nh o p t u y", "ă": "c m n ng p t", "â": "c m n ng p t u y",
    "e": "- c m n ng o p t", "ê": "- ch m n nh p t u", "i": "- a c ch m n ng nh p t u",
    "o": "- a c e i m n ng p t", "ô": "- c i m n ng p t", "ơ": "- i m n p t",
    "u": "- a c ê i m n ng p t y", "ư": "- a c i m n ng t u", "y": "- ch m n nh t",
    "iê": "c m n ng p t u", "yê": "c m n ng t u", "uô": "c i m n ng t", "ươ": "c i m n ng p t u",
    "oa": "c ch i m n ng nh o p t y", "oă": "c m n ng t", "oe": "m n ng o t", "oo": "c ng",
    "uâ": "c n ng t y", "uê": "c ch n nh", "uơ": "-", "uy": "a ch n nh p t u", "uyê": "n t",
}  # fmt: skip
_RHYMES = frozenset(
    vowels + final.replace("-", "") for vowels, finals in _FINALS.items() for final in finals.split()
)
_STOPS = ("c", "ch", "p", "t")
_VOWELS = "aăâeêioôơuưy"


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """A word in Unicode, in any case."""
    letters, tones, place = _taken_apart(word)
    if len(tones) > 1:
        return False
    for start in range(min(4, len(letters))):
        onset, rhyme = letters[:start], letters[start:]
        if onset in _ONSETS and rhyme in _RHYMES and _fits(onset, rhyme):
            stopped = rhyme.endswith(_STOPS)
            if not tones:
                return not stopped
            if place - start in _places(rhyme) and (not stopped or tones[0] in (_SHARP, _HEAVY)):
                return True
    return False


def _taken_apart(word: str) -> tuple[str, list[str], int]:
    """Letters in lower case without tones, the tones, and the letter that bears the (last) tone."""
    letters: list[str] = []
    tones: list[str] = []
    place = -1
    for char in unicodedata.normalize("NFC", word).casefold():
        parts = unicodedata.normalize("NFD", char)
        borne = [part for part in parts if part in _TONES]
        letters.append(unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES)))
        if borne:
            tones, place = tones + borne, len(letters) - 1
    return "".join(letters), tones, place


def _fits(onset: str, rhyme: str) -> bool:
    """The spellings of one sound before other vowels: k, gh, ngh before e ê i y; c, g, ng elsewhere."""
    front = rhyme[0] in "eêiy"
    if onset in ("k", "gh", "ngh"):
        return front
    if onset in ("c", "ng"):
        return not front
    if onset == "g":
        return not front or rhyme[0] == "i"
    return True


def _places(rhyme: str) -> frozenset[int]:
    """Where a tone may stand: on the marked vowel, else on the only one, else by the final."""
    vowels = [index for index, letter in enumerate(rhyme) if letter in _VOWELS]
    marked = [index for index in vowels if rhyme[index] in "ăâêôơư"]
    if marked:
        return frozenset((marked[-1],))
    if len(vowels) == 1:
        return frozenset(vowels)
    if len(vowels) == 3 or len(vowels) < len(rhyme):
        return frozenset((vowels[1],))
    return frozenset((0, 1)) if rhyme in ("oa", "oe", "uy") else frozenset((0,))
