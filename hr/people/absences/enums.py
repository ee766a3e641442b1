"""Why somebody is away with leave, and the two halves of a day."""

from flask_babel import lazy_gettext as _l

from core.labels import LabelledEnum


class AbsenceKind(LabelledEnum):
    """Why an absence is authorised: read only with the right to it (Labour Code 2019 Arts 113–115, Law on
    Social Insurance 2024; design)."""

    ANNUAL_LEAVE = "annual_leave", _l("annual leave")
    SICK_LEAVE = "sick_leave", _l("sick leave")
    MATERNITY = "maternity", _l("maternity leave")
    PERSONAL_LEAVE = "personal_leave", _l("personal leave with pay")
    UNPAID_LEAVE = "unpaid_leave", _l("unpaid leave")
    MISSION = "mission", _l("on mission")
    STUDY = "study", _l("away for study")


class HalfDay(LabelledEnum):
    """The half of a day an absence begins or ends with."""

    MORNING = "morning", _l("morning")
    AFTERNOON = "afternoon", _l("afternoon")
