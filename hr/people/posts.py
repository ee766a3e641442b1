"""Who leads, told by the words of the post: until job positions are recorded, nothing else says it."""

from enum import IntEnum

from core.text import fold

#: First words, folded, of the posts that lead a unit or a division, in the order they are listed
#: (titles of Party, councils and administration: Law 72/2025/QH15 on local government; Decree
#: 150/2025/NĐ-CP on commune divisions).
_HEADS = ("bi thu", "chu tich", "giam doc", "chi huy truong", "chanh", "truong")
_DEPUTIES = ("pho", "uy vien thuong truc")
#: Words that stand before a leading post and change nothing about who leads.
_BEFORE = ("quyen ", "phu trach ")
#: Folded titles of who heads a commune or department as a whole, alone or beside another title.
UNIT_HEADS = (
    "bi thu dang uy",
    "bi thu dang bo",
    "chu tich ubnd",
    "chu tich uy ban nhan dan",
    "chu tich hdnd",
    "chu tich hoi dong nhan dan",
    "giam doc so",
)
#: How a title that heads a unit begins, with or without such words before it.
UNIT_HEAD_BEGINNINGS = tuple(before + head for head in UNIT_HEADS for before in ("", *_BEFORE))


class Standing(IntEnum):
    """Place of a post in a unit, in the order of a roster."""

    HEAD = 0
    DEPUTY = 1
    STAFF = 2


def standing_of(post: str) -> Standing:
    """What the words of a post say: "Trưởng phòng" leads, "Phó Trưởng phòng" stands in, others work."""
    words = _leading_words(post)
    if _begins(words, _HEADS) is not None:
        return Standing.HEAD
    return Standing.DEPUTY if _begins(words, _DEPUTIES) is not None else Standing.STAFF


def seat_of(unit_id: int, division_id: int | None, post: str) -> tuple[int, int | None, str] | None:
    """What one person alone leads: a division, or by title the unit. None for other posts, and for
    a head of some division that is not named."""
    if standing_of(post) is not Standing.HEAD:
        return None
    if division_id is not None:
        return unit_id, division_id, ""
    words = _leading_words(post)
    return None if words.startswith("truong ") and len(words.split()) == 2 else (unit_id, None, words)


def roster_order(post: str) -> tuple[int, int]:
    """Key by which posts of one division are listed before the order of names: heads, deputies, others;
    the secretary before the chair, the chair before the director."""
    standing = standing_of(post)
    words = _leading_words(post)
    if standing is Standing.DEPUTY:
        words = words.removeprefix("pho ")
    return standing, _begins(words, _HEADS) or 0


def _leading_words(post: str) -> str:
    words = " ".join(fold(post).split())
    for before in _BEFORE:
        words = words.removeprefix(before)
    return words


def _begins(words: str, prefixes: tuple[str, ...]) -> int | None:
    return next((n for n, prefix in enumerate(prefixes) if f"{words} ".startswith(f"{prefix} ")), None)
