"""Closed lists of decisions and due dates. Values stand in addresses; labels come from the glossary."""

from flask_babel import lazy_gettext as _l

from core.labels import LabelledEnum


class DueKind(LabelledEnum):
    """What of a person falls due on a day."""

    RETIREMENT = "retirement", _l("retirement")
    PAY_STEP = "pay_step", _l("regular pay step")
    TERM = "term", _l("end of the term of appointment")
    PROBATION = "probation", _l("end of probation")
    PAPER = "paper", _l("expiring paper")
    DEGREE = "degree", _l("degree to complete")
