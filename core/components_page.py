"""The component page: every part of the interface in every state, with made-up words.

Development only (`create_app` leaves it out in production); tests take their pictures and run
their checks of contrast and names here. The words are samples, not the interface: untranslated.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, PasswordField, RadioField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from core.comparing import Comparison, Difference
from core.forms import (
    CodeField,
    DateField,
    DecimalField,
    FileField,
    Form,
    IdNumberField,
    NameField,
    TextAreaField,
    required,
)
from core.paging import INITIALS, Letter, Page
from core.permissions import public
from core.web import page

bp = Blueprint("components", __name__, url_prefix="/_components")

TONES = (
    ("danger", "quá hạn"),
    ("warn", "đến hạn"),
    ("ok", "đạt"),
    ("info", "đang biệt phái"),
    ("neutral", "đã kết thúc"),
)
PROVEN = [("claimed", "tự kê khai"), ("seen", "đã đối chiếu bản gốc"), ("confirmed", "cơ sở cấp đã xác nhận")]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the sample timeline."""

    on: date
    kind_label: str
    title: str
    unit: str
    url: str | None
    tone: str


LINES = (
    Line(date(2026, 9, 15), "bồi dưỡng", "Kỹ năng số cho công chức cấp xã", "Sở Nội vụ", "#", "info"),
    Line(date(2026, 3, 2), "nâng bậc", "Chuyên viên, bậc 4, hệ số 3,33", "Xã Nà Hỳ", "#", "ok"),
    Line(date(2025, 7, 1), "bố trí", "Trung tâm Phục vụ hành chính công", "Xã Nà Hỳ", None, "neutral"),
)
PEOPLE = (
    ("Lò Thị Khuyên", "14/02/1991", "Chuyên viên một cửa", "Xã Nà Hỳ", 28, "warn", "thiếu chứng chỉ", False),
    ("Vàng A Sềnh", "03/11/1987", "Công chức tư pháp", "Xã Pú Nhung", 40, "info", "trong thời hạn", False),
    ("Trần Quốc Bảo", "21/06/1984", "Chuyên viên công nghệ", "Xã Si Pa Phìn", 16, "danger", "quá hạn", True),
    ("Sùng Thị Pàng", "30/09/1969", "Công chức địa chính", "Xã Tủa Thàng", 44, "ok", "phù hợp", False),
    (
        "Nguyễn Văn Hùng",
        "01/01/1990",
        "Văn thư",
        "Phường Mường Thanh",
        None,
        "neutral",
        "thiếu dữ liệu",
        False,
    ),
)
COLUMNS = (
    {"label": "Họ và tên", "sort": "#", "order": "ascending"},
    {"label": "Ngày sinh", "kind": "date", "sort": "#"},
    {"label": "Vị trí"},
    {"label": "Đơn vị"},
    {"label": "Tiết", "kind": "num", "sort": "#"},
    {"label": "Phù hợp"},
)
FACTS = (
    ("Đối tượng", "công chức"),
    ("Cơ quan quản lý", "Sở Nội vụ tỉnh Điện Biên"),
    ("Cơ quan sử dụng", "UBND xã Nà Hỳ"),
    ("Ngày vào Đảng", None),
    ("Ngạch, bậc", "01.003 chuyên viên, bậc 4/9, hệ số 3,33"),
    ("Thời điểm nghỉ hưu", "01/03/2048"),
)
VACANCIES = (
    {"label": "Công nghệ thông tin", "value": 27, "url": "#"},
    {"label": "Tư pháp", "value": 16},
    {"label": "Xây dựng", "value": 19},
    {"label": "Lao động", "value": 0},
)
OUTCOMES = (
    {"label": "Xã Nà Hỳ", "values": (21, 6, 3)},
    {"label": "Xã Pú Nhung", "values": (25, 0, 8)},
    {"label": "Phường Mường Thanh", "values": (30, 4, 0)},
)
SERIES = (("phù hợp", "ok"), ("phải hoàn thiện", "warn"), ("chưa phù hợp", "danger"))
MONTHS = (("07/2025", 172), ("08/2025", 181), ("09/2025", 190), ("10/2025", 201), ("11/2025", 182))
CONFLICT = Comparison(
    by="Cà Thị Mận",
    at="09:42",
    rows=(
        Difference("Vị trí", "Công chức tài chính – kế toán", "Chuyên viên tài chính"),
        Difference("Hệ số", "", "3,33"),
    ),
)


class SampleForm(Form):
    """One field of every kind."""

    full_name = NameField("Họ và tên", [required("Nhập họ và tên")])
    id_number = IdNumberField(
        "Số định danh cá nhân", [required()], description="12 chữ số, như trên thẻ căn cước"
    )
    born_on = DateField("Ngày sinh", [required("Nhập ngày sinh")])
    coefficient = DecimalField("Hệ số")
    proof = CodeField("Minh chứng", [required("Chọn mức đối chiếu")], choices=PROVEN)
    note = TextAreaField("Ghi chú", description="Viết sự việc, không viết nhận xét về người")
    block = RadioField(
        "Khối", choices=[("gov", "chính quyền"), ("party", "Đảng"), ("front", "Mặt trận và đoàn thể")]
    )
    topics = SelectMultipleField(
        "Nội dung", choices=PROVEN, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    heard = BooleanField("Người được nêu tên đã có ý kiến giải trình")
    paper = FileField(
        "Tài liệu minh chứng", kinds=("pdf", "jpg", "png"), description="PDF, JPG hoặc PNG, tối đa 10 MB"
    )
    password = PasswordField("Mật khẩu")


@bp.get("")
@public
def show() -> Any:
    """Everything on one page, the form once untouched and once refused."""
    return page(
        "components_page/show.html",
        blank=SampleForm(prefix="blank-"),
        bad=_refused(),
        tones=TONES,
        lines=LINES,
        people=PEOPLE,
        columns=COLUMNS,
        facts=FACTS,
        vacancies=VACANCIES,
        outcomes=OUTCOMES,
        series=SERIES,
        months=MONTHS,
        rows=_sample_page(),
        here=url_for("components.show"),
    )


@bp.get("/state/<string:name>")
@public
def state(name: str) -> Any:
    """One state that fills a whole page: conflict, confirm or sign-in."""
    form = SampleForm(prefix="state-")
    if name == "conflict":
        form.conflict = CONFLICT
    return page("components_page/state.html", name=name, sample=form, facts=FACTS[:3], here=request.path)


def _refused() -> SampleForm:
    """A form as it comes back with errors, what was typed kept."""
    typed = {
        "bad-full_name": "Lò Thị 3",
        "bad-id_number": "12345",
        "bad-born_on": "31/02/1991",
        "bad-block": "gov",
    }
    form = SampleForm(formdata=MultiDict(typed), prefix="bad-", meta={"csrf": False})
    form.validate()
    form.links["bad-id_number"] = "#"
    form.form_message = "Người này đã có trong sổ: mở hồ sơ"
    return form


def _sample_page() -> Page:
    """A page in the middle of a long list."""
    letters = tuple(Letter(letter, "#", letter == "H") for letter in INITIALS)
    return Page(
        PEOPLE, first_url="#", prev_url="#", next_url="#", total_text="2.587", count_url="#", letters=letters
    )
