"""The words of both languages in plain dictionaries: one page asks for hundreds of them."""

from functools import lru_cache
from typing import Any

from babel import Locale
from babel.support import NullTranslations, Translations
from flask import Flask, g
from flask_babel import Domain, get_babel, get_locale
from markupsafe import Markup

#: Language of words asked for outside a request.
_SOURCE = "en"


class Catalogue(Domain):
    """Flask-Babel's messages with each language read once a process and kept by message."""

    def __init__(self, domain: str) -> None:
        super().__init__(domain=domain)
        self._words: dict[str, dict[str, str]] = {_SOURCE: {}}
        self._marked: dict[str, dict[str, Markup]] = {}

    def get_translations(self) -> NullTranslations:
        """The catalogue as gettext has it, for plural forms."""
        return _translations(spoken(), tuple(self.translation_directories))

    def gettext(self, string: str, **values: Any) -> str:
        """`string` in the language of the request, `values` filled in."""
        text = self.words(spoken()).get(string, string)
        return text % values if values else text

    def markup(self, string: str, **values: Any) -> Markup:
        """The same for templates: our own words are markup, what is filled in is escaped."""
        language = spoken()
        known = self._marked.get(language)
        if known is None:
            words = self.words(language).items()
            known = self._marked[language] = {key: Markup(text) for key, text in words}  # noqa: S704 - ours
        text = known.get(string)
        if text is None:
            text = Markup(string)  # noqa: S704 - a literal of a template
        return text % values if values else text

    def words(self, language: str) -> dict[str, str]:
        """Message → text of one language; what is missing stands for itself."""
        found = self._words.get(language)
        if found is None:
            catalogue = getattr(_translations(language, tuple(self.translation_directories)), "_catalog", {})
            found = self._words[language] = {
                message if isinstance(message, str) else message[0]: text
                for message, text in catalogue.items()
                if message and (isinstance(message, str) or not message[1])
            }
        return found


def install(app: Flask) -> None:
    """Puts the catalogue under Flask-Babel, and under `_` of the templates."""
    babel = app.extensions["babel"]
    catalogue = babel.instance.domain_instance = Catalogue(babel.default_domain)
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"] = catalogue.markup


@lru_cache
def locale_of(language: str) -> Locale:
    """The locale of one of our languages, parsed once."""
    return Locale.parse(language)


@lru_cache
def _translations(language: str, folders: tuple[str, ...]) -> NullTranslations:
    return Translations.load(folders[0], [language], get_babel().default_domain)


def spoken() -> str:
    """The language of the request, or the one the messages are written in."""
    try:
        found: str = g._get_current_object()._flask_babel.babel_locale.language
        return found
    except (AttributeError, RuntimeError):
        locale = get_locale()
        return str(locale.language) if locale else _SOURCE
