"""The two clocks: the legal date of the province, and the real time.

`today()` is the date in Asia/Ho_Chi_Minh and may be moved by CLOCK (never in production);
`now()` is always real and in UTC: sessions, tokens, throttle and log stand on it.
Nothing else in the program asks the machine for a date or a time.
"""

import os
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PROVINCE_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def today() -> date:
    """The legal date in the province."""
    moved = os.environ.get("CLOCK")
    if moved:
        return date.fromisoformat(moved)
    return now().astimezone(PROVINCE_ZONE).date()


def now() -> datetime:
    """The real time, aware, UTC."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """`moment` as the province's clocks show it."""
    return moment.astimezone(PROVINCE_ZONE)
