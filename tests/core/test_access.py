"""docs/access.md is the table of access as it stands, nothing more and nothing less."""

import tomllib

from core import access


def test_the_document_is_up_to_date():
    assert access.DOCUMENT.read_text("utf-8") == access.text(), "make docs"


def test_the_document_holds_every_line_of_the_table():
    table, text = tomllib.loads(access.TABLE.read_text("utf-8")), access.text()

    for name in [*table["endpoint"], *table["action"]]:
        assert text.count(f"| `{name}` |") == 1, name
    for reach in table["reach"].values():
        assert f"| {reach['words']} |" in text
    assert len([line for line in text.splitlines() if line.startswith("| `")]) == len(
        table["endpoint"]
    ) + len(table["action"])
