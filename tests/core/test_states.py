"""docs/states.md is what the tables of states say, nothing more and nothing less."""

from core import states


def test_the_document_is_up_to_date(context):
    assert states.DOCUMENT.read_text("utf-8") == states.text(), "make docs"


def test_a_diagram_draws_every_step_and_the_table_names_it(context):
    text = states.text()

    assert "    checked --> draft: send_back\n    submitted --> draft: send_back\n" in text
    assert "| `send_back` | checked, submitted | draft |" in text
    assert "    issued --> revoked: revoke\n" in text
