"""The shared browsers, reading English: the tests name the English words."""

import pytest


@pytest.fixture
def client(client):
    client.set_cookie("lang", "en")
    return client


@pytest.fixture
def client_as(client_as):
    def make(persona):
        found = client_as(persona)
        found.set_cookie("lang", "en")
        return found

    return make
