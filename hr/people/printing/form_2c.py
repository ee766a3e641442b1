"""Form 2C-BNV/2008 (Decision 02/2008/QĐ-BNV): its items in their order, in the words of the form, and what a
personnel file puts into them. The page, the Word template and its sample all follow this one list.

The form is Vietnamese by law, whatever the screen speaks; what is not held stays empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l

from core.subjects import WordTemplate

ROOT = Path(__file__).resolve().parents[3]
TITLE = "SƠ YẾU LÝ LỊCH CÁN BỘ, CÔNG CHỨC"
MODEL = "Mẫu 2C-BNV/2008 ban hành kèm theo Quyết định số 02/2008/QĐ-BNV của Bộ trưởng Bộ Nội vụ"
#: Width and height of the photograph in millimetres.
PHOTO = (40, 60)
NO_PHOTO = "Ảnh màu (4 x 6 cm)"
SIGNER = "Người khai"
#: What an empty place means: the form is signed as a whole, and silence must not read as a "none".
BLANKS = (
    "Chỗ để trống (……) là nội dung chưa có thông tin trong Sổ công vụ hoặc không thuộc quyền xem của người "
    "in; không có nghĩa là “không có”."
)
#: Outside the numbered items: at the top, and beside the signatures.
AGENCIES = (
    ("Cơ quan, đơn vị có thẩm quyền quản lý:", "managing_agency"),
    ("Cơ quan, đơn vị sử dụng:", "using_agency"),
)
OATH = (
    "Tôi xin cam đoan những lời khai trên đây là đúng sự thật",
    "(Ký tên, ghi rõ họ tên)",
)
CONFIRMED = ("Xác nhận của cơ quan, đơn vị quản lý", "(Ký tên, đóng dấu)")


@dataclass(frozen=True, slots=True)
class Line:
    """(words of the form, field) after one another on one line."""

    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """An item that is a table; columns: (heading, field, width in millimetres)."""

    title: str
    rows: str
    columns: tuple[tuple[str, str, int], ...]


def _line(*parts: tuple[str, str]) -> Line:
    return Line(parts)


_FAMILY = (
    ("Mối quan hệ", "relation", 28),
    ("Họ và tên", "full_name", 42),
    ("Năm sinh", "born_year", 18),
    ("Quê quán, nghề nghiệp, chức danh, đơn vị công tác, nơi ở", "details", 77),
)
#: Beside the photograph.
HEAD = (
    _line(("1) Họ và tên khai sinh (viết chữ in hoa):", "full_name")),
    _line(("2) Tên gọi khác:", "other_name")),
    _line(("3) Sinh ngày:", "born_on"), ("Giới tính (nam, nữ):", "sex")),
    _line(("4) Nơi sinh:", "birthplace")),
    _line(("5) Quê quán:", "native_place")),
    _line(("6) Dân tộc:", "ethnicity"), ("7) Tôn giáo:", "religion")),
)
ITEMS: tuple[Line | Table, ...] = (
    _line(("8) Nơi đăng ký hộ khẩu thường trú:", "registered_address")),
    _line(("9) Nơi ở hiện nay:", "current_address")),
    _line(("10) Nghề nghiệp khi được tuyển dụng:", "job_before")),
    _line(("11) Ngày tuyển dụng:", "recruited_on"), ("Cơ quan tuyển dụng:", "recruited_by")),
    _line(("12) Chức vụ (chức danh) hiện tại (chính quyền, Đảng, đoàn thể):", "post")),
    _line(("Kể cả chức vụ kiêm nhiệm, biệt phái:", "posts_beside")),
    _line(("13) Công việc chính được giao:", "main_duty")),
    _line(("14) Ngạch công chức (viên chức):", "rank"), ("Mã ngạch:", "rank_code")),
    _line(("Bậc lương:", "step"), ("Hệ số:", "coefficient"), ("Ngày hưởng:", "rank_from")),
    _line(("Phụ cấp chức vụ:", "position_allowance"), ("Phụ cấp khác:", "other_allowance")),
    _line(("15.1- Trình độ giáo dục phổ thông:", "general_education")),
    _line(("15.2- Trình độ chuyên môn cao nhất:", "education")),
    _line(("15.3- Lý luận chính trị:", "political_theory"), ("15.4- Quản lý nhà nước:", "state_management")),
    _line(("15.5- Ngoại ngữ:", "foreign_language"), ("15.6- Tin học:", "it")),
    _line(
        ("16) Ngày vào Đảng Cộng sản Việt Nam:", "party_joined_on"),
        ("Ngày chính thức:", "party_official_on"),
    ),
    _line(("17) Ngày tham gia tổ chức chính trị - xã hội:", "memberships")),
    _line(
        ("18) Ngày nhập ngũ:", "enlisted_on"),
        ("Ngày xuất ngũ:", "discharged_on"),
        ("Quân hàm cao nhất:", "top_rank"),
    ),
    _line(
        (
            "19) Danh hiệu được phong tặng cao nhất (anh hùng lao động, anh hùng lực lượng vũ trang; nhà "
            "giáo, thầy thuốc, nghệ sĩ nhân dân, ưu tú, ...):",
            "top_title",
        )
    ),
    _line(("20) Sở trường công tác:", "strength")),
    _line(("21) Khen thưởng (hình thức cao nhất, năm nào):", "rewards")),
    _line(("22) Kỷ luật (về đảng, chính quyền, đoàn thể; hình thức cao nhất, năm nào):", "discipline")),
    _line(
        ("23) Tình trạng sức khoẻ:", "health"),
        ("Chiều cao:", "height"),
        ("Cân nặng:", "weight"),
        ("Nhóm máu:", "blood_group"),
    ),
    _line(("24) Là thương binh hạng:", "war_invalid_class"), ("Là con gia đình chính sách:", "policy_group")),
    _line(
        ("25) Số định danh cá nhân (CCCD):", "id_number"),
        ("Ngày cấp:", "id_issued_on"),
    ),
    _line(("26) Số sổ BHXH:", "social_insurance_number")),
    Table(
        "27) Đào tạo, bồi dưỡng về chuyên môn, nghiệp vụ, lý luận chính trị, ngoại ngữ, tin học",
        "training",
        (
            ("Tên trường", "school", 42),
            ("Chuyên ngành đào tạo, bồi dưỡng", "major", 34),
            ("Từ tháng, năm - đến tháng, năm", "period", 25),
            ("Hình thức đào tạo", "form", 20),
            ("Văn bằng, chứng chỉ, trình độ gì", "diploma", 44),
        ),
    ),
    Table(
        "28) Tóm tắt quá trình công tác",
        "work",
        (
            ("Từ tháng, năm đến tháng, năm", "period", 40),
            (
                "Chức danh, chức vụ, đơn vị công tác (đảng, chính quyền, đoàn thể, tổ chức xã hội)",
                "post",
                125,
            ),
        ),
    ),
    Table(
        "29) Đặc điểm lịch sử bản thân",
        "history",
        (("Từ năm - đến năm", "period", 40), ("Nội dung", "account", 125)),
    ),
    _line(
        (
            "30) Quan hệ với nước ngoài. Tham gia hoặc có quan hệ với các tổ chức chính trị, kinh tế, xã "
            "hội ở nước ngoài (làm gì, tổ chức nào, đặt trụ sở ở đâu):",
            "organisations_abroad",
        )
    ),
    Table(
        "Có thân nhân (cha, mẹ, vợ, chồng, con, anh chị em ruột) ở nước ngoài (làm gì, địa chỉ)",
        "relatives_abroad",
        (
            ("Mối quan hệ", "relation", 28),
            ("Họ và tên", "full_name", 42),
            ("Năm sinh", "born_year", 18),
            ("Nước, nghề nghiệp", "details", 77),
        ),
    ),
    Table("31) Quan hệ gia đình: a) Về bản thân", "family_own", _FAMILY),
    Table("b) Về bên vợ (hoặc chồng)", "family_of_spouse", _FAMILY),
    Table(
        "32) Diễn biến quá trình lương",
        "salary",
        (
            ("Tháng/năm", "month", 30),
            ("Ngạch, mã ngạch", "rank", 75),
            ("Bậc", "step", 25),
            ("Hệ số lương", "coefficient", 35),
        ),
    ),
)
TABLES = tuple(item for item in ITEMS if isinstance(item, Table))

#: Empty rows of a table that holds nothing: room to write by hand.
ROOM = 2


def with_room(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data of the form with empty rows in each table that has none."""
    blank = {table.rows: [{name: "" for _heading, name, _width in table.columns}] * ROOM for table in TABLES}
    return {**data, **{rows: data[rows] or blank[rows] for rows in blank}}


_SAMPLE_ROWS = {
    "training": ("Trường Đại học Tây Bắc", "Quản lý đất đai", "09/2004 - 06/2008", "Chính quy", "Cử nhân"),
    "work": ("07/2008 - 06/2025", "Chuyên viên, Ủy ban nhân dân xã Thanh Nưa"),
    "history": ("2003 - 2004", "Bộ đội, Bộ Chỉ huy Quân sự tỉnh"),
    "relatives_abroad": ("Chị ruột", "Lò Thị Xuân", "1980", "Lào; công nhân"),
    "family_own": ("Chồng", "Quàng Văn Hải", "1984", "Xã Thanh Nưa; giáo viên, Trường THCS Thanh Nưa"),
    "family_of_spouse": ("Bố chồng", "Quàng Văn Pó", "1955", "Xã Thanh Nưa; làm ruộng"),
    "salary": ("01/2023", "Chuyên viên (01.003)", "5", "3,66"),
}
_SAMPLE_TEXTS = {
    "managing_agency": "Sở Nội vụ",
    "using_agency": "UBND xã Thanh Nưa",
    "place_and_day": "Điện Biên, ngày 15 tháng 7 năm 2026",
    "full_name": "LÒ THỊ MẪU",
    "other_name": "Lò Thị Mẫu Đơn",
    "born_on": "05/09/1986",
    "sex": "Nữ",
    "birthplace": "Xã Thanh Nưa, tỉnh Điện Biên",
    "native_place": "Xã Thanh Nưa, tỉnh Điện Biên",
    "ethnicity": "Thái",
    "religion": "Không",
    "registered_address": "Bản Mển, xã Thanh Nưa",
    "current_address": "Bản Mển, xã Thanh Nưa",
    "job_before": "Giáo viên",
    "recruited_on": "01/07/2008",
    "recruited_by": "Ủy ban nhân dân huyện Điện Biên",
    "post": "Chuyên viên, Văn phòng HĐND và UBND xã Thanh Nưa",
    "posts_beside": "Phó Trưởng phòng Kinh tế (biệt phái)",
    "main_duty": "Tổng hợp, văn thư",
    "rank": "Chuyên viên",
    "rank_code": "01.003",
    "step": "5",
    "coefficient": "3,66",
    "rank_from": "01/01/2023",
    "position_allowance": "0,20",
    "other_allowance": "0,50",
    "general_education": "12/12",
    "education": "Đại học, Quản lý đất đai",
    "political_theory": "Trung cấp",
    "state_management": "Chuyên viên",
    "foreign_language": "Chứng chỉ",
    "it": "Chứng chỉ",
    "party_joined_on": "03/02/2010",
    "party_official_on": "03/02/2011",
    "memberships": "Công đoàn: 01/07/2008",
    "enlisted_on": "01/02/2003",
    "discharged_on": "01/08/2004",
    "top_rank": "Hạ sĩ",
    "top_title": "Chiến sĩ thi đua cấp tỉnh",
    "strength": "Tổng hợp",
    "rewards": "Giấy khen, 2024",
    "discipline": "Khiển trách, 2019",
    "health": "Tốt",
    "height": "158 cm",
    "weight": "52 kg",
    "blood_group": "O",
    "war_invalid_class": "4/4",
    "policy_group": "Con thương binh",
    "id_number": "011186000001",
    "id_issued_on": "10/05/2021",
    "social_insurance_number": "1108000001",
    "organisations_abroad": "Hội hữu nghị Lào - Việt tỉnh Phông-xa-lỳ, hội viên",
}


def _sample_row(table: Table) -> dict[str, str]:
    names = (name for _heading, name, _width in table.columns)
    return dict(zip(names, _SAMPLE_ROWS[table.rows], strict=True))


TEMPLATE = WordTemplate(
    code="form_2c",
    label=_l("Form 2C"),
    shipped=ROOT / "templates" / "hr" / "people" / "word" / "form_2c.docx",
    sample={**_SAMPLE_TEXTS, **{table.rows: [_sample_row(table)] for table in TABLES}},
    pictures={"photo": PHOTO},
)
