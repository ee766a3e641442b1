"""Templates of the papers in Word, which the office may replace."""

from flask_babel import lazy_gettext as _l

from core.permissions import Permission
from core.subjects import PageLink, Subject
from reports.word.routes import bp

SUBJECT = Subject(
    blueprint=bp,
    links=(PageLink("imports.index", _l("Word templates"), "word.index", Permission.TEMPLATE_REPLACE),),
)
