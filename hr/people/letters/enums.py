"""Closed lists of letters to issuers. Values stand in addresses; labels come from the glossary."""

from flask_babel import lazy_gettext as _l

from core.labels import LabelledEnum


class LetterState(LabelledEnum):
    """How far a letter has come."""

    DRAFTED = "drafted", _l("to be sent")
    SENT = "sent", _l("waiting for the reply")
    ANSWERED = "answered", _l("answered")
    WITHDRAWN = "withdrawn", _l("withdrawn")


class Reply(LabelledEnum):
    """What the issuer says of one paper."""

    CONFIRMED = "confirmed", _l("the issuer awarded it")
    DENIED = "denied", _l("the issuer did not award it")
    NO_RECORD = "no_record", _l("the issuer cannot tell: its records are gone")
