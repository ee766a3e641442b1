"""The groups as data: what each is called, its table and fields, who reads it, whether a person has one row
or many. A further group is a table and an entry here; form, page, log and dump follow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from core.permissions import Permission
from core.words import show_date
from hr.people.groups import rules
from hr.people.groups.enums import FamilySide, Relation, RewardLevel
from hr.people.groups.models import (
    FamilyMember,
    HealthCheck,
    Membership,
    PersonalHistory,
    PersonContact,
    PersonMilitary,
    PersonOrigin,
    PlannedTitle,
    RelativeAbroad,
    Reward,
)
from hr.people.ratings.enums import RatingLevel, RatingSource, RatingState
from hr.people.ratings.models import YearlyRating


@dataclass(frozen=True, slots=True)
class Field:
    """One fact: `kind` is text, day, year, number, choice of `options`, or code of `enum`. `form`: what
    a text looks like. `to_come`: a day that may lie ahead. `low` and `high` bound years and numbers."""

    name: str
    label: Any
    kind: str = "text"
    options: tuple[str, ...] = ()
    enum: Any = None
    required: bool = False
    to_come: bool = False
    low: int = 1900
    high: int = 2200
    form: rules.TextForm | None = None

    def show(self, value: Any) -> str | None:
        """The value as people read it; codes may come as plain text."""
        if value is None or value == "":
            return None
        if self.enum is not None:
            return str(self.enum(value).label)
        return show_date(value) if isinstance(value, date) else str(value)


@dataclass(frozen=True, slots=True)
class Group:
    """One group of the form 2C; `ordered`: two days or years of which the first comes first.

    `many`: any number of rows a person, named among the valid ones by `key`; shown in the order of
    `newest`. `single`: (columns, values of the last of them) that no two valid rows share. `closed`: opened
    by a click of its own, which is logged. `enabled` False: off until the setting `table.switch` says
    otherwise, its values in no log, never imported, searched or exported. `plain` False: written by actions
    of its own, not by those of this package. `beside`: a rule of this group alone."""

    code: str
    label: Any
    table: Any
    fields: tuple[Field, ...]
    permission_read: Permission = Permission.PERSON_READ
    ordered: tuple[str, str] | None = None
    many: bool = False
    key: tuple[str, ...] = ()
    newest: str | None = None
    single: tuple[tuple[str, ...], tuple[Any, ...]] | None = None
    closed: bool = False
    enabled: bool = True
    plain: bool = True
    beside: Callable[[Mapping[str, Any], date], None] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The columns, in the order of the form."""
        return tuple(field.name for field in self.fields)

    def field(self, name: str) -> Field | None:
        """The field of this name, if it is one of the group."""
        return next((field for field in self.fields if field.name == name), None)

    def shared_by_none(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        """The columns in which no other valid row may say the same as this one; none for most rows."""
        names, single = self.single or ((), ())
        return names if names and values.get(names[-1]) in single else ()

    def check(self, values: Mapping[str, Any], born_on: date, today: date) -> None:
        """Every rule of a row of the group; Unprocessable names the field."""
        fields = self.fields
        rules.check_filled(values, [field.name for field in fields if field.required])
        to_come = [field.name for field in fields if field.to_come]
        rules.check_days(values, born_on=born_on, today=today, to_come=to_come)
        rules.check_years(values, [field.name for field in fields if field.kind == "year"], today)
        rules.check_forms(values, {field.name: field.form for field in fields if field.form is not None})
        if self.ordered is not None:
            rules.check_order(values, *self.ordered)
        if self.beside is not None:
            self.beside(values, born_on)


_CONTACT = (
    Field("phone", _l("Phone"), form=rules.PHONE),
    Field("registered_address", _l("Registered residence")),
    Field("current_address", _l("Current address")),
    Field("id_issued_on", _l("ID card issued on"), "day"),
    Field("id_issued_by", _l("ID card issued by")),
    Field("social_insurance_number", _l("Social insurance number"), form=rules.SOCIAL_INSURANCE),
    Field("health_insurance_number", _l("Health insurance number"), form=rules.HEALTH_INSURANCE),
)
#: The last class completed of twelve, or of ten in the former system (form 2C-BNV/2008 item 15.1).
GENERAL_EDUCATION = tuple(f"{done}/{whole}" for whole in (12, 10) for done in range(whole, 0, -1))
#: From the heaviest loss of health to the lightest (form 2C-BNV/2008 item 24).
WAR_INVALID_CLASSES = ("1/4", "2/4", "3/4", "4/4")
_ORIGIN = (
    Field("class_origin", _l("Class origin of the family")),
    Field("job_before", _l("Job before recruitment")),
    Field("joined_agency_on", _l("Joined the present agency on"), "day"),
    Field("main_duty", _l("Main duty")),
    Field("strength", _l("Personal strength")),
    Field("general_education", _l("General education"), "choice", GENERAL_EDUCATION),
    Field("academic_title", _l("Academic title")),
    Field("academic_title_year", _l("Year of the title"), "year"),
    Field("policy_group", _l("Policy group")),
    Field("war_invalid_class", _l("War-invalid class"), "choice", WAR_INVALID_CLASSES),
)
_MILITARY = (
    Field("enlisted_on", _l("Enlisted on"), "day"),
    Field("discharged_on", _l("Discharged on"), "day"),
    Field("top_rank", _l("Highest military rank")),
)
_RATING = (
    Field("year", _l("Year"), "year", required=True, low=1990),
    Field("level", _l("Rating"), "code", enum=RatingLevel, required=True),
    Field("state", _l("Status"), "code", enum=RatingState, required=True),
    Field("source", _l("Source"), "code", enum=RatingSource, required=True),
    Field("rated_by", _l("Rated by")),
    Field("remark", _l("Remark")),
)
_REWARD = (
    Field("year", _l("Year"), "year", required=True),
    Field("reward", _l("Form of the reward"), required=True),
    Field("level", _l("Level of the reward"), "code", enum=RewardLevel),
    Field("decision_number", _l("Decision")),
    Field("decided_on", _l("Date of the decision"), "day"),
    Field("decided_by", _l("Decided by")),
)
_MEMBERSHIP = (
    Field("organisation", _l("Organisation"), required=True),
    Field("joined_on", _l("Joined on"), "day"),
    Field("left_on", _l("Left on"), "day"),
    Field("post", _l("Post")),
)
_PLANNED = (
    Field("title", _l("Planned title"), required=True),
    Field("unit", _l("Unit")),
    Field("starts_on", _l("From"), "day", to_come=True),
    Field("ends_on", _l("To"), "day", to_come=True),
    Field("decision_number", _l("Decision")),
)
_FAMILY = (
    Field("side", _l("Side"), "code", enum=FamilySide, required=True),
    Field("relation", _l("Relation"), "code", enum=Relation, required=True),
    Field("full_name", _l("Full name"), required=True),
    Field("born_year", _l("Year of birth"), "year", low=1850),
    Field("native_place", _l("Native place")),
    Field("occupation", _l("Work, post and agency")),
    Field("residence", _l("Place of residence")),
)
_HEALTH = (
    Field("examined_on", _l("Examined on"), "day", required=True),
    Field("state", _l("State of health")),
    Field("height", _l("Height (cm)"), "number", low=50, high=250),
    Field("weight", _l("Weight (kg)"), "number", low=20, high=250),
    Field("blood_group", _l("Blood group"), "choice", ("A", "B", "AB", "O")),
)
_HISTORY = (
    Field("from_year", _l("From year"), "year"),
    Field("to_year", _l("To year"), "year"),
    Field("account", _l("What and where"), required=True),
)
_ABROAD = (
    Field("relation", _l("Relation"), "code", enum=Relation, required=True),
    Field("full_name", _l("Full name"), required=True),
    Field("born_year", _l("Year of birth"), "year", low=1850),
    Field("country", _l("Country"), required=True),
    Field("occupation", _l("Work, post and agency")),
)
_P = Permission
GROUPS: dict[str, Group] = {
    group.code: group
    for group in (
        Group("contact", _l("Contact and papers"), PersonContact, _CONTACT, _P.PERSON_EDIT),
        Group(
            "origin",
            _l("Origin and work"),
            PersonOrigin,
            _ORIGIN,
            _P.PERSON_READ_BACKGROUND,
            beside=rules.check_title,
        ),
        Group(
            "military",
            _l("Armed forces"),
            PersonMilitary,
            _MILITARY,
            ordered=("enlisted_on", "discharged_on"),
            beside=rules.check_enlistment,
        ),
        Group(
            "ratings",
            _l("Yearly ratings"),
            YearlyRating,
            _RATING,
            many=True,
            key=("year",),
            newest="year",
            plain=False,
        ),
        Group(
            "rewards",
            _l("Rewards"),
            Reward,
            _REWARD,
            many=True,
            key=("year", "reward", "decision_number"),
            newest="year",
            beside=rules.check_reward,
        ),
        Group(
            "memberships",
            _l("Mass organisations"),
            Membership,
            _MEMBERSHIP,
            _P.PERSON_READ_BACKGROUND,
            ordered=("joined_on", "left_on"),
            many=True,
            key=("organisation", "joined_on"),
            newest="joined_on",
        ),
        Group(
            "planned_titles",
            _l("Planned titles"),
            PlannedTitle,
            _PLANNED,
            _P.PERSON_EDIT,
            ordered=("starts_on", "ends_on"),
            many=True,
            key=("title", "unit", "starts_on"),
            newest="starts_on",
        ),
        Group(
            "family",
            _l("Family"),
            FamilyMember,
            _FAMILY,
            _P.PERSON_READ_FAMILY,
            many=True,
            key=("side", "relation", "full_name", "born_year"),
            single=(("side", "relation"), (Relation.FATHER, Relation.MOTHER)),
            closed=True,
        ),
        Group(
            "health",
            _l("Health"),
            HealthCheck,
            _HEALTH,
            _P.PERSON_READ_HEALTH,
            many=True,
            key=("examined_on",),
            newest="examined_on",
            closed=True,
            enabled=False,
        ),
        Group(
            "history",
            _l("Personal history"),
            PersonalHistory,
            _HISTORY,
            _P.PERSON_READ_HISTORY,
            ordered=("from_year", "to_year"),
            many=True,
            key=("from_year", "to_year", "account"),
            newest="from_year",
            closed=True,
            enabled=False,
        ),
        Group(
            "relatives_abroad",
            _l("Relatives abroad"),
            RelativeAbroad,
            _ABROAD,
            _P.PERSON_READ_RELATIVES_ABROAD,
            many=True,
            key=("relation", "full_name", "born_year"),
            closed=True,
            enabled=False,
        ),
    )
}
#: Names of groups and fields, for the log in words; what several groups call alike has the first one's words.
LABELS: dict[str, Any] = {
    **{field.name: field.label for group in reversed(GROUPS.values()) for field in reversed(group.fields)},
    **{group.code: group.label for group in GROUPS.values()},
}


def is_closed_form(endpoint: str, values: Mapping[str, Any]) -> bool:
    """Whether a form is about rows of a closed group: each opening of these is logged, and of a draft none
    would be."""
    group = GROUPS.get(str(values.get("part"))) if endpoint.startswith("people.") else None
    return group is not None and group.closed
