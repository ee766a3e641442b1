"""How Alembic runs here: on a connection of its own, one transaction per revision (core/migrate.py).

`flask migrate …` brings the connection; any other way of calling Alembic gets one made alike.
"""

from alembic import context

from core.db import db
from core.migrate import own_connection, run_revisions

given = context.config.attributes.get("connection")
if given is not None:
    run_revisions(given)
else:
    with own_connection(db.engine) as own:
        run_revisions(own)
