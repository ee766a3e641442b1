"""Addresses are lower-case words with hyphens and typed parameters; only uids point at rows."""

import re

import pytest

from tests.architecture.source import TOP_LEVEL, report

INTEGER_KEY = re.compile(r"<int:(\w*_)?id>|<int:(person|unit|user|case)")


@pytest.fixture(scope="module")
def own_rules(request):
    """The rules of our own views; Flask and Flask-Security bring theirs."""
    app = request.getfixturevalue("whole_app")
    origin = {name: view.__module__.partition(".")[0] for name, view in app.view_functions.items()}
    own = [rule for rule in app.url_map.iter_rules() if origin[rule.endpoint] in TOP_LEVEL]
    assert own
    return own


def test_words_of_an_address_are_kebab_case(own_rules):
    problems = [
        rule.rule
        for rule in own_rules
        for word in re.sub(r"<[^>]+>", "", rule.rule).split("/")
        if word and not re.fullmatch(r"[a-z0-9]+([.-][a-z0-9]+)*|\.well-known|_components", word)
    ]

    report(problems, "Lower-case words joined by hyphens:")


def test_parameters_are_typed(own_rules):
    problems = [rule.rule for rule in own_rules if re.search(r"<[^:>]+>", rule.rule)]

    report(problems, "Say the type: <uid:person>, <int:year>, <string:code>:")


def test_integer_keys_stay_inside(own_rules):
    """A row is addressed by its uid; a counting number would tell how many there are."""
    problems = [
        rule.rule
        for rule in own_rules
        if re.search(r"<int:(\w*_)?id>|<int:(person|unit|user|case)", rule.rule)
    ]

    report(problems, "Address rows by uid:")


def test_only_get_and_post_are_used(own_rules):
    problems = [
        f"{rule.rule} {method}"
        for rule in own_rules
        for method in rule.methods - {"GET", "HEAD", "OPTIONS", "POST"}
    ]

    report(problems, "Forms without scripts know GET and POST only:")
