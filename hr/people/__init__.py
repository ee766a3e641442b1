"""The personnel file: people, assignments, ranks, qualifications, documents."""

from pathlib import Path

from flask_babel import lazy_gettext as _l

from core.permissions import Permission, Role
from core.subjects import NavEntry, Subject
from hr.people import trail, waiting
from hr.people.absences import queries as absences_queries
from hr.people.absences import routes as absences_routes
from hr.people.checks import queries as checks_queries
from hr.people.checks import routes as checks_routes
from hr.people.confirmations import queries as confirmations_queries
from hr.people.confirmations import routes as confirmations_routes
from hr.people.dump import dump
from hr.people.exchange.sheets import people_sheets
from hr.people.groups.registry import is_closed_form
from hr.people.imports import queries as imports_queries
from hr.people.imports import review_routes  # noqa: F401 - views of the imports' blueprint
from hr.people.imports import routes as imports_routes
from hr.people.letters import routes as letters_routes
from hr.people.letters.word import TEMPLATE as ISSUER_LETTER
from hr.people.merging import routes as merging_routes
from hr.people.photos import routes as photo_routes  # noqa: F401 - views of the blueprint
from hr.people.printing import routes as printing_routes  # noqa: F401 - views of the blueprint
from hr.people.printing.form_2c import TEMPLATE as FORM_2C
from hr.people.printing.statement import TEMPLATE as STATEMENT
from hr.people.proposals import queries as proposals_queries
from hr.people.proposals import routes as proposals_routes
from hr.people.queries import timeline
from hr.people.ratings import queries as ratings_queries
from hr.people.ratings import routes as ratings_routes
from hr.people.routes import editing, groups, people, person, qualifications, service  # noqa: F401 - views of the blueprint
from hr.people.routes.blueprint import bp

SUBJECT = Subject(
    blueprint=bp,
    nav=(
        NavEntry(
            _l("People"),
            "people.index",
            Permission.PERSON_READ,
            (Role.HR_OFFICER,),
            20,
            ("people.", "absences.", "proposals.", "confirmations.", "ratings."),
        ),
        NavEntry(
            _l("People"),
            "people.index",
            Permission.PERSON_READ,
            (Role.CASE_OFFICER,),
            50,
            ("people.", "absences.", "proposals.", "confirmations.", "ratings."),
        ),
        NavEntry(
            _l("My team"),
            "people.index",
            Permission.PERSON_READ,
            (Role.CHAIR, Role.COMMUNE_STAFF),
            20,
            ("people.", "absences.", "proposals.", "confirmations.", "ratings."),
        ),
        NavEntry(_l("Parts of the file"), "people.parts", Permission.GROUP_SWITCH, (Role.ADMINISTRATOR,), 35),
    ),
    law=Path(__file__).parent / "law.toml",
    dump=dump,
    sheets=people_sheets,
    demo="hr.people.demo.loading:enter_demo",
    timeline=timeline,
    log_words=trail.log_words,
    tasks=waiting.tasks,
    undrafted=is_closed_form,
    absences=absences_queries.absences,
    figures=people.headline_figures,
    commands={"people": "hr.people.imports.cli:group"},
    extra_blueprints=(
        imports_routes.bp,
        merging_routes.bp,
        checks_routes.bp,
        letters_routes.bp,
        absences_routes.bp,
        ratings_routes.bp,
        proposals_routes.bp,
        confirmations_routes.bp,
    ),
    kinds={
        **trail.KINDS,
        **imports_queries.KINDS,
        **checks_queries.KINDS,
        **ratings_queries.KINDS,
        **proposals_queries.KINDS,
        **confirmations_queries.KINDS,
    },
    word_templates=(FORM_2C, STATEMENT, ISSUER_LETTER),
)
