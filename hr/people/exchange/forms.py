"""Fields of the workbook that no screen asks for: read and named as those of the screens are."""

from flask_babel import lazy_gettext as _l

from core.files import MAX_BYTES
from core.forms import DateField, DecimalField, EnumField, Form, IntegerField, Length, NameField, StringField
from hr.people.checks.enums import CheckKind
from hr.people.confirmations.enums import Verdict
from hr.people.enums import AssignmentKind, ProofState, QualificationKind, ServiceStatus
from hr.people.forms.fields import Filled
from hr.people.letters.enums import Reply
from hr.people.proposals.enums import LineState, Part


class StatusCells(Form):
    """Service and its end."""

    status = EnumField(ServiceStatus, _l("Status"), [Filled(_l("Choose one of the list"))])
    status_since = DateField(_l("Status since"))
    status_reason = StringField(_l("Decision or reason"), [Length(max=500)])
    ended_on = DateField(_l("Last day of service"))
    version = IntegerField(_l("Times the file was changed"), low=1, high=1_000_000)


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


class LetterCells(Form):
    """A letter to an issuer, however far it has come."""

    issuer = StringField(_l("Addressee"), [Filled(_l("Enter whom the letter goes to")), Length(max=300)])
    seen = StringField(_l("Digest of what was compared"))
    number = StringField(_l("Number and symbol"), [Length(max=60)])
    sent_on = DateField(_l("Sent on"))
    answer_number = StringField(_l("Number and symbol of the reply"), [Length(max=60)])
    answered_on = DateField(_l("Date of the reply"))
    answer_note = StringField(_l("Note"), [Length(max=1000)])
    withdrawn_reason = StringField(_l("Reason"), [Length(max=500)])
    reply = EnumField(Reply, _l("Reply"))


class ProposalCells(Form):
    """A proposed change, and a line of it."""

    part = EnumField(Part, _l("Part of the file"), [Filled(_l("Choose one of the list"))])
    reason = StringField(_l("Why"), [Filled(_l("Enter why the file should be changed")), Length(max=500)])
    file_version = IntegerField(
        _l("Times the file was changed"), [Filled(_l("Enter this field"))], low=1, high=1_000_000
    )
    name = StringField(_l("Field"), [Filled(_l("Enter this field")), Length(max=80)])
    seen = StringField(_l("Digest of what was compared"))
    state = EnumField(LineState, _l("State"), [Filled(_l("Choose one of the list"))])
    answer = StringField(_l("Answer"), [Length(max=500)])


class RosterCells(Form):
    """The chair's word on a line of the roster."""

    quarter = StringField(_l("Quarter"), [Filled(_l("Enter this field"))])
    person_name = NameField(_l("Full name at the time"), [Filled(_l("Enter the full name"))])
    post = StringField(_l("Post"), [Filled(_l("Enter the post")), Length(max=200)])
    verdict = EnumField(Verdict, _l("State"), [Filled(_l("Choose one of the list"))])
    note = StringField(_l("What is not correct"), [Length(max=500)])


class MergeCells(Form):
    """A file that went into another one, and two people who only look alike."""

    former_number = StringField(_l("Former number"), [Filled(_l("Enter this field"))])
    note = StringField(
        _l("What was found"), [Filled(_l("Enter what was found and on what it rests")), Length(max=1000)]
    )


class DocumentCells(Form):
    """A file that lies beside the workbook."""

    sha256 = StringField(_l("Digest (SHA-256)"), [Filled(_l("Enter the digest"))])
    name = StringField(_l("File name"), [Filled(_l("Enter the name of the file")), Length(max=200)])
    size = IntegerField(_l("Bytes"), [Filled(_l("Enter the size in bytes"))], low=1, high=MAX_BYTES)
    media_type = StringField(_l("Kind of file"), [Filled(_l("Enter the kind of file"))])
