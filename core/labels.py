"""Enums whose members carry the words people read."""

from enum import StrEnum
from typing import Any


class LabelledEnum(StrEnum):
    """Members are written `NAME = "value", _l("words")`; `label` is translated when it is shown.

    The words hang on the member and the hash is the text's own: a list asks for hundreds of both."""

    label: Any

    def __new__(cls, value: str, label: Any = None) -> "LabelledEnum":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    __hash__ = str.__hash__


def texts_of(enum: type[LabelledEnum]) -> dict[Any, str]:
    """The words of every member in the language of the request, for a list that shows many."""
    return {member: str(member.label) for member in enum}
