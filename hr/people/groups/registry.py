"""The groups as data: what each is called, its table and fields, who reads it. A further group of one
row a person is a table and an entry here."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from core.permissions import Permission
from hr.people.groups.models import PersonContact, PersonMilitary, PersonOrigin


@dataclass(frozen=True, slots=True)
class Field:
    """One fact: `kind` is text, day, year, or choice of `options`."""

    name: str
    label: Any
    kind: str = "text"
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """One group of the form 2C; `ordered`: two days of which the first comes first."""

    code: str
    label: Any
    table: Any
    fields: tuple[Field, ...]
    permission_read: Permission = Permission.PERSON_READ
    ordered: tuple[str, str] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The columns, in the order of the form."""
        return tuple(field.name for field in self.fields)


_CONTACT = (
    Field("phone", _l("Phone")),
    Field("registered_address", _l("Registered residence")),
    Field("current_address", _l("Current address")),
    Field("id_issued_on", _l("ID card issued on"), "day"),
    Field("id_issued_by", _l("ID card issued by")),
    Field("social_insurance_number", _l("Social insurance number")),
    Field("health_insurance_number", _l("Health insurance number")),
)
_ORIGIN = (
    Field("class_origin", _l("Class origin of the family")),
    Field("job_before", _l("Job before recruitment")),
    Field("joined_agency_on", _l("Joined the present agency on"), "day"),
    Field("main_duty", _l("Main duty")),
    Field("strength", _l("Personal strength")),
    Field("general_education", _l("General education"), "choice", ("12/12", "10/10")),
    Field("academic_title", _l("Academic title")),
    Field("academic_title_year", _l("Year of the title"), "year"),
    Field("policy_group", _l("Policy group")),
    Field("war_invalid_class", _l("War-invalid class")),
)
_MILITARY = (
    Field("enlisted_on", _l("Enlisted on"), "day"),
    Field("discharged_on", _l("Discharged on"), "day"),
    Field("top_rank", _l("Highest military rank")),
)
GROUPS: dict[str, Group] = {
    group.code: group
    for group in (
        Group("contact", _l("Contact and papers"), PersonContact, _CONTACT, Permission.PERSON_EDIT),
        Group(
            "origin",
            _l("Origin and work"),
            PersonOrigin,
            _ORIGIN,
            Permission.PERSON_READ_BACKGROUND,
        ),
        Group(
            "military",
            _l("Armed forces"),
            PersonMilitary,
            _MILITARY,
            ordered=("enlisted_on", "discharged_on"),
        ),
    )
}
#: Names of groups and fields, for the log in words.
LABELS: dict[str, Any] = {
    **{group.code: group.label for group in GROUPS.values()},
    **{field.name: field.label for group in GROUPS.values() for field in group.fields},
}
