"""Words of imports: the fields a column may hold, and how a change is shown."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from hr.people.codes import ETHNICITY, LEVELS
from hr.people.enums import QualificationKind, Sex

FIELD_LABELS: dict[str, Any] = {
    "full_name": _l("full name"),
    "other_name": _l("other name"),
    "id_number": _l("personal identification number"),
    "born_on": _l("date of birth"),
    "born_male": _l("date of birth (men)"),
    "born_female": _l("date of birth (women)"),
    "sex": _l("sex"),
    "male": _l("male (marked)"),
    "female": _l("female (marked)"),
    "birthplace": _l("birthplace"),
    "native_place": _l("native place"),
    "ethnicity": _l("ethnicity"),
    "religion": _l("religion"),
    "party_joined_on": _l("joined the Party"),
    "party_official_on": _l("official member since"),
    "unit": _l("unit"),
    "unit_code": _l("unit code"),
    "division": _l("division"),
    "post": _l("post"),
    "position": _l("job position"),
    "category": _l("category"),
    "recruited_on": _l("recruited on"),
    "rank_code": _l("rank"),
    "step": _l("step"),
    "coefficient": _l("coefficient"),
    "step_since": _l("step since"),
    "education": _l("education level"),
    "major": _l("major"),
    "issuer": _l("issuer"),
    "graduated": _l("year of graduation"),
    "political_theory": _l("political theory"),
    "state_management": _l("state management"),
    "it": _l("IT"),
    "foreign_language": _l("foreign language"),
    "ethnic_language": _l("ethnic-minority language"),
    "note": _l("note"),
}


def change_label(name: str) -> str:
    """The words for a field of a change ("education.issuer" is the issuer of the education paper)."""
    head, _dot, tail = name.partition(".")
    words = str(FIELD_LABELS.get(head, {"rank": _l("rank")}.get(head, head)))
    extra = {"major": _("major"), "issuer": _("issuer"), "awarded_year": _("year of graduation")}
    return f"{words}, {extra[tail]}" if tail else words


def change_value(name: str, value: Any) -> str:
    """A value of a change in words."""
    if value is None or value == "":
        return "–"
    if name == "ethnicity":
        return ETHNICITY.get(value, str(value))
    if name == "sex":
        return str(Sex(value).label)
    if name in set(QualificationKind):
        level = LEVELS[QualificationKind(name)].get(value)
        return str(level.label) if level else str(value)
    return str(value)
