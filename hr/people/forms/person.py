"""Forms of the person: facts, background, and the first entry of a personnel file."""

from typing import Any

from flask_babel import lazy_gettext as _l

from core.clock import today
from core.errors import Unprocessable
from core.forms import CodeField, DateField, EnumField, Form, IdNumberField, Length, NameField, StringField
from hr.people import rules
from hr.people.codes import ETHNICITY
from hr.people.enums import HOME_KINDS, AssignmentKind, Sex
from hr.people.forms.fields import Filled, PartForm
from hr.people.forms.service import PlaceFields, RankFields, check_place
from hr.people.seeds import BackgroundSeed, PersonSeed

#: What the sheets of the offices write for "no religion".
NO_RELIGION = "Không"


class PersonForm(Form):
    """Facts of the person, form 2C-BNV/2008 items 1 to 9."""

    full_name = NameField(_l("Full name"), [Filled(_l("Enter the full name"))])
    other_name = NameField(_l("Other name"))
    id_number = IdNumberField(
        _l("Personal identification number"),
        [Filled(_l("Enter the personal identification number"))],
        description=_l("12 digits, as on the identity card"),
    )
    sex = EnumField(Sex, _l("Sex"), [Filled(_l("Choose the sex"))])
    born_on = DateField(_l("Born"), [Filled(_l("Enter the date of birth"))])
    birthplace = StringField(_l("Place of birth"), [Length(max=300)])
    native_place = StringField(_l("Native place"), [Length(max=300)])
    recruited_on = DateField(_l("Recruited on"))
    recruited_by = StringField(_l("Recruited by"), [Length(max=300)])

    def facts(self) -> dict[str, Any]:
        """The facts as the actions take them; an empty text is no fact."""
        names = PERSON_FIELDS
        return {name: self[name].data or None for name in names}


PERSON_FIELDS = (
    "full_name",
    "other_name",
    "id_number",
    "sex",
    "born_on",
    "birthplace",
    "native_place",
    "recruited_on",
    "recruited_by",
)


class BackgroundFields(Form):
    """Ethnicity, religion and Party."""

    ethnicity = CodeField(_l("Ethnicity"), choices=ETHNICITY.items(), description=_l("List of 1979"))
    religion = StringField(
        _l("Religion"), [Length(max=100)], description=_l("Leave empty when not known; Không for none")
    )
    party_joined_on = DateField(_l("Joined the Party"))
    party_official_on = DateField(_l("Official member since"))
    party_post = StringField(_l("Party post"), [Length(max=200)])

    def background(self) -> BackgroundSeed:
        """The background as entered."""
        return BackgroundSeed(
            ethnicity=self.ethnicity.data,
            religion=self.religion.data or None,
            party_joined_on=self.party_joined_on.data,
            party_official_on=self.party_official_on.data,
            party_post=self.party_post.data or None,
        )


class BackgroundForm(BackgroundFields, PartForm):
    """The background alone."""


class NewPersonForm(PersonForm, PlaceFields, RankFields, BackgroundFields, PartForm):
    """Everything known when a personnel file is opened."""

    kind = EnumField(
        AssignmentKind, _l("Kind of assignment"), [Filled(_l("Choose the kind"))], only=HOME_KINDS, blank=None
    )

    def __init__(self, menu, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer_units(menu)
        if not self.is_submitted():
            self.kind.data = AssignmentKind.MAIN
        # The summary of errors follows the page: the person comes first.
        fields: dict[str, Any] = vars(self)["_fields"]
        self._fields = dict(sorted(fields.items(), key=lambda item: item[0] not in PERSON_FIELDS))

    def validate(self, extra_validators: Any = None) -> bool:
        found = super().validate(extra_validators)
        return all((found, check_place(self), self.check_rank() and self._check_step()))

    def _check_step(self):
        """The rule of the step, asked here: its day would otherwise be told at the place's."""
        if not self.rank_code.data or not self.born_on.data:
            return True
        rank = self.rank()
        try:
            rules.check_rank_step(
                step=rank.step,
                coefficient=rank.coefficient,
                starts_on=rank.starts_on,
                born_on=self.born_on.data,
                today=today(),
            )
        except Unprocessable as refusal:
            names: dict[str, Any] = {
                "starts_on": self.rank_starts_on,
                "step": self.step,
                "coefficient": self.coefficient,
            }
            names[refusal.field or "step"].errors = [str(refusal.message)]
            return False
        return True

    def seed(self):
        """The whole file as entered."""
        return PersonSeed(
            **self.facts(),
            background=self.background(),
            assignments=(self.assignment(kind=self.kind.data),),
            ranks=(self.rank(),) if self.rank_code.data else (),
        )


class ExportForm(Form):
    """What a list is taken out of the register for."""

    purpose = StringField(
        _l("Purpose"),
        [Filled(_l("Enter what the list is for")), Length(max=500)],
        description=_l("Stands in the log beside the filters, the columns and the number of rows"),
    )
