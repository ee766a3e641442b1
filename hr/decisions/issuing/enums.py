"""Kinds and states of personnel decisions, and what they leave in a file."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from core.labels import LabelledEnum


class DecisionKind(LabelledEnum):
    """What a decision decides about each of its people (Law 80/2025/QH15 chapter IV)."""

    APPOINTMENT = "appointment", _l("appointment")
    REAPPOINTMENT = "reappointment", _l("reappointment")
    ACTING = "acting", _l("acting post")
    CONCURRENT = "concurrent", _l("concurrent post")
    TRANSFER = "transfer", _l("transfer")
    PAY_STEP = "pay_step", _l("pay step")
    RANK = "rank", _l("appointment to a rank")
    RETIREMENT = "retirement", _l("retirement")
    LEAVING = "leaving", _l("leaving")
    REWARD = "reward", _l("reward")


#: Kinds that give a place of one's own; beside it; a rank and step; an end of service.
PLACES = (DecisionKind.APPOINTMENT, DecisionKind.REAPPOINTMENT, DecisionKind.TRANSFER)
BESIDE = (DecisionKind.ACTING, DecisionKind.CONCURRENT)
RANKS = (DecisionKind.PAY_STEP, DecisionKind.RANK)
ENDS = (DecisionKind.RETIREMENT, DecisionKind.LEAVING)


class DecisionState(LabelledEnum):
    """How far a decision has come (glossary: decision_status)."""

    DRAFT = "draft", _l("draft")
    CHECKED = "checked", _l("checked")
    SUBMITTED = "submitted", _l("submitted for signature")
    ISSUED = "issued", _l("issued")
    REVOKED = "revoked", _l("revoked")

    @property
    def tone(self) -> str:
        """Colour of its pill."""
        return _TONES.get(self, "info")


_TONES = {DecisionState.ISSUED: "ok", DecisionState.REVOKED: "neutral", DecisionState.SUBMITTED: "warn"}


#: The states in which people other than its recorders read a decision.
PUBLISHED = (DecisionState.ISSUED, DecisionState.REVOKED)


class Step(StrEnum):
    """What one does with a decision."""

    EDIT = "edit"
    DISCARD = "discard"
    CHECK = "check"
    SEND_BACK = "send_back"
    SUBMIT = "submit"
    ISSUE = "issue"
    REVOKE = "revoke"


class Effect(LabelledEnum):
    """What a line did: it made a row, set the end of an assignment, or ended the person's service."""

    MADE = "made", _l("row made")
    ENDED = "ended", _l("assignment ended")
    SERVICE_ENDED = "service_ended", _l("service ended")
