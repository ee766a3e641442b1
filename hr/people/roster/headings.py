"""Lines of a table that name nobody: sums, the numbers of the columns, place, day and signers."""

import re

_ORDINAL = re.compile(r"(?:[0-9]{1,4}|[IVXLC]+|[A-Z])(?:\.[0-9]{1,3})*[.)]?")
_TOTAL = re.compile(r"(?:tổng\s*(?:cộng|số)|tổng|cộng)\s*(?:[:.(]|$|\d|toàn|xã|phường|đơn vị)|trong đó\b")
_SIGNATURE = re.compile(
    r"ngày\s*\S{0,4}\s*tháng\s*\S{0,4}\s*năm|người lập|lập biểu|thủ trưởng|ký tên|\(ký|nơi nhận|xác nhận của"
    r"|^(?:t/?m|kt|tl|tuq)\b|^(?:phó )?(?:giám đốc|chủ tịch)\b"
)


def is_ordinal(text: str) -> bool:
    """The number before a line or heading: 12, II, A, 1.2."""
    return bool(_ORDINAL.fullmatch(text))


def is_total(text: str) -> bool:
    """Begins the line of a sum."""
    return bool(_TOTAL.match(text.casefold()))


def is_signature(texts: list[str]) -> bool:
    """Place and day, "NGƯỜI LẬP BIỂU", the signer: few words, and no running number before them."""
    if len(texts) > 3 or re.fullmatch(r"[0-9]{1,4}[.)]?", texts[0]):
        return False
    return any(_SIGNATURE.search(text.casefold()) for text in texts)


def is_numbering(texts: list[str]) -> bool:
    """The line under a header that numbers the columns: 1 2 3 …, (1) (2) …, A B 1 2 …."""
    bare = [text.strip("() ") for text in texts]
    numbers = [int(text) for text in bare if re.fullmatch(r"[0-9]{1,2}", text)]
    return len(numbers) >= 3 and len(numbers) >= len(bare) - 3 and numbers == sorted(set(numbers))
