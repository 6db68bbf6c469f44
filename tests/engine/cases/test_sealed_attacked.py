"""A sealed case attacked inside the engine: by who holds no copy, by who held one, and by a hand in the database."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.cases import drafts
from engine.cases.attachments import attach
from engine.cases.bulk import Line, fire_many, review
from engine.cases.calling import calls_of
from engine.cases.catching_up import catch_up
from engine.cases.files import FileStore
from engine.cases.fire import fire
from engine.cases.follow import comment, follow
from engine.cases.models import Case, CaseAnswers, History
from engine.cases.open import open_case
from engine.cases.pages import case_page
from engine.cases.pausing import pause, resume
from engine.cases.queue_page import queue_page
from engine.cases.sealed_state import is_token
from engine.cases.stored import read_case
from engine.cases.why import why
from engine.changes import Refusal
from engine.database import Database
from engine.disclosure.keyring import RECEIPT, Keyring, hold, officer
from engine.disclosure.models import CaseKey, SealedCase
from engine.disclosure.primitives import CannotOpen, new_pair
from engine.disclosure.seals import seal_of
from engine.errors import AlurError, KeyNeeded, NotFound
from engine.facts import REPORTER, Command
from engine.tasks.models import Task
from tests.sealed_office import SECRET, SealedOffice, a_sealed_office
from tests.sealed_type import publish_both

TEAM = {"technical_controller": ["tika"], "lead_investigator": ["leo"], "investigator": ["nia", "oka"]}


@pytest.fixture
def office(session: Session, now: datetime) -> SealedOffice:
    return a_sealed_office(session, now)


def examined(office: SealedOffice, *witnesses: str) -> None:
    """A case as far as the examination of these witnesses."""
    office.report(unit=office.units["market"].id, reported_person=office.people["udin"].id)
    for name, action, answers in (
        ("ida", "register", {}),
        ("vina", "complete", {"verification_note": "Lengkap"}),
        ("rani", "submit_review", {"review_note": "Cukup", "supervisory": "supervisory", "impact": "agency"}),
        ("irma", "examine", {}),
        ("sam", "draft_letter", {"assign": TEAM, "scope": "Retribusi", "witnesses": list(witnesses)}),
        ("adi", "sign", {}), ("sekar", "sign", {}), ("irma", "sign", {}),
    ):  # fmt: skip
        assert office.do(name, action, **answers) is None, name


# -- what is written ----------------------------------------------------------------------------------------------


def test_the_history_tells_whose_record_it_was_long_after(office: SealedOffice, session: Session) -> None:
    examined(office, "Pedagang A", "Pedagang B")
    assert office.do("nia", "record", item="Pedagang A", attachments=1) is None
    assert office.do("leo", "record", item="Pedagang B", attachments=1) is None
    assert office.do("oka", "close_file") is None
    assert office.do("leo", "note_reply", reported_reply="Membantah") is None
    assert office.do("leo", "propose_report", findings="Kurang setor", outcome="discipline_medium") is None
    office.at_work("irma")
    page = case_page(session, office.people["irma"].id, office.case_id, office.now)
    told = [line.sentence.id for line in page.history if line.action == "record"]
    assert ["Pedagang A" in told[0], "Pedagang B" in told[1]] == [True, True]


def test_a_task_is_taken_by_the_token_that_the_queue_knows_it_by(office: SealedOffice, session: Session) -> None:
    examined(office, "Pedagang A", "Pedagang B")
    office.at_work(None)
    rows = [
        row for row in queue_page(session, office.people["nia"].id, office.now).rows if row.case_id == office.case_id
    ]
    tokens = {row.item for row in rows if row.state == "hearing"}
    assert len(tokens) == 2 and all(is_token(token) for token in tokens)
    assert office.do("nia", "claim", item=min(map(str, tokens))) is None
    assert office.do("nia", "record", item=min(map(str, tokens)), attachments=1) is None


def test_a_name_that_is_also_a_word_of_the_definition_is_hidden_like_any_other(
    office: SealedOffice, session: Session
) -> None:
    examined(office, "examine", "investigator", "Pedagang A")
    items = session.scalars(select(Task.item).where(Task.case_id == office.case_id, Task.item.is_not(None))).all()
    assert len(items) == 3 and all(item is not None and item.startswith("~") for item in items)
    state = session.get_one(Case, office.case_id).state
    assert all(each.startswith("~") for each in state["x"]["items"]["hearing"])
    assert office.do("nia", "record", item="examine", attachments=1) is None
    written = session.scalars(select(History.item).where(History.case_id == office.case_id)).all()
    assert "examine" not in written
    state = session.get_one(Case, office.case_id, populate_existing=True).state
    assert "examine" not in orjson.dumps([row[:2] for row in state["v"]]).decode()


def test_the_numbers_of_ordinary_cases_have_no_gap_where_a_sealed_one_came(
    office: SealedOffice, session: Session, now: datetime
) -> None:
    publish_both(session, now)

    def an_ordinary_one() -> int:
        opened = open_case(
            session, region_id=office.region.id, case_type="request", person_id=office.people["umar"].id,
            answers={"words": "x"}, now=now,
        )  # fmt: skip
        assert not isinstance(opened, Refusal)
        return opened.case_id

    before = an_ordinary_one()
    office.report()
    office.report()
    assert an_ordinary_one() == before + 1


# -- who acts -----------------------------------------------------------------------------------------------------

DOORS: dict[str, Callable[[SealedOffice, int, Path], Any]] = {
    "act": lambda o, who, _: fire(o.session, o.case_id, Command("register", who), now=o.now),
    "claim": lambda o, who, _: fire(o.session, o.case_id, Command("claim", who), now=o.now),
    "delegate": lambda o, who, _: fire(o.session, o.case_id, Command("delegate", who, to=who), now=o.now),
    "recall": lambda o, who, _: fire(o.session, o.case_id, Command("recall", who), now=o.now),
    "attach": lambda o, who, at: attach(
        o.session, o.case_id, who, io.BytesIO(b"x"), "a.txt", now=o.now, store=FileStore(at), largest=1_000
    ),
    "remark": lambda o, who, _: comment(o.session, o.case_id, who, "x", o.now),
    "follow": lambda o, who, _: follow(o.session, o.case_id, who, o.now),
    "pause": lambda o, who, _: pause(o.session, who, o.case_id, "x", o.now),
    "go on": lambda o, who, _: resume(o.session, who, o.case_id, "x", o.now),
    "read": lambda o, who, _: case_page(o.session, who, o.case_id, o.now),
    "ask why": lambda o, who, _: why(o.session, who, o.case_id, None, now=o.now),
    "calls": lambda o, who, _: calls_of(o.session, who, o.case_id, o.now),
}


def test_who_holds_no_copy_finds_nothing_behind_any_door(office: SealedOffice, tmp_path: Path) -> None:
    office.report()
    case_id = office.case_id
    for name in ("sam", "udin", "wali", "kiki"):
        office.at_work(name)
        for door, go_through in DOORS.items():
            told = []
            for office.case_id in (case_id, 987_654):
                with pytest.raises(NotFound) as found:
                    go_through(office, office.people[name].id, tmp_path)
                told.append(str(found.value))
            assert told[0] == told[1], (name, door)


def test_who_holds_a_copy_and_has_not_opened_it_does_nothing(office: SealedOffice, tmp_path: Path) -> None:
    office.report()
    revision = office.session.get_one(Case, office.case_id).revision
    for at_work in (None, "vina"):  # nobody's key, or somebody else's
        office.at_work(at_work)
        for door in DOORS.keys() - {"follow", "calls", "pause", "go on"}:
            with pytest.raises(KeyNeeded):
                DOORS[door](office, office.people["ida"].id, tmp_path)
    assert office.session.get_one(Case, office.case_id, populate_existing=True).revision == revision


def test_a_draft_for_a_case_that_is_not_ones_own_is_answered_as_for_one_that_is_not_there(
    office: SealedOffice, session: Session, now: datetime
) -> None:
    office.report()
    office.at_work("udin")
    answers = []
    for case_id in (office.case_id, 987_654):
        try:
            drafts.save(
                session, office.people["udin"].id, drafts.of_case(case_id), form="complaint", answers={}, now=now
            )
            answers.append("kept")
        except AlurError as error:
            answers.append(type(error).__name__)
    assert answers[0] == answers[1]


def test_the_receipt_of_one_case_does_nothing_in_another(office: SealedOffice, session: Session) -> None:
    office.report()
    theirs = office.case_id
    office.report(summary="Lain")
    hold(session, Keyring(RECEIPT, new_pair(), at=office.now))
    for case_id in (theirs, office.case_id):
        with pytest.raises(KeyNeeded):
            seal_of(session, case_id)
        with pytest.raises(NotFound):
            fire(session, case_id, Command("withdraw_complaint", REPORTER, comment="x"), now=office.now)


def test_an_officer_s_key_does_not_act_for_the_reporter_nor_the_receipt_for_an_officer(office: SealedOffice) -> None:
    office.report()
    office.at_work("ida")
    with pytest.raises(NotFound):
        fire(office.session, office.case_id, Command("withdraw_complaint", REPORTER, comment="x"), now=office.now)
    office.at_work(REPORTER)
    with pytest.raises(KeyNeeded):
        fire(office.session, office.case_id, Command("register", office.people["ida"].id), now=office.now)


# -- who was in it ------------------------------------------------------------------------------------------------


def test_who_was_excluded_gets_no_copy_back_by_catching_up(office: SealedOffice, session: Session) -> None:
    office.report()
    assert office.do("ida", "register") is None
    vito = office.people["vito"]
    assert office.do("vina", "ask_reporter", "Siapa", reported_others=[vito.id]) is None
    office.region.organisation_revision += 1
    session.flush()
    office.at_work("vito")
    assert catch_up(session, vito.id, office.now + timedelta(days=1)) == 0
    for name in ("oscar", "irma", "vina"):
        office.at_work(name)
        catch_up(session, office.people[name].id, office.now + timedelta(days=1))
    held = session.scalars(select(CaseKey.holder).where(CaseKey.case_id == office.case_id)).all()
    assert officer(vito.id) not in held


def test_somebody_named_between_reading_and_acting_acts_no_more(database: Database, now: datetime) -> None:
    with database.writing.begin() as session:
        office = a_sealed_office(session, now)
        office.report()
        assert office.do("ida", "register") is None
        case_id, vito = office.case_id, office.people["vito"].id
    with database.writing() as his:  # his tab, open all the time
        hold(his, Keyring(officer(vito), office.pairs["vito"]))
        assert read_case(his, case_id, now).facts.answers["summary"] == SECRET
        his.rollback()
        with database.writing.begin() as session:
            office.session = session
            assert office.do("vina", "ask_reporter", "Siapa", reported_others=[vito]) is None
        with pytest.raises(NotFound):
            fire(his, case_id, Command("complete", vito, answers={"verification_note": "x"}), now=now)
        with pytest.raises(KeyNeeded):
            read_case(his, case_id, now).facts.answers["summary"]


def test_a_copy_that_does_not_open_keeps_nobody_from_being_looked_after(office: SealedOffice, session: Session) -> None:
    """Somebody's copy was made for a pair they lost, or put there by hand: their coming must not count as a look."""
    office.report()
    office.pairs["ida"] = new_pair()
    office.region.organisation_revision += 1
    session.flush()
    seen = session.get_one(SealedCase, office.case_id).recipients_seen
    office.at_work("ida")
    catch_up(session, office.people["ida"].id, office.now)
    assert session.get_one(SealedCase, office.case_id, populate_existing=True).recipients_seen == seen


def test_a_copy_for_another_case_or_person_opens_nothing(office: SealedOffice, session: Session) -> None:
    office.report()
    first = office.case_id
    office.report(summary="Lain sekali")
    ida, irma = (officer(office.people[name].id) for name in ("ida", "irma"))
    sealed = {
        (row.case_id, row.holder): row.sealed
        for row in session.scalars(select(CaseKey).where(CaseKey.kind == "content-key"))
    }
    for stolen in (sealed[office.case_id, ida], sealed[first, irma]):
        session.execute(
            update(CaseKey).where(CaseKey.case_id == first, CaseKey.holder == ida).values(sealed=stolen)
        )  # fmt: skip
        office.at_work("ida")
        with pytest.raises(KeyNeeded):
            seal_of(session, first)


def test_a_row_somebody_puts_beside_a_case_gives_no_way_in(
    office: SealedOffice, session: Session, now: datetime
) -> None:
    """A hand in the database adds a holder: the case is in their list, and opens no more than before."""
    office.report()
    udin = office.people["udin"].id
    theirs = session.scalars(select(CaseKey.sealed).where(CaseKey.case_id == office.case_id).limit(1)).one()
    session.add(CaseKey(case_id=office.case_id, kind="content-key", holder=officer(udin), sealed=theirs))
    session.flush()
    office.at_work("udin")
    with pytest.raises(KeyNeeded):
        case_page(session, udin, office.case_id, now)
    assert catch_up(session, udin, now + timedelta(days=1)) in (0, 1)
    office.at_work("ida")
    assert office.do("ida", "register") is None
    held = session.scalars(select(CaseKey.holder).where(CaseKey.case_id == office.case_id)).all()
    assert officer(udin) not in held


def test_a_case_that_was_tampered_with_keeps_no_officer_from_unlocking(
    office: SealedOffice, session: Session, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    office.report()
    first = office.case_id
    office.report()
    row = session.get_one(CaseAnswers, first)
    session.execute(
        update(CaseAnswers).where(CaseAnswers.case_id == first).values(answers={"$sealed": row.answers["$sealed"][:-8]})
    )
    session.flush()
    office.at_work("ida")
    caplog.set_level(logging.DEBUG)
    assert catch_up(session, office.people["ida"].id, now + timedelta(days=8)) == 1
    with pytest.raises(CannotOpen):
        read_case(session, first, now)


def test_what_fails_while_catching_up_is_logged_without_a_word_of_the_case(
    office: SealedOffice, session: Session, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    office.report()
    office.at_work("ida")
    caplog.set_level(logging.DEBUG)
    catch_up(session, office.people["ida"].id, now + timedelta(days=8))
    assert SECRET not in caplog.text and office.number not in caplog.text


def test_many_tasks_at_once_touch_no_sealed_case(office: SealedOffice) -> None:
    """Those of who holds no copy are lines that are not there; who holds one has to open it."""
    office.report()
    office.at_work(None)
    lines = [Line(office.case_id, "intake"), Line(987_654, "intake")]
    udin, ida = office.people["udin"].id, office.people["ida"].id
    assert review(office.session, udin, lines, office.now) == ()
    assert fire_many(office.session, udin, lines, "register", "", "", now=office.now) == ()
    revision = office.session.get_one(Case, office.case_id).revision
    assert all(outcome.refusal for outcome in fire_many(office.session, ida, lines, "register", "", "", now=office.now))
    assert office.session.get_one(Case, office.case_id, populate_existing=True).revision == revision
