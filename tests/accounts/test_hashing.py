"""Hashes: their strength in production, renewal, and guesses sent side by side."""

from concurrent.futures import ThreadPoolExecutor

from argon2 import extract_parameters
from passlib.context import CryptContext

from accounts import actions, queries, sign_in
from core.db import db
from core.scope import writing_allowed
from tests.cast import user_of, viewer_of
from tests.personas import PASSWORD


def test_hashes_in_production_follow_rfc_9106():
    """The second recommended option: 64 MiB, three passes, four lanes."""
    context = CryptContext(schemes=["argon2"], **sign_in._argon2("production"))

    found = extract_parameters(context.hash("any"))

    assert (found.type.name, found.memory_cost, found.time_cost, found.parallelism) == ("ID", 65536, 3, 4)
    assert (found.salt_len >= 16, found.hash_len >= 32) == (True, True)


def put_hash(app, value):
    with app.app_context():
        allowed = writing_allowed.set(True)
        user_of("chair_a").password = value
        db.session.commit()
        writing_allowed.reset(allowed)


def test_a_hash_of_older_parameters_is_renewed_at_sign_in(app, client):
    old = CryptContext(schemes=["argon2"], argon2__time_cost=2, argon2__memory_cost=16, argon2__parallelism=1)
    put_hash(app, old.hash(PASSWORD))

    assert client.send("/sign-in", {"username": "chair_a", "password": PASSWORD}).status_code == 303

    with app.app_context():
        user = user_of("chair_a")
        assert "m=8,t=1,p=1" in user.password
        assert not user.must_change_password
    assert client.get("/account").status_code == 200


def test_what_is_no_hash_opens_nothing(app, client):
    put_hash(app, "not a hash")

    assert client.send("/sign-in", {"username": "chair_a", "password": "not a hash"}).status_code == 422


def test_guesses_sent_side_by_side_pass_the_limit_five_times_only(app, monkeypatch):
    calls = []
    real = sign_in.verify_password
    monkeypatch.setattr(sign_in, "verify_password", lambda *args: calls.append(1) or real(*args))

    def guess(number):
        client = app.test_client()
        client.set_cookie("lang", "en")
        return client.send(
            "/sign-in", {"username": "chair_a", "password": f"guess number {number}"}
        ).status_code

    with ThreadPoolExecutor(6) as pool:
        codes = list(pool.map(guess, range(12)))

    assert sorted(codes) == [422] * 5 + [429] * 7
    assert len(calls) == 5


def test_initial_passwords_are_random_and_long(context):
    made = {sign_in.initial_password() for _ in range(200)}

    assert len(made) == 200
    # 31 signs, 20 of them: 99 bits.
    assert all(len(word.replace("-", "")) == 20 for word in made)
    user = actions.create_account(
        username="lo.minh", display_name="Lò Văn Minh", password_hash="x", by=viewer_of("admin")
    )
    for word in made:
        sign_in.check_new_password(word, user)
    assert queries.user_named("lo.minh") is not None
