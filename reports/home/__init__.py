"""Home."""

from flask_babel import lazy_gettext as _l

from core.permissions import Role
from core.subjects import NavEntry, Subject
from reports.home.routes import bp

SUBJECT = Subject(
    blueprint=bp,
    nav=(
        NavEntry(
            _l("My work"),
            "home.index",
            None,
            tuple(role for role in Role if role is not Role.LEADER),
            10,
            ("home.",),
        ),
        NavEntry(_l("Overview"), "home.index", None, (Role.LEADER,), 10, ("home.",)),
    ),
)
