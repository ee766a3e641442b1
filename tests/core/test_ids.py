"""Public identifiers: one spelling each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from accounts.models import User
from core.db import db
from core.errors import Missing
from core.ids import decode, encode, is_uid, new_uid


@given(st.binary(min_size=16, max_size=16))
def test_every_sixteen_bytes_have_one_spelling(raw: bytes):
    text = encode(raw)

    assert len(text) == 26
    assert decode(text) == raw
    assert is_uid(text)


def test_known_spelling():
    assert encode(bytes(16)) == "a" * 26
    assert encode(bytes([255]) * 16) == "7" * 25 + "4"


@pytest.mark.parametrize(
    "text",
    ["", "a" * 25, "a" * 27, "A" * 26, "a" * 25 + "b", "1" * 26, "á" + "a" * 25, "7" * 26, "a" * 25 + "="],
)
def test_other_spellings_are_no_uid(text: str):
    assert not is_uid(text)


def test_new_uids_differ():
    assert len({new_uid() for _ in range(1000)}) == 1000


@pytest.mark.parametrize("text", ["", "x", "A" * 26, "a" * 25 + "b", "a\0" * 13])
def test_a_text_that_is_no_uid_names_nothing(app, text):
    with app.app_context(), pytest.raises(Missing):
        db.session.scalar(select(User.id).where(User.uid == text))
