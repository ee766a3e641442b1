"""Forms of the qualifications: the paper itself, how far it is proved, and its annulment."""

from typing import Any

from flask_babel import lazy_gettext as _l

from core.files import EVIDENCE
from core.forms import DateField, EnumField, FileField, IntegerField, Length, StringField
from hr.people.enums import ProofState, StudyForm
from hr.people.forms.fields import Filled, GroupedField, MonthField, PartForm, level_groups, split_level
from hr.people.models import Qualification
from hr.people.seeds import QualificationSeed

#: Fields of the paper as they stand on it, in their order; the scan comes beside them.
PAPER_FIELDS = (
    *("paper", "major", "issuer", "serial", "awarded_on", "awarded_year", "expires_on"),
    *("studied_from", "studied_to", "study_form"),
)
#: Days of which only the month counts.
MONTHS = ("studied_from", "studied_to")


class QualificationForm(PartForm):
    """A diploma or certificate as it is written on the paper."""

    paper = GroupedField(_l("Kind and level"), [Filled(_l("Choose the kind and level"))], groups=())
    major = StringField(_l("Major"), [Length(max=200)])
    issuer = StringField(_l("Issuer"), [Length(max=300)])
    serial = StringField(_l("Serial number"), [Length(max=60)])
    awarded_on = DateField(_l("Awarded"))
    awarded_year = IntegerField(
        _l("Year of award"), low=1900, high=2200, description=_l("Only when the day is not known")
    )
    expires_on = DateField(_l("Expires"), description=_l("Leave empty when it does not expire"))
    studied_from = MonthField(_l("Studied from"))
    studied_to = MonthField(_l("Studied to"))
    study_form = EnumField(StudyForm, _l("Form of study"))
    file = FileField(
        _l("Evidence"),
        kinds=EVIDENCE,
        description=_l("A scan or photo of the paper: PDF, JPG or PNG, up to 10 MB"),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.paper.offer(level_groups())

    @classmethod
    def of(cls, row: Qualification, **kwargs: Any) -> "QualificationForm":
        """The form filled from a qualification."""
        return cls(obj=row, paper=f"{row.kind.value}.{row.level}", **kwargs)

    def seed(self, document_id: int | None = None) -> QualificationSeed:
        """The paper as entered."""
        kind, level = split_level(self.paper.data)
        return QualificationSeed(
            kind=kind,
            level=level,
            major=self.major.data or None,
            issuer=self.issuer.data or None,
            serial=self.serial.data or None,
            awarded_on=self.awarded_on.data,
            awarded_year=self.awarded_year.data,
            expires_on=self.expires_on.data,
            studied_from=self.studied_from.data,
            studied_to=self.studied_to.data,
            study_form=StudyForm(form) if (form := self.study_form.data) else None,
            document_id=document_id,
        )


class ProofForm(PartForm):
    """How far a paper has been proved."""

    proof_state = EnumField(ProofState, _l("Proof"), [Filled(_l("Choose how far it is proved"))], blank=None)
    reason = StringField(
        _l("Note"),
        [Length(max=500)],
        description=_l("What the issuer says: number and date of its answer. A proof taken back: why"),
    )
