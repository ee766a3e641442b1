"""What the facts of a group have to keep to. Messages say what to do; `field` names the fact."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from core.errors import Unprocessable


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


def check_order(values: Mapping[str, Any], first: str, last: str) -> None:
    """The first of two days or years does not lie after the last; unknown ones are let pass."""
    start, end = values.get(first), values.get(last)
    if start is None or end is None or start <= end:
        return
    message = _l("The last day lies before the first: check both days")
    if not isinstance(end, date):
        message = _l("The last year lies before the first: check both years")
    raise Unprocessable(message, field=last)
