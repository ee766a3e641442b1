"""Fields of the workbook that no screen asks for: read and named as those of the screens are."""

from flask_babel import lazy_gettext as _l

from core.files import MAX_BYTES
from core.forms import DateField, DecimalField, EnumField, Form, IntegerField, Length, NameField, StringField
from hr.people.checks.enums import CheckKind
from hr.people.enums import AssignmentKind, ProofState, QualificationKind, ServiceStatus
from hr.people.forms.fields import Filled


class StatusCells(Form):
    """Service and its end."""

    status = EnumField(ServiceStatus, _l("Status"), [Filled(_l("Choose one of the list"))])
    status_since = DateField(_l("Status since"))
    status_reason = StringField(_l("Decision or reason"), [Length(max=500)])
    ended_on = DateField(_l("Last day of service"))


class PlaceCells(Form):
    """What an assignment of any kind holds besides the fields of the forms."""

    kind = EnumField(AssignmentKind, _l("Kind of assignment"), [Filled(_l("Choose the kind"))])
    person_name = NameField(_l("Full name at the time"), [Filled(_l("Enter the full name"))])


class RankCells(Form):
    """A step of any table, those of former ones among them."""

    rank_code = StringField(_l("Rank"), [Filled(_l("Choose the rank")), Length(max=20)])
    coefficient = DecimalField(_l("Coefficient"), [Filled(_l("Enter the coefficient, for example 2.34"))])
    starts_on = DateField(_l("Step held since"), [Filled(_l("Enter the first day"))])
    decision_note = StringField(_l("Decision on the step"), [Length(max=200)])


class PaperCells(Form):
    """Kind and level in cells of their own."""

    kind = EnumField(QualificationKind, _l("Kind"), [Filled(_l("Choose the kind"))])
    level = StringField(_l("Level"), [Filled(_l("Choose a level from the list"))])
    proof_state = EnumField(ProofState, _l("Proof"), [Filled(_l("Choose how far it is proved"))])


class SettlementCells(Form):
    """What was settled about a point to check."""

    kind = EnumField(CheckKind, _l("Kind"), [Filled(_l("Choose the kind"))])
    seen = StringField(_l("Digest of what was compared"), [Filled(_l("Enter the digest"))])
    note = StringField(
        _l("Note"), [Filled(_l("Enter what was found and on what it rests")), Length(max=1000)]
    )


class DocumentCells(Form):
    """A file that lies beside the workbook."""

    sha256 = StringField(_l("Digest (SHA-256)"), [Filled(_l("Enter the digest"))])
    name = StringField(_l("File name"), [Filled(_l("Enter the name of the file")), Length(max=200)])
    size = IntegerField(_l("Bytes"), [Filled(_l("Enter the size in bytes"))], low=1, high=MAX_BYTES)
    media_type = StringField(_l("Kind of file"), [Filled(_l("Enter the kind of file"))])
