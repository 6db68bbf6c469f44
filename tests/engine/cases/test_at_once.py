"""Several at the same moment: one wins, the other is told; nothing is doubled, nothing is lost."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.cases.attachments import attach
from engine.cases.files import FileStore
from engine.cases.fire import Fired
from engine.cases.models import Attachment, Case, History
from engine.cases.views import AttachmentView
from engine.changes import Refusal
from engine.database import Database
from engine.organisation.models import Group, GroupMember
from engine.outbox.models import Message
from engine.tasks.models import Task
from tests.office import Office, an_office
from tests.shadow import check_all

TIMES = 50
WRITERS = 8


@pytest.fixture
def office(database: Database, now: datetime) -> Iterator[Office]:
    with database.writing() as session:
        built = an_office(session, now)
        session.commit()
    yield built


def together(*works: Callable[[], Any]) -> list[Any]:
    """The results of works begun at the same moment, each in a thread of its own."""
    gate, results = Barrier(len(works)), [None] * len(works)

    def run(index: int) -> None:
        gate.wait()
        try:
            results[index] = works[index]()
        except Exception as error:  # shown by the assertion on the results
            results[index] = error

    threads = [Thread(target=run, args=(index,)) for index in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_who_approve_at_the_same_moment(database: Database, office: Office, now: datetime) -> None:
    with database.writing() as session:
        a_group_member(session, office, "planning", "wati")
        session.commit()

    def press(who: str, case_id: int, revision: int) -> Fired | Refusal:
        with database.writing() as session:
            outcome = office.attempt(session, case_id, who, "approve", now, revision=revision, state="joint_review")
            session.commit()
        return outcome

    for _ in range(TIMES):
        with database.writing() as session:
            case_id = office.open(session, now).case_id
            for who, action in (("sari", "submit"), ("budi", "approve"), ("dewi", "approve")):
                seen = office.act(session, case_id, who, action, now).revision
            session.commit()
        outcomes = together(
            lambda: press("gita", case_id, seen),  # noqa: B023  done before the next round
            lambda: press("wati", case_id, seen),  # noqa: B023
        )
        won = [outcome for outcome in outcomes if isinstance(outcome, Fired)]
        lost = [outcome for outcome in outcomes if isinstance(outcome, Refusal)]
        assert len(won) == 1 and len(lost) == 1, outcomes
        assert lost[0].code in ("already_decided", "stale_revision")
        winner = "Gita" if isinstance(outcomes[0], Fired) else "Wati"
        assert winner in lost[0].sentence.id and "09.00" in lost[0].sentence.id
        with database.reading() as session:
            closed = select(func.count()).select_from(Task).where(Task.case_id == case_id, Task.outcome == "approve")
            assert session.scalar(closed) == 3  # Budi, Dewi, and one of the two
            assert session.scalar(select(func.max(History.seq)).where(History.case_id == case_id)) == seen + 1
    with database.reading() as session:
        assert check_all(session, now) == TIMES
        doubled = select(Message.case_id).group_by(
            Message.case_id, Message.revision, Message.notification, Message.audience
        )  # fmt: skip
        assert session.execute(doubled.having(func.count() > 1)).all() == []


def test_without_a_revision_both_votes_count(database: Database, office: Office, now: datetime) -> None:
    def press(who: str, case_id: int) -> Fired | Refusal:
        with database.writing() as session:
            outcome = office.attempt(session, case_id, who, "approve", now)
            session.commit()
        return outcome

    for _ in range(10):
        with database.writing() as session:
            case_id = office.open(session, now).case_id
            for who, action in (("sari", "submit"), ("budi", "approve"), ("dewi", "approve")):
                office.act(session, case_id, who, action, now)
            session.commit()
        outcomes = together(lambda: press("gita", case_id), lambda: press("indra", case_id))  # noqa: B023
        assert all(isinstance(outcome, Fired) for outcome in outcomes), outcomes
        assert {"secretary_review"} & {state for outcome in outcomes for state in outcome.states}
    with database.reading() as session:
        check_all(session, now)


def test_eight_writers_lose_nothing(database: Database, office: Office, now: datetime) -> None:
    def work() -> int:
        for _ in range(5):
            with database.writing() as session:
                case_id = office.open(session, now).case_id
                session.commit()
            with database.writing() as session:
                office.act(session, case_id, "sari", "submit", now)
                session.commit()
        return 5

    assert together(*[work] * WRITERS) == [5] * WRITERS
    with database.reading() as session:
        assert check_all(session, now) == 5 * WRITERS
        numbers = session.scalars(select(Case.number)).all()
        assert sorted(int(number.rpartition("/")[2]) for number in numbers) == list(range(1, 5 * WRITERS + 1))
        assert session.scalar(select(func.count()).select_from(History)) == 10 * WRITERS


def test_eight_files_hung_on_one_case_at_once_are_all_there(
    database: Database, office: Office, now: datetime, tmp_path: Path
) -> None:
    with database.writing() as session:
        case_id = office.open(session, now).case_id
        session.commit()
    store = FileStore(tmp_path / "files")

    def work(number: int) -> AttachmentView | Refusal:
        with database.writing() as session:
            stream = io.BytesIO(f"Catatan {number}".encode())
            outcome = attach(
                session, case_id, office.sari.id, stream, f"c{number}.txt", now=now, store=store, largest=1_000
            )
            session.commit()
        return outcome

    outcomes = together(*[lambda number=number: work(number) for number in range(WRITERS)])
    assert all(isinstance(outcome, AttachmentView) for outcome in outcomes), outcomes
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Attachment)) == WRITERS
        assert session.scalar(select(Case.attachment_count)) == WRITERS
        check_all(session, now)


def a_group_member(session: Session, office: Office, key: str, who: str) -> None:
    group = session.scalars(select(Group).where(Group.region_id == office.region.id, Group.key == key)).one()
    session.add(GroupMember(group_id=group.id, person_id=office.people[who].id))
    session.flush()
