"""Configuration: wrong values are named, unsafe ones stop production."""

import pytest

from core.config import SETTINGS, Config, flask_settings, load

SAFE = {
    "ENVIRONMENT": "production",
    "DATABASE_URL": "sqlite:////srv/register.sqlite3",
    "SECRET_KEY": "s" * 40,
    "AUDIT_KEY": "a" * 40,
    "TRUSTED_HOSTS": "so.dienbien.gov.vn",
    "FILES_URL": "/srv/files",
}


def test_a_safe_production_has_no_problem():
    config = load(SAFE)

    assert config.problems == ()
    assert config.secure_cookies
    assert flask_settings(config)["SESSION_COOKIE_NAME"] == "__Host-so"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"AUDIT_KEY": ""}, "AUDIT_KEY"),
        ({"AUDIT_KEY": "s" * 40}, "AUDIT_KEY must differ"),
        ({"TRUSTED_HOSTS": ""}, "TRUSTED_HOSTS"),
        ({"SECURE_COOKIES": "0"}, "SECURE_COOKIES"),
        ({"CLOCK": "2026-01-01"}, "CLOCK"),
        ({"COUNT_STATEMENTS": "1"}, "COUNT_STATEMENTS"),
    ],
)
def test_an_unsafe_production_is_named(change: dict[str, str], named: str):
    problems = load({**SAFE, **change}).problems

    assert len(problems) == 1
    assert named in problems[0]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("ENVIRONMENT", "staging"),
        ("THREADS", "many"),
        ("THREADS", "0"),
        ("IDLE_MINUTES", "1"),
        ("SECURE_COOKIES", "maybe"),
        ("MAX_UPLOAD_MB", "100000"),
    ],
)
def test_a_wrong_value_names_the_setting(setting: str, value: str):
    with pytest.raises(ValueError, match=setting):
        load({**SAFE, setting: value})


def test_every_setting_is_a_field():
    fields = {name.upper() for name in Config.__dataclass_fields__} - {"PROBLEMS"}

    assert fields == set(SETTINGS)


def test_a_development_key_is_made_once_and_kept(tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATA_FOLDER", str(tmp_path))

    first, second = load({}), load({})

    assert first.secret_key == second.secret_key != first.audit_key
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
