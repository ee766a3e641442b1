"""Forms of the service: assignments, moves, ranks and steps, end of service and its taking back."""

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.errors import Unprocessable
from core.forms import CodeField, DateField, DecimalField, EnumField, Form, IntegerField, Length, StringField
from hr.people.codes import RANKS
from hr.people.enums import ENDED, HOME_KINDS, AssignmentKind, Category, ManagementTier, ServiceStatus
from hr.people.forms.fields import Filled, GroupedField, PartForm, UnitMenu
from hr.people.seeds import AssignmentSeed, RankSeed

#: Kinds that stand beside the own place.
BESIDE = tuple(kind for kind in AssignmentKind if kind not in HOME_KINDS)


class PlaceFields(Form):
    """Where, on which post, as what, since when. `offer_units` comes before validation."""

    unit = GroupedField(_l("Unit"), [Filled(_l("Choose the unit"))])
    division = GroupedField(
        _l("Division"), description=_l("Leave empty for the head and deputies without a division")
    )
    post = StringField(_l("Post"), [Filled(_l("Enter the post")), Length(max=200)])
    category = EnumField(Category, _l("Category"), [Filled(_l("Choose the category"))])
    managing_unit = GroupedField(
        _l("Managing agency"), description=_l("Leave empty when it is the unit itself")
    )
    management_tier = EnumField(ManagementTier, _l("Management tier"))
    starts_on = DateField(_l("From"), [Filled(_l("Enter the first day"))])
    decision_note = StringField(
        _l("Decision"),
        [Length(max=200)],
        description=_l("Number and symbol, as the issuing office gave them"),
    )
    menu: UnitMenu

    def offer_units(self, menu: UnitMenu) -> None:
        """Offers the units standing today, and the divisions of the one that is chosen."""
        self.menu = menu
        self.unit.offer(menu.unit_groups())
        chosen = self.unit.data if menu.id_of(self.unit.data) else None
        self.division.offer(menu.division_groups(chosen))
        self.managing_unit.offer(menu.unit_groups())

    @property
    def is_narrowing(self) -> bool:
        """Whether the form was sent only to see the divisions of the unit chosen."""
        return self.is_submitted() and "narrow" in request.form

    def assignment(self, *, kind, ends_on=None):
        """The assignment as entered."""
        entered: Any = self.values()
        return AssignmentSeed(
            unit_id=self.menu.id_of(entered["unit"]) or 0,
            division_id=self.menu.id_of(entered["division"]),
            post=entered["post"],
            category=entered["category"],
            kind=kind,
            managing_unit_id=self.menu.id_of(entered["managing_unit"]),
            management_tier=entered["management_tier"],
            starts_on=entered["starts_on"],
            ends_on=ends_on,
            decision_note=entered["decision_note"] or None,
        )


def check_place(form: PlaceFields) -> bool:
    """The division stands below the unit chosen; the error stands at the division."""
    division = form.division.data
    if not division or form.division.errors or form.menu.belongs(division, form.unit.data):
        return True
    form.division.errors = [_("This division belongs to another unit: choose again")]
    return False


class PlaceForm(PlaceFields, PartForm):
    """Base of the forms that end in one assignment."""

    def __init__(self, menu, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer_units(menu)

    def validate(self, extra_validators: Any = None) -> bool:
        return super().validate(extra_validators) and check_place(self)


class MoveForm(PlaceForm):
    """A new own place; the present one ends the day before."""

    kind = EnumField(
        AssignmentKind, _l("Kind of assignment"), [Filled(_l("Choose the kind"))], only=HOME_KINDS, blank=None
    )

    def seed(self):
        """The new place as entered."""
        return self.assignment(kind=self.kind.data)


class FurtherAssignmentForm(PlaceForm):
    """A post beside the own place: concurrent, acting, in charge, seconded."""

    kind = EnumField(AssignmentKind, _l("Kind of assignment"), [Filled(_l("Choose the kind"))], only=BESIDE)
    ends_on = DateField(_l("To"), description=_l("Last day; a secondment needs one, other posts may be open"))

    def seed(self):
        """The further assignment as entered."""
        return self.assignment(kind=self.kind.data, ends_on=self.ends_on.data)


class EndAssignmentForm(PartForm):
    """The last day of an assignment beside the own place."""

    ends_on = DateField(_l("Last day"), [Filled(_l("Enter the last day"))])


RANK_CHOICES = [(rank.code, f"{rank.code} {rank.name}") for rank in RANKS.values()]


class RankFields(Form):
    """Rank, step and coefficient from a day."""

    rank_code = CodeField(_l("Rank"), choices=RANK_CHOICES)
    step = IntegerField(_l("Step"), low=1, high=20)
    coefficient = DecimalField(
        _l("Coefficient"), description=_l("Leave empty to take it from the table of the rank")
    )
    rank_starts_on = DateField(_l("Step held since"))
    rank_decision_note = StringField(_l("Decision on the step"), [Length(max=200)])

    def check_rank(self) -> bool:
        """A rank comes with its step and day."""
        if not self.rank_code.data:
            return True
        for field, message in (
            (self.step, _("Enter the step")),
            (self.rank_starts_on, _("Enter the first day")),
        ):
            if field.data is None and not field.errors:
                field.errors = [message]
        self._take_coefficient()
        return not (self.step.errors or self.rank_starts_on.errors or self.coefficient.errors)

    def refuse(self, refusal: Unprocessable) -> None:
        """The day of a step has a name of its own here, beside the first day of the place."""
        if refusal.field == "starts_on" and "starts_on" not in self._fields:
            refusal.field = "rank_starts_on"
        super().refuse(refusal)

    def rank(self):
        """The rank as entered."""
        entered: Any = self.values()
        return RankSeed(
            rank_code=entered["rank_code"],
            step=entered["step"],
            coefficient=entered["coefficient"],
            starts_on=entered["rank_starts_on"],
            decision_note=entered["rank_decision_note"] or None,
        )

    def _take_coefficient(self) -> None:
        if self.coefficient.data is not None or self.coefficient.errors or self.step.errors:
            return
        table = RANKS[self.rank_code.data].coefficients
        if self.step.data is not None and self.step.data <= len(table):
            self.coefficient.data = table[self.step.data - 1]
        else:
            self.coefficient.errors = [_("The rank has no such step: enter the coefficient of the decision")]


class RankForm(RankFields, PartForm):
    """One more rank or step."""

    rank_code = CodeField(_l("Rank"), [Filled(_l("Choose the rank"))], choices=RANK_CHOICES)
    step = IntegerField(_l("Step"), [Filled(_l("Enter the step"))], low=1, high=20)
    rank_starts_on = DateField(_l("Step held since"), [Filled(_l("Enter the first day"))])

    def validate(self, extra_validators: Any = None) -> bool:
        return super().validate(extra_validators) and self.check_rank()


class EndServiceForm(PartForm):
    """How and when service ended."""

    status = EnumField(
        ServiceStatus, _l("How service ended"), [Filled(_l("Choose how service ended"))], only=ENDED
    )
    ended_on = DateField(
        _l("Last day of service"),
        [Filled(_l("Enter the last day of service"))],
        description=_l("The person is counted up to and including this day"),
    )
    reason = StringField(_l("Decision or reason"), [Length(max=500)])


class ReasonForm(PartForm):
    """A reason, for what is taken back or annulled."""

    reason = StringField(_l("Reason"), [Filled(_l("Enter the reason")), Length(max=500)])
