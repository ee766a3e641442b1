"""Forms of yearly ratings: a level for each of the team, what is done with proposals, one from a paper."""

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from core.clock import local
from core.comparing import Comparison, Difference, shown
from core.errors import Conflict
from core.forms import (
    EnumField,
    Form,
    IntegerField,
    Length,
    StringField,
    TextAreaField,
)
from hr.people.forms.fields import Filled, PartForm
from hr.people.ratings.enums import RatingLevel
from hr.people.ratings.queries import Member, mark_of
from hr.people.ratings.rules import FIRST_YEAR

#: Begins the name of the field of one person; the uid follows.
LEVEL = "level-"


class TeamForm(Form):
    """A level for each person of the team that has no confirmed one. Made by `team_form`."""

    mark = HiddenField()
    again: Callable[[], "TeamForm"]

    def levels(self) -> dict[str, RatingLevel]:
        """uid → level, of those for whom one is chosen."""
        chosen = [(name, field.data) for name, field in self._fields.items() if name.startswith(LEVEL)]
        return {name.removeprefix(LEVEL): level for name, level in chosen if level is not None}

    def _compare(self, conflict: Conflict) -> None:
        now = self.again()
        rows = tuple(
            Difference(field.label.text, shown(now[name]), shown(field))
            for name, field in self._fields.items()
            if name.startswith(LEVEL) and name in now and shown(now[name]) != shown(field)
        )
        at = local(conflict.at).strftime("%H:%M") if conflict.at else ""
        self.conflict = Comparison(by=conflict.by or _("Somebody else"), at=at, rows=rows)
        # Sending again now means: I have seen what was changed.
        self.mark.data = now.mark.data


def team_form(team: Sequence[Member], **kwargs: Any) -> TeamForm:
    """The form of this team, filled with what is proposed."""
    fields = {f"{LEVEL}{one.uid}": EnumField(RatingLevel, one.name) for one in team if not one.is_confirmed}
    held = {f"{LEVEL}{one.uid}": one.level for one in team}
    form: TeamForm = type("TeamOfYear", (TeamForm,), fields)(data={**held, "mark": mark_of(team)}, **kwargs)
    return form


class SettleForm(Form):
    """Why proposals are sent back; the proposals are ticked in the list."""

    remark = TextAreaField(
        _l("Why they are sent back"),
        [Length(max=500)],
        description=_l("Only for sending back: what the chair has to look at again"),
    )


class RatingForm(PartForm):
    """One rating from a paper."""

    year = IntegerField(_l("Year"), [Filled(_l("Enter the year"))], low=FIRST_YEAR, high=2200)
    level = EnumField(RatingLevel, _l("Rating"), [Filled(_l("Choose the rating"))])
    rated_by = StringField(_l("Rated by"), [Length(max=300)])
