"""The rules in force."""

from flask import Blueprint

from core.law import list_rules
from core.permissions import Permission, requires
from core.web import page, viewer

bp = Blueprint("rules", __name__)


@bp.get("/rules")
@requires(Permission.LAW_READ)
def index():
    """Every version of every rule, with its legal basis and how sure it is."""
    return page("reports/rules/index.html", rules=list_rules(), today=viewer().today)
