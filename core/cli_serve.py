"""The commands of a first try: `flask serve`, `demo`, `seed`. All of them for development only.

Apart from core/cli_register.py, whose Alembic and archives a served process would carry for nothing.
"""

import click
from flask import current_app

from core import demo, serve
from core.cli import not_in_production, told


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--empty", is_flag=True, help="Do not make the demo province in an empty register.")
@told
def serve_command(host: str, port: int, empty: bool) -> None:
    """Prepare the register, make the demo province once, and serve it. For development."""
    not_in_production("flask serve")
    if serve.is_taken(host, port):
        raise click.ClickException(f"{host}:{port} is taken: choose another with --port (make run PORT=…)")
    serve.prepare(click.echo, empty=empty)
    serve.greet(click.echo, f"{host}:{port}")
    serve.run(current_app._get_current_object(), host, port)  # type: ignore[attr-defined]


@click.command("demo")
@told
def demo_command() -> None:
    """Make the demo province in an empty register. Its passwords are published: development only."""
    not_in_production("flask demo")
    demo.make_demo(click.echo)


@click.command("seed")
@click.option("--people", type=click.IntRange(1), required=True, help="At least so many people in service.")
@told
def seed_command(people: int) -> None:
    """Fill an empty register with a multiple of the demo province, for load tests."""
    not_in_production("flask seed")
    demo.make_demo(click.echo, demo.multiple_for(people))
