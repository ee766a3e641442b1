"""What the chair says of a line of the roster, and how far a unit is."""

from flask_babel import lazy_gettext as _l

from core.labels import LabelledEnum


class Verdict(LabelledEnum):
    """Whether the register is right about one person of the unit."""

    CORRECT = "correct", _l("correct")
    NOT_CORRECT = "not_correct", _l("not correct")


class RosterState(LabelledEnum):
    """How far the roster of a unit is confirmed for a quarter."""

    CONFIRMED = "confirmed", _l("confirmed")
    PARTLY = "partly", _l("partly confirmed")
    NOT_YET = "not_yet", _l("not confirmed yet")
