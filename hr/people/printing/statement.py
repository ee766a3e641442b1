"""The statement for the person concerned (Law 91/2025/QH15, Decree 356/2025/NĐ-CP): what the register holds
of them, what is running, who opened the file, and a line for their signature; in Vietnamese.

Points to check are not in it: they are hints for Home Affairs alone, on nobody's page and in no export
(`interface.md` §5). What came of one and touches the person's papers is: a letter to an issuer, its reply.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from core.clock import local
from core.subjects import DueDate, Running, WordTemplate
from core.word import LANGUAGE
from core.words import show_date
from hr.people.printing.filling import agency_of, place_and_day
from hr.people.printing.held import Told, held, under_way
from hr.people.printing.queries import Beside, File
from hr.people.trail import Entry, TimelineRow

ROOT = Path(__file__).resolve().parents[3]
TITLE = "BẢN CUNG CẤP THÔNG TIN CHO NGƯỜI CÓ DỮ LIỆU"
#: Who answers the person concerned is who keeps the register, not who employs the person.
ISSUER = "SỞ NỘI VỤ"
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
        "agency": ISSUER,
        "place_and_day": "Điện Biên, ngày 15 tháng 7 năm 2026",
        "full_name": "Lò Thị Mẫu",
        "id_number": "011186000001",
        "born_on": "05/09/1986",
        "post": "Chuyên viên, UBND xã Thanh Nưa",
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
    beside: Beside,
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
            "agency": ISSUER,
            "place_and_day": place_and_day(file.today),
            "full_name": file.person.full_name,
            "id_number": file.person.id_number,
            "born_on": show_date(file.person.born_on),
            "post": f"{place.post}, {agency_of(place.unit)}" if place else "",
            "held": list(_numbered(held(file, beside, timeline))),
            "running": [
                *({"on": show_date(day), "what": what} for day, what in under_way(beside)),
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


def _numbered(told: Told) -> Iterator[dict[str, str]]:
    """What is held; of entries without a name of their own, which of the part it is."""
    counts: Counter[str] = Counter()
    for part, name, value in told:
        if value:
            counts[part] += not name
            yield {"part": part, "name": name or str(counts[part]), "value": value}


def _due(row: DueDate) -> str:
    return f"{row.what}: {row.detail}" if row.detail else str(row.what)
