"""The pages of the administrator, of chairs who let somebody act and of asking the password again."""

import re
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from accounts import actions, queries
from accounts.models import Grant
from core.audit import AuditType
from core.clock import today
from core.db import db
from core.permissions import Role
from core.units import Block, unit_by_code
from tests.accounts.acts import button, last_event_of, make_account, uid_of, unit_uid
from tests.cast import user_of, viewer_of
from tests.personas import BUNG_LAO, PASSWORD


# --- the administrator's pages -----------------------------------------------------------------
def test_a_taken_user_name_stands_at_its_field(client_as):
    answer = make_account(client_as("admin"), "chair_a")

    assert answer.status_code == 422
    assert "This user name is taken" in answer.text


def test_the_list_finds_accounts_without_accents_and_by_state(app, client_as):
    client = client_as("admin")
    with app.app_context():
        actions.disable_account(user=user_of("chair_b"), by=viewer_of("admin"))

    def names(query):
        return re.findall(
            r'<th scope="row"><a href="/accounts/\w{26}">(.*?)</a>', client.get(f"/accounts?{query}").text
        )

    assert names("words=luong+thang") == ["Lường Văn Thắng"]
    assert names("state=disabled") == ["Giàng A Páo"]
    assert names("role=leader") == ["Hoàng Văn Nam"]
    assert len(names("")) == 12
    assert len(names("state=nonsense")) == 12
    assert names("words=%25") == []


def test_the_list_costs_the_same_for_any_number_of_rows(app, client_as, count_statements):
    client = client_as("admin")
    with app.app_context():
        for number in range(8):
            actions.create_account(
                username=f"more.{number}",
                display_name="Lò Văn Minh",
                password_hash="x",
                by=viewer_of("admin"),
            )

    counts = []
    for query in ("words=luong", ""):
        with count_statements() as sent:
            assert client.get(f"/accounts?{query}").status_code == 200
        counts.append(len(sent))

    assert counts[0] == counts[1] <= 8


@pytest.mark.parametrize(
    "path", ["/accounts", "/grants", "/log/administration", "/account", "/accounts/{uid}"]
)
def test_pages_stay_within_their_statements(app, client_as, count_statements, path):
    client = client_as("admin")
    url = path.format(uid=uid_of(app, "chair_a"))

    with count_statements() as sent:
        assert client.get(url).status_code == 200

    assert len(sent) <= 8


def test_an_account_is_corrected_and_a_stale_form_compared(app, client_as):
    client, uid = client_as("admin"), uid_of(app, "chair_a")
    stale = client.form(f"/accounts/{uid}/edit")
    assert client.send(f"/accounts/{uid}/edit", {"display_name": "Lường Văn Thắng (B)"}).status_code == 303

    answer = client.post(f"/accounts/{uid}/edit", data={**stale, "display_name": "Other"})

    assert answer.status_code == 409
    assert "Lường Văn Thắng (B)" in answer.text


def test_disabling_asks_for_a_reason_and_enabling_undoes_it(app, client_as):
    client, uid = client_as("admin"), uid_of(app, "chair_a")
    assert client.send(f"/accounts/{uid}/disable", {"reason": ""}).status_code == 422
    assert client.send(f"/accounts/{uid}/disable", {"reason": "moved away"}).status_code == 303
    assert last_event_of(app).reason == "moved away"

    assert button(client, f"/accounts/{uid}/enable", f"/accounts/{uid}").status_code == 303

    with app.app_context():
        assert user_of("chair_a").active


def test_the_administrator_ends_all_sessions_of_an_account(app, client_as):
    chair, admin, uid = client_as("chair_a"), client_as("admin"), uid_of(app, "chair_a")

    assert button(admin, f"/accounts/{uid}/end-sessions", f"/accounts/{uid}").status_code == 303

    assert chair.get("/account").status_code == 303


@pytest.mark.parametrize("act", ["disable", "reset-password", "grants/new"])
def test_the_own_account_is_not_ones_own_to_manage(app, client_as, act):
    client, uid = client_as("admin"), uid_of(app, "admin")

    assert client.get(f"/accounts/{uid}/{act}").status_code == 403
    assert last_event_of(app).type is AuditType.REFUSED


def test_a_grant_is_given_and_revoked_on_the_pages(app, client_as):
    client, uid, nobody = client_as("admin"), uid_of(app, "nobody"), client_as("nobody")
    assert nobody.get("/acting-authority").status_code == 403
    details = {
        "role": "chair",
        "unit": unit_uid(app, BUNG_LAO),
        "block": "government",
        "starts_on": today().strftime("%d/%m/%Y"),
        "ends_on": "",
    }

    assert client.send(f"/accounts/{uid}/grants/new", details).status_code == 303
    assert nobody.get("/acting-authority").status_code == 200

    (url,) = re.findall(r'action="(/grants/\w{26}/revoke)"', client.get(f"/accounts/{uid}").text)
    assert button(client, url, f"/accounts/{uid}").status_code == 303
    assert nobody.get("/acting-authority").status_code == 403


@pytest.mark.parametrize(
    ("field", "value"),
    [("role", "king"), ("role", ""), ("unit", "a" * 26), ("block", "x"), ("starts_on", "31/02/2026")],
)
def test_a_grant_takes_listed_values_only(app, client_as, field, value):
    client, uid = client_as("admin"), uid_of(app, "nobody")
    details = {
        "role": "chair",
        "unit": unit_uid(app, BUNG_LAO),
        "block": "government",
        "starts_on": today().strftime("%d/%m/%Y"),
    }

    answer = client.send(f"/accounts/{uid}/grants/new", {**details, field: value})

    assert answer.status_code == 422
    with app.app_context():
        assert queries.grants_of(user_of("nobody")) == []


@pytest.mark.slow
def test_the_list_of_grants_is_filtered_by_state(app, client_as):
    with app.app_context():
        actions.give_grant(
            user=user_of("nobody"),
            role=Role.CHAIR,
            unit=unit_by_code(BUNG_LAO, today()),
            block=Block.GOVERNMENT,
            starts_on=today(),
            ends_on=today() + timedelta(days=30),
            by=viewer_of("admin"),
        )
    client = client_as("admin")

    def names(query):
        return re.findall(
            r'<th scope="row"><a href="/accounts/\w{26}">(.*?)</a>', client.get(f"/grants?{query}").text
        )

    assert names("state=ending") == ["Sùng A Chu"]
    assert names("state=over") == []
    assert names("words=bung+lao&role=commune_staff") == ["Tòng Thị Vân"]
    assert len(names("")) == 12


# --- asking the password again -----------------------------------------------------------------
def grow_old(client, minutes=31):
    with client.session_transaction() as cookie:
        cookie["fs_paa"] = time.time() - 60 * minutes
        cookie.pop("fs_gexp", None)


@pytest.mark.parametrize("path", ["/accounts/new", "/accounts/{uid}/disable", "/accounts/{uid}/grants/new"])
def test_what_matters_asks_for_the_password_again_after_half_an_hour(app, client_as, path):
    client, url = client_as("admin"), path.format(uid=uid_of(app, "chair_a"))
    grow_old(client, 29)
    assert client.get(url).status_code == 200
    grow_old(client, 31)

    answer = client.get(url)

    assert answer.status_code == 303
    assert answer.location.startswith("/account/confirm?next=")
    assert client.send(answer.location, {"password": "wrong"}).status_code == 422
    assert client.send(answer.location, {"password": PASSWORD}).location == url
    assert client.get(url).status_code == 200


def test_a_one_button_act_asks_too(app, client_as):
    client, uid = client_as("admin"), uid_of(app, "chair_a")
    token = client.form("/account/password")["csrf_token"]
    grow_old(client)

    answer = client.post(f"/accounts/{uid}/reset-password", data={"csrf_token": token})

    assert answer.location.startswith("/account/confirm")
    with app.app_context():
        assert not user_of("chair_a").must_change_password


def test_reading_does_not_ask(app, client_as):
    client = client_as("admin")
    grow_old(client, 300)

    assert client.get("/accounts").status_code == 200


# --- acting authority --------------------------------------------------------------------------
def let_act(app, client, deputy="staff_a", **changes):
    with app.app_context():
        user, (grant,) = user_of(deputy).uid, queries.grants_of(user_of("chair_a"))
    details = {
        "grant": grant.uid,
        "deputy": user,
        "starts_on": today().strftime("%d/%m/%Y"),
        "ends_on": (today() + timedelta(days=7)).strftime("%d/%m/%Y"),
        "exceptions": ["person:export"],
    }
    return client.send("/acting-authority/new", {**details, **changes})


def test_a_chair_lets_a_deputy_act_and_ends_it(app, client_as):
    chair, staff = client_as("chair_a"), client_as("staff_a")
    assert let_act(app, chair).status_code == 303

    page = chair.get("/acting-authority").text
    assert "Tòng Thị Vân" in page
    assert "export lists of people" in page
    assert "Lường Văn Thắng" in staff.get("/account").text
    (url,) = re.findall(r'action="(/acting-authority/\w{26}/end)"', page)
    assert button(chair, url, "/account/password").status_code == 303
    assert "chair:government" not in staff.get("/account").text


@pytest.mark.parametrize(
    ("persona", "shown"),
    [("chair_a", True), ("head", True), ("staff_a", False), ("home_affairs", False)],
)
def test_every_page_of_who_may_let_somebody_act_leads_there(client_as, persona, shown):
    header = client_as(persona).get("/").text.partition("</header>")[0]

    assert ('href="/acting-authority"' in header) is shown
    assert ("Acting authority" in header) is shown


def test_who_acts_for_a_chair_passes_it_on_to_nobody(app, client_as):
    let_act(app, client_as("chair_a"))
    staff = client_as("staff_a")
    (key,) = set(re.findall(r'name="role" value="(chair:[^"]+)"', staff.get("/account").text))
    token = staff.form("/account/password")["csrf_token"]
    assert staff.post("/account/role", data={"csrf_token": token, "role": key}).status_code == 303

    header = staff.get("/").text.partition("</header>")[0]

    assert "Lường Văn Thắng" in header
    assert 'href="/acting-authority"' not in header


def test_another_chair_cannot_end_it(app, client_as):
    chair = client_as("chair_a")
    let_act(app, chair)
    (url,) = re.findall(r'action="(/acting-authority/\w{26}/end)"', chair.get("/acting-authority").text)

    assert button(client_as("chair_b"), url, "/account/password").status_code == 404


def test_a_deputy_elsewhere_is_found_by_name_first(app, client_as):
    chair = client_as("chair_a")
    with app.app_context():
        elsewhere = user_of("staff_b").uid

    assert let_act(app, chair, "staff_b").status_code == 422
    form = chair.form("/acting-authority/new?words=mua+do", number=0)
    answer = chair.post(
        "/acting-authority/new?words=mua+do",
        data={
            **form,
            "deputy": elsewhere,
            "starts_on": today().strftime("%d/%m/%Y"),
            "ends_on": today().strftime("%d/%m/%Y"),
        },
    )

    assert answer.status_code == 303
    with app.app_context():
        given = db.session.scalars(select(Grant).where(Grant.delegated_by_id.is_not(None))).one()
        assert (given.user_id, given.exceptions) == (user_of("staff_b").id, [])


def test_authority_always_ends(app, client_as):
    assert let_act(app, client_as("chair_a"), ends_on="").status_code == 422


def test_an_exception_outside_the_list_is_refused(app, client_as):
    assert let_act(app, client_as("chair_a"), exceptions=["account:manage"]).status_code == 422
