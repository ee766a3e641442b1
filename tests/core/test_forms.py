"""Forms: what each field takes and refuses, the one-time token, the version, drafts, comparison."""

import unicodedata
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from types import SimpleNamespace

import pytest
from werkzeug.datastructures import MultiDict

from core.comparing import shown
from core.db import db
from core.drafts import keep_draft
from core.errors import Conflict, Unprocessable
from core.forms import (
    CodeField,
    DateField,
    DecimalField,
    EnumField,
    Form,
    IdNumberField,
    IntegerField,
    NameField,
    TextAreaField,
    required,
)
from tests.cast import user_of

NFD = unicodedata.normalize("NFD", "Đặng Thị Ổn")


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"

    @property
    def label(self):
        return {"red": "đỏ", "green": "xanh"}[self.value]


class Sample(Form):
    name = NameField("Họ tên", [required("Nhập họ tên")])
    number = IdNumberField("Số định danh")
    day = DateField("Ngày")
    amount = DecimalField("Hệ số")
    count = IntegerField("Số lượng", low=1, high=300)
    colour = EnumField(Colour, "Màu")
    code = CodeField("Mã", choices=[("01", "một"), ("02", "hai")])
    note = TextAreaField("Ghi chú")


@pytest.fixture
def sent(context):
    """`sent(day="31/02/2026")` is the sample form after these values were posted."""

    def post(**values):
        data = {"name": "Lò Văn An", **values}
        with context.test_request_context("/x", method="POST", data=data):
            form = Sample(meta={"csrf": False})
            form.validate_on_submit()
            form.first = {name: (messages or [None])[0] for name, messages in form.errors.items()}
            return form

    return post


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("05/09/2026", date(2026, 9, 5)),
        ("5/9/2026", date(2026, 9, 5)),
        ("05-09-2026", date(2026, 9, 5)),
        ("05.09.2026", date(2026, 9, 5)),
        (" 29/02/2024 ", date(2024, 2, 29)),
        ("01/01/1900", date(1900, 1, 1)),
        ("31/12/2100", date(2100, 12, 31)),
        ("05/09/\u200b2026", date(2026, 9, 5)),
        ("", None),
        ("   ", None),
    ],
)
def test_days_that_are_taken(sent, typed, day):
    form = sent(day=typed)

    assert form.day.data == day
    assert "day" not in form.errors


@pytest.mark.parametrize(
    "typed",
    [
        "31/02/2026",
        "29/02/2026",
        "00/01/2026",
        "01/13/2026",
        "2026-09-05",
        "05/09/26",
        "5/9",
        "09/2026",
        "abc",
        "²/9/2026",
        "٥/٩/٢٠٢٦",
        "０５/０９/２０２６",
        "05/09/9999",
        "05/09/1899",
        "05/09/2026x",
        "05//09/2026",
        "05/09/2026" + " " * 40 + "1",
        "-5/09/2026",
        "1" * 5000,
        "9" * 60 + "/01/2026",
        "😀/01/2026",
    ],
)
def test_days_that_are_refused_and_kept_as_typed(sent, typed):
    form = sent(day=typed)

    assert form.day.data is None
    assert form.errors["day"]
    assert form.day._value() == typed.strip()[:40]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("3,33", Decimal("3.33")),
        ("3.33", Decimal("3.33")),
        ("4", Decimal("4")),
        ("-1,5", Decimal("-1.5")),
        ("1000000000", Decimal("1000000000")),
        ("2,340", Decimal("2.34")),
        ("", None),
    ],
)
def test_decimals_that_are_taken(sent, typed, value):
    form = sent(amount=typed)

    assert form.amount.data == value
    assert "amount" not in form.errors


@pytest.mark.parametrize(
    "typed",
    [
        "3,333",
        "1.000,5",
        "1e5",
        "1E+2",
        "1_000",
        "NaN",
        "Infinity",
        "²",
        "٣",
        "１",
        "3,33" + " " * 30 + "9",
        "--1",
        "1" + "0" * 5000,
        "10000000000",
        ",5",
        "5,",
        "0x10",
        "3;33",
        "😀",
    ],
)
def test_decimals_that_are_refused(sent, typed):
    form = sent(amount=typed)

    assert form.amount.data is None
    assert form.errors["amount"]


@pytest.mark.parametrize(("typed", "value"), [("1", 1), ("300", 300), (" 42 ", 42), ("007", 7), ("", None)])
def test_whole_numbers_that_are_taken(sent, typed, value):
    form = sent(count=typed)

    assert form.count.data == value
    assert "count" not in form.errors


@pytest.mark.parametrize(
    "typed",
    [
        "0",
        "301",
        "²",
        "-1",
        "1.0",
        "1,5",
        "1e2",
        "1_0",
        "٣",
        "5" + " " * 30 + "7",
        "1" + "0" * 5000,
        str(2**63),
        "x",
    ],
)
def test_whole_numbers_that_are_refused(sent, typed):
    form = sent(count=typed)

    assert form.count.data is None
    assert form.errors["count"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Lò Văn An", "Lò Văn An"),
        ("  Lò   Văn\tAn ", "Lò Văn An"),
        (NFD, "Đặng Thị Ổn"),
        ("Ðào Thị Hoa", "Đào Thị Hoa"),
        ("Lò\x00 Văn An", "Lò Văn An"),
        ("Lò Văn An\u202e", "Lò Văn An"),
        ("H’Hen Niê", "H’Hen Niê"),
        ("Vàng A Dơ-Páo", "Vàng A Dơ-Páo"),
    ],
)
def test_names_are_tidied(sent, typed, name):
    form = sent(name=typed)

    assert form.name.data == name
    assert "name" not in form.errors


@pytest.mark.parametrize(
    "typed", ["", "   ", "\x00", "Lò Văn 2", "An 😀", "<b>An</b>", "An;", "Đ" * 121, "An²"]
)
def test_names_that_are_refused(sent, typed):
    assert sent(name=typed).errors["name"]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("011084000001", "011084000001"),
        ("011 084 000 001", "011084000001"),
        ("011.084.000.001", "011084000001"),
        ("\u200b011084000001", "011084000001"),
        ("", ""),
    ],
)
def test_identification_numbers_that_are_taken(sent, typed, number):
    form = sent(number=typed)

    assert form.number.data == number
    assert "number" not in form.errors


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("01108400000", "11"),
        ("0110840000012", "13"),
        ("0" * 5000, "40"),
        ("01108400000²", "chữ số"),
        ("٠١١٠٨٤٠٠٠٠٠١", "chữ số"),
        ("0110840-0001", "chữ số"),
        ("01108400000A", "chữ số"),
    ],
)
def test_identification_numbers_that_are_refused(sent, typed, words):
    messages = sent(number=typed).errors["number"]

    assert len(messages) == 1
    assert words in messages[0] or "digits" in messages[0]


@pytest.mark.parametrize(("typed", "value"), [("red", Colour.RED), ("", None), (None, None)])
def test_a_choice_of_an_enum_is_its_member(sent, typed, value):
    form = sent(**({} if typed is None else {"colour": typed}))

    assert form.colour.data is value
    assert "colour" not in form.errors


@pytest.mark.parametrize("typed", ["blue", "RED", "red\x00", "r" * 100_000, "1"])
def test_a_choice_that_is_not_offered_is_refused(sent, typed):
    form = sent(colour=typed, code=typed)

    assert form.colour.data is None
    assert form.errors["colour"]
    assert form.errors["code"]


def test_long_texts_keep_their_lines_and_lose_what_no_field_can_hold(sent):
    form = sent(note="  dòng một\r\ndòng\x00 hai\u2028ba 😀\x07 ")

    assert form.note.data == "dòng một\ndòng hai\nba 😀"


def test_values_leave_out_the_marks_of_the_form(sent):
    form = sent(note="x")

    assert sorted(form.values()) == ["amount", "code", "colour", "count", "day", "name", "note", "number"]


def test_the_summary_lists_every_error_in_the_order_of_the_fields(sent):
    form = sent(name="", count="0", day="31/02/2026")
    summary = form.summary()

    assert [(field, label) for field, label, _message in summary] == [
        ("name", "Họ tên"),
        ("day", "Ngày"),
        ("count", "Số lượng"),
    ]
    assert summary[0][2] == "Nhập họ tên"
    assert form.failed


# --- the one-time token and the version -----------------------------------------------------------
def opened(app, **kwargs):
    with app.test_request_context("/x"):
        return Sample(meta={"csrf": False}, **kwargs)


def test_each_opening_has_a_token_of_its_own(context):
    first, second = opened(context), opened(context)

    assert first.submission.data != second.submission.data
    assert len(first.submission.data) == 32


def test_the_token_of_the_form_stays_through_a_refusal(sent):
    assert sent(name="", submission="a" * 32).submission.data == "a" * 32


@pytest.mark.parametrize("token", ["", "x" * 65, "x" * 100_000])
def test_a_token_that_is_missing_or_too_long_is_made_anew(sent, token):
    form = sent(submission=token)

    assert len(form.submission.data) == 32
    assert form.submission.data != token


def test_an_edit_form_carries_the_version_of_the_row(context):
    row = SimpleNamespace(version=7, name="An", colour="red", number="", day=None, amount=None, count=None)

    assert opened(context, obj=row).version.data == "7"
    assert opened(context).opened_version is None


@pytest.mark.parametrize(
    ("typed", "version"),
    [
        ("3", 3),
        ("0", 0),
        ("", -1),
        ("x", -1),
        ("²", -1),
        ("-3", -1),
        ("3.0", -1),
        ("9" * 5000, -1),
        (None, -1),
    ],
)
def test_a_version_that_is_broken_or_left_out_matches_none(sent, typed, version):
    form = sent(**({} if typed is None else {"version": typed}))

    assert form.opened_version == version


# --- what an action answers -----------------------------------------------------------------------
def refuse(**_details):
    raise Unprocessable("Số này đã có", field="number", link="/people/x")


def refuse_all(**_details):
    raise Unprocessable("Không thể ghi")


def test_a_refusal_stands_at_its_field_with_its_link(sent):
    form = sent(number="011084000001")

    assert form.attempt(refuse) is None
    assert list(form.number.errors) == ["Số này đã có"]
    assert form.links == {"number": "/people/x"}
    assert form.failed


def test_a_refusal_without_a_field_stands_above_the_form(sent):
    form = sent()

    assert form.attempt(refuse_all) is None
    assert form.form_message == "Không thể ghi"
    assert form.failed


def test_what_went_well_is_handed_through_with_the_token(sent):
    form = sent(submission="b" * 32)

    assert form.attempt(lambda **details: details, name="An") == {"token": "b" * 32, "name": "An"}
    assert not form.failed


def test_a_conflict_shows_both_versions_of_what_differs_and_keeps_what_was_typed(context):
    theirs = SimpleNamespace(
        version=9,
        name="Lò Văn Anh",
        number="011084000001",
        day=date(2026, 1, 2),
        amount=Decimal("3.00"),
        count=5,
        colour=Colour.GREEN,
        code="02",
        note="",
    )

    def conflict(**_details):
        raise Conflict(theirs, by="Lò Thị Hạnh", at=datetime.fromisoformat("2026-07-15T02:42:00+00:00"))

    data = {
        "name": "Lò Văn Ánh",
        "number": "011084000001",
        "day": "02/01/2026",
        "amount": "3,33",
        "count": "5",
        "colour": "red",
        "code": "02",
        "version": "8",
    }
    with context.test_request_context("/x", method="POST", data=data):
        form = Sample(meta={"csrf": False})
        form.validate_on_submit()
        assert form.attempt(conflict) is None

        found = form.conflict
        assert (found.by, found.at) == ("Lò Thị Hạnh", "09:42")
        assert [(row.label, row.theirs, row.yours) for row in found.rows] == [
            ("Họ tên", "Lò Văn Anh", "Lò Văn Ánh"),
            ("Hệ số", "3,00", "3,33"),
            ("Màu", "xanh", "đỏ"),
        ]
        assert form.name.data == "Lò Văn Ánh"
        assert form.opened_version == 9
        assert form.failed


# --- on real pages --------------------------------------------------------------------------------
def test_a_sent_form_with_errors_is_422_with_what_was_typed(client_as):
    client = client_as("admin")
    answer = client.send("/accounts/new", {"display_name": "", "username": "ten.moi"})
    body = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert 'value="ten.moi"' in body
    assert 'href="#display_name"' in body


def test_the_second_of_two_savers_gets_409_and_may_save_after_looking(app, client_as):
    with app.app_context():
        uid = user_of("nobody").uid
    url = f"/accounts/{uid}/edit"
    first, second = client_as("admin"), client_as("admin")
    opened_first, opened_second = first.form(url), second.form(url)

    assert first.post(url, data={**opened_first, "display_name": "Người trước"}).status_code == 303
    answer = second.post(url, data={**opened_second, "display_name": "Người sau"})
    body = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Người trước" in body
    assert 'value="Người sau"' in body
    with app.app_context():
        assert user_of("nobody").display_name == "Người trước"

    from tests.client import form_values

    again = second.post(url, data=form_values(body))
    assert again.status_code == 303
    with app.app_context():
        assert user_of("nobody").display_name == "Người sau"


def test_an_edit_without_its_version_overwrites_nobody(app, client_as):
    with app.app_context():
        uid = user_of("nobody").uid
    url = f"/accounts/{uid}/edit"
    client = client_as("admin")
    values = {**client.form(url), "display_name": "Không rõ bản nào"}
    del values["version"]

    assert client.post(url, data=values).status_code == 409
    with app.app_context():
        assert user_of("nobody").display_name == "Sùng A Chu"


def test_a_draft_is_offered_and_filled_in_on_request(as_viewer, context):
    with as_viewer("chair_a") as viewer:
        keep_draft(
            viewer.user_id, "/x", MultiDict({"name": "Lò Văn Dở", "day": "31/12/2025", "version": "99"})
        )
        db.session.rollback()
        with context.test_request_context("/x"):
            plain = Sample(meta={"csrf": False})
            plain.offer_draft(viewer)
        with context.test_request_context("/x?draft=1"):
            filled = Sample(meta={"csrf": False}, obj=SimpleNamespace(version=3))
            token = filled.submission.data
            filled.offer_draft(viewer)

        assert plain.draft is not None
        assert plain.name.data is None
        assert (filled.name.data, filled.day.data) == ("Lò Văn Dở", date(2025, 12, 31))
        assert (filled.version.data, filled.submission.data) == ("3", token)


# --- small things ---------------------------------------------------------------------------------
def test_a_value_is_shown_as_people_read_it(sent):
    form = sent(day="05/09/2026", amount="3,3", colour="green", code="01")

    assert [shown(form[name]) for name in ("day", "colour", "code", "name")] == [
        "05/09/2026",
        "xanh",
        "một",
        "Lò Văn An",
    ]
    assert shown(form.amount) == "3,3"
