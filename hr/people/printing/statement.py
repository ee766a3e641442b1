"""The statement for the person concerned (Law 91/2025/QH15, Decree 356/2025/NĐ-CP): what the register holds
of them, what is running, who opened the file, and a line for their signature; in Vietnamese.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.clock import local
from core.subjects import DueDate, Running, WordTemplate
from core.word import LANGUAGE
from core.words import show_date
from hr.people import trail
from hr.people.codes import LEVELS
from hr.people.models import Assignment, Qualification
from hr.people.printing.filling import number, place_and_day
from hr.people.printing.queries import File
from hr.people.trail import LABELS, Entry, TimelineRow

ROOT = Path(__file__).resolve().parents[3]
TITLE = "BẢN CUNG CẤP THÔNG TIN CHO NGƯỜI CÓ DỮ LIỆU"
STATE = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
BASIS = (
    "Căn cứ Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15 và Nghị định số 356/2025/NĐ-CP, cơ quan quản lý "
    "cung cấp cho người có tên dưới đây thông tin về mình đang được lưu trong Sổ công vụ."
)
CORRECTION = (
    "Nếu có thông tin chưa đúng hoặc chưa đủ, người có dữ liệu có quyền đề nghị cơ quan quản lý xem lại, "
    "sửa chữa."
)
WHO = (
    ("Họ và tên:", "full_name"),
    ("Số định danh cá nhân:", "id_number"),
    ("Ngày sinh:", "born_on"),
    ("Chức danh, đơn vị:", "post"),
)
SIGNATURES = (
    ("NGƯỜI CÓ DỮ LIỆU", "(Đã nhận; ký, ghi rõ họ tên)"),
    ("NGƯỜI CUNG CẤP", "(Ký, ghi rõ họ tên)"),
)
#: Kinds of the timeline that stand among the facts with more detail.
_TOLD = frozenset(("assignment", "rank", "qualification"))
_FACTS = (
    "full_name other_name id_number sex born_on birthplace native_place recruited_on recruited_by status "
    "status_since status_reason ended_on"
).split()
_BACKGROUND = "ethnicity religion party_joined_on party_official_on party_post".split()


@dataclass(frozen=True, slots=True)
class Part:
    """One table: heading, the list it shows, what stands where there is nothing, (heading, field, width)."""

    title: str
    rows: str
    empty: str
    columns: tuple[tuple[str, str, int], ...]


PARTS = (
    Part(
        "I. Thông tin đang lưu",
        "held",
        "Không có thông tin nào.",
        (("Phần hồ sơ", "part", 40), ("Mục", "name", 45), ("Nội dung", "value", 80)),
    ),
    Part(
        "II. Việc đang xử lý, sắp đến hạn",
        "running",
        "Không có việc nào.",
        (("Ngày", "on", 30), ("Việc", "what", 135)),
    ),
    Part(
        "III. Người đã mở hồ sơ",
        "openings",
        "Chưa có ai mở hồ sơ.",
        (
            ("Thời điểm", "at", 35),
            ("Người mở", "who", 45),
            ("Vai trò", "role", 45),
            ("Việc làm", "what", 40),
        ),
    ),
)

TEMPLATE = WordTemplate(
    code="statement",
    label=_l("Statement for the person concerned"),
    shipped=ROOT / "templates" / "hr" / "people" / "word" / "statement.docx",
    sample={
        "agency": "Xã Thanh Nưa",
        "place_and_day": "Điện Biên, ngày 15 tháng 7 năm 2026",
        "full_name": "Lò Thị Mẫu",
        "id_number": "011186000001",
        "born_on": "05/09/1986",
        "post": "Chuyên viên, Xã Thanh Nưa",
        "held": [{"part": "Thông tin cá nhân", "name": "Quê quán", "value": "Xã Thanh Nưa"}],
        "running": [{"on": "01/01/2027", "what": "nâng bậc lương: Chuyên viên, bậc 5"}],
        "openings": [
            {
                "at": "15/07/2026 08:30",
                "who": "Lò Thị Hạnh",
                "role": "Chuyên viên Sở Nội vụ",
                "what": "mở hồ sơ",
            }
        ],
    },
)


def statement_of(
    file: File,
    *,
    timeline: Iterable[TimelineRow],
    due: Iterable[DueDate],
    running: Iterable[Running],
    openings: Sequence[Entry],
) -> dict[str, Any]:
    """The data of the paper: exactly the fields of its template. What is given must have been read with
    Vietnamese spoken."""
    with force_locale(LANGUAGE):
        place = file.place
        return {
            "agency": place.unit.name if place else "",
            "place_and_day": place_and_day(file.today),
            "full_name": file.person.full_name,
            "id_number": file.person.id_number,
            "born_on": show_date(file.person.born_on),
            "post": f"{place.post}, {place.unit.name}" if place else "",
            "held": [
                {"part": part, "name": name, "value": value}
                for part, name, value in _held(file, timeline)
                if value
            ],
            "running": [
                *({"on": show_date(one.since), "what": str(one.what)} for one in running),
                *({"on": show_date(row.on), "what": _due(row)} for row in due),
            ],
            "openings": [
                {
                    "at": f"{local(row.at):%d/%m/%Y %H:%M}",
                    "who": row.who,
                    "role": row.role,
                    "what": row.what,
                }
                for row in openings
            ],
        }


def _held(file: File, timeline: Iterable[TimelineRow]) -> Iterator[tuple[str, str, str]]:
    """(part of the file, name, value) of everything held, annulled entries too."""
    person, part = file.person, _("Personal facts")
    for name in _FACTS:
        yield part, str(LABELS[name]), _text(getattr(person, name), name)
    yield part, _("Photograph"), _("attached") if file.photo else ""
    for name in _BACKGROUND:
        value = getattr(file.background, name, None)
        yield _("Party, ethnicity, religion"), str(LABELS[name]), _text(value, name)
    for group, row in file.groups:
        for field in group.fields:
            yield str(group.label), str(field.label), field.show(getattr(row, field.name, None)) or ""
    for group, rows in file.rows:
        for entry in rows:
            shown = zip(group.fields, entry.texts, strict=True)
            texts = [f"{field.label}: {text}" for field, text in shown if text]
            yield str(group.label), _mark(entry.is_annulled), "; ".join(texts)
    yield from ((_("Assignments"), *_place(row)) for row in file.history)
    for step in file.ranks:
        rank = trail.words(f"{step.rank_code}, {step.step}", "rank")
        since = _("since %(day)s", day=show_date(step.starts_on))
        yield _("Rank and step"), _mark(step.annulled_at), f"{rank}, {number(step.coefficient)}, {since}"
    yield from ((_("Qualifications"), *_paper(row)) for row in file.papers)
    for told in timeline:
        if told.kind not in _TOLD:
            title = " · ".join(filter(None, (told.title, told.unit)))
            yield told.kind_label.capitalize(), show_date(told.on), title


def _place(row: Assignment) -> tuple[str, str]:
    until = show_date(row.ends_on) if row.ends_on else "nay"
    unit = row.division.name + ", " + row.unit.name if row.division else row.unit.name
    period = f"{show_date(row.starts_on)} - {until}"
    return _mark(row.annulled_at), f"{row.post}, {unit} ({row.kind.label}), {period}"


def _paper(row: Qualification) -> tuple[str, str]:
    level = f"{row.kind.label}: {LEVELS[row.kind][row.level].label}"
    dated = ("awarded_on", "awarded_year", "expires_on", "studied_from", "studied_to")
    fields = ("major", "issuer", "serial", *dated, "study_form", "proof_state")
    values = ((LABELS[name], _text(getattr(row, name), name)) for name in fields)
    return _mark(row.annulled_at), "; ".join([level, *(f"{label}: {text}" for label, text in values if text)])


def _due(row: DueDate) -> str:
    return f"{row.what}: {row.detail}" if row.detail else str(row.what)


def _mark(annulled: Any) -> str:
    return _("annulled") if annulled else ""


def _text(value: Any, name: str) -> str:
    if value is None or value == "":
        return ""
    plain = value.isoformat() if hasattr(value, "isoformat") else value
    return trail.words(getattr(plain, "value", plain), name)
