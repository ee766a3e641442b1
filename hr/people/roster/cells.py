"""Readers of one cell each: what the office wrote → the value the register keeps, or why not.

Every reader takes any cell and never raises; an empty cell is `Found(None)`.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from core.tabular import Cell
from core.text import digits, fold, tidy_name
from hr.people.roster.problems import Found
from hr.people.roster.words import (
    CATEGORY_WORDS,
    COEFFICIENTS,
    ETHNIC_GROUPS,
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

NAME_LIMIT, TEXT_LIMIT = 100, 200
_EMPTY_MARKS = frozenset(("-", "–", "—", "--", "/", ".", "…", "...", "?"))
_NAME_SIGNS = frozenset("-'’. ")


def as_text(cell: Cell) -> str:
    """The cell as one tidy line; a number as Excel shows it; a dash stands for nothing."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return repr(cell)
    text = tidy_name(cell if isinstance(cell, str) else str(cell))
    return "" if text in _EMPTY_MARKS else text


def read_text(cell: Cell, limit: int = TEXT_LIMIT) -> Found:
    """Free words (post, division, major …)."""
    text = as_text(cell)
    if len(text) > limit:
        return Found(None, "text_long", {"limit": limit, "count": len(text)})
    return Found(text or None)


def read_name(cell: Cell) -> Found:
    """A full name: letters only. A name in capitals or without any is written with initials."""
    name = as_text(cell)
    if not name:
        return Found(None, "name_missing")
    if len(name) > NAME_LIMIT:
        return Found(None, "text_long", {"limit": NAME_LIMIT, "count": len(name)})
    for char in name:
        if char not in _NAME_SIGNS and not _latin_letter(char):
            return Found(None, "name_characters", {"found": char})
    if not any(char.isalpha() for char in name):
        return Found(None, "name_missing")
    words = name.split()
    if name.isupper() and any(len(word) > 1 for word in words) or name.islower():
        proper = " ".join(_initial(word) for word in words)
        return Found(proper, "name_case", {"value": proper})
    return Found(name)


def _latin_letter(char: str) -> bool:
    return char.isalpha() and unicodedata.name(char, "").startswith("LATIN ")


def _initial(word: str) -> str:
    return "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))


# --- dates --------------------------------------------------------------------------------------

_DAY_FIRST = re.compile(r"(?:ngay )?([0-9]{1,2}) ?(?:[/.\-]| thang | ) ?([0-9]{1,2}) ?(?:[/.\-]| nam | ) ?([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[t ][0-9:.]{5,15}z?)?")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}[/.\- ][0-9]{1,2}[/.\- ][0-9]{2}")
_MONTH_YEAR = re.compile(r"(?:thang )?[0-9]{1,2} ?(?:[/.\- ]| nam ) ?[0-9]{4}")
_EPOCH = date(1899, 12, 30)


def read_date(cell: Cell) -> Found:
    """A day from 1900 to 2100: a date cell, dd/mm/yyyy with any separator, in words, or Excel's day
    number. Only a year or a month is no date: it is refused and said so."""
    if isinstance(cell, bool):
        return Found(None, "date_format")
    if isinstance(cell, int | float):
        return _serial(cell)
    text = as_text(cell)
    if not text:
        return Found(None)
    if len(text) > 60:
        return Found(None, "date_format")
    return _date_of_text(fold(text))


def _date_of_text(text: str) -> Found:
    if match := _DAY_FIRST.fullmatch(text):
        return _day(match[3], match[2], match[1])
    if match := _YEAR_FIRST.fullmatch(text):
        return _day(match[1], match[2], match[3])
    if re.fullmatch(r"(?:nam )?[0-9]{4}", text):
        return Found(None, "date_year_only")
    if _SHORT_YEAR.fullmatch(text):
        return Found(None, "date_short_year")
    if _MONTH_YEAR.fullmatch(text):
        return Found(None, "date_month_only")
    if re.fullmatch(r"[0-9]{5}(?:\.0+)?", text):
        return _serial(float(text))
    return Found(None, "date_format")


def _day(year: str, month: str, day: str) -> Found:
    if not 1900 <= int(year) <= 2100:
        return Found(None, "date_range")
    try:
        return Found(date(int(year), int(month), int(day)).isoformat())
    except ValueError:
        return Found(None, "date_absent", {"value": f"{int(day):02d}/{int(month):02d}/{year}"})


def _serial(number: float) -> Found:
    if 1900 <= number <= 2100 and number == int(number):
        return Found(None, "date_year_only")
    if not 367 <= number < 73_416:  # 01/01/1901 to 31/12/2100
        return Found(None, "date_range" if 73_416 <= number < 2_958_466 else "date_format")
    day = _EPOCH + timedelta(days=int(number))
    return Found(day.isoformat(), "date_serial", {"value": day.strftime("%d/%m/%Y")})


def read_soft_date(cell: Cell) -> Found:
    """A date the register can do without: when only the year or month is given it stays empty."""
    found = read_date(cell)
    if found.code in ("date_year_only", "date_month_only"):
        return Found(None, "date_incomplete")
    return found


def read_year(cell: Cell, this_year: int) -> Found:
    """A year with four digits; of a full date, its year."""
    text = as_text(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)
    if not text:
        return Found(None)
    if re.fullmatch(r"[0-9]{4}", text):
        year = int(text)
    else:
        day = read_date(text).value
        year = int(day[:4]) if day else 0
    return Found(year) if 1940 <= year <= this_year else Found(None, "year_unknown")


# --- the personal identification number ---------------------------------------------------------


def read_id_number(cell: Cell) -> Found:
    """Twelve digits (Law 26/2023/QH15 Art. 12). Blanks and dots go; a zero that a number cell lost
    comes back: 11 digits get one, a number cell of 10 digits (provinces 001 to 009) two."""
    if isinstance(cell, bool):
        return Found(None, "id_characters")
    numeric = isinstance(cell, int | float)
    if isinstance(cell, float):
        if not cell.is_integer() or abs(cell) >= 2**53:
            return Found(None, "id_shortened")
        cell = int(cell)
    if isinstance(cell, int) and not 0 <= cell < 10**30:
        return Found(None, "id_characters" if cell < 0 else "id_shortened")
    text = re.sub(r"\.0+$", "", as_text(cell).lstrip("'`’"))
    if not text:
        return Found(None, "id_missing")
    if re.fullmatch(r"[0-9]+(?:[.,][0-9]+)?[eE]\+?[0-9]{1,3}", text):
        return Found(None, "id_shortened")
    if re.search(r"[^0-9 .\-]", text):
        return Found(None, "id_characters")
    return _twelve(digits(text), numeric)


def _twelve(number: str, numeric: bool) -> Found:
    if len(number) == 12:
        return Found(number)
    if len(number) == 11 or (len(number) == 10 and numeric and number[1] in "0123"):
        full = number.zfill(12)
        return Found(full, "id_zero", {"value": full})
    return Found(None, "id_length", {"count": len(number)})


def sex_and_year(id_number: str) -> tuple[str, int] | None:
    """What the number says: its fourth digit century and sex, the next two the year of birth."""
    code = int(id_number[3])
    if code > 3:
        return None
    return ("male", "female")[code % 2], 1900 + 100 * (code // 2) + int(id_number[4:6])


# --- words --------------------------------------------------------------------------------------


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
    name = ETHNIC_GROUPS[int(code) - 1]
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
    whole = _one_level(kind, text)
    if whole:
        return Found(whole)
    parts = [part for part in re.split(r"[,;/+&]|\bvà\b", text) if part.strip()]
    levels = [_one_level(kind, part) for part in parts]
    if len(parts) > 1 and None not in levels:
        return Found(highest(kind, [level for level in levels if level]), "level_highest")
    return Found(None, "level_unknown", {"value": text[:60]})


def _one_level(kind: str, text: str) -> str | None:
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
    if re.match(r"(?:tieng|anh|ielts|toeic|toefl|vstep|bac|chung nhan|b1|b2|mong|thai|lao|trung)\b", plain(text)):
        return Found("certificate")
    return Found("certificate", "level_kept")


def read_category(cell: Cell) -> Found:
    """Category of person, Law 80/2025/QH15 Art. 1."""
    text = as_text(cell)
    if not text:
        return Found(None)
    code = CATEGORY_WORDS.get(plain(text))
    return Found(code) if code else Found(None, "category_unknown", {"value": text[:60]})


# --- rank, step, coefficient --------------------------------------------------------------------


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
    text = as_text(cell)
    if not text or isinstance(cell, bool):
        return Found(None, "coefficient_unknown") if isinstance(cell, bool) else Found(None)
    try:
        number = Decimal(text.replace(",", ".").replace(" ", ""))
        rounded = number.quantize(Decimal("0.01"))
    except InvalidOperation:
        return Found(None, "coefficient_unknown")
    if not Decimal("0.5") <= number <= 15 or abs(number - rounded) > Decimal("0.001"):
        return Found(None, "coefficient_unknown")
    return Found(str(rounded))


#: Field → reader, for the fields that one cell decides.
READERS: dict[str, Callable[[Cell], Found]] = {
    "full_name": read_name,
    "id_number": read_id_number,
    "sex": read_sex,
    "ethnicity": read_ethnicity,
    "religion": read_text,
    "party_joined_on": read_soft_date,
    "party_official_on": read_soft_date,
    "recruited_on": read_soft_date,
    "step_since": read_soft_date,
    "rank_code": read_rank,
    "step": read_step,
    "coefficient": read_coefficient,
    "category": read_category,
    **{
        name: read_text
        for name in ("other_name", "division", "post", "position", "major", "issuer", "birthplace", "native_place")
    },
    "note": lambda cell: read_text(cell, 1000),
}
