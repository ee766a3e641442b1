"""The forms of the commune, the list for both, the answer of Home Affairs, My work."""

import pytest

from core.audit import AuditType
from hr.people.proposals import queries
from tests.client import form_values
from tests.hr.people.proposals.conftest import REASON

LIST = "/proposals"


def text(answer):
    return answer.get_data(as_text=True)


def send(browser, address, **values):
    return browser.post(address, data={**form_values(text(browser.get(address))), **values})


@pytest.fixture
def lines(as_viewer):
    """`lines(uid)`: the uids of a proposal's lines."""

    def find(uid):
        with as_viewer("home_affairs"):
            return [line.uid for line in queries.lines_of(queries.find_proposal(uid)[0])]

    return find


def test_the_staff_officer_proposes_and_home_affairs_finds_it_in_my_work(client_as, uid):
    address = f"/people/{uid('an')}/propose/facts"
    answer = send(client_as("staff_a"), address, birthplace="Bản Bó", reason=REASON)

    assert answer.status_code == 303
    shown = text(client_as("home_affairs").get("/"))
    assert "đề nghị điều chỉnh" in shown
    assert "Lò Văn An" in shown


def test_a_proposal_needs_a_reason_and_a_difference(client_as, uid):
    browser, address = client_as("staff_a"), f"/people/{uid('an')}/propose/facts"

    assert send(browser, address, birthplace="Bản Bó").status_code == 422
    assert send(browser, address, reason=REASON).status_code == 422


def test_the_form_does_not_show_the_whole_number(client_as, uid):
    assert "011084000001" not in text(client_as("staff_a").get(f"/people/{uid('an')}/propose/facts"))


def test_a_conflict_does_not_show_the_whole_number_either(client_as, uid):
    browser, address = client_as("staff_a"), f"/people/{uid('an')}/propose/facts"
    values = form_values(text(browser.get(address)))
    send(client_as("home_affairs"), f"/people/{uid('an')}/edit", birthplace="Mường Ảng")
    answer = browser.post(address, data={**values, "birthplace": "Bản Bó", "reason": REASON})

    assert answer.status_code == 409
    assert "Mường Ảng" in text(answer)
    assert "011084000001" not in text(answer)


@pytest.mark.parametrize(
    ("part", "values"),
    [
        ("groups/contact", {"phone": "0915 000 111"}),
        ("groups/military", {"top_rank": "Thượng sĩ"}),
        ("qualification", {"paper": "it.certificate", "serial": "CNTT-9"}),
        ("place", {"post": "Công chức địa chính", "starts_on": "10/07/2026", "category": "civil_servant"}),
    ],
)
def test_each_part_has_its_form(part, values, client_as, uid, unit):
    address = f"/people/{uid('sua')}/propose/{part}"
    if part == "place":
        values = {**values, "unit": unit("03301")}
    browser = client_as("staff_a")
    answer = send(browser, address, **values, reason=REASON)

    assert answer.status_code == 303, text(answer)
    assert REASON in text(browser.get(LIST))


def test_other_groups_are_not_proposed(client_as, uid):
    assert client_as("staff_a").get(f"/people/{uid('an')}/propose/groups/origin").status_code == 404


def test_home_affairs_accepts_one_line_and_refuses_another(propose, lines, client_as, uid):
    one = propose(birthplace="Bản Bó", native_place="Bản Co")
    first, second = lines(one)
    browser = client_as("home_affairs")
    answer = send(
        browser,
        f"{LIST}/{one}/answer",
        **{
            f"state_{first}": "accepted",
            f"state_{second}": "refused",
            f"reason_{second}": "Chưa có bản sao",
        },
    )

    assert answer.status_code == 303
    assert "Bản Bó" in text(browser.get(f"/people/{uid('an')}"))
    shown = text(client_as("staff_a").get(f"{LIST}/{one}"))
    assert "chấp nhận" in shown
    assert "Chưa có bản sao" in shown


def test_an_answered_proposal_is_told_to_the_commune_and_leaves_my_work(propose, lines, client_as):
    one = propose()
    (line,) = lines(one)
    browser = client_as("home_affairs")
    send(browser, f"{LIST}/{one}/answer", **{f"state_{line}": "accepted"})

    assert f"{LIST}/{one}" not in text(browser.get("/"))
    assert f"{LIST}/{one}" in text(client_as("staff_a").get("/"))
    assert browser.get(f"{LIST}/{one}/answer").status_code == 409


def test_the_second_of_two_officers_sees_the_first_answer_and_what_was_typed(propose, lines, client_as):
    one = propose()
    (line,) = lines(one)
    first, second = client_as("home_affairs"), client_as("home_affairs")
    address = f"{LIST}/{one}/answer"
    values, late = first.form(address), second.form(address)
    first.post(address, data={**values, f"state_{line}": "accepted"})

    refusal = {f"state_{line}": "refused", f"reason_{line}": "Chưa có giấy tờ"}
    answer = second.post(address, data={**late, **refusal})

    assert answer.status_code == 409
    assert "Chưa có giấy tờ" in text(answer)
    assert "thẩm quyền" not in text(answer)


def test_a_file_changed_meanwhile_is_shown_as_it_is_now(propose, lines, client_as, uid):
    one = propose(birthplace="Bản Bó")
    (line,) = lines(one)
    browser = client_as("home_affairs")
    values = form_values(text(browser.get(f"{LIST}/{one}/answer")))
    send(client_as("home_affairs"), f"/people/{uid('an')}/edit", birthplace="Mường Ảng")
    answer = browser.post(f"{LIST}/{one}/answer", data={**values, f"state_{line}": "accepted"})

    assert answer.status_code == 409
    assert "Mường Ảng" in text(answer)
    assert "hồ sơ đã thay đổi sau khi đề nghị" in text(answer)


def test_without_an_answer_nothing_is_sent(propose, client_as):
    one = propose()

    assert send(client_as("home_affairs"), f"{LIST}/{one}/answer").status_code == 422


def test_a_broken_answer_is_refused(propose, lines, client_as):
    one = propose()
    (line,) = lines(one)
    answer = send(client_as("home_affairs"), f"{LIST}/{one}/answer", **{f"state_{line}": "sent"})

    assert answer.status_code == 422


def test_the_commune_withdraws_once_however_often_it_is_sent(propose, client_as, logged):
    one = propose()
    browser = client_as("staff_a")
    values = form_values(text(browser.get(f"{LIST}/{one}")))

    for _time in range(2):
        assert browser.post(f"{LIST}/{one}/withdraw", data=values).status_code == 303

    assert "đã rút" in text(browser.get(f"{LIST}?state=answered"))
    assert len(logged(AuditType.PROPOSAL_WITHDRAWN)) == 1


def test_what_was_answered_meanwhile_is_shown_before_the_rest_is_withdrawn(propose, client_as, logged):
    one = propose(birthplace="Xã Ẳng Nưa", native_place="Xã Ẳng Tở")
    browser, officer = client_as("staff_a"), client_as("home_affairs")
    values = form_values(text(browser.get(f"{LIST}/{one}")))
    answers = officer.form(f"{LIST}/{one}/answer")
    line = next(name for name in answers if name.startswith("state_"))
    refusal = {line: "refused", line.replace("state_", "reason_"): "Chưa có giấy tờ"}
    assert officer.post(f"{LIST}/{one}/answer", data={**answers, **refusal}).status_code == 303

    late = browser.post(f"{LIST}/{one}/withdraw", data=values)

    assert late.status_code == 409
    assert "Chưa có giấy tờ" in text(late)
    assert not logged(AuditType.PROPOSAL_WITHDRAWN)
    again = form_values(text(late))
    assert browser.post(f"{LIST}/{one}/withdraw", data=again).status_code == 303
    assert len(logged(AuditType.PROPOSAL_WITHDRAWN)) == 1


def test_the_list_narrows_to_one_person(propose, client_as, uid):
    propose("an")
    propose("sua")
    shown = text(client_as("chair_a").get(f"{LIST}?person={uid('sua')}"))

    assert shown.count("Bản Bó") == 1
    assert client_as("chair_a").get(f"{LIST}?state=x").status_code == 404


@pytest.mark.parametrize("persona", ["case_officer", "leader", "inspector", "admin"])
def test_other_roles_are_refused(persona, client_as):
    assert client_as(persona).get(LIST).status_code == 403


def test_list_and_answer_are_made_of_few_statements(propose, client_as, count_statements):
    one = propose(birthplace="Bản Bó", native_place="Bản Co")
    browser = client_as("home_affairs")
    with count_statements() as sent:
        browser.get(LIST)
    assert len(sent) <= 8
    with count_statements() as sent:
        browser.get(f"{LIST}/{one}/answer")
    assert len(sent) <= 16


def test_what_waits_already_is_linked(propose, client_as, uid):
    one = propose(birthplace="Bản Bó")

    answer = send(
        client_as("staff_a"), f"/people/{uid('an')}/propose/facts", birthplace="Bản Co", reason=REASON
    )

    assert answer.status_code == 422
    assert f'href="{LIST}/{one}"' in text(answer)
