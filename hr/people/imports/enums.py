"""Values of an import: where it stands, and what a line of the file means for the register."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class ImportStatus(StrEnum):
    """Where an import stands."""

    READING = "reading"
    FAILED = "failed"
    READ = "read"
    CONFIRMED = "confirmed"
    DISCARDED = "discarded"
    UNDONE = "undone"

    @property
    def label(self) -> object:
        return {
            ImportStatus.READING: _l("being read"),
            ImportStatus.FAILED: _l("not readable"),
            ImportStatus.READ: _l("to be confirmed"),
            ImportStatus.CONFIRMED: _l("confirmed"),
            ImportStatus.DISCARDED: _l("discarded"),
            ImportStatus.UNDONE: _l("taken back"),
        }[self]

    @property
    def tone(self) -> str:
        """Tone of the pill."""
        return {
            ImportStatus.READING: "info",
            ImportStatus.FAILED: "danger",
            ImportStatus.READ: "warn",
            ImportStatus.CONFIRMED: "ok",
            ImportStatus.DISCARDED: "neutral",
            ImportStatus.UNDONE: "neutral",
        }[self]


class LineOutcome(StrEnum):
    """What confirming does with a line."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    CONFLICTING = "conflicting"
    REFUSED = "refused"

    @property
    def label(self) -> object:
        return {
            LineOutcome.NEW: _l("new"),
            LineOutcome.CHANGED: _l("changed"),
            LineOutcome.UNCHANGED: _l("unchanged"),
            LineOutcome.CONFLICTING: _l("conflicting"),
            LineOutcome.REFUSED: _l("refused"),
        }[self]

    @property
    def tone(self) -> str:
        """Tone of the pill."""
        return {
            LineOutcome.NEW: "info",
            LineOutcome.CHANGED: "warn",
            LineOutcome.UNCHANGED: "neutral",
            LineOutcome.CONFLICTING: "danger",
            LineOutcome.REFUSED: "danger",
        }[self]


#: What confirming writes.
WRITTEN = (LineOutcome.NEW, LineOutcome.CHANGED)
