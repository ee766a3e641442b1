"""The screens that read the log: who may read what, filters, pages, export for a purpose."""

import ast
import io
import re
from datetime import date

import pytest
from sqlalchemy import select

from accounts import actions, exports, queries
from accounts.log_words import WORK, actor_of, kind_of, name_of
from accounts.models import Grant, User
from core import audit
from core.audit import AuditEvent, AuditType
from core.clock import now
from core.db import db
from core.files import Document
from core.law import RuleInForce
from core.scope import bind_viewer
from hr.people.imports.models import ImportBatch
from hr.people.models import Assignment, Person, PersonBackground, Qualification, RankStep
from tests.architecture.source import program
from tests.cast import user_of, viewer_of


def lines(client, url):
    """(number, what) of the rows of a log page."""
    text = client.get(url).text
    return re.findall(r'<th scope="row">([\d.,]+)</th>.*?data-label="What">(.*?)</td>', text, re.S)


@pytest.fixture
def history(app):
    """An account made and disabled, a personnel file opened, a list exported."""
    with app.app_context():
        admin = viewer_of("admin")
        made = actions.create_account(
            username="lo.minh", display_name="Lò Văn Minh", password_hash="x", by=admin
        )
        actions.disable_account(user=made, reason="left the office", by=admin)
        with bind_viewer(viewer_of("home_affairs")):
            audit.record_view(AuditType.PERSON_OPENED, user_of("chair_a"), purpose="promotion")
            audit.record_view(AuditType.PEOPLE_EXPORTED, "people", purpose="yearly report")
        return made.uid


def test_the_data_protection_officer_reads_everything(client_as, history):
    found = [what for _number, what in lines(client_as("data_officer"), "/log")]

    assert found[:4] == ["list exported", "personnel file opened", "account disabled", "account created"]
    assert "data loaded" in found


def test_the_administrator_reads_administration_only(client_as, history):
    client = client_as("admin")
    found = {what for _number, what in lines(client, "/log/administration")}

    assert "account disabled" in found
    assert not found & {"personnel file opened", "list exported"}
    assert lines(client, "/log/administration?type=person_opened") != []
    assert "personnel file opened" not in client.get("/log/administration?type=person_opened").text


def test_what_the_administrator_may_read_is_written_down():
    """By hand: a new type of event is not for the administrator until somebody decides so."""
    assert {kind.value for kind in queries.ADMINISTRATION_TYPES} == set(
        """account_changed account_created account_disabled account_enabled delegation_ended
        delegation_given grant_given grant_revoked group_switched law_added password_changed password_reset
        role_switched seeded session_ended signed_in signed_out sign_in_failed""".split()
    )


@pytest.mark.parametrize(
    ("persona", "status"),
    [("data_officer", 200), ("admin", 403), ("home_affairs", 403), ("leader", 403), ("nobody", 403)],
)
def test_only_the_data_protection_officer_opens_the_whole_log(client_as, persona, status):
    client = client_as(persona)

    for url in ("/log", "/log/export", "/log/exports"):
        assert client.get(url).status_code == status


@pytest.mark.parametrize(("persona", "status"), [("admin", 200), ("data_officer", 403), ("chair_a", 403)])
def test_only_the_administrator_opens_the_log_of_administration(client_as, persona, status):
    assert client_as(persona).get("/log/administration").status_code == status


def test_exports_have_a_page_of_their_own(client_as, history):
    client = client_as("data_officer")

    assert [what for _number, what in lines(client, "/log/exports")] == ["list exported"]
    assert "yearly report" in client.get("/log/exports").text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("type=account_disabled", ["account disabled"]),
        ("actor=home_affairs", ["list exported", "personnel file opened"]),
        ("actor=hanh+lo", ["list exported", "personnel file opened"]),
        ("subject=thang", ["personnel file opened"]),
        ("actor=nobody-has-this-name", []),
        ("type=account_disabled&starts_on=01/01/2099", []),
        ("type=account_disabled&ends_on=01/01/2020", []),
    ],
)
def test_filters(client_as, history, query, expected):
    assert [what for _number, what in lines(client_as("data_officer"), f"/log?{query}")] == expected


def test_a_subject_is_found_by_its_code(client_as, history):
    found = [what for _number, what in lines(client_as("data_officer"), f"/log?subject={history}")]

    assert found == ["account disabled", "account created"]


def test_days_are_the_provinces_days(context):
    """00:30 on the 2nd in Điện Biên is 17:30 on the 1st in UTC."""
    query = str(queries.list_log(starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 2)).compile().params)

    assert "datetime.datetime(2026, 3, 2, 0, 0, tzinfo=zoneinfo.ZoneInfo(key='Asia/Ho_Chi_Minh'))" in query
    assert "datetime.datetime(2026, 3, 3, 0, 0, tzinfo=zoneinfo.ZoneInfo(key='Asia/Ho_Chi_Minh'))" in query


@pytest.mark.parametrize(
    "query", ["starts_on=31/02/2026", "type=nothing", "before=x", "before=9" + "9" * 30, "before=²"]
)
def test_broken_filters_are_no_error(client_as, history, query):
    assert client_as("data_officer").get(f"/log?{query}").status_code == 200


def test_pages_run_by_number_without_gap_or_repeat(app, client_as):
    with app.app_context(), bind_viewer(viewer_of("home_affairs")):
        for _ in range(120):
            audit.record_view(AuditType.DOCUMENT_OPENED, "document")
    client = client_as("data_officer")

    url, seen = "/log?type=document_opened", []
    while url:
        text = client.get(url).text
        seen += [int(n.replace(".", "").replace(",", "")) for n, _what in lines(client, url)]
        older = re.search(r'<a href="([^"]+)" rel="next"', text)
        url = older.group(1).replace("&amp;", "&") if older else None

    assert len(seen) == 120
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 120


def test_a_page_costs_the_same_for_any_number_of_rows(client_as, history, count_statements):
    client = client_as("data_officer")
    counts = []
    for query in ("type=account_disabled", ""):
        with count_statements() as sent:
            client.get(f"/log?{query}")
        counts.append(len(sent))

    assert counts == [2, 2]


def test_htmx_gets_the_rows_alone(client_as, history):
    body = client_as("data_officer").get("/log", headers={"HX-Request": "true"}).text

    assert body.lstrip().startswith('<div id="log-list">')
    assert "<html" not in body


# --- export ------------------------------------------------------------------------------------
def export(client, query="", **values):
    return client.send(f"/log/export{query}", {"purpose": "question of the person concerned", **values})


def test_an_export_needs_a_purpose(client_as):
    assert export(client_as("data_officer"), purpose="").status_code == 422


def test_an_export_holds_the_filtered_rows_and_is_logged_with_its_purpose(app, client_as, history):
    import openpyxl

    answer = export(client_as("data_officer"), "?type=account_disabled")

    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="log.xlsx"'
    assert [row[5] for row in rows[3:]] == ["account disabled"]
    assert rows[3][7] == "Lò Văn Minh (lo.minh)"
    assert rows[3][10] == "left the office"
    with app.app_context():
        event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()
    assert (event.type, event.reason, event.actor_name) == (
        AuditType.LOG_EXPORTED,
        "question of the person concerned",
        "Đinh Thị Lan",
    )


def test_the_csv_has_the_same_rows(client_as, history):
    answer = export(client_as("data_officer"), "?type=account_disabled", format="csv")

    text = answer.data.decode("utf-8-sig")
    assert answer.mimetype == "text/csv"
    assert len(text.strip().splitlines()) == 2
    assert "Lò Văn Minh (lo.minh)" in text


def event(kind, values):
    return AuditEvent(
        seq=1, at=now(), actor_name="A", type=kind, subject_kind="person", subject_label="B", values=values
    )


def test_the_log_is_no_second_personnel_file(context):
    """Of people only the names of what changed; of accounts what it was and is."""
    person = exports.log_line(
        event(AuditType.PERSON_CHANGED, '{"born_on":["1980-01-01","1981-01-01"]}'), None
    )
    account = exports.log_line(event(AuditType.ACCOUNT_CHANGED, '{"display_name":["Old","New"]}'), None)

    assert person.details == "Ngày sinh"
    assert account.details == "Họ và tên: Old → New"


#: Columns that no screen of the log names: keys, versions, derived words, secrets.
MACHINE = set(
    "id uid version created_at created_by_id name_key name_fold post_fold person_id person_name unit_id "
    "division_id managing_unit_id proof_by_id proof_at annulled_at annulled_by_id user_id granted_at "
    "granted_by_id revoked_at revoked_by_id delegated_by_id password password_set_at must_change_password "
    "fs_uniquifier disabled_at disabled_by_id tf_totp_secret".split()
)
AUDITED = (Person, PersonBackground, Assignment, RankStep, Qualification, User, Grant)


@pytest.mark.parametrize("cls", AUDITED, ids=lambda cls: cls.__name__)
def test_every_field_the_log_may_hold_has_a_name(context, cls):
    names = {column.key for column in cls.__mapper__.column_attrs} - MACHINE

    assert [name for name in sorted(names) if name_of(name) == name] == []


def test_names_in_the_log_tell_the_kind_of_an_entry_and_not_what_it_holds(context):
    values = '{"education: university": {"level": ["a", "b"]}, "main: Chủ tịch UBND": {}, "background": {}}'
    told = exports.log_line(event(AuditType.PERSON_CHANGED, values), None).details

    assert told == "trình độ chuyên môn, chính thức, Đảng, dân tộc, tôn giáo"


def test_codes_reasons_and_kinds_are_told_in_words(context):
    line = event(AuditType.GRANT_GIVEN, '{"role": "chair", "to": null, "exceptions": ["person:export"]}')
    line.subject_kind = line.subject_label = "log"
    line.reason = "owner"
    told = exports.log_line(line, None)

    assert told.details.startswith("Vai trò: Chủ tịch UBND cấp xã; Ngoại trừ: ")
    assert "person:export" not in told.details
    assert (told.kind, told.subject, told.reason) == ("nhật ký", "nhật ký", "chủ tài khoản kết thúc")
    assert exports.log_line(event(AuditType.SEEDED, '{"x": 1}'), None).details == "x: 1"


# --- every word that the program itself may write into the log has words for people --------------------
def calls(*names):
    """Calls of these functions in the program's own files."""
    for module in program():
        for node in ast.walk(module.tree):
            called = getattr(node, "func", None)
            if getattr(called, "attr", getattr(called, "id", None)) in names:
                yield node


RECORDING = ("record", "record_view", "record_outside")


def texts(nodes):
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_every_name_written_with_an_event_has_words(context):
    written = [word.value for call in calls(*RECORDING) for word in call.keywords if word.arg == "values"]
    names = set().union(*(texts(one.keys) for one in written if isinstance(one, ast.Dict)))

    assert {"username", "id_last_4", "sha256", "sessions_ended", "failure"} <= names
    assert [name for name in sorted(names) if name_of(name) == name] == []


def test_every_kind_of_thing_has_words(context):
    named = set().union(*(texts(call.args[1:2]) for call in calls(*RECORDING)))
    tables = {
        cls.__tablename__ for cls in (Document, Grant, ImportBatch, Person, RuleInForce, User)
    }  # whatever an action records

    assert {"log", "people", "unit"} <= named
    assert [kind for kind in sorted(named | tables) if kind_of(kind) == kind] == []


def test_all_work_of_the_program_has_words(context):
    named = set().union(*(texts(call.args[:1]) for call in calls("system_viewer")))

    assert named == set(WORK)
    assert actor_of("system: demo province") == "chương trình: tạo tỉnh minh họa"
    assert actor_of("Lò Thị Hạnh") == "Lò Thị Hạnh"


def test_a_refused_page_is_told_by_its_address(context):
    line = event(AuditType.REFUSED, None)
    line.subject_kind, line.subject_label = "people.edit", ""

    assert exports.log_line(line, None).kind == "trang /people/…/edit"


def test_erased_and_unknown_values_read_as_nothing(context):
    assert exports.log_line(event(AuditType.PERSON_CHANGED, None), None).details == ""
    assert exports.log_line(event(AuditType.PERSON_CHANGED, "[1]"), None).details == ""
    old = event(AuditType.SEEDED, None)
    old.role = "gone"
    assert exports.log_line(old, "Xã Nà Sang").role == "gone"
    assert exports.log_line(event(AuditType.SEEDED, None), "Xã Nà Sang").unit == "Xã Nà Sang"
