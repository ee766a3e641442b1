"""Unit pages."""

from flask_babel import lazy_gettext as _l

from core.permissions import Permission, Role
from core.subjects import NavEntry, Subject
from reports.units.routes import bp

SUBJECT = Subject(
    blueprint=bp,
    nav=(
        NavEntry(
            _l("Units and posts"), "units.index", Permission.UNIT_READ, (Role.HR_OFFICER,), 30, ("units.",)
        ),
        NavEntry(
            _l("Communes"),
            "units.index",
            Permission.UNIT_READ,
            (Role.HEAD_OF_INSPECTION, Role.INSPECTOR, Role.LEADER),
            50,
            ("units.",),
        ),
    ),
)
