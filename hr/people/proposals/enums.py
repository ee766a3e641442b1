"""What can be proposed of a file, and what became of it."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from core.labels import LabelledEnum


class Part(LabelledEnum):
    """A part of the file a change is proposed of: one form each."""

    FACTS = "facts", _l("Personal facts")
    CONTACT = "contact", _l("Contact and papers")
    MILITARY = "military", _l("Armed forces")
    QUALIFICATION = "qualification", _l("Qualification")
    PLACE = "place", _l("Place")


class LineState(LabelledEnum):
    """One line of a proposal (glossary: change_request)."""

    SENT = "sent", _l("sent")
    ACCEPTED = "accepted", _l("accepted")
    REFUSED = "refused", lazy_pgettext("proposed change", "refused")
    WITHDRAWN = "withdrawn", _l("withdrawn")


#: What somebody of Home Affairs says to a line.
ANSWERS = (LineState.ACCEPTED, LineState.REFUSED)
