"""The legal date and the real time."""

from datetime import UTC, date, datetime

import pytest

from core import clock


def test_the_date_is_the_province_s(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("CLOCK", raising=False)
    # 18:30 UTC on 30 June is already 01:30 on 1 July in Điện Biên (UTC+7).
    monkeypatch.setattr(clock, "now", lambda: datetime(2025, 6, 30, 18, 30, tzinfo=UTC))

    assert clock.today() == date(2025, 7, 1)


def test_the_date_moves_and_the_time_does_not(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CLOCK", "2030-02-28")

    assert clock.today() == date(2030, 2, 28)
    assert clock.now().year != 2030 or clock.now().date() != date(2030, 2, 28)


def test_now_is_aware():
    assert clock.now().tzinfo is UTC
    assert clock.local(datetime(2026, 1, 1, tzinfo=UTC)).hour == 7
