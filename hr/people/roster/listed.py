"""Readers of the cells whose words stand on a list: sex, marks, ethnic group, levels, category, rank,
step, coefficient. Like all readers they take any cell and never raise."""

import re
from decimal import Decimal

from core.tabular import Cell
from core.text import fold
from hr.people.roster.cells import TEXT_LIMIT, as_text
from hr.people.roster.problems import Found
from hr.people.roster.words import (
    CATEGORY_WORDS,
    COEFFICIENTS,
    MARKED,
    RANK_WORDS,
    UNMARKED,
    ethnic_code,
    ethnic_key,
    exact_level,
    highest,
    leading_level,
    lowest_held,
    plain,
)
from hr.people.tables import ETHNICITY


def read_sex(cell: Cell) -> Found:
    """Nam or Nữ."""
    text = as_text(cell)
    if not text:
        return Found(None)
    sex = {"nam": "male", "nu": "female", "gai": "female", "trai": "male"}.get(plain(text))
    return Found(sex) if sex else Found(None, "sex_unknown")


def read_mark(cell: Cell) -> Found:
    """A column of marks: True, False, or a problem."""
    if isinstance(cell, bool):
        return Found(cell)
    text = as_text(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).casefold()
    if text in MARKED or plain(text) in MARKED:
        return Found(True)
    return Found(False) if not text or plain(text) in UNMARKED - {""} else Found(None, "mark_unknown")


def read_ethnicity(cell: Cell) -> Found:
    """Code of the list of 1979; a name spelt otherwise is said so."""
    text = as_text(cell)
    if not text:
        return Found(None)
    code = ethnic_code(text)
    if code is None:
        return Found(None, "ethnicity_unknown", {"value": text[:60]})
    name = ETHNICITY[code]
    if ethnic_key(name) == ethnic_key(text):
        return Found(code)
    return Found(code, "ethnicity_read", {"value": name})


def read_level(kind: str, cell: Cell) -> Found:
    """Level of education, political theory or state management. Of several the highest."""
    text = as_text(cell)
    if not text:
        return Found(None)
    if read_mark(cell).value is True:
        return Found(lowest_held(kind), "level_marked")
    exact = exact_level(kind, plain(text))
    if exact:
        return Found(exact)
    parts = [part for part in re.split(r"[,;/+&]|\bvà\b", text) if part.strip()]
    levels = [level for level in (_level_of_part(kind, part) for part in parts) if level]
    if len(parts) > 1 and len(levels) == len(parts):
        return Found(highest(kind, levels), "level_highest")
    level = _level_of_part(kind, text)
    return Found(level) if level else Found(None, "level_unknown", {"value": text[:60]})


def _level_of_part(kind: str, text: str) -> str | None:
    """For education the words after the level name the major: "Đại học Luật"."""
    exact = exact_level(kind, plain(text))
    if exact or kind != "education":
        return exact
    leading = leading_level(kind, plain(text))
    return leading[0] if leading else None


def major_beside_level(cell: Cell) -> str | None:
    """ "Đại học Luật" in the level's column names the major too."""
    text = as_text(cell)
    leading = leading_level("education", plain(text))
    if not leading or not leading[1] or exact_level("education", plain(text)):
        return None
    if leading_level("education", leading[1]):
        return None  # "ĐH, ThS": another level, no major
    rest = text.split()[-len(leading[1].split()) :]
    return " ".join(rest)[:TEXT_LIMIT] if plain(" ".join(rest)) == leading[1] else None


def read_certificate(kind: str, cell: Cell) -> Found:
    """IT and languages, where offices write what they like: a known level, else a certificate whose
    words are kept ("Tiếng Mông", "IELTS 6.0")."""
    text = as_text(cell)
    if not text:
        return Found(None)
    if read_mark(cell).value is True:
        return Found("certificate")
    if len(text) > TEXT_LIMIT:
        return Found(None, "text_long", {"limit": TEXT_LIMIT, "count": len(text)})
    level = exact_level(kind, plain(text))
    leading = leading_level(kind, plain(text))
    if level or leading:
        return Found(level or (leading[0] if leading else None))
    if re.match(
        r"(?:tieng|anh|ielts|toeic|toefl|vstep|bac|chung nhan|b1|b2|mong|thai|lao|trung)\b", plain(text)
    ):
        return Found("certificate")
    return Found("certificate", "level_kept")


def read_category(cell: Cell) -> Found:
    """Category of person, Law 80/2025/QH15 Art. 1."""
    text = as_text(cell)
    if not text:
        return Found(None)
    code = CATEGORY_WORDS.get(plain(text))
    return Found(code) if code else Found(None, "category_unknown", {"value": text[:60]})


def read_rank(cell: Cell) -> Found:
    """Rank by code (also when Excel made a number of it) or by word."""
    text = as_text(cell)
    if not text:
        return Found(None)
    if word := RANK_WORDS.get(plain(text).removeprefix("ngach ")):
        return Found(word)
    compact = re.split(r"[-–(]", text.replace(" ", "").upper())[0]
    if match := re.fullmatch(r"0?([0-9])\.?([0-9]{3})", compact):
        code = f"0{match[1]}.{match[2]}"
        if code not in COEFFICIENTS:
            return Found(code, "rank_kept")
        return Found(code) if code == compact else Found(code, "rank_read", {"value": code})
    if re.fullmatch(r"[0-9]{2}[A-Z]?\.[0-9]{3}|V\.[0-9]{2}(?:\.[0-9]{2}){1,2}", compact):
        return Found(compact, "rank_kept")
    return Found(None, "rank_unknown", {"value": text[:60]})


def read_step(cell: Cell) -> Found:
    """Step (bậc): "6", "6/9", "9 VK 5%"."""
    text = as_text(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)
    if not text:
        return Found(None)
    match = re.fullmatch(r"(?:bac )?([0-9]{1,2})(?:/[0-9]{1,2}| ?\+? ?vk.*)?", fold(text)[:60])
    if match and 1 <= int(match[1]) <= 16:
        return Found(int(match[1]))
    return Found(None, "step_unknown")


def read_coefficient(cell: Cell) -> Found:
    """Coefficient with two decimals, comma or point, as text ("3.33")."""
    text = as_text(cell).replace(" ", "")
    if not text:
        return Found(None)
    if not re.fullmatch(r"[0-9]{1,2}(?:[.,][0-9]{1,20})?", text):
        return Found(None, "coefficient_unknown")
    number = Decimal(text.replace(",", "."))
    rounded = number.quantize(Decimal("0.01"))
    if not Decimal("0.5") <= number <= 15 or abs(number - rounded) > Decimal("0.001"):
        return Found(None, "coefficient_unknown")
    return Found(str(rounded))
