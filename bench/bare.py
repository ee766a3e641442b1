"""The floor: the least Flask does for a page of fifty rows from one SQLite query.

No accounts, scope, log, translation or layout. Every ratio of the benchmark is against this page in the
same run, so a busy machine shifts both.
"""

import os
import sqlite3

from flask import Flask, g, render_template
from flask_compress import Compress
from jinja2 import DictLoader

PAGE = """<!doctype html><html lang="en"><head><title>Rows</title></head><body><h1>Rows</h1><table>
{% for row in rows %}
<tr><td>{{ row[0] }}</td><td>{{ row[1] }}</td><td>{{ row[2] }}</td><td>{{ row[3] }}</td></tr>
{% endfor %}
</table></body></html>"""
SHOWN = 50

app = Flask(__name__)
app.jinja_loader = DictLoader({"rows.html": PAGE})  # compiled once, as a file would be
Compress(app)


def fill(path: str, count: int) -> None:
    """A table of `count` made-up rows, indexed by the order it is shown in."""
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT, unit TEXT, post TEXT)")
        connection.executemany(
            "INSERT INTO person (name, unit, post) VALUES (?, ?, ?)",
            ((f"Người thứ {n:06}", f"Xã {n % 45}", f"Chuyên viên {n % 7}") for n in range(count)),
        )
        connection.execute("CREATE INDEX person_name ON person (name)")
    connection.close()


@app.get("/")
def rows() -> str:
    """Fifty rows, one statement."""
    if "connection" not in g:
        g.connection = sqlite3.connect(os.environ["BARE_DATABASE"])
    query = "SELECT id, name, unit, post FROM person ORDER BY name LIMIT ?"
    return render_template("rows.html", rows=g.connection.execute(query, (SHOWN,)).fetchall())


@app.get("/healthz")
def alive() -> str:
    """The process answers."""
    return "ok\n"


@app.teardown_appcontext
def close(_error: BaseException | None) -> None:
    """One connection a request, as the plain pattern has it."""
    connection = g.pop("connection", None)
    if connection is not None:
        connection.close()
