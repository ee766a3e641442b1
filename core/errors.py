"""What can go wrong, as facts; `core.web` turns each into one answer.

Messages are for the user and say what to do.
"""

from datetime import datetime


class Missing(Exception):
    """Absent or hidden: the two answer alike (404, same bytes)."""


class FileLost(Missing):
    """A row tells of a file that does not lie in the store: 404 in words, for who is told may have it."""


class Denied(Exception):
    """Visible, but not yours to do (403). `reason` is shown."""

    def __init__(self, reason: object = None):
        super().__init__(reason)
        self.reason = reason


class Unprocessable(Exception):
    """The request cannot be carried out as it stands (422); `field` names the form field it concerns."""

    def __init__(self, message: object, *, field: str | None = None, link: str | None = None):
        super().__init__(message)
        self.message = message
        self.field = field
        self.link = link


class Conflict(Exception):
    """Somebody changed the row meanwhile (409). `current` is the row as it stands now, `what` the last
    that was done to it, in words."""

    def __init__(
        self,
        current: object = None,
        *,
        by: str | None = None,
        at: datetime | None = None,
        what: object = None,
    ):
        super().__init__("changed meanwhile")
        self.current = current
        self.by = by
        self.at = at
        self.what = what


class Overtaken(Exception):
    """The step is no longer open, for its object has gone on meanwhile (409). `message` says how it
    stands."""

    def __init__(self, message: object):
        super().__init__(message)
        self.message = message


class Busy(Exception):
    """The server cannot take this now (503); what was typed is kept as a draft."""


class ScopeError(RuntimeError):
    """A statement that would step around the row scope: a defect of the program, never a user's fault."""
