"""Personnel decisions, and what falls due over the register."""

from pathlib import Path

from flask_babel import lazy_gettext as _l

from core.permissions import Permission, Role
from core.subjects import NavEntry, PageLink, States, Subject
from hr.decisions import waiting
from hr.decisions.issuing import queries as issuing_queries
from hr.decisions.issuing import routes as issuing_routes
from hr.decisions.issuing.dump import dump
from hr.decisions.issuing.following import repoint
from hr.decisions.issuing.lines import log_words
from hr.decisions.issuing.rules import TRANSITIONS
from hr.decisions.issuing.sheets import sheets
from hr.decisions.routes import bp

SUBJECT = Subject(
    blueprint=bp,
    nav=(
        NavEntry(_l("Due dates"), "due.index", Permission.PERSON_EDIT, (Role.HR_OFFICER,), 25, ("due.",)),
        NavEntry(
            _l("Decisions and imports"),
            "decisions.index",
            Permission.DECISION_RECORD,
            (Role.HR_OFFICER,),
            60,
            ("decisions.", "imports.", "checks.", "letters.", "merging.", "word."),
        ),
    ),
    links=(
        PageLink("people.show", _l("Record a decision"), "decisions.new", Permission.DECISION_RECORD),
        PageLink("imports.index", _l("Decisions"), "decisions.index", Permission.DECISION_READ),
    ),
    tasks=waiting.tasks,
    due=waiting.due_of,
    law=Path(__file__).parent / "law.toml",
    dump=dump,
    sheets=sheets,
    demo="hr.decisions.issuing.demo:enter_demo",
    timeline=issuing_queries.timeline,
    repoint=repoint,
    states=(States("Personnel decision", TRANSITIONS),),
    log_words=log_words,
    kinds={**waiting.KINDS, **issuing_queries.KINDS},
    extra_blueprints=(issuing_routes.bp,),
)
