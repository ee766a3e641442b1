"""Every setting is told to the people who run the program, and nothing else reads the environment."""

import ast
import re
from dataclasses import fields

from core.config import SETTINGS, Config
from tests.architecture.source import ROOT, check_exceptions, nodes, program

#: Read by the server and the data folder before there is a configuration; described all the same.
OUTSIDE = frozenset(("DATA_FOLDER", "HOST", "PORT", "WEB_CONCURRENCY"))


def test_every_field_of_the_configuration_is_a_known_setting():
    names = {field.name.upper() for field in fields(Config)} - {"PROBLEMS"}

    assert names == set(SETTINGS)


def test_every_setting_stands_in_the_example_file():
    example = (ROOT / ".env.example").read_text("utf-8")
    written = set(re.findall(r"^#?\s?([A-Z][A-Z_]+)=", example, re.MULTILINE))

    assert written == set(SETTINGS) | OUTSIDE


def test_every_setting_is_described_for_operators():
    text = (ROOT / "docs/operations.md").read_text("utf-8")
    rows = set(re.findall(r"^\| `([A-Z][A-Z_]+)` \|", text, re.MULTILINE))

    assert rows == set(SETTINGS) | OUTSIDE


def test_only_the_configuration_reads_the_environment():
    found = [
        module.where
        for module in program()
        if module.where != "core/config.py"
        for node in nodes(module.tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("os.environ", "os.getenv")
    ]

    check_exceptions(found, "environment", "Settings are read once, in core/config.py:")
