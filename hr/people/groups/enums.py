"""Closed lists of the groups: who a relative is, on whose side, and who gave a reward."""

from flask_babel import lazy_gettext as _l

from core.labels import LabelledEnum


class FamilySide(LabelledEnum):
    """On whose side a relative stands: the two tables of form 2C-BNV/2008 item 31."""

    OWN = "own", _l("own side")
    SPOUSE = "spouse", _l("the spouse's side")


class Relation(LabelledEnum):
    """What a relative is to the person, or on the other side to the spouse."""

    FATHER = "father", _l("father")
    MOTHER = "mother", _l("mother")
    SPOUSE = "spouse", _l("husband or wife")
    CHILD = "child", _l("child")
    SIBLING = "sibling", _l("brother or sister")
    OTHER = "other", _l("other relative")


class RewardLevel(LabelledEnum):
    """The level that gave a reward (Law 06/2022/QH15 on emulation and commendation)."""

    STATE = "state", _l("the State")
    MINISTRY = "ministry", _l("ministry or central body")
    PROVINCE = "province", _l("province")
    GRASSROOTS = "grassroots", _l("grassroots")
