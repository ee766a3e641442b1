"""Levels, states and sources of yearly ratings."""

from flask_babel import lazy_gettext as _l

from core.labels import LabelledEnum


class RatingLevel(LabelledEnum):
    """The four levels of Decree 335/2025/NĐ-CP."""

    EXCELLENT = "excellent", _l("excellent")
    GOOD = "good", _l("good")
    COMPLETED = "completed", _l("completed")
    NOT_COMPLETED = "not_completed", _l("not completed")


class RatingState(LabelledEnum):
    """How far a rating has come: only a confirmed one counts."""

    PROPOSED = "proposed", _l("proposed")
    CONFIRMED = "confirmed", _l("confirmed")
    SENT_BACK = "sent_back", _l("sent back")


class RatingSource(LabelledEnum):
    """Where a rating comes from."""

    CHAIR = "chair", _l("proposed by the chair")
    HOME_AFFAIRS = "home_affairs", _l("entered by Home Affairs")
    IMPORTED = "imported", _l("imported")
