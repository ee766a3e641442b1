"""Rules in force, for those who work by them."""

from flask_babel import lazy_gettext as _l

from core.permissions import Permission, Role
from core.subjects import NavEntry, Subject
from reports.rules.routes import bp

SUBJECT = Subject(
    blueprint=bp,
    nav=(
        NavEntry(
            _l("Rules in force"),
            "rules.index",
            Permission.LAW_READ,
            (Role.CASE_OFFICER, Role.ADMINISTRATOR),
            60,
            ("rules.",),
        ),
    ),
)
