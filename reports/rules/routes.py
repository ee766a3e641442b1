"""The rules in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint
from flask_babel import gettext as _

from core.law import RuleInForce, list_rules
from core.law_words import rule_names
from core.permissions import Permission, requires
from core.subjects import registered
from core.web import page
from hr.people.enums import AssignmentKind, Category

bp = Blueprint("rules", __name__)
#: Codes among the values and categories of rules, in words.
WORDS = {str(member): member.label for codes in (Category, AssignmentKind) for member in codes}


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One version of a rule in the language of the reader; what an operator typed stands as typed."""

    name: str
    categories: str
    value: str
    valid_from: date
    valid_to: date | None
    legal_basis: str
    certainty: str
    note: str


@bp.get("/rules")
@requires(Permission.LAW_READ)
def index():
    """Every version of every rule, with its legal basis and how sure it is."""
    names: dict[str, str] = {}
    for subject in registered():
        names |= rule_names(subject.law) if subject.law is not None else {}
    return page("reports/rules/index.html", rules=[_line(row, names) for row in list_rules()])


def _line(row: RuleInForce, names: Mapping[str, str]) -> RuleLine:
    categories = [part for part in row.categories.split("|") if part]
    return RuleLine(
        name=_(names.get(row.code, row.code)),
        categories=_in_words(categories) or _("every category"),
        value=_in_words(row.value) if isinstance(row.value, list) else _(str(row.value)),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        legal_basis=_(row.legal_basis),
        certainty=row.certainty,
        note=_(row.note) if row.note else "",
    )


def _in_words(codes: Sequence[object]) -> str:
    return ", ".join(str(WORDS.get(str(code), code)) for code in codes)
