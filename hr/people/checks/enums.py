"""Kinds and states of points to check."""

from flask_babel import lazy_gettext as _l

from core.labels import LabelledEnum


class CheckKind(LabelledEnum):
    """Why two entries, or one, are worth a look at the paper."""

    SAME_SERIAL = "same_serial", _l("same issuer and serial number on two people")
    SAME_SCAN = "same_scan", _l("same scan on two people")
    AWARDED_YOUNG = "awarded_young", _l("awarded at an age below the usual")
    BEFORE_START = "before_start", _l("awarded before the programme began")
    IDENTITY = "identity", _l("identification number differs from the file")


class CheckState(LabelledEnum):
    """Whether somebody has looked since the papers last changed, or asks the issuer."""

    OPEN = "open", _l("open")
    LETTER = "letter", _l("letter to the issuer")
    SETTLED = "settled", _l("settled")
