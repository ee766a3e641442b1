"""Forms of authorised absences, and what the list can be narrowed to."""

from typing import Any

from flask_babel import lazy_gettext as _l

from core.forms import DateField, EnumField, Length, StringField, TextAreaField
from hr.people.absences.enums import AbsenceKind, HalfDay
from hr.people.absences.models import Absence, AbsenceReason
from hr.people.absences.rules import AbsenceSeed
from hr.people.forms.fields import Filled, PartForm

#: The fields in the order of the page.
FIELDS = ("kind", "starts_on", "starts_half", "ends_on", "ends_half", "slip_number", "note")
HALF = Filled(_l("Choose the half of the day"))


class AbsenceForm(PartForm):
    """Why, from when to when, and by which slip."""

    kind = EnumField(AbsenceKind, _l("Kind of absence"), [Filled(_l("Choose the kind of absence"))])
    starts_on = DateField(_l("First day away"), [Filled(_l("Enter the first day"))])
    starts_half = EnumField(HalfDay, _l("Away from the"), [HALF], blank=None, default=HalfDay.MORNING)
    ends_on = DateField(_l("Last day away"), [Filled(_l("Enter the last day"))])
    ends_half = EnumField(
        HalfDay,
        _l("Away until the end of the"),
        [HALF],
        blank=None,
        default=HalfDay.AFTERNOON,
        description=_l("Half a day: the same day twice, and the same half"),
    )
    slip_number = StringField(_l("Slip number"), [Length(max=60)])
    note = TextAreaField(_l("Note"), [Length(max=500)])

    @classmethod
    def of(cls, absence: Absence, reason: AbsenceReason | None, **kwargs: Any) -> "AbsenceForm":
        """The form about an absence that is there."""
        row = {name: getattr(absence, name, None) or getattr(reason, name, None) for name in FIELDS}
        return cls(data=row, **kwargs)

    def seed(self) -> AbsenceSeed:
        """What was entered."""
        values: dict[str, Any] = {name: self[name].data or None for name in FIELDS}
        return AbsenceSeed(**values)
