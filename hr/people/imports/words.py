"""Words of imports: the fields a column may hold, how a change and a problem are shown."""

from collections.abc import Mapping
from typing import Any

from flask_babel import format_decimal, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from hr.people.codes import ETHNICITY, LEVELS, RANKS
from hr.people.enums import Category, QualificationKind, Sex
from hr.people.imports.plans import CONFLICTS

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
    "birthplace": _l("place of birth"),
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
#: Columns no table can do without; of several names one is enough.
REQUIRED = (("full_name",), ("born_on", "born_male", "born_female"))
#: Kinds of paper whose levels may stand in columns of their own, marked with x.
MARKED_KINDS = tuple(kind for kind in QualificationKind if kind.value in FIELD_LABELS)
_OTHER = {"rank": _l("rank and step"), "awarded_year": _l("year of graduation")}


def field_label(field: str) -> str:
    """The words for what a column holds; a level in a column of its own names kind and level."""
    kind, colon, level = field.partition(":")
    if colon:
        levels = LEVELS[QualificationKind(kind)]
        return _("%(kind)s: %(level)s (marked)", kind=FIELD_LABELS[kind], level=levels[level].label)
    return str(FIELD_LABELS[field])


def field_choices() -> list[tuple[str, str]]:
    """Everything a column may hold, in the order of form 2C."""
    fields = list(FIELD_LABELS)
    marked = [f"{kind}:{level}" for kind in MARKED_KINDS for level in LEVELS[kind]]
    return [(field, field_label(field)) for field in (*fields, *marked)]


def change_label(name: str) -> str:
    """The words for a field of a change ("education.issuer" is the issuer of the education paper)."""
    head, dot, tail = name.partition(".")
    words = str(FIELD_LABELS.get(head) or _OTHER[head])
    return f"{words}, {FIELD_LABELS.get(tail) or _OTHER[tail]}" if dot else words


def change_value(name: str, value: Any) -> str:
    """A value of a change in words."""
    if value is None or value == "":
        return "–"
    if name == "ethnicity":
        return ETHNICITY.get(value, str(value))
    if name == "sex":
        return str(Sex(value).label)
    if name == "category":
        return str(Category(value).label)
    if name == "rank":
        return _rank(value)
    if name in LEVELS:
        return str(LEVELS[QualificationKind(name)][value].label)
    return str(value)


def problem_text(problem: Any) -> str:
    """What is wrong and what to do. `problem` is a row, or a mapping of a remark on the whole file; a
    value that was kept in each language is shown in the reader's."""
    if isinstance(problem, Mapping):
        message, params = problem["message"], problem["params"]
    else:
        message, params = problem.message, problem.params
    return str(_(message)) % {name: _own(value) for name, value in params.items()}


def reason_of(conflict: tuple[str, Mapping[str, Any]]) -> str:
    """Why a line is not taken. `conflict`: code and parameters, as a plan has them."""
    code, params = conflict
    return problem_text({"message": CONFLICTS[code], "params": params})


def _own(value: Any) -> Any:
    return value[str(get_locale())] if isinstance(value, Mapping) else value


def _rank(value: str) -> str:
    code, step, coefficient = value.split("|")
    name = RANKS[code].name if code in RANKS else code
    number = format_decimal(coefficient, format="0.00")
    return _("%(rank)s, step %(step)s, coefficient %(number)s", rank=name, step=step, number=number)
