"""Drafts: for their author only, bounded, without secrets, gone with the form they belong to."""

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from core import gate
from core.clock import local
from core.db import db
from core.drafts import LIMIT, Draft, drop_draft, find_draft, keep_draft
from core.errors import Busy, Unprocessable
from tests.cast import user_of


def found(viewer, place):
    """The draft as a new request finds it."""
    db.session.rollback()
    return find_draft(viewer, place)


def drafts():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Draft))


def test_a_draft_is_found_by_its_author_at_its_place_only(as_viewer):
    with as_viewer("chair_a") as author:
        keep_draft(author.user_id, "/people/new", MultiDict({"full_name": "Lò Văn Dở"}))

        assert found(author, "/people/new").values()["full_name"] == "Lò Văn Dở"
        assert found(author, "/people/other") is None
    with as_viewer("chair_b") as other:
        assert found(other, "/people/new") is None


def test_saving_again_replaces_the_draft(as_viewer):
    with as_viewer("chair_a") as author:
        keep_draft(author.user_id, "/x", MultiDict({"a": "1"}))
        keep_draft(author.user_id, "/x", MultiDict([("b", "2"), ("b", "3")]))
        assert found(author, "/x").data == [["b", "2"], ["b", "3"]]
        assert drafts() == 1


def test_secrets_and_marks_of_the_form_are_never_kept(as_viewer):
    with as_viewer("chair_a") as author:
        typed = {
            "csrf_token": "t",
            "submission": "s",
            "version": "1",
            "password": "p",
            "new_password": "q",
            "new_password_confirm": "q",
            "note": "giữ",
            "empty": "",
        }
        keep_draft(author.user_id, "/x", MultiDict(typed))

        assert found(author, "/x").data == [["note", "giữ"]]


def test_a_draft_has_its_limit(as_viewer):
    with as_viewer("chair_a") as author:
        keep_draft(author.user_id, "/x", MultiDict({"note": "x" * (LIMIT - 4)}))
        with pytest.raises(Unprocessable):
            keep_draft(author.user_id, "/y", MultiDict({"note": "x" * LIMIT}))

        assert drafts() == 1


def test_a_dropped_draft_is_gone(as_viewer):
    with as_viewer("chair_a") as author:
        keep_draft(author.user_id, "/x", MultiDict({"note": "a"}))
        keep_draft(author.user_id, "/y", MultiDict({"note": "b"}))
        drop_draft(author.user_id, "/x")

        assert found(author, "/x") is None
        assert found(author, "/y") is not None


# --- over the web ---------------------------------------------------------------------------------
@pytest.fixture
def editing(app, client_as):
    """A browser of the administrator with a form open: (client, url, values of the form)."""
    with app.app_context():
        url = f"/accounts/{user_of('nobody').uid}/edit"
    client = client_as("admin")
    return client, url, client.form(url)


def count(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Draft))


def test_what_is_typed_is_saved_and_the_time_is_said(app, editing):
    client, url, values = editing
    answer = client.post(f"/drafts?place={url}", data={**values, "display_name": "Đang gõ"})

    assert answer.status_code == 200
    assert len(answer.json["saved"]) == 5
    assert count(app) == 1


def test_the_draft_goes_with_the_form_that_is_sent(app, editing):
    client, url, values = editing
    client.post(f"/drafts?place={url}", data={**values, "display_name": "Đang gõ"})

    assert client.post(url, data={**values, "display_name": "Gõ xong"}).status_code == 303
    assert count(app) == 0


def test_the_draft_stays_when_the_form_is_refused(app, editing):
    client, url, values = editing
    client.post(f"/drafts?place={url}", data={**values, "display_name": "Đang gõ"})

    assert client.post(url, data={**values, "display_name": ""}).status_code == 422
    assert count(app) == 1


def test_a_draft_that_arrives_after_its_form_was_sent_is_not_kept(app, editing):
    client, url, values = editing
    client.post(url, data={**values, "display_name": "Gõ xong"})
    answer = client.post(f"/drafts?place={url}", data={**values, "display_name": "Gõ dở đến muộn"})

    assert answer.status_code == 200
    assert count(app) == 0


def test_an_author_drops_the_own_draft_only(app, editing, client_as):
    client, url, values = editing
    client.post(f"/drafts?place={url}", data={**values, "display_name": "Đang gõ"})
    stranger = client_as("chair_a")
    token = stranger.form("/account/password")["csrf_token"]

    assert stranger.post(f"/drafts?drop=1&place={url}", data={"csrf_token": token}).status_code == 200
    assert count(app) == 1
    assert (
        client.post(f"/drafts?drop=1&place={url}", data={"csrf_token": values["csrf_token"]}).status_code
        == 200
    )
    assert count(app) == 0


@pytest.mark.parametrize("place", ["", "people/new", "https://evil.example", "/" + "x" * 200, "/a%00b"])
def test_a_place_that_is_no_path_is_refused(app, editing, place):
    client, _url, values = editing

    assert client.post(f"/drafts?place={place}", data=values).status_code == 422
    assert count(app) == 0


def test_too_long_a_draft_is_refused(app, editing):
    client, url, values = editing
    body = {**values, "display_name": "x" * LIMIT}

    assert client.post(f"/drafts?place={url}", data=body).status_code == 422
    assert count(app) == 0


def test_a_token_no_field_can_hold_does_no_harm(app, editing):
    client, url, values = editing
    answer = client.post(
        f"/drafts?place={url}", data={**values, "submission": "a\x00b", "display_name": "\x00x"}
    )

    assert answer.status_code == 200
    assert count(app) == 1


@pytest.mark.sqlite
def test_a_form_refused_for_load_is_kept_as_a_draft(app, editing, monkeypatch):
    client, url, values = editing
    true, calls = gate.writer_lock, []

    def busy_once(engine):
        calls.append(engine)
        if len(calls) == 1:
            raise Busy("Zq-bận")
        return true(engine)

    monkeypatch.setattr(gate, "writer_lock", busy_once)
    answer = client.post(url, data={**values, "display_name": "Lúc bận"})

    assert answer.status_code == 503
    with app.app_context():
        kept = db.session.scalars(select(Draft)).one()
        assert kept.place == url
        assert kept.values()["display_name"] == "Lúc bận"
        assert user_of("nobody").display_name == "Sùng A Chu"


@pytest.mark.parametrize("too_long", [False, True])
def test_what_cannot_even_be_kept_is_said(app, editing, monkeypatch, too_long):
    client, url, values = editing
    true, calls = gate.writer_lock, []

    def busy(engine):
        calls.append(engine)
        if len(calls) == 1 or not too_long:
            raise Busy("Zq-bận")
        return true(engine)

    monkeypatch.setattr(gate, "writer_lock", busy)
    typed = {**values, "display_name": "x" * 100, "more": "x" * (LIMIT if too_long else 1)}
    answer = client.post(url, data=typed)

    assert answer.status_code == 503
    assert count(app) == 0
    assert "Zq-bận" not in answer.get_data(as_text=True)


def test_a_draft_is_named_by_its_place_and_time(as_viewer):
    with as_viewer("chair_a") as author:
        keep_draft(author.user_id, "/x", {"note": "a"})
        draft = found(author, "/x")

        assert str(draft) == "/x"
        assert draft.saved_clock == local(draft.saved_at).strftime("%H:%M")
        assert draft.data == [["note", "a"]]


def test_a_draft_needs_its_token_against_forgery(editing):
    client, url, values = editing
    values = {name: value for name, value in values.items() if name != "csrf_token"}

    assert client.post(f"/drafts?place={url}", data=values).status_code == 400


def test_a_draft_needs_an_account(client):
    assert client.post("/drafts?place=/x", data={"a": "b"}).status_code in (303, 400)
