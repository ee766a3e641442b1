"""Words, numbers and dates as people read them: the template filters and globals."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel import Locale
from flask import Flask, request
from flask_babel import Babel, format_decimal, get_locale
from flask_babel import gettext as _

from core import catalogue
from core.addresses import address_of, quick_url_for
from core.clock import local
from core.marks import is_demo
from core.scope import current_viewer
from core.templates import SLOT, kept, shared, weave
from core.web import links_of_page, nav_for, own_address, wants_fragment

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
LANGUAGE_COOKIE = "lang"


def init_app(app: Flask, static_folder: Path, static_prefix: str) -> None:
    """Sets up the language and what templates may use."""
    Babel(app, locale_selector=_locale, default_translation_directories=str(app.root_path) + "/translations")
    catalogue.install(app)
    config = app.extensions["config"]
    app.add_template_filter(show_date, "date")
    app.add_template_filter(show_month, "month")
    app.add_template_filter(show_datetime, "datetime")
    app.add_template_filter(show_number, "number")
    app.add_template_filter(show_percent, "percent")
    app.add_template_filter(show_period, "period")

    @app.context_processor
    def _globals() -> dict[str, Any]:
        who = current_viewer()
        return {
            "viewer": who,
            "nav": nav_for(who),
            "may": (who.permissions if who else frozenset()).__contains__,
            "product_name": _("Public-duty register"),
            "province_name": config.province_name,
            "is_demo": is_demo(),
            "locale_code": language(),
            "languages": LANGUAGES,
            "wants_fragment": wants_fragment(),
            "own_address": own_address(),
        }

    app.jinja_env.globals.update(
        url_for=quick_url_for, address_of=address_of, kept=kept, shared=shared, slot=SLOT, weave=weave
    )
    app.jinja_env.globals["all_languages"] = LANGUAGES
    app.jinja_env.globals["links_of_page"] = links_of_page
    app.jinja_env.globals["static_url"] = lambda path: f"/{static_prefix}/{path}"


def language() -> str:
    """Vietnamese first: English only for who asked for it."""
    asked = request.cookies.get(LANGUAGE_COOKIE) if request else None
    return asked if asked in LANGUAGES else "vi"


def _locale() -> Locale:
    return catalogue.locale_of(language())


def show_date(day: date | None) -> str:
    """dd/mm/yyyy in both languages; – for none."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}" if day else "–"


def show_month(day: date | None) -> str:
    """mm/yyyy; empty for None."""
    return f"{day.month:02}/{day.year:04}" if day else ""


def show_datetime(moment: datetime | None) -> str:
    """dd/mm/yyyy HH:MM as the province's clocks show it."""
    return local(moment).strftime("%d/%m/%Y %H:%M") if moment else "–"


def show_number(value: int | Decimal | None) -> str:
    """2.587 in Vietnamese, 2,587 in English."""
    if value is None:
        return "–"
    if isinstance(value, int):
        return f"{value:,}".replace(",", ".") if _is_vietnamese() else f"{value:,}"
    return str(format_decimal(value))


def show_percent(part: int, whole: int | None = None) -> str:
    """98,1 % of `whole`; – when there is nothing to divide by. One decimal, half up."""
    if not whole:
        return "–"
    tenths = (Decimal(part) * 1000 / Decimal(whole)).quantize(Decimal(1), rounding="ROUND_HALF_UP")
    text = f"{tenths / 10:.1f}"
    return (text.replace(".", ",") if _is_vietnamese() else text) + " %"


def show_period(start: date | None, end: date | None) -> str:
    """01/07/2025 – 30/06/2026, or "since 01/07/2025" while it runs."""
    if start is None and end is None:
        return "–"
    if end is None:
        return _("since %(date)s", date=show_date(start))
    return f"{show_date(start)} – {show_date(end)}"


def _is_vietnamese() -> bool:
    locale = get_locale()
    return locale is not None and locale.language == "vi"
