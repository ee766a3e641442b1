"""The statement for the person concerned: everything held of them, what is running, who opened the file; for
Home Affairs only, logged each time, never of somebody else."""

from datetime import date

import pytest

from core.audit import AuditType
from core.subjects import Running, Subject, running_about
from hr.people import paper_actions
from hr.people.absences.actions import record_absence
from hr.people.absences.enums import AbsenceKind
from hr.people.absences.rules import AbsenceSeed
from hr.people.checks import queries as checks
from hr.people.confirmations import queries as rosters
from hr.people.confirmations.actions import confirm
from hr.people.confirmations.enums import Verdict
from hr.people.confirmations.rules import Word
from hr.people.evidence import add_qualification
from hr.people.letters import actions as letters
from hr.people.merging import queries as merging
from hr.people.merging.actions import merge
from hr.people.merging.enums import Standing
from hr.people.printing.statement import PARTS, TEMPLATE
from hr.people.proposals import actions as proposals
from hr.people.proposals.enums import Part
from hr.people.queries import qualifications_of
from tests.client import parse
from tests.factories import people
from tests.factories.word import text_of
from tests.hr.people.printing.conftest import one

pytestmark = pytest.mark.slow


def table(client, uid, title):
    """Rows of one table of the page."""
    page = parse(client.get(f"/people/{uid}/statement").get_data(as_text=True))
    for found in page.findall(".//table"):
        if "".join(found.find("caption").itertext()) == title:
            return [["".join(cell.itertext()) for cell in row] for row in found.findall("tbody/tr")]
    return []


def test_everything_held_stands_in_it(client_as, full):
    held = table(client_as("home_affairs"), full, "I. Thông tin đang lưu")

    words = " | ".join(cell for row in held for cell in row)
    for fact in (
        "Lò Văn Đủ", "Lò Văn Đầy", "011084000777", "12/05/1984", "01/09/2008",
        "Thái", "03/02/2009", "Phó Bí thư Chi bộ", "0915000001", "Bản Búng, xã Búng Lao", "1108000001",
        "Giáo viên", "Con thương binh", "Hạ sĩ", "Bằng khen", "Công đoàn", "Lò Văn Páo", "Quàng Thị Inh",
        "Nhóm máu: O", "Bộ đội, Bộ CHQS tỉnh", "Lào", "QH-77",
        "chính quy", "Trường Đại học Luật Hà Nội", "Thủ quỹ",
        "3,33",
    ):  # fmt: skip
        assert fact in words, fact
    assert ["Thông tin cá nhân", "Ảnh"] in [row[:2] for row in held]


@pytest.fixture
def busy(bare, as_viewer):
    """The nearly empty file, with something of everything that is held beside a file."""
    with as_viewer("home_affairs") as viewer:
        person = one(bare)
        seed = people.paper(people.MANAGEMENT, "specialist", serial="CV-9", issuer="Trường Chính trị tỉnh")
        paper = add_qualification(by=viewer, person=person, seed=seed, stored=None)
        letter = letters.write(by=viewer, papers=[paper.uid], issuer="Trường Chính trị tỉnh Điện Biên")
        letters.send(by=viewer, letter=letter, number="15/SNV-CCVC", sent_on=date(2026, 7, 1))
    with as_viewer("staff_a") as viewer:
        day = date(2026, 7, 13)
        leave = AbsenceSeed(
            kind=AbsenceKind.SICK_LEAVE, starts_on=day, ends_on=day, slip_number="12/GNP", note="Nằm viện"
        )
        record_absence(by=viewer, person=one(bare), seed=leave)
        facts = {"birthplace": "Bản Bó", "native_place": None}
        proposals.propose_facts(
            by=viewer, person=one(bare), part=Part.FACTS, values=facts, reason="Theo giấy khai sinh"
        )
    with as_viewer("chair_a") as viewer:
        unit = next(unit for unit in rosters.units_to_confirm(viewer))
        words = {bare: Word(Verdict.NOT_CORRECT, "Đã chuyển phòng")}
        confirm(by=viewer, unit=unit, quarter="2026-Q3", words=words)
    return bare


def test_what_is_held_beside_the_file_stands_in_it(client_as, busy):
    held = table(client_as("home_affairs"), busy, "I. Thông tin đang lưu")

    told = {row[0]: row for row in held}
    letter = "quản lý nhà nước: chuyên viên; Trường Chính trị tỉnh Điện Biên; 15/SNV-CCVC, 01/07/2026"
    assert told["Công văn gửi cơ sở cấp"] == ["Công văn gửi cơ sở cấp", "chờ trả lời", letter]
    assert told["Vắng có lý do"][2] == "13/07/2026; nghỉ ốm; 12/GNP; Nằm viện"
    _part, field, words = told["Đề nghị điều chỉnh"]
    value, why, sent, state = words.split("; ")
    assert (field, value, why, state) == ("Nơi sinh", "Bản Bó", "Theo giấy khai sinh", "đã gửi")
    assert sent.startswith("Tòng Thị Vân, ")
    assert told["Xác nhận danh sách"][1:] == [
        "quý 3 năm 2026",
        "Xã Búng Lao; Chuyên viên; không đúng; Đã chuyển phòng",
    ]


def test_what_waits_for_an_answer_is_running(client_as, busy):
    running = table(client_as("home_affairs"), busy, "II. Việc đang xử lý, sắp đến hạn")

    assert [row[1] for row in running][:2] == [
        "Đề nghị điều chỉnh: Nơi sinh: Bản Bó",
        "Công văn gửi cơ sở cấp: Trường Chính trị tỉnh Điện Biên, quản lý nhà nước: chuyên viên",
    ]


def test_a_point_to_check_is_for_home_affairs_alone(client_as, bare, as_viewer):
    with as_viewer("home_affairs") as viewer:
        early = people.paper(people.EDUCATION, "elementary", awarded_on=None, awarded_year=2000)
        add_qualification(by=viewer, person=one(bare), seed=early, stored=None)
        assert checks.points(viewer)

    page = client_as("home_affairs").get(f"/people/{bare}/statement").get_data(as_text=True)

    assert "cần kiểm tra" not in page.casefold()
    assert "trước tuổi" not in page


def test_a_merged_file_leaves_its_number_and_who_opened_it(client_as, as_viewer, full, bare):
    client_as("chair_a").get(f"/people/{bare}")
    with as_viewer("home_affairs") as viewer:
        kept, other = one(full), one(bare)
        standing = {clash.key: Standing.BOTH for clash in merging.clashes(kept, other)}
        taken = frozenset()
        merge(by=viewer, kept=kept, other=other, taken=taken, standing=standing, note="Cùng một người")

    client = client_as("home_affairs")

    held = table(client, full, "I. Thông tin đang lưu")
    assert ["Thông tin cá nhân", "Số định danh trước đây", "011191000778 (Cùng một người)"] in held
    openings = table(client, full, "III. Người đã mở hồ sơ")
    assert ["Lường Văn Thắng", "Chủ tịch UBND cấp xã", "mở hồ sơ"] in [row[1:] for row in openings]


def test_nothing_stands_in_it_that_is_not_held(client_as, bare):
    held = table(client_as("home_affairs"), bare, "I. Thông tin đang lưu")

    assert all(row[2] for row in held)
    assert [row[1] for row in held if row[0] == "Thông tin cá nhân"] == [
        "Họ và tên",
        "Số định danh cá nhân",
        "Giới tính",
        "Ngày sinh",
        "Trạng thái",
        "Trạng thái từ ngày",
    ]


def test_what_was_annulled_is_still_held_and_says_so(client_as, full, as_viewer):
    with as_viewer("home_affairs") as viewer:
        person = one(full)
        paper = next(row for row in qualifications_of(person) if row.serial == "QH-77")
        paper_actions.annul_qualification(by=viewer, person=person, qualification=paper, reason="Nhập nhầm")

    held = table(client_as("home_affairs"), full, "I. Thông tin đang lưu")

    assert any("QH-77" in row[2] and row[1] == "đã hủy" for row in held)


def test_who_opened_the_file_and_what_for(client_as, full):
    client_as("chair_a").get(f"/people/{full}")
    client_as("chair_a").get(f"/people/{full}/form-2c")

    client_as("home_affairs").get(f"/people/{full}/statement")

    openings = table(client_as("home_affairs"), full, "III. Người đã mở hồ sơ")

    told = [row[1:] for row in openings]
    assert told[0] == ["Lò Thị Hạnh", "Chuyên viên Sở Nội vụ", "mở bản cung cấp thông tin để in"]
    assert ["Lường Văn Thắng", "Chủ tịch UBND cấp xã", "mở phiếu 2C để in"] in told
    assert ["Lường Văn Thắng", "Chủ tịch UBND cấp xã", "mở hồ sơ"] in told


def test_what_later_subjects_have_under_way_stands_in_it(app, client_as, full):
    subject = Subject(
        blueprint=None,
        running=lambda viewer, uid: [Running(date(2026, 7, 1), "Đề nghị biệt phái")] if uid == full else [],
    )
    app.extensions["subjects"] += (subject,)
    try:
        running = table(client_as("home_affairs"), full, "II. Việc đang xử lý, sắp đến hạn")
    finally:
        app.extensions["subjects"] = app.extensions["subjects"][:-1]

    assert ["01/07/2026", "Đề nghị biệt phái"] in running


def test_what_falls_due_stands_in_it(client_as, system):
    soon = people.make_person(
        id_number="011064000779",
        full_name="Lò Văn Sắp",
        born_on=date(1964, 9, 10),
        ranks=(people.rank("01.003", 9, "4.98", date(2020, 9, 1)),),
    ).uid

    running = table(client_as("home_affairs"), soon, "II. Việc đang xử lý, sắp đến hạn")

    assert any("nghỉ hưu" in row[1] for row in running)


def test_the_oldest_of_what_runs_comes_first(app, context):
    def told(viewer, uid):
        return [Running(date(2026, 7, 1), "b"), Running(date(2026, 6, 1), "a")]

    app.extensions["subjects"] += (Subject(blueprint=None, running=told),)
    try:
        assert [one.what for one in running_about(None, "x")][-2:] == ["a", "b"]
    finally:
        app.extensions["subjects"] = app.extensions["subjects"][:-1]


def test_two_people_of_one_name_get_each_their_own(client_as, system):
    numbers = ("011088000501", "011088000502")
    uids = [
        people.make_person(
            id_number=number, full_name="Nguyễn Văn Hùng", born_on=date(1988, 8, 8),
            assignments=(people.place(division=str(2 + place), post=f"Chuyên viên {number}"),),
        ).uid
        for place, number in enumerate(numbers)
    ]  # fmt: skip
    client = client_as("home_affairs")

    for place, uid in enumerate(uids):
        for address in ("statement", "statement/word"):
            body = client.get(f"/people/{uid}/{address}").get_data()
            words = text_of(body) if address.endswith("word") else body.decode()
            assert numbers[place] in words
            assert numbers[1 - place] not in words


def test_the_word_file_holds_the_same_with_lines_for_the_signatures(client_as, full):
    client_as("chair_a").get(f"/people/{full}")

    text = text_of(client_as("home_affairs").get(f"/people/{full}/statement/word").get_data())

    expected = (
        "Lò Văn Đủ",
        "Quàng Thị Inh",
        "Lường Văn Thắng",
        "NGƯỜI CÓ DỮ LIỆU",
        "(Đã nhận; ký, ghi rõ họ tên)",
    )
    assert [words for words in expected if words not in text] == []


@pytest.mark.parametrize(
    ("address", "type"),
    [
        ("statement", AuditType.STATEMENT_PRINTED),
        ("statement/word", AuditType.STATEMENT_DOWNLOADED),
    ],
)
def test_each_making_is_logged(client_as, full, logged, address, type):
    client = client_as("home_affairs")
    for _time in range(2):
        client.get(f"/people/{full}/{address}")

    assert [row.subject_uid for row in logged(type)] == [full] * 2


@pytest.mark.parametrize("persona", ["chair_a", "leader", "case_officer", "data_officer", "admin"])
def test_only_home_affairs_makes_it(client_as, full, persona):
    client = client_as(persona)

    assert client.get(f"/people/{full}/statement").status_code == 403
    assert f"/people/{full}/statement" not in client.get(f"/people/{full}").get_data(as_text=True)


@pytest.mark.parametrize("address", ["statement", "statement/word"])
def test_it_costs_few_statements(client_as, full, count_statements, address):
    client = client_as("home_affairs")
    # Units and templates are kept until something changes; the first making reads them.
    client.get(f"/people/{full}/{address}")

    with count_statements() as sent:
        client.get(f"/people/{full}/{address}")

    assert len(sent) <= 16


def test_the_sample_follows_the_parts():
    for part in PARTS:
        assert [name for _heading, name, _width in part.columns] == list(TEMPLATE.sample[part.rows][0])


def test_home_affairs_issues_it_and_every_entry_has_a_name_or_a_number(client_as, full):
    page = client_as("home_affairs").get(f"/people/{full}/statement").get_data(as_text=True)
    held = table(client_as("home_affairs"), full, "I. Thông tin đang lưu")

    assert "<b>SỞ NỘI VỤ</b>" in page
    assert "UBND xã Búng Lao" in page
    assert all(row[1] for row in held)
