"""Fills the template database: units, rules, one account per persona, a few people in two communes."""

import hashlib
import secrets
import time
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts import queries, rules
from accounts.models import Grant, User, UserSession
from core.clock import now, today
from core.db import db
from core.reference import load_reference
from core.schema import create_schema
from core.scope import Viewer, bind_viewer, system_viewer, writing_allowed
from core.text import fold, sort_key
from core.units import Block, unit_by_code
from tests.factories import people
from tests.personas import CAST, PASSWORD


def fill(app: Flask) -> None:
    """Makes the whole template; called once a worker."""
    from core.subjects import registered

    create_schema(db.engine)
    load_reference([subject.law for subject in registered() if subject.law])
    with bind_viewer(system_viewer("test cast")):
        _accounts(app)
        people.fill()


def _accounts(app: Flask) -> None:
    from flask_security.utils import hash_password

    allowed = writing_allowed.set(True)
    hashed = hash_password(PASSWORD)
    for persona in CAST.values():
        user = User(
            username=persona.username,
            display_name=persona.name,
            name_key=sort_key(persona.name),
            name_fold=fold(persona.name),
            password=hashed,
            must_change_password=False,
            fs_uniquifier=f"uniquifier-of-{persona.username}",
            created_at=now(),
        )
        db.session.add(user)
        db.session.flush()
        if persona.role is not None and persona.unit is not None:
            unit = unit_by_code(persona.unit, today())
            assert unit is not None
            db.session.add(
                Grant(
                    user_id=user.id,
                    role=persona.role,
                    unit_id=unit.id,
                    block=Block.GOVERNMENT,
                    starts_on=today() - timedelta(days=365),
                )
            )
    db.session.commit()
    writing_allowed.reset(allowed)


def user_of(persona: str) -> User:
    """The account of a persona."""
    return db.session.scalars(select(User).where(User.username == CAST[persona].username)).one()


def viewer_of(persona: str) -> Viewer:
    """The viewer that a sign-in of the persona gives."""
    user = user_of(persona)
    held = rules.held_roles(queries.grants_held(user, today()))
    chosen = rules.chosen_role(tuple(held), None, None, None)
    return rules.viewer_of(queries.who(user), chosen, today=today())


def sign_in(app: Flask, client: FlaskClient, persona: str) -> None:
    """Signs the client in without hashing: writes the session row and sets its cookie."""
    token = secrets.token_urlsafe(32)
    with app.app_context():
        user = user_of(persona)
        allowed = writing_allowed.set(True)
        db.session.add(
            UserSession(
                token_digest=hashlib.sha256(token.encode()).digest(),
                user_id=user.id,
                address="127.0.0.1",
                agent="tests",
            )
        )
        db.session.commit()
        writing_allowed.reset(allowed)
        moment = time.time()
        cookie = {
            "token": token,
            "seen": int(moment),
            "_user_id": user.get_id(),
            "_fresh": True,
            "fs_paa": moment,
        }
    with client.session_transaction() as session:
        session.update(cookie)
