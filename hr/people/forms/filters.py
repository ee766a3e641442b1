"""The filters of the list of people: an address that can be kept, sent and opened again."""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from core import catalogue
from core.comparing import shown
from core.forms import (
    OWN_FIELDS,
    CodeField,
    DateField,
    EnumField,
    Form,
    Length,
    StringField,
    read_date,
)
from core.permissions import Permission
from core.scope import Viewer
from hr.people.codes import ETHNICITY, LEVELS
from hr.people.enums import AssignmentKind, Category, QualificationKind, ServiceStatus, Sex
from hr.people.exports import ListColumn, Permissions, offered_columns, shown_columns
from hr.people.figures import FIGURES, LABELS
from hr.people.forms.fields import GroupedField, UnitMenu
from hr.people.listing import ANY_STATUS, IN_SERVICE, PeopleFilter

#: For who may read the background only.
PRIVATE = ("ethnicity", "religion", "party")
#: Filters that links of figures set; kept and shown, not offered.
QUIET = ("education", "political_theory", "state_management", "kind", "figure")
#: What an address says of the place in the list, not of the list.
PLACE_IN_LIST = ("after", "before", "from", "count")
#: Filters behind "More filters", in their order.
MORE = (
    "post",
    "education_from",
    "political_theory_from",
    "state_management_from",
    "sex",
    "born_from",
    "born_to",
    *PRIVATE,
    "as_of",
)


def _levels(kind: QualificationKind) -> list[tuple[str, Any]]:
    return [(level.code, level.label) for level in LEVELS[kind].values()]


_EDUCATION = _levels(QualificationKind.EDUCATION)
_THEORY = _levels(QualificationKind.POLITICAL_THEORY)
_STATE = _levels(QualificationKind.STATE_MANAGEMENT)


class FilterForm(Form):
    """One field per filter, named as in the address; a wrong value stands as an error at its field."""

    class Meta(Form.Meta):
        csrf = False

    q = StringField(_l("Name"), [Length(max=100)])
    unit = GroupedField(_l("Unit"), blank=_l("all units"))
    division = GroupedField(_l("Division"), blank=_l("all divisions"))
    category = EnumField(Category, _l("Category"), blank=_l("all categories"))
    status = CodeField(
        _l("Status"),
        choices=[(ANY_STATUS, _l("any status")), *((status.value, status.label) for status in ServiceStatus)],
        blank=_l("in service"),
    )
    post = StringField(_l("Words of the post"), [Length(max=100)])
    education_from = CodeField(_l("Education at least"), choices=_EDUCATION, blank=_l("Education at least"))
    political_theory_from = CodeField(
        _l("Political theory at least"), choices=_THEORY, blank=_l("Political theory at least")
    )
    state_management_from = CodeField(
        _l("State management at least"), choices=_STATE, blank=_l("State management at least")
    )
    sex = EnumField(Sex, _l("Sex"), blank=_l("Sex"))
    born_from = DateField(_l("Born from"))
    born_to = DateField(_l("Born until"))
    ethnicity = CodeField(_l("Ethnicity"), choices=ETHNICITY.items(), blank=_l("Ethnicity"))
    religion = StringField(_l("Religion"), [Length(max=100)])
    party = CodeField(
        _l("Party member"), choices=[("yes", _l("yes")), ("no", _l("no"))], blank=_l("Party member")
    )
    as_of = DateField(_l("As of"))
    education = CodeField(_l("Education level"), choices=_EDUCATION)
    political_theory = CodeField(_l("Political theory"), choices=_THEORY)
    state_management = CodeField(_l("State management"), choices=_STATE)
    kind = EnumField(AssignmentKind, _l("Kind of assignment"))
    figure = CodeField(_l("Figure"), choices=[(code, LABELS[code]) for code in FIGURES])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, item in self._fields.items():
            # The search of the page's head has the id "q".
            item.id = item.label.field_id = f"filter-{name}"

    @property
    def filter_names(self) -> list[str]:
        """The filters of this viewer, in the order of the form."""
        return [name for name in self._fields if name not in OWN_FIELDS]

    def valid(self, name: str) -> Any:
        """A filter's value; none when it is wrong or not this viewer's to use."""
        if name not in self._fields or self[name].errors:
            return None
        return self[name].data or None

    def active(self) -> list[tuple[str, Any, str]]:
        """(name, label, value in words) of each filter that narrows the list."""
        named = [name for name in self.filter_names if self.valid(name)]
        return [(name, self[name].label.text, shown(self[name])) for name in named]


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """What the address asks for: filters, columns and day, and what was wrong with it."""

    form: FilterForm
    menu: UnitMenu
    filters: PeopleFilter
    columns: tuple[ListColumn, ...]
    offered: tuple[ListColumn, ...]
    as_of: date
    #: Parts of the page that follow from the listing alone, once they were made.
    parts: dict[str, Any] = field(default_factory=dict)

    @property
    def described(self) -> dict[str, str]:
        """The active filters by name, in words, for the log and the head of a file."""
        return {name: f"{label}: {value}" for name, label, value in self.form.active()}


def read_listing(args: MultiDict[str, str], viewer: Viewer, menu: UnitMenu, as_of: date) -> Listing:
    """Reads an address; what is wrong in it is left out and stands in the form's summary. The pages
    of one list ask the same: it is read once."""
    asked = tuple((name, tuple(values)) for name, values in args.lists() if name not in PLACE_IN_LIST)
    return _read(asked, viewer.permissions, menu, as_of, catalogue.spoken(), request.script_root)


@lru_cache(maxsize=64)
def _read(
    asked: tuple[tuple[str, tuple[str, ...]], ...],
    permissions: Permissions,
    menu: UnitMenu,
    as_of: date,
    _language: str,
    _mounted_at: str,
) -> Listing:
    args: MultiDict[str, str] = MultiDict((name, value) for name, values in asked for value in values)
    form = FilterForm(formdata=args)
    if Permission.PERSON_READ_BACKGROUND not in permissions:
        for name in PRIVATE:
            del form[name]
    form.unit.offer(menu.unit_groups(), _l("all units"))
    form.division.offer(menu.division_groups(form.unit.data), _l("all divisions"))
    form.validate()
    chosen = {code for value in args.getlist("cols") for code in value.split(",")}
    columns = shown_columns(permissions, chosen)
    return Listing(form, menu, _filters(form), columns, offered_columns(permissions), as_of)


def day_asked(args: MultiDict[str, str], today: date) -> date:
    """The day the list is asked for; today when none, or none that can be read, is given."""
    try:
        return read_date(args.get("as_of", "").strip()[:40])
    except ValueError:
        return today


def _filters(form: FilterForm) -> PeopleFilter:
    unit, category, party = form.valid("unit"), form.valid("category"), form.valid("party")
    names = (
        "division",
        "kind",
        "education_from",
        "education",
        "political_theory_from",
        "political_theory",
        "state_management_from",
        "state_management",
        "sex",
        "born_from",
        "born_to",
        "ethnicity",
        "religion",
        "figure",
    )
    return PeopleFilter(
        words=form.valid("q") or "",
        post=form.valid("post") or "",
        units=(unit,) if unit else (),
        categories=(category,) if category else (),
        status=form.valid("status") or IN_SERVICE,
        in_party=None if party is None else party == "yes",
        **{name: form.valid(name) for name in names},
    )
