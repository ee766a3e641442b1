"""Personnel decisions, and what falls due over the register."""

from pathlib import Path

from flask_babel import lazy_gettext as _l

from core.permissions import Permission, Role
from core.subjects import NavEntry, Subject
from hr.decisions import waiting
from hr.decisions.routes import bp

SUBJECT = Subject(
    blueprint=bp,
    nav=(NavEntry(_l("Due dates"), "due.index", Permission.PERSON_EDIT, (Role.HR_OFFICER,), 25, ("due.",)),),
    tasks=waiting.tasks,
    due=waiting.due_of,
    kinds=waiting.KINDS,
    law=Path(__file__).parent / "law.toml",
)
