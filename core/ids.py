"""Public identifiers: random 128-bit uids, stored as 16 bytes, shown as 26 base32 characters.

Integer keys never leave the server; whatever has an address has a uid besides.
"""

import secrets

from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.types import TypeDecorator
from werkzeug.routing import BaseConverter, ValidationError

from core.errors import Missing

_LENGTH = 26
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
#: Two characters for each ten bits: thirteen look-ups write a uid, a third of what `base64` takes;
#: a load of the province writes twenty thousand.
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_SHIFTS = range(120, -1, -10)
#: The same digits as `int(…, 32)` reads them; upper case and everything else is left to fail.
_DIGITS = str.maketrans(_ALPHABET, "0123456789abcdefghijklmnopqrstuv")
_LETTERS = frozenset(_ALPHABET)


def new_uid() -> str:
    """A fresh uid: 128 random bits in lower-case base32 without padding."""
    return encode(secrets.token_bytes(16))


def encode(raw: bytes) -> str:
    """16 bytes → 26 characters."""
    bits = int.from_bytes(raw) << 2
    return "".join([_PAIRS[bits >> shift & 1023] for shift in _SHIFTS])


def decode(text: str) -> bytes:
    """26 characters → 16 bytes; ValueError for anything that `encode` would not have written."""
    if len(text) != _LENGTH or not _LETTERS.issuperset(text):
        raise ValueError("not a uid")
    bits = int(text.translate(_DIGITS), 32)
    # 26 characters hold 130 bits: two spellings would decode alike, and an address must have one.
    if bits & 3:
        raise ValueError("not a uid")
    return (bits >> 2).to_bytes(16)


def is_uid(text: str) -> bool:
    """Whether `text` is the one spelling of a uid."""
    try:
        decode(text)
    except ValueError:
        return False
    return True


class NamesNothing(Missing, DontWrapMixin):
    """A text from outside in the place of a uid: absent like any other (404), not a failed statement."""


class Uid(TypeDecorator[str]):
    """Column type: a 26-character str in Python, 16 bytes in the database."""

    impl = LargeBinary(16)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        try:
            return decode(value)
        except ValueError as error:
            raise NamesNothing(value[:40]) from error

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else encode(bytes(value))


class UidConverter(BaseConverter):
    """`<uid:name>` in a URL rule; anything else in that place is a plain 404."""

    regex = "[a-z2-7]{26}"

    def to_python(self, value: str) -> str:
        if not is_uid(value):
            raise ValidationError
        return value
