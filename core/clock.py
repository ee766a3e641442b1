"""The two clocks: the legal date of the province, and the real time.

`today()` is the date in Asia/Ho_Chi_Minh and may be moved by CLOCK (never in production);
`now()` is always real and in UTC: sessions, tokens, throttle and log stand on it.
Nothing else in the program asks the machine for a date or a time.
"""

import os
from calendar import monthrange
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PROVINCE_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def today() -> date:
    """The legal date in the province."""
    moved = os.environ.get("CLOCK")
    if moved:
        return date.fromisoformat(moved)
    return now().astimezone(PROVINCE_ZONE).date()


def quarter_of(day: date) -> str:
    """The quarter of a day as addresses hold it: 2026-Q3."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def quarter_days(text: str) -> tuple[date, date] | None:
    """First and last day of a quarter; None for a text that names none."""
    year, _mark, number = text.partition("-Q")
    if not (text.isascii() and len(year) == 4 and year.isdigit() and number in ("1", "2", "3", "4")):
        return None
    if not 1900 < int(year) < 2200:
        return None
    last = 3 * int(number)
    return date(int(year), last - 2, 1), date(int(year), last, monthrange(int(year), last)[1])


def now() -> datetime:
    """The real time, aware, UTC."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """`moment` as the province's clocks show it."""
    return moment.astimezone(PROVINCE_ZONE)
