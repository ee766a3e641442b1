"""Wiring only: `create_app` and the one list of subjects, in the order of imports."""

from pathlib import Path

from flask import Flask
from flask_compress import Compress
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

import accounts
import hr.decisions
import hr.people
import reports.home
import reports.rules
import reports.search
import reports.units
import reports.word
from accounts import sign_in
from core import cli, config, drafts, health, web, words
from core.db import db
from core.permissions import check_policies
from core.static_files import serve_static
from core.subjects import register
from core.templates import TemplateEnvironment

SUBJECTS = (
    accounts.SUBJECT,
    hr.people.SUBJECT,
    hr.decisions.SUBJECT,
    reports.units.SUBJECT,
    reports.search.SUBJECT,
    reports.rules.SUBJECT,
    reports.word.SUBJECT,
    reports.home.SUBJECT,
)
ROOT = Path(__file__).resolve().parent


def create_app(settings: config.Config | None = None) -> Flask:
    """The application. RuntimeError when the configuration is unsafe for production or an endpoint
    has no declared policy."""
    settings = settings or config.load()
    if settings.problems:
        raise RuntimeError("unsafe configuration: " + "; ".join(settings.problems))
    app = Flask(__name__, static_folder=None)
    app.jinja_environment = TemplateEnvironment
    app.extensions["config"] = settings
    app.config.update(config.flask_settings(settings))
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    db.init_app(app)
    web.init_app(app, sign_in.load_viewer, sign_in.lapsed_user_id)
    words.init_app(app, ROOT / "static", serve_static(app, ROOT / "static"))
    sign_in.init_app(app)
    Compress(app)
    app.register_blueprint(drafts.bp)
    app.register_blueprint(health.bp)
    if not settings.is_production:
        from core.components_page import bp as components

        app.register_blueprint(components)
    register(app, SUBJECTS)
    cli.init_app(app, {name: place for subject in SUBJECTS for name, place in subject.commands.items()})
    if settings.proxy_count:
        app.wsgi_app = ProxyFix(app.wsgi_app, *(settings.proxy_count,) * 3)  # type: ignore[method-assign]
    check_policies(app)
    return app
