"""Who leads, by the words of the post, and the order of a roster."""

import pytest

from hr.people.posts import Standing, roster_order, seat_of, standing_of


@pytest.mark.parametrize(
    ("post", "standing"),
    [
        ("Chủ tịch UBND", Standing.HEAD),
        ("Quyền Chủ tịch UBND", Standing.HEAD),
        ("Phụ trách Trưởng phòng", Standing.HEAD),
        ("Bí thư Đảng ủy", Standing.HEAD),
        ("Giám đốc Sở", Standing.HEAD),
        ("Chánh Văn phòng", Standing.HEAD),
        ("TRƯỞNG  PHÒNG Kinh tế", Standing.HEAD),
        ("Chỉ huy trưởng Ban CHQS", Standing.HEAD),
        ("Phó Chủ tịch UBND", Standing.DEPUTY),
        ("Phó Chánh Văn phòng", Standing.DEPUTY),
        ("phó trưởng phòng", Standing.DEPUTY),
        ("Chuyên viên", Standing.STAFF),
        ("Chánh", Standing.HEAD),
        ("Chánhvăn phòng", Standing.STAFF),
        ("Phóng viên", Standing.STAFF),
        ("Thư ký Chủ tịch", Standing.STAFF),
        ("", Standing.STAFF),
    ],
)
def test_the_first_words_say_who_leads(post, standing):
    assert standing_of(post) is standing


def test_a_roster_begins_with_who_leads():
    posts = [
        "Chuyên viên",
        "Phó Chủ tịch UBND",
        "Trưởng phòng",
        "Phó Bí thư Đảng ủy",
        "Chủ tịch UBND",
        "Bí thư Đảng ủy",
    ]

    assert sorted(posts, key=roster_order) == [
        "Bí thư Đảng ủy",
        "Chủ tịch UBND",
        "Trưởng phòng",
        "Phó Bí thư Đảng ủy",
        "Phó Chủ tịch UBND",
        "Chuyên viên",
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ((1, 5, "Trưởng phòng"), (1, 5, "Phụ trách Trưởng phòng Kinh tế"), True),
        ((1, 5, "Trưởng phòng"), (1, 6, "Trưởng phòng"), False),
        ((1, None, "Chủ tịch UBND"), (1, None, "Quyền Chủ tịch UBND"), True),
        ((1, None, "Chủ tịch UBND"), (1, None, "Chủ tịch HĐND"), False),
        ((1, None, "Chủ tịch UBND"), (2, None, "Chủ tịch UBND"), False),
    ],
)
def test_one_seat_is_one_division_or_one_title_of_the_unit(one, other, same):
    assert (seat_of(*one) == seat_of(*other)) is same


@pytest.mark.parametrize("post", ["Phó Trưởng phòng", "Chuyên viên", "Trưởng phòng"])
def test_no_seat_without_a_head_or_without_the_division_it_heads(post):
    assert seat_of(1, None, post) is None
