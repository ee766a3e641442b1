"""The letter to an issuer in Word: its fields, and what a letter fills them with. No more of a person
stands in it than an issuer needs to find the paper."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l

from core.subjects import WordTemplate
from core.words import show_date, show_month
from hr.people.letters.models import IssuerLetter
from hr.people.letters.queries import Asked

ROOT = Path(__file__).resolve().parents[3]
TITLE = "V/v đề nghị xác minh văn bằng, chứng chỉ"
REQUEST = (
    "Để phục vụ công tác quản lý hồ sơ công chức, Sở Nội vụ đề nghị Quý cơ quan xác minh các văn bằng, chứng "
    "chỉ sau đây có do Quý cơ quan cấp cho người có tên hay không:"
)
CLOSING = (
    "Đề nghị Quý cơ quan trả lời bằng văn bản về từng trường hợp; nếu hồ sơ gốc không còn, đề nghị ghi rõ.",
    "Trân trọng cảm ơn sự phối hợp của Quý cơ quan./.",
)
#: (heading, field, width in millimetres) of the table of papers.
COLUMNS = (
    ("TT", "no", 12),
    ("Họ và tên", "name", 34),
    ("Ngày sinh", "born_on", 26),
    ("Văn bằng, chứng chỉ; chuyên ngành", "paper", 43),
    ("Số hiệu", "serial", 24),
    ("Ngày cấp", "awarded", 26),
)
TEMPLATE = WordTemplate(
    code="issuer_letter",
    label=_l("Letter to an issuer"),
    shipped=ROOT / "templates" / "hr" / "people" / "word" / "issuer_letter.docx",
    sample={
        "province": "ĐIỆN BIÊN",
        "number": "15/SNV-CCVC",
        "place_and_day": "Điện Biên, ngày 01 tháng 7 năm 2026",
        "issuer": "Trường Cao đẳng Sơn La",
        "papers": [
            {
                "no": "1",
                "name": "Lò Văn An",
                "born_on": "12/05/1984",
                "paper": "Đại học, Quản lý đất đai (09/2003 – 07/2007)",
                "serial": "ĐH 07123456",
                "awarded": "15/07/2007",
            }
        ],
    },
)


def texts_of(
    letter: IssuerLetter, asked: Sequence[Asked], names: Mapping[int, str], province: str
) -> dict[str, Any]:
    """The fields of the template. `names`: key of each paper → its kind and level in words."""
    day = letter.sent_on
    written = f"{day.day:02} tháng {day.month} năm {day.year}" if day else "….. tháng ….. năm …….."
    return {
        "province": province.upper(),
        "number": letter.number or "",
        "place_and_day": f"{province}, ngày {written}",
        "issuer": letter.issuer,
        "papers": [_row(number, one, names[one.paper.id]) for number, one in enumerate(asked, 1)],
    }


def _row(number: int, asked: Asked, name: str) -> dict[str, str]:
    paper = asked.paper
    months = [show_month(day) for day in (paper.studied_from, paper.studied_to) if day]
    studied = f" ({' – '.join(months)})" if months else ""
    return {
        "no": str(number),
        "name": asked.person.full_name,
        "born_on": show_date(asked.person.born_on),
        "paper": f"{name}{', ' if paper.major else ''}{paper.major or ''}{studied}",
        "serial": paper.serial or "",
        "awarded": show_date(paper.awarded_on) if paper.awarded_on else str(paper.awarded_year or ""),
    }
