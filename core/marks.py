"""What the register says about itself: a few named values in the database."""

from flask import current_app
from sqlalchemy import String
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from core import audit
from core.actions import action
from core.changes import until_changed
from core.db import Base, KeyText, db
from core.scope import Viewer

#: Whether this is the demo province: "started" while it is being made, "made" when it is whole.
DEMO = "demo"
STARTED, MADE = "started", "made"


class RegisterSetting(Base):
    """One named value."""

    __tablename__ = "register_setting"

    key: Mapped[str] = mapped_column(KeyText(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))


def mark(key: str) -> str | None:
    """The value named `key`, if it was ever set."""
    row = db.session.get(RegisterSetting, key)
    return row.value if row else None


def put_mark(key: str, value: str) -> None:
    """Sets one value inside the action under way, whose log tells of it."""
    row = db.session.get(RegisterSetting, key)
    if row is None:
        db.session.add(RegisterSetting(key=key, value=value))
    else:
        row.value = value


@action(None)
def set_mark(*, by: Viewer, key: str, value: str) -> None:
    """Sets one value and says so in the log."""
    put_mark(key, value)
    audit.record(audit.AuditType.SEEDED, "register_setting", values={key: value})


def is_demo() -> bool:
    """Whether the register holds the demo province. Yes is kept for good; no is asked for again after a
    change, as another process may make the demo while this one serves."""
    if current_app.extensions["config"].demo:
        return True
    known: bool | None = current_app.extensions.get("is_demo")
    if known is None:
        try:
            with db.session.no_autoflush:  # nor while a page tells of rows that were refused
                known = until_changed(("mark", DEMO), lambda: mark(DEMO) is not None)
        except SQLAlchemyError:
            return False  # an error page must still be shown while the database is away
        if known:
            current_app.extensions["is_demo"] = True
    return known
