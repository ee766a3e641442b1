"""Readers of one cell each: what the office wrote → the value the register keeps, or why not.

Every reader takes any cell and never raises; an empty cell is `Found(None)`.
"""

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache

from core.tabular import Cell
from core.text import digits, fold, tidy_name
from hr.people.roster.problems import Found

NAME_LIMIT, TEXT_LIMIT = 100, 200
_EMPTY_MARKS = frozenset(("-", "–", "—", "--", "/", ".", "…", "...", "?"))
_NAME_SIGNS = frozenset("-'’. ")


def as_text(cell: Cell) -> str:
    """The cell as one tidy line; a number as Excel shows it; a dash stands for nothing."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return repr(cell)
    if isinstance(cell, int):
        return str(cell) if -(10**40) < cell < 10**40 else "9" * 40
    return _tidy(cell) if len(cell) < 200 else tidy_name(cell)


@lru_cache(maxsize=50_000)
def _tidy(text: str) -> str:
    """Most words of a roster stand in it a thousand times."""
    tidy = tidy_name(text)
    return "" if tidy in _EMPTY_MARKS else tidy


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
    if (name.isupper() and any(len(word) > 1 for word in words)) or name.islower():
        proper = " ".join(_initial(word) for word in words)
        return Found(proper, "name_case", {"value": proper})
    return Found(name)


def _latin_letter(char: str) -> bool:
    return char.isalpha() and unicodedata.name(char, "").startswith("LATIN ")


def _initial(word: str) -> str:
    return "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))


# --- dates --------------------------------------------------------------------------------------

_DAY_FIRST = re.compile(
    r"(?:ngay )?([0-9]{1,2}) ?(?:[/.\-]| thang | ) ?([0-9]{1,2}) ?(?:[/.\-]| nam | ) ?([0-9]{4})"
)
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
    """Twelve digits (Law 26/2023/QH15 Art. 12). Blanks and dots go; zeros that a number cell lost come
    back, one to 11 digits, two to 10 (provinces 001 to 009). A text keeps its zeros: one of 11 digits has
    lost another digit, nobody knows which."""
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
    if numeric and (len(number) == 11 or (len(number) == 10 and number[1] in "0123")):
        full = number.zfill(12)
        return Found(full, "id_zero", {"value": full})
    return Found(None, "id_length", {"count": len(number)})


def untyped(cell: Cell) -> Cell:
    """A cell of a file without cell types, where eleven digits without a zero before them are a number
    that lost it."""
    is_number = isinstance(cell, str) and re.fullmatch(r"[1-9][0-9]{10}", cell.strip(), re.ASCII)
    return int(cell) if is_number and isinstance(cell, str) else cell


def sex_and_year(id_number: str) -> tuple[str, int] | None:
    """What the number says: its fourth digit century and sex, the next two the year of birth."""
    code = int(id_number[3])
    if code > 3:
        return None
    return ("male", "female")[code % 2], 1900 + 100 * (code // 2) + int(id_number[4:6])
