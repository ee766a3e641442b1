"""TCVN3 (ABC) and VNI into Unicode: there and back, and nothing done to Unicode."""

import csv
import re
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tabular import Sheet
from hr.people.roster.layout import suggest_mapping
from hr.people.roster.legacy_fonts import TCVN3, VNI, converted, decode_tcvn3, decode_vni, recognise
from hr.people.roster.reader import apply
from hr.people.roster.sheet_fonts import in_unicode
from hr.people.roster.syllables import is_syllable
from tests.hr.people.roster.conftest import ROOT

# The two fonts written out anew, letter by letter, so that the tables under test do not prove themselves.
LETTERS = (
    "à ả ã á ạ ă ằ ẳ ẵ ắ ặ â ầ ẩ ẫ ấ ậ è ẻ ẽ é ẹ ê ề ể ễ ế ệ ì ỉ ĩ í ị ò ỏ õ ó ọ ô ồ ổ ỗ ố ộ ơ ờ ở ỡ ớ ợ"
).split()
LETTERS += "ù ủ ũ ú ụ ư ừ ử ữ ứ ự ỳ ỷ ỹ ý ỵ đ Ă Â Ê Ô Ơ Ư Đ".split()
IN_TCVN3 = bytes.fromhex(
    "b5b6b7b8b9 a8bbbcbdbec6 a9c7c8c9cacb cccecfd0d1 aad2d3d4d5d6 d7d8dcddde dfe1e2e3e4"
    "abe5e6e7e8e9 aceaebecedee eff1f2f3f4 adf5f6f7f8f9 fafbfcfdfe ae a1a2a3a4a5a6a7"
).decode("latin-1")
IN_VNI = (
    "aø aû aõ aù aï aê aè aú aü aé aë aâ aà aå aã aá aä eø eû eõ eù eï eâ eà eå eã eá eä ì æ ó í ò "
    "oø oû oõ où oï oâ oà oå oã oá oä ô ôø ôû ôõ ôù ôï uø uû uõ uù uï ö öø öû öõ öù öï yø yû yõ yù î ñ"
).split()
TO_TCVN3 = dict(zip(LETTERS, IN_TCVN3, strict=True))
TO_VNI = dict(zip(LETTERS, IN_VNI, strict=False))
TO_VNI |= {letter.upper(): pair.upper() for letter, pair in TO_VNI.items()}

FAMILY = (
    "Nguyễn Trần Lê Phạm Hoàng Huỳnh Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Lò Quàng Cà Lường Tòng Vàng "
    "Giàng Sùng Mùa Thào Hạng Vừ Lầu Chá Cứ Tẩn Phùng Pờ Khoàng Lỳ Điêu Bạc Cầm Hờ"
).split()
MIDDLE = (
    "Văn Thị A Đức Hữu Ngọc Thanh Xuân Quốc Minh Thế Đình Thuý Thúy Hoà Hòa Quỳnh Khánh Bảo Phương"
).split()
GIVEN = (
    "Hùng Ổn Ân Ánh Yến Tưởng Sềnh Páo Dế Tủa Khuyên Nguyệt Huệ Hoà Hòa Thuỷ Thủy Quý Quyết Khuê "
    "Nghĩa Giếng Gìn Khoẻ Ước Ứng Ý Uyên Thoại Xuyến Liễu Hường Hưởng Được Duật Đoàn Loan Loát Mỷ "
    "Chử Nếnh Phình Hiệp Lộc Khiết Ngoãn Tuấn Trường Vượng Bưởi Kiều Yêu Chuyên Thưởng"
).split()
names = st.builds(
    lambda family, middle, given_name: f"{family} {middle} {given_name}",
    st.sampled_from(FAMILY), st.sampled_from(MIDDLE), st.sampled_from(GIVEN),
)  # fmt: skip


def to_tcvn3(text):
    """As a font without capitals with a tone stores it."""
    return "".join(TO_TCVN3.get(char, TO_TCVN3.get(char.lower(), char)) for char in text)


def to_vni(text):
    return "".join(TO_VNI.get(char, char) for char in text)


alphabet = st.text(
    st.sampled_from([*"abcdeghiklmnopqrstuvxyABCDEGHIKLMNOPQRSTUVXY -", *LETTERS]), max_size=40
)


@given(alphabet)
def test_the_table_of_tcvn3_is_undone_letter_by_letter(text):
    assert decode_tcvn3(to_tcvn3(text)) == text


@given(alphabet.map(str.title) | alphabet | alphabet.map(str.upper))
def test_the_table_of_vni_is_undone_letter_by_letter(text):
    assert decode_vni(to_vni(text)) == text


@given(names)
def test_a_name_in_tcvn3_and_back_is_the_same(name):
    stored = to_tcvn3(name)
    read = recognise(stored, TCVN3)
    assert converted(stored, TCVN3) == name
    assert read is None or read.text == name


@given(names)
def test_a_name_in_vni_and_back_is_the_same(name):
    read = recognise(to_vni(name), VNI)
    assert converted(to_vni(name), VNI) == name
    assert read is None or read.text == name


@given(names, st.sampled_from([to_tcvn3, to_vni]))
def test_a_name_is_never_read_as_another_without_knowing_its_font(name, stored):
    read = recognise(stored(name))
    assert read is None or read.text in (None, name)


@given(names.map(str.upper))
def test_a_name_in_capitals(name):
    capitals = to_vni(name)
    read = recognise(capitals, VNI)
    assert read is None or read.text == name
    # a capital font of TCVN3 holds capitals of the keyboard and small signs
    read = recognise(to_tcvn3(name), TCVN3)
    assert read is None or read.text == name


words = st.text(st.characters(min_codepoint=32, max_codepoint=0x1EFF, exclude_categories=["Cs"]), max_size=12)


@given(names | names.map(str.upper) | names.map(str.lower), st.sampled_from(["NFC", "NFD", "NFKC"]))
def test_a_name_in_unicode_is_left_alone(name, form):
    assert recognise(unicodedata.normalize(form, name)) is None
    assert in_unicode(Sheet("S", [[name]]))[1] == {}


@given(words)
def test_any_text_is_answered(text):
    read = recognise(text)
    assert read is None or read.text != text


def test_every_name_of_the_demo_province_is_made_of_syllables_and_left_alone():
    with (ROOT / "core/data/dien_bien_units.csv").open(encoding="utf-8", newline="") as file:
        texts = [f"{row['name_vi']}; {row['predecessors']}" for row in csv.DictReader(file)]
    assert [text for text in texts if recognise(text)] == []
    assert {
        word for text in texts for word in re.findall(r"[^\W\d_]+", text) if not is_syllable(word)
    } == set()


@pytest.mark.parametrize("word", ["Vaờn", "Thuự", "Leõ", "Huứng", "chât", "Ngề", "jà", "hóà", "tàc", ""])
def test_no_syllables(word):
    assert not is_syllable(word)


# --- whole sheets -------------------------------------------------------------------------------

HEAD = ["Họ và tên", "Số CCCD", "Ngày sinh", "Giới tính", "Chức vụ", "Nơi đào tạo"]


def person(name, number, post="", issuer=""):
    return [name, f"0110840000{number:02d}", "02/03/1984", "Nam", post, issuer]


def reading_of(rows, units=()):
    sheet, _fonts = in_unicode(Sheet("S", rows))
    return apply(Sheet("S", rows), suggest_mapping(sheet), units=units, today=date(2026, 7, 1))


def test_a_whole_file_in_tcvn3_with_its_column_names_and_sections():
    head = ["Hä vµ tªn", "Sè CCCD", "Ngµy sinh", "Giíi tÝnh", "Chøc vô"]
    rows = [
        ["danh s¸ch c¸n bé (tÝnh ®Õn 01/06/2026)"],
        head,
        ["X· Nµ Hú"],
        person("NguyÔn V¨n Hïng", 1, "KÕ to¸n")[:5],
    ]

    reading = reading_of(rows, [{"code": "03169", "name": "Xã Nà Hỳ"}])

    (row,) = reading.rows
    assert (row["full_name"], row["post"], row["unit"]) == ("Nguyễn Văn Hùng", "Kế toán", "03169")
    assert reading.as_of == "2026-06-01"
    assert [(item.row, item.column, item.raw, item.params["value"]) for item in reading.problems] == [
        (3, None, "X· Nµ Hú", "Xã Nà Hỳ"),
        (4, "A", "NguyÔn V¨n Hïng", "Nguyễn Văn Hùng"),
        (4, "E", "KÕ to¸n", "Kế toán"),
    ]
    assert {item.code for item in reading.problems} == {"font_read"}


def test_what_both_fonts_explain_is_read_by_the_font_of_its_column():
    vni = reading_of([HEAD, person("Nguyeãn Vaên Huøng", 1), person("Löu Chung", 2)])
    tcvn3 = reading_of([HEAD, person("NguyÔn V¨n Hïng", 1), person("Löu Chung", 2)])

    assert [row["full_name"] for row in vni.rows] == ["Nguyễn Văn Hùng", "Lưu Chung"]
    assert [row["full_name"] for row in tcvn3.rows] == ["Nguyễn Văn Hùng", "Lửu Chung"]


def test_a_name_without_signs_among_names_of_an_old_font_is_refused():
    """Ma Thị Chi in VNI looks like a name in Unicode: nobody but the office can tell."""
    reading = reading_of(
        [HEAD, person("Nguyeãn Vaên Huøng", 1), person("Ma Thò Chi", 2), person("Lò Thị Yến", 3)]
    )

    assert [row["full_name"] for row in reading.rows] == ["Nguyễn Văn Hùng", "Lò Thị Yến"]
    assert [(item.row, item.code) for item in reading.problems] == [(2, "font_read"), (3, "font_unsure")]


def test_other_words_without_signs_among_those_of_an_old_font_are_remarked():
    rows = [HEAD, person("Lò Thị Yến", 1, "Thuû quyõ"), person("Lò Văn Ổn", 2, "Bí thò")]

    reading = reading_of(rows)

    assert [row["post"] for row in reading.rows] == ["Thủ quỹ", "Bí thò"]
    assert [(item.row, item.code) for item in reading.problems] == [(2, "font_read"), (3, "font_doubt")]


def test_the_file_given_is_not_changed():
    rows = [HEAD, person("NguyÔn V¨n Hïng", 1)]

    converted_sheet, fonts = in_unicode(Sheet("S", rows))

    assert rows[1][0] == "NguyÔn V¨n Hïng"
    assert converted_sheet.rows[1][0] == "Nguyễn Văn Hùng"
    assert list(fonts) == [(2, 0)]
