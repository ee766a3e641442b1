"""What Flask-Security stores goes through the gate: each change it makes has a row in the log."""

from typing import Any

from flask_security.datastore import UserDatastore
from sqlalchemy import inspect, select

from accounts import actions, queries
from accounts.models import User
from accounts.rules import viewer_of
from core.clock import today
from core.db import db
from core.scope import current_viewer


class RoleUnused:
    """Flask-Security asks for a class of roles; rights come from grants."""


class GatedDatastore(UserDatastore):
    """Accounts for Flask-Security. It changes rows as it likes and calls `commit`; there the changes
    are taken off the rows and written again by an action, under the lock."""

    def __init__(self) -> None:
        # Any: what Flask-Security asks of a user is there without its base class.
        user: Any = User
        role: Any = RoleUnused
        super().__init__(user, role)

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> Any:
        """The account with one attribute equal to the value; user names are stored folded."""
        ((name, value),) = kwargs.items()
        return db.session.scalar(select(User).where(getattr(User, name) == value))

    def find_role(self, role: str) -> None:
        """No roles of Flask-Security exist."""

    def put(self, model: User) -> User:
        """Nothing to do: accounts it changes were read through the session."""
        return model

    def delete(self, model: User) -> None:
        """Accounts are disabled, never deleted."""
        raise NotImplementedError("accounts are not deleted")

    def commit(self) -> None:
        """Writes what was changed since the last call."""
        changed = [(user, _changes(user)) for user in db.session.dirty if isinstance(user, User)]
        for user, _values in changed:
            db.session.expire(user)
        for user, values in changed:
            if values:
                by = current_viewer() or viewer_of(queries.who(user), None, today=today())
                actions.keep_security_changes(user=user, values=values, by=by)


def _changes(user: User) -> dict[str, Any]:
    return {
        attribute.key: attribute.value
        for attribute in inspect(user).attrs
        if attribute.key in User.__mapper__.columns and attribute.history.has_changes()
    }
