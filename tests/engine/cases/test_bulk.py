"""Several tasks decided at once on both databases: each case on its own, and the others as they were."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.audit.verify import verify
from engine.cases.bulk import MOST, Line, fire_many, review
from engine.cases.fire import Fired, fire
from engine.cases.models import Case, History
from engine.cases.open import Opened, open_case
from engine.errors import InvalidInput
from engine.facts import Command
from engine.organisation.models import Person
from engine.publishing.publish import publish
from engine.vocabulary import load
from tests.factories import a_group, a_person, a_region, a_unit
from tests.shadow import check_case

WRITTEN = Path(__file__).parents[2] / "web" / "written"
ITEMS = "task: {candidates: [member, lead]}"
HEARD = "transitions: {heard: {to: all_heard,"


class Desk:
    """A region with the inquiry published, and Gita at the intake."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        region = a_region(session)
        unit = a_unit(session, region)
        self.region_id = region.id
        self.people = {name: a_person(session, unit, name.capitalize()) for name in ("sari", "gita", "slamet", "hadi")}
        for group, name in (("intake", "gita"), ("supervisors", "slamet"), ("investigators", "hadi")):
            a_group(session, region, group, self.people[name])
        written = (WRITTEN / "inquiry.yaml").read_text(encoding="utf-8")
        assert ITEMS in written and HEARD in written
        written = written.replace(ITEMS, ITEMS[:-1] + ", bulk: true}").replace(HEARD, HEARD + " bulk: true,")
        files = {"workflows/inquiry.yaml": written,
                 "forms_config/complaint.yaml": (WRITTEN / "complaint.yaml").read_text(encoding="utf-8")}  # fmt: skip
        publish(session, files, "inquiry", reason="Uji", by=None, region=None, vocabulary=load(), now=now,
                prove=lambda _: ())  # fmt: skip

    def __getattr__(self, name: str) -> Person:
        return self.people[name]

    def file(self, summary: str = "Dana tidak sampai.") -> int:
        """A complaint at the intake."""
        opened = open_case(self.session, region_id=self.region_id, case_type="inquiry", person_id=self.sari.id,
                           answers={"summary": summary, "witnesses": ["Wati", "Yono"]}, now=self.now)  # fmt: skip
        assert isinstance(opened, Opened)
        self.act(opened.case_id, "sari", "file")
        return opened.case_id

    def act(self, case_id: int, who: str, action: str, **values: object) -> None:
        command = Command(action, self.people[who].id, **values)  # type: ignore[arg-type]
        assert isinstance(fire(self.session, case_id, command, now=self.now), Fired)

    def states(self, *cases: int) -> list[list[str]]:
        self.session.expire_all()
        return [list(self.session.get_one(Case, case_id).state["a"]) for case_id in cases]


@pytest.fixture
def desk(session: Session, now: datetime) -> Desk:
    return Desk(session, now)


def test_one_that_refuses_leaves_the_others_done_and_every_row_consistent(desk: Desk, session: Session) -> None:
    cases = [desk.file(), desk.file(summary=""), desk.file()]
    lines = [Line(case_id, "intake") for case_id in reversed(cases)]
    done = fire_many(session, desk.gita.id, lines, "accept", "Terima", "Layak", now=desk.now)
    assert [(one.line.case_id, one.refusal and one.refusal.code) for one in done] == [
        (cases[0], None), (cases[1], "guard"), (cases[2], None),
    ]  # fmt: skip
    assert desk.states(*cases) == [["team"], ["intake"], ["team"]]
    notes = session.scalars(select(History.comment).where(History.action == "accept")).all()
    assert notes == ["Layak", "Layak"]
    assert verify(session) == []
    for case_id in cases:
        check_case(session, case_id, desk.now)


def test_looking_decides_nothing_and_says_where_each_would_stand(desk: Desk, session: Session) -> None:
    cases = [desk.file(), desk.file(summary="")]
    before = session.scalar(select(func.count()).select_from(History))
    accept, dismiss = review(session, desk.gita.id, [Line(case_id, "intake") for case_id in cases], desk.now)
    assert [(one.line.case_id, one.next and one.next.en) for one in accept.ready] == [(cases[0], "Forming the team")]
    assert [one.reason and one.reason.en for one in accept.left_out] == [
        "A condition is not met: The summary is empty."
    ]  # fmt: skip
    assert dismiss.needs_comment and len(dismiss.ready) == 2
    assert session.scalar(select(func.count()).select_from(History)) == before


def test_items_of_one_case_are_done_together_though_each_moves_its_revision(desk: Desk, session: Session) -> None:
    case_id = desk.file()
    desk.act(case_id, "gita", "accept")
    desk.act(case_id, "slamet", "start", assign={"lead": (desk.hadi.id,), "member": (desk.hadi.id,)})
    desk.act(case_id, "hadi", "collected")
    revision = session.get_one(Case, case_id).revision
    lines = [Line(case_id, "hearing", item, revision) for item in ("Wati", "Yono")]
    done = fire_many(session, desk.hadi.id, lines, "heard", "Saksi selesai didengar", "", now=desk.now)
    assert [one.refusal for one in done] == [None, None]
    assert desk.states(case_id) == [["report"]]


def test_a_revision_seen_that_is_no_longer_true_refuses_that_case_only(desk: Desk, session: Session) -> None:
    first, second = desk.file(), desk.file()
    seen = {case_id: session.get_one(Case, case_id).revision for case_id in (first, second)}
    desk.act(first, "gita", "claim")
    lines = [Line(case_id, "intake", None, revision) for case_id, revision in seen.items()]
    done = fire_many(session, desk.gita.id, lines, "accept", "Terima", "", now=desk.now)
    assert [one.refusal and one.refusal.code for one in done] == ["stale_revision", None]


def test_an_act_or_step_without_bulk_is_never_done_to_many(desk: Desk, session: Session) -> None:
    case_id = desk.file()
    for action, title in (("ask", "Minta keterangan"), ("accept", "Judul lain"), ("none", "")):
        done = fire_many(session, desk.gita.id, [Line(case_id, "intake")], action, title, "x", now=desk.now)
        assert [one.refusal and one.refusal.code for one in done] == ["unknown_event"], action
    assert desk.states(case_id) == [["intake"]]


def test_a_case_somebody_may_not_see_is_not_even_named(desk: Desk, session: Session) -> None:
    case_id = desk.file()
    assert review(session, desk.hadi.id, [Line(case_id, "intake")], desk.now) == ()
    assert fire_many(session, desk.hadi.id, [Line(case_id, "intake")], "accept", "Terima", "", now=desk.now) == ()


def test_more_lines_than_a_page_can_show_are_refused(desk: Desk, session: Session) -> None:
    with pytest.raises(InvalidInput):
        review(session, desk.gita.id, [Line(number, "intake") for number in range(MOST + 1)], desk.now)
