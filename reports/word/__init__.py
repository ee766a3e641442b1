"""Templates of the papers in Word, which the office may replace."""

from core.subjects import Subject
from reports.word.routes import bp

SUBJECT = Subject(blueprint=bp)
