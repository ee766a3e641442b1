"""The rules in force."""

from flask import Blueprint

from core.law import list_rules
from core.permissions import Permission, requires
from core.web import page, viewer
from hr.people.enums import AssignmentKind, Category

bp = Blueprint("rules", __name__)
#: Codes among the values and categories of rules, in words.
WORDS = {member.value: member.label for codes in (Category, AssignmentKind) for member in codes}


@bp.get("/rules")
@requires(Permission.LAW_READ)
def index():
    """Every version of every rule, with its legal basis and how sure it is."""
    return page("reports/rules/index.html", rules=list_rules(), words=WORDS, today=viewer().today)
