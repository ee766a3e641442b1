"""Forms of decisions: the draft as a whole, the signature with which it is issued, a reason."""

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from core.forms import (
    CodeField,
    DateField,
    DecimalField,
    EnumField,
    FileField,
    Form,
    IntegerField,
    Length,
    StringField,
    TextAreaField,
    required,
)
from hr.decisions.issuing.enums import DecisionKind
from hr.decisions.issuing.models import Decision
from hr.decisions.issuing.rules import ACTING, LEAVING, SIGNATURE
from hr.decisions.issuing.seeds import SignatureSeed
from hr.people.enums import AssignmentKind, ManagementTier, ServiceStatus
from hr.people.forms.fields import GroupedField, PartForm, UnitMenu
from hr.people.forms.service import RANK_CHOICES

_PLACE = ("unit", "division", "post", "management_tier")
_K = DecisionKind
#: What is asked for beyond the people, by kind.
DETAILS: dict[DecisionKind, tuple[str, ...]] = {
    _K.APPOINTMENT: _PLACE,
    _K.REAPPOINTMENT: (),
    _K.ACTING: ("assignment_kind", *_PLACE[:3], "ends_on"),
    _K.CONCURRENT: (*_PLACE[:3], "ends_on"),
    _K.TRANSFER: _PLACE,
    _K.PAY_STEP: (),
    _K.RANK: ("rank_code", "step", "coefficient"),
    _K.RETIREMENT: (),
    _K.LEAVING: ("status", "reason"),
    _K.REWARD: ("reason",),
}


class SignatureFields(Form):
    """Number and symbol, day, signer, signed copy."""

    reference = StringField(
        _l("Number and symbol"),
        [Length(max=80)],
        description=_l("As the issuing office gave them, for example 2446/QĐ-UBND"),
    )
    signed_on = DateField(_l("Signed on"))
    signer = StringField(_l("Signer"), [Length(max=200)])
    copy = FileField(_l("Signed copy"), kinds=("pdf", "jpg", "png"))

    def signature(self) -> SignatureSeed:
        """What was entered of the signature."""
        return SignatureSeed(**{name: self[name].data or None for name in SIGNATURE if name in self})


class DraftForm(SignatureFields, PartForm):
    """A decision with its people; what is asked for beyond them hangs on the kind."""

    kind = EnumField(DecisionKind, _l("Kind"), [required(_l("Choose the kind"))])
    office = StringField(_l("Issuing office"), [required(_l("Enter the issuing office")), Length(max=200)])
    effective_on = DateField(
        _l("Takes effect on"),
        [required(_l("Enter the day it takes effect"))],
        description=_l("Of a retirement or leaving: the first day out of service"),
    )
    people = TextAreaField(
        _l("List of people"),
        [Length(max=100_000)],
        description=_l(
            "One line a person, pasted out of Word or Excel: full name with number, date of birth or unit."
            " A new post or unit may stand in a column of its own"
        ),
    )
    annex = FileField(_l("Annex in Excel, in place of the lines"), kinds=("xlsx", "xls", "ods"))
    unit = GroupedField(_l("Unit"))
    division = GroupedField(_l("Division"))
    post = StringField(_l("Post"), [Length(max=200)])
    management_tier = EnumField(ManagementTier, _l("Management tier"))
    assignment_kind = EnumField(AssignmentKind, _l("Kind of assignment"), only=ACTING)
    ends_on = DateField(_l("To"), description=_l("Last day; leave empty when it is open"))
    rank_code = CodeField(_l("Rank"), choices=RANK_CHOICES)
    step = IntegerField(_l("Step"), low=1, high=20)
    coefficient = DecimalField(
        _l("Coefficient"), description=_l("Leave empty to take it from the table of the rank")
    )
    status = EnumField(ServiceStatus, _l("How service ends"), only=LEAVING)
    reason = StringField(_l("Reason, or the reward"), [Length(max=500)])

    def __init__(self, menu: UnitMenu, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.offer_units(menu)

    def offer_units(self, menu: UnitMenu) -> None:
        """Offers the units standing today, and the divisions of the one that is chosen."""
        self.menu = menu
        self.unit.offer(menu.unit_groups(), blank=_("as at present"))
        self.division.offer(menu.division_groups(self.unit.data) if menu.id_of(self.unit.data) else [])

    @property
    def details(self) -> tuple[str, ...]:
        """Names of the fields the chosen kind asks for."""
        return DETAILS[DecisionKind(self.kind.data)] if self.kind.data else ()

    @property
    def is_narrowing(self) -> bool:
        """Whether the form was sent only to see what the kind or unit chosen asks for."""
        return self.is_submitted() and "narrow" in request.form

    def shared(self) -> dict[str, Any]:
        """What holds for every line that says nothing else, as a line's seed takes it."""
        given = {name: self[name].data for name in self.details if self[name].data not in (None, "")}
        found: dict[str, Any] = {f"{name}_id": self.menu.id_of(given.pop(name, None)) for name in _UNITS}
        return {**given, **found}

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        division = self.division.data
        if division and not self.menu.belongs(division, self.unit.data):
            self.division.errors = [_("This division belongs to another unit: choose again")]
            fine = False
        if not self.people.data and not self.annex.data:
            self.people.errors = [_("Enter at least one person")]
            fine = False
        return fine


_UNITS = ("unit", "division")


#: What issuing needs of the signature, and what is said where it is missing.
_MISSING = {
    "reference": _l("Enter the decision number"),
    "signed_on": _l("Enter the day it was signed"),
    "signer": _l("Enter who signed it"),
}


class IssueForm(SignatureFields, PartForm):
    """What the signature still wants, and a mark of the effects as the page showed them."""

    mark = HiddenField()

    def ask_only(self, decision: Decision) -> None:
        """Takes away what stood there when the decision was checked: it is shown, not asked for. The rest
        is needed."""
        for name, missing in _MISSING.items():
            if getattr(decision, name) is not None:
                del self[name]
            else:
                self[name].validators = [required(missing), *self[name].validators]
                self[name].flags.required = True
        if decision.document_id is not None:
            del self["copy"]


class StepForm(Form):
    """A step that needs nothing but the version the page was shown with."""


class ReasonForm(PartForm):
    """Why it is sent back or revoked."""

    reason = TextAreaField(_l("Reason"), [required(_l("Enter the reason")), Length(max=1000)])
