"""Which two files look like one person, and which entries cannot both stand."""

from datetime import date

import pytest

from hr.people.merging.enums import Likeness
from hr.people.merging.rules import Entry, Known, are_near, can_be_cut, exclusions, possible_duplicates

BORN = date(1985, 3, 2)


def known(key: int, name: str, number: str, born_on: date = BORN) -> Known:
    return Known(key, f"{key:026}", name, name, number, born_on)


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("011085000001", "011085000002", True),  # one digit mistyped
        ("011085000012", "011085000021", False),  # two digits
        ("000123456789", "011123456789", True),  # nine digits filled up with zeros
        ("011085000001", "011085000001", True),
        ("011085000001", "021085000001", True),
        ("011085000001", "011085990001", False),
    ],
)
def test_numbers_are_near_but_for_one_digit_or_the_first_three(one, other, near):
    assert are_near(one, other) is near
    assert are_near(other, one) is near


@pytest.mark.parametrize(
    ("other", "reasons"),
    [
        (known(2, "Nguyen Van Hung", "011085777777"), (Likeness.NAME, Likeness.BIRTH)),
        (known(2, "Nguyễn Văn Hùng", "011085000002", date(1985, 2, 3)), (Likeness.NAME, Likeness.NUMBER)),
        (known(2, "Nguyễn Văn Hưng Thịnh", "011085000002"), (Likeness.BIRTH, Likeness.NUMBER)),
        (known(2, "Nguyễn Văn Hùng", "000085000001"), (Likeness.NAME, Likeness.BIRTH, Likeness.NUMBER)),
        (known(2, "Nguyễn Văn Hùng", "011090777777", date(1990, 1, 1)), None),  # a name alone
        (known(2, "Lò Thị Mai", "011085777777"), None),  # a birthday alone
        (
            known(2, "Lò Thị Mai", "011085000002", date(1985, 9, 9)),
            None,
        ),  # born in one province and year
    ],
)
def test_two_of_three_make_a_possible_duplicate(other, reasons):
    found = possible_duplicates([known(1, "Nguyễn Văn Hùng", "011085000001"), other])

    assert [pair.reasons for pair in found] == ([reasons] if reasons else [])


def test_a_pair_is_found_once_the_lower_key_first():
    (pair,) = possible_duplicates(
        [known(9, "Lò Văn An", "011085000001"), known(4, "Lò Văn An", "011085000002")]
    )

    assert pair.key == (4, 9)


def entry(uid: str, first: str | None, last: str | None = None, key: str = "own", days: bool = True) -> Entry:
    return Entry(
        uid,
        key,
        date.fromisoformat(first) if first else None,
        date.fromisoformat(last) if last else None,
        days,
    )


@pytest.mark.parametrize(
    ("left", "right", "meet"),
    [
        (entry("a", "2020-01-01"), entry("b", "2025-07-01"), True),
        (entry("a", "2020-01-01", "2025-06-30"), entry("b", "2025-07-01"), False),
        (entry("a", "2020-01-01", "2025-07-01"), entry("b", "2025-07-01"), True),
        (entry("a", "2020-01-01"), entry("b", "2020-01-01", key="seconded"), False),
        (entry("a", "2020-01-01", days=False), entry("b", "2020-01-01", days=False), True),
    ],
)
def test_entries_of_one_kind_that_share_a_day_exclude_one_another(left, right, meet):
    assert bool(list(exclusions([left], [right]))) is meet
    assert bool(list(exclusions([right], [left]))) is meet


def test_only_places_with_different_first_days_can_both_stand():
    assert can_be_cut(entry("a", "2020-01-01"), entry("b", "2025-07-01"))
    assert not can_be_cut(entry("a", "2020-01-01"), entry("b", "2020-01-01"))
    assert not can_be_cut(entry("a", "2020-01-01", days=False), entry("b", "2021-01-01", days=False))
