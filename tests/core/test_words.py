"""Dates, numbers, percentages and the language, as people of the province read them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core import words


@pytest.fixture
def speaking(app):
    """`speaking("en")` is a request of somebody who reads that language."""

    def ask(language=None):
        headers = {"Cookie": f"lang={language}"} if language is not None else {}
        return app.test_request_context("/", headers=headers)

    return ask


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (2587, "2.587", "2,587"),
        (0, "0", "0"),
        (1263000, "1.263.000", "1,263,000"),
        (Decimal("3.33"), "3,33", "3.33"),
        (None, "–", "–"),
    ],
)
def test_numbers(speaking, value, vi, en):
    with speaking("vi"):
        assert words.show_number(value) == vi
    with speaking("en"):
        assert words.show_number(value) == en


@pytest.mark.parametrize(
    ("part", "whole", "vi", "en"),
    [
        (2538, 2587, "98,1 %", "98.1 %"),
        (1, 3, "33,3 %", "33.3 %"),
        (2, 3, "66,7 %", "66.7 %"),
        (1, 2000, "0,1 %", "0.1 %"),
        (0, 5, "0,0 %", "0.0 %"),
        (5, 5, "100,0 %", "100.0 %"),
        (1, 0, "–", "–"),
        (1, None, "–", "–"),
    ],
)
def test_percentages_round_half_up_to_one_decimal(speaking, part, whole, vi, en):
    with speaking("vi"):
        assert words.show_percent(part, whole) == vi
    with speaking("en"):
        assert words.show_percent(part, whole) == en


@pytest.mark.parametrize("language", ["vi", "en"])
def test_dates_are_day_month_year_in_both_languages(speaking, language):
    with speaking(language):
        assert words.show_date(date(2026, 9, 5)) == "05/09/2026"
        assert words.show_date(None) == "–"
        assert words.show_datetime(datetime(2026, 9, 4, 18, 30, tzinfo=UTC)) == "05/09/2026 01:30"
        assert words.show_datetime(None) == "–"


def test_periods(speaking):
    with speaking("en"):
        assert words.show_period(date(2025, 7, 1), date(2026, 6, 30)) == "01/07/2025 – 30/06/2026"
        assert words.show_period(date(2025, 7, 1), None) == "since 01/07/2025"
        assert words.show_period(None, None) == "–"
        assert words.show_period(None, date(2026, 6, 30)) == "– – 30/06/2026"


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        (None, "vi"),
        ("vi", "vi"),
        ("en", "en"),
        ("fr", "vi"),
        ("", "vi"),
        ("en-US", "vi"),
        ("../../etc", "vi"),
    ],
)
def test_vietnamese_unless_english_was_asked_for(speaking, asked, language):
    with speaking(asked):
        assert words.language() == language


def test_pages_name_their_language(client):
    assert '<html lang="vi"' in client.get("/sign-in").get_data(as_text=True)
    client.set_cookie("lang", "en", domain="localhost")
    body = client.get("/sign-in").get_data(as_text=True)
    assert '<html lang="en"' in body
    assert "User name" in body
