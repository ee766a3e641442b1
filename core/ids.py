"""Public identifiers: random 128-bit uids, stored as 16 bytes, shown as 26 base32 characters.

Integer keys never leave the server; whatever has an address has a uid besides.
"""

import base64
import secrets

from sqlalchemy import LargeBinary
from sqlalchemy.types import TypeDecorator
from werkzeug.routing import BaseConverter, ValidationError

_LENGTH = 26
_PADDING = "======"


def new_uid() -> str:
    """A fresh uid: 128 random bits in lower-case base32 without padding."""
    return encode(secrets.token_bytes(16))


def encode(raw: bytes) -> str:
    """16 bytes → 26 characters."""
    return base64.b32encode(raw).decode("ascii").rstrip("=").lower()


def decode(text: str) -> bytes:
    """26 characters → 16 bytes; ValueError for anything that `encode` would not have written."""
    if len(text) != _LENGTH or not text.isascii() or text != text.lower():
        raise ValueError("not a uid")
    raw = base64.b32decode(text.upper() + _PADDING)
    # 26 characters hold 130 bits: two spellings would decode alike, and an address must have one.
    if encode(raw) != text:
        raise ValueError("not a uid")
    return raw


def is_uid(text: str) -> bool:
    """Whether `text` is the one spelling of a uid."""
    try:
        decode(text)
    except ValueError:
        return False
    return True


class Uid(TypeDecorator[str]):
    """Column type: a 26-character str in Python, 16 bytes in the database."""

    impl = LargeBinary(16)
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else decode(value)

    def process_result_value(self, value, dialect):
        return None if value is None else encode(bytes(value))


class UidConverter(BaseConverter):
    """`<uid:name>` in a URL rule; anything else in that place is a plain 404."""

    regex = "[a-z2-7]{26}"

    def to_python(self, value: str) -> str:
        if not is_uid(value):
            raise ValidationError()
        return value
