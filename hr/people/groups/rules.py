"""What the facts of a group have to keep to. Messages say what to do; `field` names the fact."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from core.errors import Unprocessable
from hr.people.rules import anniversary

#: Nobody is registered for military service younger (Law 78/2015/QH13 Art. 12(1)).
YOUNGEST_SOLDIER = 17


@dataclass(frozen=True, slots=True)
class TextForm:
    """What a text looks like without its spaces, dots and dashes, and what to do where it does not."""

    pattern: str
    message: Any

    def fits(self, text: str) -> bool:
        """Whether the whole text is of the form."""
        return re.fullmatch(self.pattern, re.sub(r"[ .-]", "", text), re.ASCII) is not None


#: National numbers (Circular 22/2014/TT-BTTTT): 0, then nine digits of a mobile or ten of a fixed line.
PHONE = TextForm(
    r"(0|\+84)[1-9]\d{8,9}",
    _l("Enter a phone number of 10 or 11 digits beginning with 0, for example 0912 345 678"),
)
#: Ten digits on the book, or the personal identification number, which takes their place from 2025 on.
SOCIAL_INSURANCE = TextForm(
    r"\d{10}|\d{12}",
    _l("Enter the 10 digits of the social insurance number, or the 12 of the personal identification number"),
)
#: The card of today bears ten digits (Decision 1666/QĐ-BHXH of 2020), the one before them after two letters
#: and three digits (Decision 1351/QĐ-BHXH of 2015); the personal identification number stands for both.
HEALTH_INSURANCE = TextForm(
    r"\d{10}|\d{12}|[A-Za-z]{2}[1-5]\d{12}",
    _l("Enter the number of the health insurance card: 10 digits, or 15 characters on an older card"),
)


def check_filled(values: Mapping[str, Any], required: Iterable[str]) -> None:
    """Each of the required facts is there."""
    for name in required:
        if values.get(name) in (None, ""):
            raise Unprocessable(_l("Enter this field"), field=name)


def check_days(values: Mapping[str, Any], *, born_on: date, today: date, to_come: Iterable[str]) -> None:
    """Days lie after the birth and, but for those `to_come`, not after today."""
    for name, value in values.items():
        if not isinstance(value, date) or (born_on < value and (value <= today or name in to_come)):
            continue
        message = _l("Enter a day after the birth and not after today")
        if name in to_come:
            message = _l("This day lies before the birth of the person")
        raise Unprocessable(message, field=name)


def check_years(values: Mapping[str, Any], years: Iterable[str], today: date) -> None:
    """Years are not after this one."""
    for name in years:
        if values.get(name) is not None and values[name] > today.year:
            raise Unprocessable(_l("The year cannot be after this one"), field=name)


def check_forms(values: Mapping[str, Any], forms: Mapping[str, TextForm]) -> None:
    """Texts that have a form of their own are of it; empty ones are let pass."""
    for name, form in forms.items():
        if values.get(name) and not form.fits(values[name]):
            raise Unprocessable(form.message, field=name)


def check_title(values: Mapping[str, Any], born_on: date) -> None:
    """A year of an academic title has its title and lies after the birth (design)."""
    year = values.get("academic_title_year")
    if year is not None and not values.get("academic_title"):
        raise Unprocessable(_l("Enter the title, or leave its year empty"), field="academic_title")
    if year is not None and year <= born_on.year:
        raise Unprocessable(_l("The year lies before the birth of the person"), field="academic_title_year")


def check_enlistment(values: Mapping[str, Any], born_on: date) -> None:
    """Old enough on the day of enlisting (Law 78/2015/QH13 Art. 12(1))."""
    day = values.get("enlisted_on")
    if day is not None and day < anniversary(born_on, YOUNGEST_SOLDIER):
        message = _l("The person was not yet %(age)s on that day: check the year", age=YOUNGEST_SOLDIER)
        raise Unprocessable(message, field="enlisted_on")


def check_reward(values: Mapping[str, Any], born_on: date) -> None:
    """A reward is decided in the year it is for or later, and is for a year of life (design)."""
    year, decided_on = values.get("year"), values.get("decided_on")
    if year is not None and year <= born_on.year:
        raise Unprocessable(_l("The year lies before the birth of the person"), field="year")
    if year is not None and decided_on is not None and decided_on.year < year:
        message = _l("A reward is decided in its year or later: check the year and the day")
        raise Unprocessable(message, field="decided_on")


def check_order(values: Mapping[str, Any], first: str, last: str) -> None:
    """The first of two days or years does not lie after the last; unknown ones are let pass."""
    start, end = values.get(first), values.get(last)
    if start is None or end is None or start <= end:
        return
    message = _l("The last day lies before the first: check both days")
    if not isinstance(end, date):
        message = _l("The last year lies before the first: check both years")
    raise Unprocessable(message, field=last)
