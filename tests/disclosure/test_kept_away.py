"""Who is named, leaves or is taken off a sealed case loses it at once; what is moved or exchanged does not open."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.models import AuditEntry
from engine.cases.access import may_see, reader_of
from engine.database import open_database
from engine.disclosure.models import CaseKey
from engine.disclosure.primitives import CannotOpen, unlock, unseal, unwrap
from engine.outbox.models import Message
from engine.tasks.models import Offer
from tests.conftest import FrozenClock
from tests.disclosure.attacker import opened, pairs, targets_in
from tests.disclosure.scene import WRITTEN, Scene
from tests.disclosure.test_every_route import same
from tests.disclosure.test_seized_server import carried_away
from tests.factories import PASSWORD
from tests.sealed_office import SealedOffice, a_sealed_office
from tests.web.sealed_pages import SealedPages, app_of, build

MISSING = 987_654_321


@pytest.fixture
def pages(sqlite_url: str, tmp_path: Path, clock: FrozenClock) -> Iterator[SealedPages]:
    database = open_database(sqlite_url)
    yield SealedPages(database, build(database, clock()), app_of(database, clock, tmp_path), clock)
    database.close()


def test_t31_an_open_browser_loses_the_case_with_the_next_request_after_its_reader_was_named(
    pages: SealedPages,
) -> None:
    case_id, vito = pages.kept.case_id, pages.kept.people["vito"]
    his = pages.browser("vito")
    assert pages.kept.number in his.get(f"/case/{case_id}").text
    assert pages.kept.number in his.get("/queue").text
    assert pages.do("vina", "ask_reporter", "Siapa lagi?", reported_others=[vito]) is None
    for address in (f"/case/{case_id}", f"/case/{case_id}/edit", f"/case/{case_id}/diagram.svg"):
        answer, absent = his.get(address), his.get(address.replace(str(case_id), str(MISSING)))
        assert answer.status_code == absent.status_code == 404
        assert same(answer.data, case_id) == same(absent.data, MISSING)
    for address in ("/queue", "/queue.csv", "/cases", "/cases.csv"):
        assert pages.kept.number not in his.get(address).text, address
    assert f"/case/{case_id}" not in his.get("/cases", query_string={"q": pages.kept.number}).text
    form = {"action": "complete", "state": "verification", "comment": "x"}
    answers = [his.post(f"/case/{number}/act", form) for number in (case_id, MISSING)]
    assert answers[0].status_code == answers[1].status_code >= 400
    assert same(answers[0].data, case_id) == same(answers[1].data, MISSING)


def test_t34_taking_a_copy_away_takes_the_row_the_offers_and_the_access_at_once(pages: SealedPages) -> None:
    case_id, vito = pages.kept.case_id, pages.kept.people["vito"]
    his = pages.browser("vito")
    assert pages.do("vito", "declare_conflict", "Ia ipar saya") is None
    assert his.get(f"/case/{case_id}").status_code == 404
    with pages.database.reading() as session:
        mine = select(CaseKey.holder).where(CaseKey.case_id == case_id, CaseKey.holder == f"officer:{vito}")
        assert session.scalars(mine).all() == []
        assert session.scalars(select(Offer.number).where(Offer.audience == f"person:{vito}")).all() == []


@pytest.fixture
def office(session: Session, now: datetime) -> SealedOffice:
    return a_sealed_office(session, now)


def sees(office: SealedOffice, name: str) -> bool:
    return may_see(office.session, reader_of(office.session, office.people[name].id, office.now), office.case_id)


@pytest.mark.parametrize(
    ("told", "kept_away"),
    [
        ({"reported_person": "ida"}, {"ida", "irma", "vina"}),
        ({"reported_aliases": ["Ida"]}, {"ida"}),
        ({"reported_aliases": ["Vina"]}, {"vina"}),
    ],
)  # fmt: skip
def test_t31_t32_who_is_named_by_number_or_alias_and_who_stands_near_gets_no_copy_offer_or_mail(
    office: SealedOffice, told: dict[str, object], kept_away: set[str]
) -> None:
    answers = {field: office.people[value].id if field == "reported_person" else value for field, value in told.items()}
    office.report(**answers)
    if kept_away != {"ida", "irma", "vina"}:
        office.do("ida" if "ida" not in kept_away else "irma", "register")
    session = office.session
    away = {office.people[name].id for name in kept_away}
    assert not any(sees(office, name) for name in kept_away)
    assert away.isdisjoint(session.scalars(select(Message.person_id)).all())
    offers = set(session.scalars(select(Offer.audience).where(Offer.case_id == office.case_id)))
    assert offers.isdisjoint(f"person:{person}" for person in away)


def test_t34_only_who_holds_the_key_gives_a_copy(office: SealedOffice) -> None:
    """The administrator, a supervisor and the reported person have no road to a copy: each act that would give one is
    refused as for a case that is not there, and the rows stay as they are."""
    office.report()
    before = set(office.session.scalars(select(CaseKey.holder)))
    for name in ("sam", "udin", "wali"):
        with suppress(Exception):
            office.do(name, "delegate")
    office.session.expire_all()
    assert set(office.session.scalars(select(CaseKey.holder))) == before


# -- exchanged ----------------------------------------------------------------------------------------------------


def test_t23_nothing_locked_opens_in_another_s_place_whatever_is_exchanged(scene: Scene) -> None:
    """Every pair of ciphertexts of every table, with all keys of all officers at hand."""
    loot = carried_away(scene, PASSWORD)
    held = pairs(loot, ())
    targets = list(targets_in(loot))
    keys = set()
    for _, how, blob, place in targets:
        for pair in held if how == "sealed" else ():
            with suppress(CannotOpen):
                keys.add(unseal(pair, blob, place))
    tried = 0
    for how, one_way in (("locked", unlock), ("wrapped", unwrap)):
        mine = [(where, blob, place) for where, kind, blob, place in targets if kind == how]
        for (where, blob, place), (_, _, other) in itertools.permutations(mine, 2):
            if place == other:
                continue
            for key in keys if len(keys) < 9 else ():
                tried += 1
                with pytest.raises(CannotOpen):
                    one_way(key, blob, other)
                    raise AssertionError(f"{where} opens elsewhere")
    sealed = [(blob, place) for _, how, blob, place in targets if how == "sealed"]
    for (blob, place), (_, other) in itertools.permutations(sealed[:24], 2):
        for pair in held[:3] if place != other else ():
            with pytest.raises(CannotOpen):
                unseal(pair, blob, other)
    assert tried > 400


def test_t26_the_identity_opens_for_custodians_alone(scene: Scene) -> None:
    everybody = " ".join(opened(carried_away(scene, PASSWORD), set()))
    assert WRITTEN["name"] in everybody
    loot = carried_away(scene, PASSWORD)
    custodians = {scene.ids[name] for name in ("kiki", "koko", "kuku")}
    loot.rows["officer_keys"] = [row for row in loot.rows["officer_keys"] if row["person_id"] not in custodians]
    others = " ".join(opened(loot, set()))
    assert WRITTEN["summary"] in others and WRITTEN["name"] not in others


def test_t75_the_record_has_no_content_and_nothing_of_a_reporter(scene: Scene) -> None:
    scene.browser("irma").get(f"/case/{scene.case_id}")
    with scene.database.reading() as session:
        entries = session.scalars(select(AuditEntry)).all()
    read = [entry for entry in entries if entry.subject == f"case:{scene.case_id}"]
    assert any(entry.event == "sealed_case_read" and entry.actor_id == scene.ids["irma"] for entry in read)
    assert all(entry.old is None and entry.new is None for entry in read)
    assert "Penanda" not in repr([(entry.old, entry.new, entry.subject) for entry in entries])
