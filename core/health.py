"""For the machines that watch: is the process alive, may it take requests."""

from flask import Blueprint, Response
from sqlalchemy import select, text

from core.audit import AuditHead
from core.db import db
from core.permissions import public

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def alive() -> Response:
    """The process answers; nothing else is asked."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@public
def ready() -> Response:
    """Database reached and migrated."""
    try:
        current = db.session.scalar(
            text("SELECT version_num FROM alembic_version"), execution_options={"unscoped": True}
        )
        found = db.session.scalar(select(AuditHead.seq))
    except Exception:
        return Response("database not ready\n", 503, mimetype="text/plain")
    ok = current is not None and found is not None
    return Response("ok\n" if ok else "not migrated\n", 200 if ok else 503, mimetype="text/plain")
