"""Form 2C of a full and a nearly empty file: every item in its place, each viewer's groups only, two people
of one name apart, each making logged before the body."""

from datetime import date
from io import BytesIO

import pytest
from docx import Document
from flask_babel import force_locale
from sqlalchemy.exc import OperationalError

from core import audit
from core.audit import AuditType
from hr.people.enums import ProofState, Sex
from hr.people.paper_actions import set_proof_state
from hr.people.printing.filling import form_2c_of, place_and_day
from hr.people.printing.form_2c import ITEMS, TABLES, TEMPLATE
from hr.people.printing.queries import file_of
from hr.people.queries import qualifications_of
from tests.client import parse
from tests.factories import people
from tests.factories.word import part, parts_of, text_of
from tests.hr.people.printing.conftest import one

pytestmark = pytest.mark.slow


def data_of(as_viewer, persona, uid):
    with as_viewer(persona) as viewer, force_locale("en"):
        return form_2c_of(file_of(one(uid), viewer))


def test_a_full_file_fills_every_item(as_viewer, full):
    """Written out item by item from what `conftest` enters, in the words of the form."""
    data = data_of(as_viewer, "home_affairs", full)

    lists = {table.rows: data.pop(table.rows) for table in TABLES}
    assert data == {
        "managing_agency": "UBND xã Búng Lao",
        "using_agency": "UBND xã Búng Lao",
        "place_and_day": "Điện Biên, ngày 15 tháng 7 năm 2026",
        "full_name": "LÒ VĂN ĐỦ",
        "other_name": "Lò Văn Đầy",
        "born_on": "12/05/1984",
        "sex": "Nam",
        "birthplace": "Xã Búng Lao, tỉnh Điện Biên",
        "native_place": "Xã Búng Lao, tỉnh Điện Biên",
        "ethnicity": "Thái",
        "religion": "Không",
        "registered_address": "Bản Búng, xã Búng Lao",
        "current_address": "Tổ 4, xã Búng Lao",
        "job_before": "Giáo viên",
        "recruited_on": "01/09/2008",
        "recruited_by": "UBND huyện Mường Ảng",
        "post": "Phó Trưởng phòng, Văn phòng HĐND và UBND, Xã Búng Lao",
        "posts_beside": "Thủ quỹ, Xã Búng Lao (kiêm nhiệm); Phó Bí thư Chi bộ",
        "main_duty": "Phụ trách kinh tế",
        "rank": "Chuyên viên",
        "rank_code": "01.003",
        "step": "4",
        "coefficient": "3,33",
        "rank_from": "01/09/2023",
        "position_allowance": "",
        "other_allowance": "",
        "general_education": "12/12",
        "education": "Đại học, Luật",
        "political_theory": "Cao cấp",
        "state_management": "Chuyên viên",
        "foreign_language": "",
        "it": "Chứng chỉ",
        "party_joined_on": "03/02/2009",
        "party_official_on": "03/02/2010",
        "memberships": "Đoàn TNCS Hồ Chí Minh: 26/03/2000; Công đoàn: 01/09/2008",
        "enlisted_on": "01/02/2003",
        "discharged_on": "01/08/2004",
        "top_rank": "Hạ sĩ",
        "top_title": "",
        "strength": "Tổng hợp",
        "rewards": "Giấy khen (2019); Bằng khen (2024)",
        "discipline": "",
        "health": "Tốt",
        "height": "165 cm",
        "weight": "60 kg",
        "blood_group": "O",
        "war_invalid_class": "4/4",
        "policy_group": "Con thương binh",
        "id_number": "011084000777",
        "id_issued_on": "10/05/2021",
        "social_insurance_number": "1108000001",
        "organisations_abroad": "",
    }
    assert lists["work"] == [
        {"period": "07/2025 - 01/2026", "post": "Chuyên viên, Xã Na Sang"},
        {"period": "02/2026 - nay", "post": "Phó Trưởng phòng, Văn phòng HĐND và UBND, Xã Búng Lao"},
        {"period": "03/2026 - nay", "post": "Thủ quỹ, Xã Búng Lao (kiêm nhiệm)"},
    ]
    assert [(row["period"], row["diploma"]) for row in lists["training"]][:2] == [
        ("cấp 2005", "Trình độ chuyên môn: cao đẳng"),
        ("09/2008 - 06/2012", "Trình độ chuyên môn: đại học, số QH-77"),
    ]
    assert [row["form"] for row in lists["training"]][:2] == ["", "chính quy"]
    assert [(row["month"], row["step"], row["coefficient"]) for row in lists["salary"]] == [
        ("09/2020", "3", "3,00"),
        ("09/2023", "4", "3,33"),
    ]
    assert lists["history"] == [{"period": "2003 - 2004", "account": "Bộ đội, Bộ CHQS tỉnh"}]
    assert lists["relatives_abroad"][0]["details"] == "Lào; Công nhân"
    assert lists["family_own"] == [
        {
            "relation": "Cha",
            "full_name": "Lò Văn Páo",
            "born_year": "1955",
            "details": "Xã Búng Lao; Làm ruộng",
        }
    ]
    assert [row["full_name"] for row in lists["family_of_spouse"]] == ["Quàng Thị Inh"]


def test_a_nearly_empty_file_leaves_the_rest_empty(as_viewer, bare):
    data = data_of(as_viewer, "home_affairs", bare)

    filled = {name for name, value in data.items() if value}
    assert filled == {
        "managing_agency",
        "using_agency",
        "place_and_day",
        "full_name",
        "born_on",
        "sex",
        "post",
        "id_number",
        "work",
    }


def test_a_chair_gets_the_form_without_what_a_chair_may_not_see(as_viewer, full):
    data = data_of(as_viewer, "chair_a", full)

    hidden = (
        "ethnicity religion party_joined_on party_official_on job_before policy_group registered_address "
        "social_insurance_number memberships health blood_group history relatives_abroad family_own "
        "family_of_spouse"
    ).split()
    assert {name: data[name] for name in hidden if data[name]} == {}
    assert data["id_number"] == "…0777"
    assert "Phó Bí thư" not in str(data)
    assert data["full_name"] == "LÒ VĂN ĐỦ"


def test_what_was_annulled_or_denied_is_not_on_paper(as_viewer, full):
    with as_viewer("home_affairs") as viewer:
        person = one(full)
        denied = next(row for row in qualifications_of(person) if row.serial == "QH-77")
        set_proof_state(
            by=viewer, person=person, qualification=denied, state=ProofState.ISSUER_DENIES, reason="Không cấp"
        )

    assert data_of(as_viewer, "home_affairs", full)["education"] == "Cao đẳng"


def test_a_table_that_holds_nothing_has_room_to_write_in_word(client_as, bare):
    document = Document(BytesIO(client_as("home_affairs").get(f"/people/{bare}/form-2c/word").get_data()))

    (history,) = [table for table in document.tables if table.cell(0, 0).text == "Từ năm - đến năm"]
    assert [[cell.text for cell in row.cells] for row in history.rows[1:]] == [["", ""], ["", ""]]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        # Decree 30/2020/NĐ-CP, Annex I, II.4.b: a nought before days under 10 and months 1 and 2.
        (date(2026, 2, 3), "Điện Biên, ngày 03 tháng 02 năm 2026"),
        (date(2026, 3, 10), "Điện Biên, ngày 10 tháng 3 năm 2026"),
        (date(2026, 11, 9), "Điện Biên, ngày 09 tháng 11 năm 2026"),
    ],
)
def test_the_day_is_written_as_the_decree_says(context, day, expected):
    assert place_and_day(day) == expected


@pytest.fixture
def twins(system):
    """uids of two people called Nguyễn Văn Hùng, born the same day, in one commune."""
    return [
        people.make_person(
            id_number=number, full_name="Nguyễn Văn Hùng", sex=Sex.MALE, born_on=date(1988, 8, 8),
            assignments=(people.place(division=division, post=post),),
            ranks=(people.rank("01.003", step, coefficient, date(2023, 9, 1)),),
            qualifications=(people.paper(people.EDUCATION, "university", major=major, serial=serial),),
        ).uid
        for number, division, post, step, coefficient, major, serial in (
            ("011088000501", "2", "Chuyên viên kinh tế", 2, "2.67", "Kế toán", "KT-501"),
            ("011088000502", "3", "Chuyên viên văn hóa", 4, "3.33", "Văn hóa", "VH-502"),
        )
    ]  # fmt: skip


OF_EACH = (
    ("011088000501", "Chuyên viên kinh tế", "2,67", "Kế toán", "KT-501"),
    ("011088000502", "Chuyên viên văn hóa", "3,33", "Văn hóa", "VH-502"),
)


@pytest.mark.parametrize("address", ["form-2c", "form-2c/word"])
def test_two_people_of_one_name_and_birthday_are_never_mixed_on_paper(client_as, twins, address):
    client = client_as("home_affairs")
    names = []
    for number, uid in enumerate(twins):
        answer = client.get(f"/people/{uid}/{address}")
        body = answer.get_data()
        words = text_of(body) if address.endswith("word") else body.decode()
        names.append(answer.headers.get("Content-Disposition"))

        assert [word for word in OF_EACH[number] if word not in words] == []
        assert [word for word in OF_EACH[1 - number] if word in words] == []
    if address.endswith("word"):
        assert names[0] != names[1]


def test_the_page_has_every_item_and_dotted_lines_for_what_is_not_held(client_as, full, bare):
    client = client_as("home_affairs")
    pages = [parse(client.get(f"/people/{uid}/form-2c").get_data(as_text=True)) for uid in (full, bare)]

    blanks = [len(page.findall(".//main//i[@class='blank']")) for page in pages]
    tables = [len(page.findall(".//main//table")) for page in pages]
    assert tables == [len(TABLES)] * 2
    # Empty in a full file: the two allowances, a foreign language, the highest title, discipline,
    # organisations abroad.
    assert blanks[0] == 6
    assert blanks[1] > 40
    assert pages[0].find(".//main//img") is not None
    assert pages[1].find(".//main//img") is None


#: Items 1 to 32 of domain.md §8.1 (Decision 02/2008/QĐ-BNV), by the words each begins with.
WORDS = """1) Họ và tên khai sinh|2) Tên gọi khác|3) Sinh ngày|Giới tính|4) Nơi sinh|5) Quê quán|6) Dân tộc
7) Tôn giáo|8) Nơi đăng ký hộ khẩu thường trú|9) Nơi ở hiện nay|10) Nghề nghiệp khi được tuyển dụng
11) Ngày tuyển dụng|Cơ quan tuyển dụng|12) Chức vụ (chức danh) hiện tại|kiêm nhiệm|13) Công việc chính
14) Ngạch công chức (viên chức)|Mã ngạch|Bậc lương|Hệ số|Ngày hưởng|Phụ cấp chức vụ|Phụ cấp khác
15.1- Trình độ giáo dục phổ thông|15.2- Trình độ chuyên môn cao nhất|15.3- Lý luận chính trị
15.4- Quản lý nhà nước|15.5- Ngoại ngữ|15.6- Tin học|16) Ngày vào Đảng Cộng sản Việt Nam|Ngày chính thức
17) Ngày tham gia tổ chức chính trị - xã hội|18) Ngày nhập ngũ|Ngày xuất ngũ|Quân hàm cao nhất
19) Danh hiệu được phong tặng cao nhất (anh hùng lao động|nghệ sĩ nhân dân, ưu tú|20) Sở trường công tác
21) Khen thưởng|22) Kỷ luật (về đảng, chính quyền, đoàn thể|23) Tình trạng sức khoẻ|Chiều cao|Cân nặng
Nhóm máu|24) Là thương binh hạng|Là con gia đình chính sách|25) Số định danh cá nhân|Ngày cấp|26) Số sổ BHXH
27) Đào tạo, bồi dưỡng|28) Tóm tắt quá trình công tác|29) Đặc điểm lịch sử bản thân
30) Quan hệ với nước ngoài|các tổ chức chính trị, kinh tế, xã hội ở nước ngoài|Có thân nhân
31) Quan hệ gia đình: a) Về bản thân|b) Về bên vợ (hoặc chồng)|32) Diễn biến quá trình lương"""


@pytest.mark.parametrize("address", ["form-2c", "form-2c/word"])
def test_every_item_stands_in_its_order_whatever_is_held(client_as, bare, address):
    body = client_as("home_affairs").get(f"/people/{bare}/{address}").get_data()
    text = text_of(body) if address.endswith("word") else body.decode()

    places = [text.find(words) for words in WORDS.replace("\n", "|").split("|")]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize("address", ["form-2c", "form-2c/word"])
def test_what_is_not_held_reads_as_unknown_and_never_as_none(client_as, bare, address):
    body = client_as("home_affairs").get(f"/people/{bare}/{address}").get_data()
    text = text_of(body) if address.endswith("word") else " ".join(parse(body.decode()).itertext())

    for item, following in (
        ("22) Kỷ luật", "23)"),
        ("19) Danh hiệu", "20)"),
        ("30) Quan hệ", "Có thân nhân"),
    ):
        told = text[text.index(item) : text.index(following)]
        answer = told[told.index("):") + 2 :].strip(" …\n")
        assert answer == ""
    assert "không có nghĩa là “không có”" in text


def test_the_form_speaks_vietnamese_to_a_reader_of_english(client_as, full):
    client = client_as("home_affairs")
    client.post("/language", data={**client.form("/account/password"), "language": "en"})

    page = client.get(f"/people/{full}/form-2c").get_data(as_text=True)

    assert "kiêm nhiệm" in page
    assert 'lang="vi"' in page


def test_the_word_file_holds_the_same_as_the_page(client_as, full):
    body = client_as("home_affairs").get(f"/people/{full}/form-2c/word").get_data()

    text = text_of(body)
    for words in ("LÒ VĂN ĐỦ", "011084000777", "Quàng Thị Inh", "Đoàn TNCS Hồ Chí Minh: 26/03/2000", "QH-77"):
        assert words in text
    assert any(name.startswith("word/media/") for name in parts_of(body))
    assert "Lò Văn Đủ" not in part(body, "docProps/core.xml")


@pytest.mark.parametrize(
    ("address", "type"),
    [("form-2c", AuditType.FORM_2C_PRINTED), ("form-2c/word", AuditType.FORM_2C_DOWNLOADED)],
)
def test_each_making_is_logged_every_time(client_as, full, logged, address, type):
    client = client_as("chair_a")
    for _time in range(2):
        client.get(f"/people/{full}/{address}")

    rows = logged(type)
    assert [(row.subject_uid, row.actor_name) for row in rows] == [(full, "Lường Văn Thắng")] * 2


def test_nothing_is_made_when_the_log_cannot_be_written(client_as, full, monkeypatch):
    def fail(*_args):
        raise OperationalError("insert", {}, Exception("disk full"))

    monkeypatch.setattr(audit, "write", fail)

    answer = client_as("home_affairs").get(f"/people/{full}/form-2c")

    assert answer.status_code == 503
    assert "LÒ VĂN ĐỦ" not in answer.get_data(as_text=True)


def test_who_printed_the_form_stands_among_those_who_opened_the_file(client_as, full):
    client_as("chair_a").get(f"/people/{full}/form-2c")

    page = client_as("home_affairs").get(f"/people/{full}").get_data(as_text=True)

    assert "Lường Văn Thắng" in page[page.index('id="openings"') :]


@pytest.mark.parametrize("address", ["form-2c", "form-2c/word"])
def test_the_form_costs_few_statements(client_as, full, count_statements, address):
    client = client_as("home_affairs")

    with count_statements() as sent:
        client.get(f"/people/{full}/{address}")

    assert len(sent) <= 16


def test_the_sample_of_the_template_follows_the_items():
    fields = {name for item in ITEMS if hasattr(item, "parts") for _words, name in item.parts}

    assert fields <= set(TEMPLATE.sample)
