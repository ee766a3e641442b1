"""Values of an import: where it stands, and what a line of the file means for the register."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class ImportContent(StrEnum):
    """What a file holds."""

    #: An office's table, compared with the register line by line.
    ROSTER = "roster"
    #: People with everything about them, as another register of this program has written them out.
    WHOLE_FILES = "whole_files"


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
    """What a line means beside the unit's last import and the register; a value of it likewise."""

    NEW = "new"
    CHANGED = "changed"
    CONFLICTING = "conflicting"
    PROPOSED = "proposed"
    CHANGED_HERE = "changed_here"
    UNCHANGED = "unchanged"
    REFUSED = "refused"

    @property
    def label(self) -> object:
        return {
            LineOutcome.NEW: _l("new"),
            LineOutcome.CHANGED: _l("changed"),
            LineOutcome.CONFLICTING: _l("conflicting"),
            LineOutcome.PROPOSED: _l("same person?"),
            LineOutcome.CHANGED_HERE: _l("changed here since"),
            LineOutcome.UNCHANGED: _l("unchanged"),
            LineOutcome.REFUSED: _l("refused"),
        }[self]

    @property
    def tone(self) -> str:
        """Tone of the pill."""
        return {
            LineOutcome.NEW: "info",
            LineOutcome.CHANGED: "warn",
            LineOutcome.CONFLICTING: "danger",
            LineOutcome.PROPOSED: "warn",
            LineOutcome.CHANGED_HERE: "neutral",
            LineOutcome.UNCHANGED: "neutral",
            LineOutcome.REFUSED: "danger",
        }[self]


#: What confirming writes unless somebody leaves it out.
WRITTEN = (LineOutcome.NEW, LineOutcome.CHANGED)
#: What the file repeats: nothing is written, the line counts as seen.
SEEN = (LineOutcome.UNCHANGED, LineOutcome.CHANGED_HERE)


class Side(StrEnum):
    """Whose value is taken where file and register have both moved."""

    REGISTER = "register"
    FILE = "file"

    @property
    def label(self) -> object:
        return {Side.REGISTER: _l("keep the register's"), Side.FILE: _l("take the file's")}[self]


class MissingAnswer(StrEnum):
    """Why somebody of the unit does not stand in its file. Nothing is done by itself."""

    TRANSFER = "transfer"
    LEAVING = "leaving"
    MISTAKE = "mistake"

    @property
    def label(self) -> object:
        return {
            MissingAnswer.TRANSFER: _l("moved to another unit"),
            MissingAnswer.LEAVING: _l("left service"),
            MissingAnswer.MISTAKE: _l("left off the list by mistake"),
        }[self]
