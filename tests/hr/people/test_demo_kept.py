"""What the demo holds of the office's own work: letters, a photograph, a merged file, imports."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

import pytest
from PIL import Image
from sqlalchemy import select

from accounts.demo import demo_accounts
from core.db import db
from core.scope import bind_viewer, system_viewer
from hr.people.demo import composer
from hr.people.demo.keeping import silhouette
from hr.people.demo.loading import enter_demo
from hr.people.enums import ProofState
from hr.people.imports.enums import ImportStatus
from hr.people.imports.models import ImportBatch
from hr.people.letters.enums import LetterState
from hr.people.letters.models import IssuerLetter
from hr.people.letters.queries import asked_by
from hr.people.merging.models import PersonMerge
from hr.people.models import Person
from hr.people.photos.queries import photo_of
from tests.conftest import TODAY
from tests.hr.people.composed import register_of

pytestmark = pytest.mark.slow
#: Búng Lao, Mường Luân, the two departments with most storylines, and Nà Hỳ.
UNITS = {"03301", "03214", "SXD", "STC", "03169"}


@pytest.fixture
def province(context, monkeypatch):
    """A viewer over a register with the demo's people of a few units."""
    people = [p for p in register_of(TODAY).officials(TODAY) if p.home_on(TODAY).unit_code in UNITS]
    monkeypatch.setitem(context.extensions, "config", replace(context.extensions["config"], demo=True))
    monkeypatch.setattr(composer, "compose", lambda _day, multiple: SimpleNamespace(people=people))
    by = system_viewer("demo", TODAY)
    with bind_viewer(by):
        demo_accounts(by=by)
        before = len(list(db.session.scalars(select(Person.id))))
        entered = enter_demo(by=by, tell=lambda _line: None)
        yield SimpleNamespace(by=by, people=before + entered)


def test_the_office_has_done_some_of_everything(province):
    batches = {batch.filename: batch for batch in db.session.scalars(select(ImportBatch))}
    assert {batch.status for batch in batches.values()} == {
        ImportStatus.UNDONE,
        ImportStatus.CONFIRMED,
        ImportStatus.READ,
    }
    # interface.md §6: 1 new person, 3 changed, 1 missing, 1 conflicting, 2 refused rows.
    waiting = batches["Mường Luân, danh sách quý.xlsx"]
    counts = (waiting.new, waiting.changed, waiting.missing, waiting.conflicting, waiting.refused)
    assert counts == (1, 3, 1, 1, 2)

    letters = list(db.session.scalars(select(IssuerLetter).order_by(IssuerLetter.id)))
    assert [letter.state for letter in letters] == [LetterState.SENT, LetterState.ANSWERED]
    (told,) = asked_by(letters[1:])[letters[1].id]
    assert told.paper.proof_state is ProofState.ISSUER_CONFIRMED
    assert TODAY - letters[0].sent_on == timedelta(days=12)

    (merge,) = db.session.scalars(select(PersonMerge))
    kept = db.session.get_one(Person, merge.person_id)
    assert sorted(merge.id_number[:10]) == sorted(kept.id_number[:10])
    khuyen = db.session.scalars(select(Person).where(Person.full_name == "Lò Thị Khuyên")).one()
    assert photo_of(khuyen) is not None
    # Nobody came or went by it: the headline figures stand.
    assert len(list(db.session.scalars(select(Person.id)))) == province.people


def test_the_picture_is_a_portrait_of_nobody():
    first, again = silhouette(), silhouette()

    assert first == again
    picture = Image.open(BytesIO(first))
    assert (picture.format, picture.width * 6) == ("JPEG", picture.height * 4)
