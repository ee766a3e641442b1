"""Both languages complete: no message missing, empty or fuzzy, parameters kept, the libraries' too."""

import re
from pathlib import Path

import pytest
import wtforms
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from core import library_words

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("core", "accounts", "hr", "reports", "templates")
KEYWORDS = {
    "_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2),
    "marked": None, "lazy_pgettext": ((1, "c"), 2),
}  # fmt: skip
PARAMETER = re.compile(r"%\(\w+\)[sd]|%s")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with (ROOT / "translations/vi/LC_MESSAGES/messages.po").open("rb") as stream:
        return read_po(stream, locale="vi")


@pytest.fixture(scope="module")
def messages() -> set[str]:
    """Every message of the program, singular forms."""
    found: set[str] = set()
    for folder in FOLDERS:
        method = [("**.html", "jinja2"), ("**/law.toml", "core.law_words:extract"), ("**.py", "python")]
        extracted = extract_from_dir(
            ROOT / folder,
            method,
            keywords=KEYWORDS,
            directory_filter=lambda path: "__pycache__" not in str(path),
        )
        found |= {
            message if isinstance(message, str) else message[0] for _f, _l, message, _c, _x in extracted
        }
    return found - {""}


def test_every_message_has_vietnamese_words(catalogue: Catalog, messages: set[str]):
    assert len(messages) > 700
    assert sorted(text for text in messages if text not in catalogue) == []


def test_no_message_is_empty_or_fuzzy(catalogue: Catalog):
    empty = [message.id for message in catalogue if message.id and not any(_strings(message))]
    fuzzy = [message.id for message in catalogue if message.id and message.fuzzy]

    assert empty == []
    assert fuzzy == []


def test_no_word_is_left_over(catalogue: Catalog, messages: set[str]):
    ids = {
        message.id if isinstance(message.id, str) else message.id[0] for message in catalogue if message.id
    }

    assert sorted(ids - messages) == []


def test_parameters_are_kept(catalogue: Catalog):
    wrong = []
    for message in catalogue:
        source = message.id if isinstance(message.id, str) else message.id[-1]
        for text in _strings(message):
            if source and set(PARAMETER.findall(source)) != set(PARAMETER.findall(text)):
                wrong.append(source)

    assert wrong == []


def test_the_list_of_library_words_is_whole():
    with (Path(wtforms.__file__).parent / "locale/wtforms.pot").open("rb") as stream:
        theirs = {message.id for message in read_po(stream) if message.id}
    single = {message for message in theirs if isinstance(message, str)}
    plural = {message for message in theirs if not isinstance(message, str)}

    assert single == set(library_words.MESSAGES)
    assert plural == set(library_words.PLURALS)


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        ("People", "Hồ sơ cán bộ"),
        ("My work", "Việc cần làm"),
        ("My team", "Đội ngũ của đơn vị"),
        ("Units and posts", "Đơn vị, vị trí việc làm"),
        ("Decisions and imports", "Quyết định, nhập dữ liệu"),
        ("Rules in force", "Quy định đang áp dụng"),
        ("original seen", "đã đối chiếu bản gốc"),
        ("issuer denies", "cơ sở cấp không xác nhận"),
        ("non-specialised worker", "người hoạt động không chuyên trách"),
        ("moved out of the province", "chuyển ra ngoài tỉnh"),
        ("There is nothing at this address", "Không có nội dung tại địa chỉ này"),
        ("Enter a date as dd/mm/yyyy, for example 05/09/2026",
         "Nhập ngày theo dạng dd/mm/yyyy, ví dụ 05/09/2026"),
        ("The personal identification number has 12 digits; this one has %(count)s",
         "Số định danh cá nhân gồm 12 chữ số; số này có %(count)s"),
        ("You were signed out. Sign in again: your draft is kept",
         "Phiên làm việc đã hết. Đăng nhập lại: bản nháp vẫn còn"),
        ("Illustrative data: people and events are invented",
         "Dữ liệu minh họa: người và sự việc là hư cấu"),
    ],
)  # fmt: skip
def test_words_of_the_glossary(catalogue: Catalog, english: str, vietnamese: str):
    assert catalogue[english].string == vietnamese


def _strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)
