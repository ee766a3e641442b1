"""The search box."""

from core.subjects import Subject
from reports.search.routes import bp

SUBJECT = Subject(blueprint=bp)
