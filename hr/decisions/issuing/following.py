"""Lines of decisions follow a person into the file with which theirs was merged."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from core.db import db
from core.errors import Unprocessable
from hr.decisions.issuing.models import DecisionLine


def repoint(kept_id: int, merged_id: int) -> None:
    """Moves the lines of the second person to the first; Unprocessable when one decision names both."""
    query = select(DecisionLine).where(DecisionLine.person_id.in_((kept_id, merged_id)))
    lines = db.session.scalars(query).all()
    of_kept = {line.decision_id for line in lines if line.person_id == kept_id}
    for line in lines:
        if line.person_id == merged_id:
            if line.decision_id in of_kept:
                raise Unprocessable(_l("One decision names both files: they are told apart there already"))
            line.person_id = kept_id
