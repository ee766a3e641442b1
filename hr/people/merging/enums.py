"""Values of merging: why two files look like one person, and which of two entries stands."""

from flask_babel import lazy_gettext as _l

from core.labels import LabelledEnum


class Likeness(LabelledEnum):
    """What two files have in common. Two of the three make a possible duplicate."""

    NAME = "name", _l("same name without accents")
    BIRTH = "birth", _l("same date of birth")
    NUMBER = "number", _l("numbers nearly alike")


class Standing(LabelledEnum):
    """What becomes of two entries that exclude one another."""

    KEPT = "kept", _l("the entry of the file that stays; the other one is annulled")
    OTHER = "other", _l("the entry of the second file; the other one is annulled")
    BOTH = "both", _l("both: the earlier one ends on the day before the later one")
